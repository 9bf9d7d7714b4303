"""One user in, one arm out: pure, without I/O, and fast."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from copylab.experiment.allocation import Allocation, traffic_threshold
from copylab.experiment.buckets import (
    SLOTS,
    is_unit,
    md5,
    prefixed_bucket,
    salt_prefix,
    words_of,
)
from copylab.experiment.frozen import allocation_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.experiment.model import Experiment, LayerSlots

Membership = Callable[["Mapping[str, object]", "datetime"], bool | None]
"""Whether a user is in an audience at a time; None where nobody can tell."""

Placement = tuple[str | None, str, int | None, int | None, int | None, str | None]
"""Arm, reason, traffic bucket, arm bucket, epoch and unit, as ``Assignment``."""

Place = Callable[["Mapping[str, object]", "datetime"], Placement]
"""From a user and the time that ``now`` stands for to what an experiment says."""

AssignmentReason = Literal[
    "assigned",
    "forced",
    "not_in_audience",
    "excluded_by_layer",
    "not_in_traffic",
    "unit",
    "attribute",
]


class Assignment(NamedTuple):
    """What an experiment says about one user.

    Attributes:
        arm: The arm, ``none`` for a planned silence; None outside of the experiment.
        reason: ``assigned``; ``forced``, an arm of somebody who tries it out; or why
            not: ``unit`` means that the user has no usable unit, and ``attribute``
            that one of the audience's attributes holds what it cannot; both are errors
            of the data and get no exposure.
        traffic_bucket: The bucket of coverage, or None where it was not needed. Of
            somebody excluded by the layer, it is the slot in the layer's salt.
        arm_bucket: The bucket of the split, or None where it was not needed; in the
            same salt.
        epoch: The epoch of the allocation.
        unit: The unit, or None where the user has none.
    """

    arm: str | None
    reason: AssignmentReason
    traffic_bucket: int | None
    arm_bucket: int | None
    epoch: int
    unit: str | None


@dataclass(frozen=True, slots=True)
class LayerSplit:
    """The slots of a layer, made ready for units.

    Attributes:
        prefix: The bytes of the layer's salt, hashed in front of every unit.
        starts: Where each stretch starts.
        ends: Where each ends.
    """

    prefix: bytes
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, owned: LayerSlots) -> LayerSplit:
        """The slots that an experiment owns.

        Raises:
            ValueError: The layer's salt is not one.
        """
        starts, ends = zip(*owned.stretches, strict=True)
        return cls(salt_prefix(owned.salt), starts, ends)

    def at(self, unit: str) -> tuple[bool, int, int]:
        """Whether a unit's slot is one of them; the slot, and the digest's other word.

        Raises:
            UnicodeEncodeError: The unit holds half of a surrogate pair.
        """
        slot, other = prefixed_bucket(self.prefix, unit)
        index = bisect_right(self.ends, slot)
        return index < len(self.starts) and self.starts[index] <= slot, slot, other


@dataclass(frozen=True, slots=True)
class Split:
    """An experiment made ready for assignment.

    Attributes:
        prefix: The salt's bytes, hashed in front of every unit.
        unit_key: The attribute that names the unit.
        threshold: Units whose traffic bucket is below it take part.
        allocation: Who owns which arm slot.
        epoch: The epoch of the allocation.
        layer: The slots of a layer that it owns; units elsewhere are excluded. None
            excludes nobody.
        forced: Units that get an arm whatever their buckets say, with the arm.
    """

    prefix: bytes
    unit_key: str
    threshold: int
    allocation: Allocation
    epoch: int
    layer: LayerSlots | None = None
    forced: Mapping[str, str] = field(default_factory=dict)
    _layer: LayerSplit | None = field(init=False, repr=False, compare=False)
    _ends: list[int] = field(init=False, repr=False, compare=False)
    _arms: list[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the ranges out for bisection."""
        layer = None if self.layer is None else LayerSplit.of(self.layer)
        object.__setattr__(self, "_layer", layer)
        object.__setattr__(self, "_ends", self.allocation.ends())
        object.__setattr__(self, "_arms", [r.arm for r in self.allocation.ranges])

    @property
    def salt(self) -> str:
        """The salt of the buckets."""
        return self.prefix[:-1].decode()

    def at(self, unit: str) -> Assignment:
        """The assignment of a unit that is in the audience.

        Raises:
            UnicodeEncodeError: The unit holds half of a surrogate pair.
        """
        if self._layer is not None:
            inside, place, other = self._layer.at(unit)
            if not inside:
                reason: AssignmentReason = "excluded_by_layer"
                return Assignment(None, reason, place, other, self.epoch, unit)
        traffic, slot = prefixed_bucket(self.prefix, unit)
        if traffic >= self.threshold:
            return Assignment(None, "not_in_traffic", traffic, slot, self.epoch, unit)
        arm = self._arms[bisect_right(self._ends, slot)]
        return Assignment(arm, "assigned", traffic, slot, self.epoch, unit)

    def placer(self, audience: Membership | None = None) -> Place:
        """The function that assigns users one after the other: ``assign``, bound.

        A service asks it for every message it sends, so what never changes is bound
        once, nothing is called that can be written out, and the answer is a bare tuple.

        Args:
            audience: Whether a user is in the audience; None lets everybody in.
        """

        def place_slowly(user: Mapping[str, object], now: datetime) -> Placement:
            return assign(self, user, now=now, audience=audience)

        if self.forced or self._layer is not None:
            return place_slowly
        key, prefix, epoch = self.unit_key, self.prefix, self.epoch
        ends, arms, threshold = self._ends, self._arms, self.threshold
        find, hashed, words, slots = bisect_right, md5, words_of, SLOTS

        def place(user: Mapping[str, object], now: datetime) -> Placement:
            unit = user.get(key)
            if type(unit) is not str or not unit:
                return place_slowly(user, now)
            if audience is not None and not (inside := audience(user, now)):
                return None, _outside(inside), None, None, epoch, unit
            try:
                traffic, slot = words(hashed(prefix + unit.encode()).digest())
            except UnicodeEncodeError:
                return None, "unit", None, None, epoch, None
            traffic = traffic * slots >> 32
            slot = slot * slots >> 32
            if traffic >= threshold:
                return None, "not_in_traffic", traffic, slot, epoch, unit
            return arms[find(ends, slot)], "assigned", traffic, slot, epoch, unit

        return place


