"""Explaining: each step that leads from a user to what they are sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from copylab.audience.explain import Clause, explain
from copylab.audience.misfits import attribute_types, misfit_problems
from copylab.compose.find import find_experiment, find_locale, find_trial
from copylab.compose.one import Composer
from copylab.compose.prepare import prepare_copy
from copylab.compose.result import Rejected, Skipped
from copylab.experiment.assign import LayerSplit, prepare_split
from copylab.experiment.buckets import SLOTS, bucket, is_unit
from copylab.experiment.holdout import prepare_holdout
from copylab.experiment.quantities import format_percent
from copylab.experiment.slots import format_stretches
from copylab.locales import locale_parents
from copylab.message.values import MISSING, why_missing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.catalog import Catalog
    from copylab.experiment.assign import Split
    from copylab.experiment.model import Experiment
    from copylab.message.model import Message


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
    force: str | None = None,
) -> Explanation:
    """Each step for a user.

    Args:
        catalog: The workspace's content.
        target: An experiment, running or not, or a message.
        user: One flat mapping of attributes and variables.
        channel: A channel; None takes the experiment's or the message's first.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes the user's.
        force: An arm to try out, whatever the user's buckets say.

    Raises:
        ValueError: No experiment of the message has the arm to try out.
    """
    experiment = catalog.experiments.get(target)
    message = catalog.messages[experiment.message if experiment else target]
    wanted = channel or next(iter(experiment.channels if experiment else ()), None)
    chosen = wanted or message.channels[0]
    if experiment is None:
        experiment = find_experiment(catalog, message.id, chosen) or _find_tried(
            catalog, message.id, chosen, user, force
        )
    steps = _holdout_steps(catalog, message, user)
    if experiment is not None:
        experiment, note = _as_started(catalog, experiment, at)
        steps.append(Step("experiment", f"{experiment.name}{note}"))
        steps += _experiment_steps(catalog, experiment, user, at, message.live, force)
        others = {
            name: item
            for name, item in catalog.experiments.items()
            if item.message != message.id
        }
        catalog = replace(catalog, experiments={**others, experiment.name: experiment})
    else:
        steps.append(
            Step("experiment", f"none is running: everybody gets '{message.live}'")
        )
    composer = Composer(catalog, message.id, chosen)
    composed = composer.compose(user, at, locale, force=force)
    tag = find_locale(catalog, message, chosen, str(locale or user.get("locale") or ""))
    steps.append(_locale_step(locale or user.get("locale"), tag))
    variant = _variant_of(composed, message.live)
    if tag is not None and variant in message.copies[chosen, tag].variants:
        steps.append(_value_step(catalog, message.id, (chosen, tag, variant), user))
    steps.append(_result_step(composed))
    return Explanation(message.id, chosen, tuple(steps), composed.to_dict())


def _find_tried(
    catalog: Catalog,
    message: str,
    channel: str,
    user: Mapping[str, object],
    force: str | None,
) -> Experiment | None:
    """The draft whose arms the user tries out; None where there is none."""
    trial = find_trial(catalog, message, channel)
    if trial is None:
        return None
    unit = user.get(trial.unit)
    is_tried = force is not None or (is_unit(unit) and unit in trial.forced)
    return trial if is_tried else None


def _holdout_steps(
    catalog: Catalog, message: Message, user: Mapping[str, object]
) -> list[Step]:
    """Whether the user is held out of all marketing; no step where nobody is."""
    holdout = catalog.holdout
    if holdout is None:
        return []
    share = format_percent(holdout.share)
    if message.purpose not in holdout.purposes:
        return [Step("holdout", f"{message.purpose} is never held out")]
    unit = user.get(holdout.unit)
    if not is_unit(unit):
        return [Step("holdout", f"{holdout.unit} is missing or is not a text")]
    found = prepare_holdout(holdout).at(unit)
    word = "held out" if found.held else "not held out"
    place = f"bucket {found.traffic_bucket:,} of {SLOTS:,}, holdout of {share}"
    hashed = ("hash", f"md5({holdout.salt}:{unit})")
    return [Step("holdout", f"{word}: {place}", (hashed,))]


def _as_started(
    catalog: Catalog, experiment: Experiment, at: datetime
) -> tuple[Experiment, str]:
    """The experiment as if it ran, and a note of its state for people."""
    epoch = experiment.epoch
    if experiment.status == "running":
        return experiment, f" (epoch {epoch})" if epoch else ""
    note = f" ({experiment.status}: as if it ran)"
    epochs = experiment.epochs
    if experiment.layer is not None and not epochs:
        try:
            epochs = (catalog.next_epoch(experiment, at.astimezone(UTC)),)
        except ValueError as error:  # the layer is full
            note = f" ({experiment.status}: as if it ran alone, for {error})"
    return replace(experiment, status="running", epochs=epochs), note


def _experiment_steps(
    catalog: Catalog,
    experiment: Experiment,
    user: Mapping[str, object],
    at: datetime,
    live: str,
    force: str | None,
) -> list[Step]:
    steps: list[Step] = []
    audience = catalog.audience_of(experiment)
    inside: bool | None = True
    if audience is None:
        steps.append(Step("audience", "everybody"))
    else:
        clause = explain(audience.condition, user, now=at)
        wrong = misfit_problems(attribute_types(audience.condition), user)
        inside = None if wrong else clause.value is True
        facts: list[tuple[str, object]] = [("clauses", _clause_lines(clause))]
        word = {True: "in", False: "not in", None: "nobody can tell if in"}[inside]
        steps.append(Step("audience", f"{word} {audience.name}", tuple(facts)))
    unit = user.get(experiment.unit)
    if not is_unit(unit):
        steps.append(Step("unit", f"{experiment.unit} is missing or is not a text"))
        forced = force
    else:
        forced = force or experiment.forced.get(unit)
        split = prepare_split(experiment)
        steps += _bucket_steps(experiment, split, unit, live, inside=inside)
    if forced is not None:
        how = "in this call" if force else f"for {unit}"
        told = f"'{forced}', forced {how}: out of all results"
        steps = [step for step in steps if step.name != "arm"]
        steps.append(Step("arm", told))
    return steps


def _bucket_steps(
    experiment: Experiment, split: Split, unit: str, live: str, *, inside: bool | None
) -> list[Step]:
    """The hash, its two buckets, and the arm that follows from them."""
    traffic, slot = bucket(experiment.salt, unit)
    key = f"{experiment.salt}:{unit}"
    digest = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
    covered = traffic < split.threshold
    hashed = (("hash", f"md5({key}) = {digest}"),)
    coverage = format_percent(experiment.coverage)
    word = "below" if covered else "not below"
    shares = ", ".join(
        f"{arm} {format_percent(part)}" for arm, part in experiment.arms.items()
    )
    arm = split.allocation.arm_at(slot)
    owned = f"slot {slot:,} of {SLOTS:,} belongs to '{arm}' ({shares})"
    layer, excluded = _layer_steps(split, unit)
    if inside is None:
        outcome = "no message: an attribute of the audience cannot be read"
    elif not inside:
        outcome = f"'{live}', the live variant: outside of the audience"
    elif excluded:
        outcome = f"'{live}', the live variant: excluded by the layer"
    elif not covered:
        outcome = f"'{live}', the live variant: outside of the coverage"
    else:
        outcome = f"'{arm}'"
    return [
        Step("unit", f"{experiment.unit} = {unit}", hashed),
        *layer,
        Step("traffic", f"bucket {traffic:,} of {SLOTS:,}, {word} coverage {coverage}"),
        Step("arm", outcome, (("bucket", owned),)),
    ]


def _layer_steps(split: Split, unit: str) -> tuple[list[Step], bool]:
    """Where the unit stands in the layer, and whether that excludes it."""
    owned = split.layer
    if owned is None:
        return [], False
    found = LayerSplit.of(owned).at(unit)
    word = "in" if found[0] else "not in"
    slots = ", ".join(format_stretches(owned.stretches))
    told = f"{owned.layer}: slot {found[1]:,} is {word} {slots}"
    hashed = ("hash", f"md5({owned.salt}:{unit})")
    return [Step("layer", told, (hashed,))], not found[0]


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
