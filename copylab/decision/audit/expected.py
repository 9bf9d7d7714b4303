"""What the workspace says that rows must be like, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.experiment.allocation import traffic_threshold
from copylab.experiment.buckets import SLOTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from fractions import Fraction

    from copylab.catalog import Catalog
    from copylab.experiment.allocation import Allocation
    from copylab.experiment.model import Epoch, Experiment, LayerSlots

    CopyKey = tuple[str, str, str]
    """Arm, channel and locale."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What rows of an epoch must be like.

    Attributes:
        experiment: The experiment.
        epoch: The number of the epoch.
        at: When it began.
        salt: The salt; None where the record does not say which it was.
        unit: The attribute that names the unit.
        message: The message.
        arms: Share by arm.
        allocation: Who owns which slot.
        least: Units whose traffic bucket is below took part from the start; 0 where
            the record does not say. Coverage may rise within an epoch, never fall.
        most: Units whose traffic bucket is not below never took part; of a past epoch
            it is not known, and is the number of all buckets.
        layer: The slots of a layer that it owns, or None.
        copies: The content hashes that its words have, by arm, channel and locale. An
            arm is in it only if its words are still what they were.
        can_be_held: Whether the holdout holds its message back, by the same unit.
    """

    experiment: str
    epoch: int
    at: datetime
    salt: str | None
    unit: str
    message: str
    arms: Mapping[str, Fraction]
    allocation: Allocation
    least: int
    most: int
    layer: LayerSlots | None
    copies: Mapping[CopyKey, str]
    can_be_held: bool = False

    def unchecked(self) -> tuple[str, ...]:
        """What cannot be checked for want of a record, one sentence each."""
        known = {arm for arm, _, _ in self.copies}
        words = [arm for arm in self.arms if arm != "none" and arm not in known]
        lacking = []
        if words:
            lacking.append(
                f"the words of {', '.join(words)}: they were changed since, or the "
                "epoch does not record them"
            )
        if self.salt is None:
            lacking.append("the salt: the epoch does not record it")
        if not self.least:
            lacking.append("who had to take part: the epoch does not record a coverage")
        if self.most == SLOTS and self.least < SLOTS:
            lacking.append("who had to stay out: coverage may have risen in the epoch")
        return tuple(lacking)


def expect_epochs(catalog: Catalog) -> dict[tuple[str, int], Expected]:
    """What rows must be like, by experiment and epoch, for all that were started.

    An epoch whose shares do not sum to 1, which lint reports, is left out.
    """
    found: dict[tuple[str, int], Expected] = {}
    for name, experiment in sorted(catalog.experiments.items()):
        if not experiment.epochs:
            continue
        hashes = catalog.arm_hashes(experiment)
        for epoch in experiment.epochs:
            try:
                found[name, epoch.epoch] = _expect(catalog, experiment, epoch, hashes)
            except ValueError:
                continue
    return found


def _expect(
    catalog: Catalog, experiment: Experiment, epoch: Epoch, hashes: Mapping[str, str]
) -> Expected:
    design = epoch.design
    is_present = epoch is experiment.epochs[-1]
    least = 0 if design is None else traffic_threshold(design.coverage)
    most = max(traffic_threshold(experiment.coverage), least) if is_present else SLOTS
    message = experiment.message if design is None else design.message
    if design is not None:
        salt: str | None = design.salt
    else:
        salt = experiment.salt if is_present else None
    same = {arm for arm, noted in epoch.copies.items() if hashes.get(arm) == noted}
    copies = {
        (variant, channel, locale): digest
        for (name, channel, locale, variant), digest in _hashes_of(catalog, message)
        if name == message and variant in same
    }
    unit = experiment.unit if design is None else design.unit
    return Expected(
        experiment.name,
        epoch.epoch,
        epoch.at,
        salt,
        unit,
        message,
        epoch.arms,
        epoch.allocation,
        least,
        most,
        None if design is None else design.layer,
        copies,
        _can_be_held(catalog, message, unit),
    )


def _can_be_held(catalog: Catalog, message: str, unit: str) -> bool:
    found, holdout = catalog.messages.get(message), catalog.holdout
    if found is None or holdout is None:
        return False
    return found.purpose in holdout.purposes and unit == holdout.unit


def _hashes_of(
    catalog: Catalog, message: str
) -> list[tuple[tuple[str, str, str, str], str]]:
    if message not in catalog.messages:
        return []
    return list(catalog.copy_hashes.items())