def prepare_split(experiment: Experiment) -> Split:
    """The experiment, ready for ``assign``.

    Raises:
        ValueError: Its salt is not one, its arms do not sum to 1, or its coverage is
            not in 0..1; reading the file has reported each as a finding.
    """
    design = experiment.epochs[-1].design if experiment.epochs else None
    return Split(
        salt_prefix(experiment.salt),
        experiment.unit,
        traffic_threshold(experiment.coverage),
        allocation_of(experiment),
        experiment.epoch,
        None if design is None else design.layer,
        experiment.forced,
    )


def force(split: Split, arm: str, unit: object) -> Assignment:
    """The assignment of somebody who tries an arm out, whatever the buckets say.

    Args:
        split: The experiment.
        arm: One of its arms.
        unit: The unit, if there is one: its buckets are noted beside the arm.
    """
    if not is_unit(unit):
        return Assignment(arm, "forced", None, None, split.epoch, None)
    traffic, slot = prefixed_bucket(split.prefix, unit)
    return Assignment(arm, "forced", traffic, slot, split.epoch, unit)


def _outside(inside: bool | None) -> AssignmentReason:  # noqa: FBT001 - an answer
    """Why a user gets no arm whom the audience does not let in."""
    return "attribute" if inside is None else "not_in_audience"


def assign(
    split: Split,
    user: Mapping[str, object],
    *,
    now: datetime,
    audience: Membership | None = None,
) -> Assignment:
    """The arm of a user, and why.

    The unit is looked at first, and whether its arm is forced; then the audience, the
    layer, and the traffic. Buckets are only computed for users in the audience;
    ``bucket`` gives them for everybody else.

    Args:
        split: The experiment, from ``prepare_split``.
        user: Attributes by name.
        now: The time that the audience's ``now`` stands for, with a time zone.
        audience: Whether a user is in the audience, None where an attribute holds what
            it cannot, as ``Predicate.admits`` says; None lets everybody in.
    """
    unit = user.get(split.unit_key)
    if not isinstance(unit, str) or not unit:
        return Assignment(None, "unit", None, None, split.epoch, None)
    if unit in split.forced:
        return force(split, split.forced[unit], unit)
    if audience is not None and not (inside := audience(user, now)):
        return Assignment(None, _outside(inside), None, None, split.epoch, unit)
    try:
        return split.at(unit)
    except UnicodeEncodeError:
        return Assignment(None, "unit", None, None, split.epoch, None)
