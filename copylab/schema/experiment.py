"""A file of ``experiments/``."""

from __future__ import annotations

from copylab.experiment.buckets import SALT_RULE
from copylab.experiment.model import SPENDINGS, STATUSES, Plan
from copylab.experiment.read import MAX_LOOKS
from copylab.message.model import FIELDS
from copylab.schema import shared
from copylab.schema.parts import (
    Json,
    choice,
    integer,
    list_of,
    mapping,
    one_of,
    quantity,
    section,
    text,
    usual,
)

_USUAL = Plan()
STRETCH = "^ *[0-9]{1,6} ?- ?[0-9]{1,6} *$"


def describe() -> Json:
    """One experiment."""
    keys: Json = {
        "message": text("The message whose variants are compared.", "winback"),
        "channels": list_of("The channels it covers; without them, all.", _channel()),
        "status": usual(choice("copylab start makes it running.", STATUSES), "draft"),
        "audience": text("The name of an audience, or a condition.", "away"),
        "unit": usual(text("The attribute that is randomised.", "user_id"), "user_id"),
        "salt": text(f"It decides who gets what: {SALT_RULE}.", "winback.9f3a1c"),
        "coverage": usual(
            quantity("The share of the audience that takes part.", "100%"), "100%"
        ),
        "arms": mapping(
            "The share of each variant; none sends nothing.",
            quantity("A share: 45%, 0.45 or 1/3.", "50%"),
            ["plain", "none"],
        ),
        "control": text("The arm the others are compared with.", "plain"),
        "metrics": _metrics(),
        "plan": _plan(),
        "strata": text("The column of the exposures with groups of users.", "channel"),
        "layer": text("The layer whose other experiments it excludes.", "recall"),
        "slots": _slots(),
        "forced": mapping(
            "Units that get an arm to try it out.",
            list_of("Units.", text("A unit.", "qa-1")),
            ["plain"],
        ),
        "epochs": list_of("Written by copylab start.", _epoch()),
        "ledger": text(
            "Written with each look that is recorded.", "2-9f3a1c7d0b2e4a61"
        ),
    }
    return section("An experiment.", keys, ["message", "salt", "arms", "control"])


def _channel() -> Json:
    return choice("A channel.", FIELDS)


def _slots() -> Json:
    return one_of(
        "The slots of the layer it asks for.",
        quantity("A share of them.", "40%"),
        _stretches("These and no others."),
    )


def _stretches(about: str) -> Json:
    return list_of(about, text("The first and the last slot.", "0-999999", STRETCH))


def _metrics() -> Json:
    name = text("The name of a metric.", "click")
    guard = text("The name of a metric.", "opt_out")
    return section(
        "What is measured, by name.",
        {
            "primary": name,
            "secondary": list_of(
                "What is reported beside it.", text("A name.", "login")
            ),
            "guardrails": list_of("What must not get worse.", guard),
        },
        ["primary"],
    )


def _plan() -> Json:
    return section(
        "How it will be judged, written down before it runs.",
        {
            "alpha": usual(
                quantity("The probability of a false winner, over all looks.", 0.05),
                _USUAL.alpha,
            ),
            "power": usual(
                quantity("The probability of seeing an effect of the mde.", 0.8),
                _USUAL.power,
            ),
            "mde": quantity("The smallest relative effect worth finding.", "15%"),
            "looks": usual(_looks(), _USUAL.looks),
            "spending": usual(
                choice("How alpha is spent over the looks.", SPENDINGS), _USUAL.spending
            ),
            "futility": quantity(
                "Advise to stop where the chance of success is below this.", "10%"
            ),
            "units": integer("How many units are planned.", 40000, 1),
            "window": text("How long outcomes count.", "7d"),
            "prior": shared.prior(),
        },
    )


def _looks() -> Json:
    part = quantity("A part of the planned units, the last one 100%.", "100%")
    return one_of(
        "How many analyses are planned, where they are, or any.",
        integer("How many.", 3, 1) | {"maximum": MAX_LOOKS},
        choice("Whenever one likes.", ["any"]),
        list_of("At which parts of the planned units.", part),
    )


def _epoch() -> Json:
    share = quantity("Its share.", "50%")
    frozen = section(
        "An arm as it was frozen.",
        {"share": share, "hash": text("The hash of its words.", "0f3a")},
        ["share"],
    )
    arm = one_of("The share of an arm, with the hash of its words.", share, frozen)
    return section(
        "A stretch in which nothing changes.",
        {
            "epoch": integer("Its number, from 1.", 1, 1),
            "at": text("When it began, in UTC.", "2026-01-31T09:30:00Z"),
            "hash": text("The hash of salt, arms, shares and words.", "9c1d"),
            "arms": mapping("Shares as they were.", arm, ["plain", "none"]),
            "design": _design(),
            "slots": mapping(
                "The slots of each arm.", _stretches("Its slots."), ["plain"]
            ),
        },
        ["epoch", "at", "hash", "arms"],
    )


def _design() -> Json:
    layer = section(
        "The slots of a layer that it owns.",
        {
            "name": text("The layer.", "recall"),
            "salt": text("The salt of the layer.", "recall.4f1e"),
            "slots": _stretches("Its slots."),
        },
        ["name", "salt", "slots"],
    )
    return section(
        "What else was frozen.",
        {
            "message": text("The message.", "winback"),
            "salt": text("The salt.", "winback.9f3a1c"),
            "unit": text("The attribute that is randomised.", "user_id"),
            "control": text("The arm the others are compared with.", "plain"),
            "coverage": quantity("The share of the audience.", "100%"),
            "audience": text("The hash of the audience's condition.", "5d0e"),
            "layer": layer,
        },
        ["message", "salt", "unit", "control", "coverage"],
    )
