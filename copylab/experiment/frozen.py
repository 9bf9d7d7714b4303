"""Epochs: what is recorded when an experiment starts, and what changed since."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import TYPE_CHECKING

from copylab.experiment.allocation import Allocation, allocate, reallocate
from copylab.experiment.buckets import SLOTS
from copylab.experiment.model import Design, Epoch
from copylab.experiment.quantities import format_percent
from copylab.experiment.slots import count_slots, format_stretches
from copylab.findings import Finding, report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from copylab.experiment.model import Experiment, LayerSlots

_RULE = "experiment-not-frozen"
_CURE = "undo the change, or begin a new epoch: copylab start {name} --new-epoch"
_CHANGED = ("epochs", "its record was changed by hand")
BY_HAND = "put the record back as copylab start wrote it"
"""The cure of an epoch that was changed by hand."""
NOT_LOOKED_AT = ""
"""In place of an audience's hash: whether the audience changed is not asked."""


def epoch_hash(
    salt: str,
    arms: Mapping[str, Fraction],
    copies: Mapping[str, str],
    design: Design | None = None,
    slots: Allocation | None = None,
) -> str:
    """The hash of everything an epoch freezes, as 64 hexadecimal digits.

    Args:
        salt: The salt of the buckets.
        arms: Share by arm; their order counts, since slots follow it.
        copies: The content hash of each arm's copy, by arm.
        design: What else is frozen, where the record says it.
        slots: Who owns which slot, where the record says it.
    """
    table = [
        [arm, format_percent(share), copies.get(arm)] for arm, share in arms.items()
    ]
    record: list[object] = [salt, table]
    if design is not None:
        record.append(design_record(design))
    if slots is not None:
        record.append(slots_record(slots))
    written = json.dumps(
        record, ensure_ascii=True, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(written.encode()).hexdigest()


def design_record(design: Design) -> dict[str, str | dict[str, str | list[str]]]:
    """The design as an experiment's file keeps it."""
    record: dict[str, str | dict[str, str | list[str]]] = {
        "message": design.message,
        "salt": design.salt,
        "unit": design.unit,
        "control": design.control,
        "coverage": format_percent(design.coverage),
    }
    if design.audience is not None:
        record["audience"] = design.audience
    if design.layer is not None:
        owned = format_stretches(design.layer.stretches)
        layer = design.layer
        record["layer"] = {"name": layer.layer, "salt": layer.salt, "slots": owned}
    return record


def slots_record(slots: Allocation) -> dict[str, list[str]]:
    """Who owns which slot, as an experiment's file keeps it."""
    return {arm: format_stretches(own) for arm, own in slots.stretches().items()}


def allocation_of(experiment: Experiment) -> Allocation:
    """Who owns which slot, as things stand.

    Without an epoch, each arm owns one range in the order of the arms. Later epochs
    move as few slots as can be; with another salt everybody is drawn anew, and so are
    the ranges.

    Raises:
        ValueError: The arms do not sum to 1.
    """
    if not experiment.epochs:
        return allocate(experiment.arms)
    last = experiment.epochs[-1]
    if _salt_of(last, experiment) != experiment.salt:
        return allocate(experiment.arms)
    if list(last.arms.items()) == list(experiment.arms.items()):
        return last.allocation
    return reallocate(last.allocation, experiment.arms)


def _salt_of(epoch: Epoch, experiment: Experiment) -> str | None:
    """The salt of an epoch; None where the record shows only that it was another."""
    if epoch.design is not None:
        return epoch.design.salt
    if not epoch.copies:
        return experiment.salt
    same = epoch_hash(experiment.salt, epoch.arms, epoch.copies) == epoch.hash
    return experiment.salt if same else None


def next_epoch(
    experiment: Experiment,
    copies: Mapping[str, str],
    at: datetime,
    *,
    audience_hash: str | None = None,
    layer: LayerSlots | None = None,
) -> Epoch:
    """The epoch that begins when the experiment is started now.

    Args:
        experiment: The experiment as its file stands.
        copies: The content hash of each arm's copy, by arm; ``none`` has none.
        at: The time of the start, in UTC.
        audience_hash: The hash of the audience's condition; None for everybody.
        layer: The slots of its layer that it gets, or None.
    """
    noted = {arm: copies[arm] for arm in experiment.arms if arm in copies}
    arms = dict(experiment.arms)
    design = Design(
        experiment.message,
        experiment.salt,
        experiment.unit,
        experiment.control,
        experiment.coverage,
        audience_hash,
        layer,
    )
    owned = allocation_of(experiment)
    slots = None if owned == allocate(arms) else owned
    frozen = epoch_hash(experiment.salt, arms, noted, design, slots)
    number = experiment.epoch + 1
    return Epoch(number, at, frozen, arms, noted, design=design, slots=slots)


def frozen_findings(
    experiment: Experiment,
    copies: Mapping[str, str],
    audience_hash: str | None = NOT_LOOKED_AT,
    layer_salt: str | None = NOT_LOOKED_AT,
) -> list[Finding]:
    """What changed since the present epoch of a running experiment began.

    An experiment that is a draft, is concluded or has no epoch gives none here; a
    running one without an epoch is reported when its file is read.

    Args:
        experiment: The experiment as its file stands.
        copies: The content hash of each arm's present copy, by arm; ``none`` has none.
        audience_hash: The hash of the present audience's condition, None for everybody;
            an empty text does not ask.
        layer_salt: The present salt of its layer, None without one; likewise.
    """
    if experiment.status != "running" or not experiment.epochs:
        return []
    epoch = experiment.epochs[-1]
    changes: list[tuple[str, str]] = []
    if epoch.design is not None:
        changes += _design_changes(experiment, epoch.design, audience_hash)
        changes += _layer_changes(experiment, epoch.design.layer, layer_salt)
    present = epoch_hash(
        experiment.salt, experiment.arms, copies, epoch.design, epoch.slots
    )
    if present != epoch.hash:
        found = list(_changes(experiment, epoch, copies))
        # A record written by hand, without the hash of each arm's copy.
        known = found or any(path == "salt" for path, _ in changes)
        changes += found if known else [("arms", "the copy or the salt changed")]
    elif not _is_as_recorded(experiment, epoch):
        changes.append(_CHANGED)
    cure = _CURE.format(name=experiment.name)
    return [
        report(
            _RULE,
            f"{what} since epoch {epoch.epoch} began",
            experiment.place_of.get(path, experiment.place_of.get("arms")),
            help=BY_HAND if (path, what) == _CHANGED else cure,
        )
        for path, what in changes
    ]


def record_findings(experiment: Experiment, *, present: bool = False) -> list[Finding]:
    """The epochs that were changed by hand after they were recorded.

    A record that notes neither hashes of copy nor a salt cannot tell.

    Args:
        experiment: The experiment as its file stands.
        present: Whether to look at the present epoch of a running experiment, too; it
            is left to ``frozen_findings`` otherwise.
    """
    left = () if present or experiment.status != "running" else experiment.epochs[-1:]
    return [
        report(
            _RULE,
            f"the record of epoch {epoch.epoch} was changed by hand",
            epoch.place,
            help=BY_HAND,
        )
        for epoch in experiment.epochs
        if epoch not in left
        and epoch.design is not None
        and not _is_as_recorded(experiment, epoch)
    ]


def _design_changes(
    experiment: Experiment, design: Design, audience_hash: str | None
) -> Iterator[tuple[str, str]]:
    """The place of each change of the design, and what it is, in words."""
    if experiment.salt != design.salt:
        yield "salt", "the salt changed"
    for key in ("message", "unit", "control"):
        before, after = getattr(design, key), getattr(experiment, key)
        if before != after:
            yield key, f"the {key} went from '{before}' to '{after}'"
    if audience_hash not in {NOT_LOOKED_AT, design.audience}:
        yield "audience", "the audience changed"
    if experiment.coverage < design.coverage:
        before, after = map(format_percent, (design.coverage, experiment.coverage))
        yield (
            "coverage",
            f"the coverage fell from {before} to {after}, so that users lose their arm,",
        )


def _layer_changes(
    experiment: Experiment, owned: LayerSlots | None, layer_salt: str | None
) -> Iterator[tuple[str, str]]:
    before = None if owned is None else owned.layer
    if experiment.layer != before:
        names = [f"'{name}'" if name else "none" for name in (before, experiment.layer)]
        yield "layer", f"the layer went from {names[0]} to {names[1]}"
    elif owned is not None:
        wanted = experiment.wanted
        same = (
            round(wanted * SLOTS) == count_slots(owned.stretches)
            if isinstance(wanted, Fraction)
            else wanted == owned.stretches
        )
        if not same:
            yield "slots", "the slots of the layer changed"
        if layer_salt not in {NOT_LOOKED_AT, None, owned.salt}:
            yield "layer", f"the salt of the layer '{owned.layer}' changed"


def _changes(
    experiment: Experiment, epoch: Epoch, copies: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The place of each change that the record shows, and what it is, in words."""
    if not _is_as_recorded(experiment, epoch):
        yield _CHANGED if epoch.design is not None else ("salt", "the salt changed")
    yield from _share_changes(experiment, epoch)
    for arm, noted in epoch.copies.items():
        if arm in experiment.arms and copies.get(arm) != noted:
            yield f"arms.{arm}", f"the copy of '{arm}' changed"


def _is_as_recorded(experiment: Experiment, epoch: Epoch) -> bool:
    """Whether a record has its own hash; one without hashes of copy cannot tell."""
    if not epoch.copies:
        return True
    salt = experiment.salt if epoch.design is None else epoch.design.salt
    frozen = epoch_hash(salt, epoch.arms, epoch.copies, epoch.design, epoch.slots)
    return frozen == epoch.hash


def _share_changes(experiment: Experiment, epoch: Epoch) -> Iterator[tuple[str, str]]:
    for arm in [arm for arm in epoch.arms if arm not in experiment.arms]:
        yield "arms", f"the arm '{arm}' is gone"
    for arm, share in experiment.arms.items():
        if arm not in epoch.arms:
            yield f"arms.{arm}", f"the arm '{arm}' is new"
        elif share != epoch.arms[arm]:
            before, after = format_percent(epoch.arms[arm]), format_percent(share)
            yield f"arms.{arm}", f"the share of '{arm}' went from {before} to {after}"
    same = set(epoch.arms) == set(experiment.arms)
    if same and list(epoch.arms) != list(experiment.arms):
        yield "arms", "the order of the arms changed, and slots follow it,"
