"""Explaining: each step that leads from a user to what they are sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from copylab.audience.explain import Clause, explain
from copylab.compose.find import find_experiment, find_locale
from copylab.compose.one import Composer
from copylab.compose.prepare import prepare_copy
from copylab.compose.result import Rejected, Skipped
from copylab.experiment.allocation import allocate
from copylab.experiment.buckets import SLOTS, bucket
from copylab.experiment.quantities import format_percent
from copylab.locales import locale_parents
from copylab.message.values import MISSING, why_missing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what was decided, and the facts it was decided on.

    Attributes:
        name: The step.
        outcome: What came out, in words.
        facts: What it was decided on.
    """

    name: str
    outcome: str
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a user gets what they get.

    Attributes:
        message: The message.
        channel: The channel.
        steps: The steps, in their order.
        result: What compose gave, as JSON-ready values.
    """

    message: str
    channel: str
    steps: tuple[Step, ...]
    result: dict[str, object]

    def to_dict(self) -> dict[str, object]:
        """The explanation as JSON-ready values."""
        return {
            "message": self.message,
            "channel": self.channel,
            "steps": [
                {"step": step.name, "outcome": step.outcome, **dict(step.facts)}
                for step in self.steps
            ],
            "result": self.result,
        }

    def lines(self) -> list[str]:
        """The explanation for people."""
        lines = [f"{self.message} · {self.channel}", ""]
        for step in self.steps:
            lines.append(f"{step.name:<11} {step.outcome}")
            for name, fact in step.facts:
                shown = fact if isinstance(fact, list) else [f"{name}: {fact}"]
                lines += [f"{'':<11}   {line}" for line in shown]
        return lines


def explain_user(
    catalog: Catalog,
    target: str,
    user: Mapping[str, object],
    *,
    channel: str | None,
    at: datetime,
    locale: str | None = None,
) -> Explanation:
    """Each step for a user.

    Args:
        catalog: The workspace's content.
        target: An experiment, running or not, or a message.
        user: One flat mapping of attributes and variables.
        channel: A channel; None takes the experiment's or the message's first.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes the user's.
    """
    experiment = catalog.experiments.get(target)
    message = catalog.messages[experiment.message if experiment else target]
    wanted = channel or next(iter(experiment.channels if experiment else ()), None)
    chosen = wanted or message.channels[0]
    if experiment is None:
        experiment = find_experiment(catalog, message.id, chosen)
    steps = []
    if experiment is not None:
        steps += _experiment_steps(catalog, experiment, user, at, message.live)
        started = {
            **catalog.experiments,
            experiment.name: replace(experiment, status="running"),
        }
        others = {
            name: item
            for name, item in started.items()
            if name == experiment.name or item.message != message.id
        }
        catalog = replace(catalog, experiments=others)
    else:
        steps.append(
            Step("experiment", f"none is running: everybody gets '{message.live}'")
        )
    composer = Composer(catalog, message.id, chosen)
    composed = composer.compose(user, at, locale)
    tag = find_locale(catalog, message, chosen, str(locale or user.get("locale") or ""))
    steps.append(_locale_step(locale or user.get("locale"), tag))
    variant = _variant_of(composed, message.live)
    if tag is not None and variant in message.copies[chosen, tag].variants:
        steps.append(_value_step(catalog, message.id, (chosen, tag, variant), user))
    steps.append(_result_step(composed))
    return Explanation(message.id, chosen, tuple(steps), composed.to_dict())


def _experiment_steps(
    catalog: Catalog,
    experiment: Experiment,
    user: Mapping[str, object],
    at: datetime,
    live: str,
) -> list[Step]:
    steps = []
    note = (
        ""
        if experiment.status == "running"
        else f" ({experiment.status}: as if it ran)"
    )
    steps.append(Step("experiment", f"{experiment.name}{note}"))
    audience = catalog.audience_of(experiment)
    inside = True
    if audience is None:
        steps.append(Step("audience", "everybody"))
    else:
        clause = explain(audience.condition, user, now=at)
        inside = clause.value is True
        facts: list[tuple[str, object]] = [("clauses", _clause_lines(clause))]
        word = "in" if inside else "not in"
        steps.append(Step("audience", f"{word} {audience.name}", tuple(facts)))
    unit = user.get(experiment.unit)
    if not isinstance(unit, str) or not unit:
        steps.append(Step("unit", f"{experiment.unit} is missing or is not a text"))
        return steps
    return steps + _bucket_steps(experiment, unit, live, inside=inside)


def _bucket_steps(
    experiment: Experiment, unit: str, live: str, *, inside: bool
) -> list[Step]:
    """The hash, its two buckets, and the arm that follows from them."""
    traffic, slot = bucket(experiment.salt, unit)
    key = f"{experiment.salt}:{unit}"
    digest = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
    covered = traffic < experiment.coverage * SLOTS
    hashed = (("hash", f"md5({key}) = {digest}"),)
    coverage = format_percent(experiment.coverage)
    word = "below" if covered else "not below"
    shares = ", ".join(
        f"{arm} {format_percent(part)}" for arm, part in experiment.arms.items()
    )
    arm = allocate(experiment.arms).arm_at(slot)
    owned = f"slot {slot:,} of {SLOTS:,} belongs to '{arm}' ({shares})"
    if not inside:
        outcome = f"'{live}', the live variant: outside of the audience"
    elif not covered:
        outcome = f"'{live}', the live variant: outside of the coverage"
    else:
        outcome = f"'{arm}'"
    return [
        Step("unit", f"{experiment.unit} = {unit}", hashed),
        Step("traffic", f"bucket {traffic:,} of {SLOTS:,}, {word} coverage {coverage}"),
        Step("arm", outcome, (("bucket", owned),)),
    ]


def _clause_lines(clause: Clause, depth: int = 0) -> list[str]:
    word = {True: "yes", False: "no", None: "unknown"}[clause.value]
    facts = ", ".join(
        f"{item.name} = {item.read if item.read is not None else 'null'}"
        + (f" ({item.problem})" if item.problem else "")
        for item in clause.attributes
    )
    indent = "  " * depth
    lines = [f"{indent}{word:<8}{clause.text}" + (f"   [{facts}]" if facts else "")]
    for part in clause.clauses:
        lines += _clause_lines(part, depth + 1)
    return lines


def _locale_step(wanted: object, tag: str | None) -> Step:
    chain = " → ".join(locale_parents(str(wanted))) if wanted else "none given"
    outcome = tag or "no copy in this language"
    return Step("locale", outcome, (("looked for", chain),))


def _variant_of(composed: Any, live: str) -> str:  # noqa: ANN401 - any of the results
    exposure = getattr(composed, "exposure", None)
    return live if exposure is None or exposure.variant is None else exposure.variant


def _value_step(
    catalog: Catalog,
    message_id: str,
    where: tuple[str, str, str],
    user: Mapping[str, object],
) -> Step:
    channel, tag, variant = where
    copy = prepare_copy(catalog, catalog.messages[message_id], channel, tag, variant)
    missing: list[tuple[str, object]] = []
    for name, source, read, action, replacement, variable in copy.inputs:
        raw = user.get(source)
        if read(raw) is not MISSING:
            continue
        then = (
            f"uses '{replacement}'"
            if action == "use"
            else {"skip": "skips"}.get(action, action)
        )
        missing.append((name, f"{why_missing(variable, raw)} → {then}"))
    outcome = "all there" if not missing else f"{len(missing)} missing"
    return Step("values", outcome, tuple(missing))


def _result_step(composed: object) -> Step:
    if isinstance(composed, Rejected):
        return Step(
            "result",
            f"rejected: {composed.reason}",
            (("problems", list(composed.problems)),),
        )
    if isinstance(composed, Skipped):
        return Step(
            "result",
            f"skipped: {composed.reason}",
            (("problems", list(composed.problems)),),
        )
    parts = [
        getattr(composed, name, "") for name in ("subject", "title", "body", "text")
    ]
    return Step(
        "result",
        "sent",
        (("", [line for part in parts if part for line in part.split("\n")]),),
    )
