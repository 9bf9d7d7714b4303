"""One user in, one arm out: pure, without I/O, and fast."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from copylab.experiment.allocation import Allocation, allocate, traffic_threshold
from copylab.experiment.buckets import prefixed_bucket, salt_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.experiment.model import Experiment

Membership = Callable[["Mapping[str, object]", "datetime"], bool]
"""Whether a user is in an audience at a time."""

AssignmentReason = Literal["assigned", "not_in_audience", "not_in_traffic", "unit"]


class Assignment(NamedTuple):
    """What an experiment says about one user.

    Attributes:
        arm: The arm, ``none`` for a planned silence; None outside of the experiment.
        reason: ``assigned``; or why not: ``unit`` means that the user has no usable
            unit, which is an error of the data and gets no exposure.
        traffic_bucket: The bucket of coverage, or None where it was not needed.
        arm_bucket: The bucket of the split, or None where it was not needed.
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
class Split:
    """An experiment made ready for assignment.

    Attributes:
        prefix: The salt's bytes, hashed in front of every unit.
        unit_key: The attribute that names the unit.
        threshold: Units whose traffic bucket is below it take part.
        allocation: Who owns which arm slot.
        epoch: The epoch of the allocation.
    """

    prefix: bytes
    unit_key: str
    threshold: int
    allocation: Allocation
    epoch: int
    _ends: list[int] = field(init=False, repr=False, compare=False)
    _arms: list[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the ranges out for bisection."""
        object.__setattr__(self, "_ends", self.allocation.ends())
        object.__setattr__(self, "_arms", [r.arm for r in self.allocation.ranges])

    def at(self, unit: str) -> Assignment:
        """The assignment of a unit that is in the audience.

        Raises:
            UnicodeEncodeError: The unit holds half of a surrogate pair.
        """
        traffic, slot = prefixed_bucket(self.prefix, unit)
        if traffic >= self.threshold:
            return Assignment(None, "not_in_traffic", traffic, slot, self.epoch, unit)
        arm = self._arms[bisect_right(self._ends, slot)]
        return Assignment(arm, "assigned", traffic, slot, self.epoch, unit)


def prepare_split(experiment: Experiment) -> Split:
    """The experiment, ready for ``assign``.

    Raises:
        ValueError: Its salt is not one, its arms do not sum to 1, or its coverage is
            not in 0..1; reading the file has reported each as a finding.
    """
    return Split(
        salt_prefix(experiment.salt),
        experiment.unit,
        traffic_threshold(experiment.coverage),
        allocate(experiment.arms),
        experiment.epoch,
    )


def assign(
    split: Split,
    user: Mapping[str, object],
    *,
    now: datetime,
    audience: Membership | None = None,
) -> Assignment:
    """The arm of a user, and why.

    The unit is looked at first, then the audience, then the traffic. Buckets are only
    computed for users in the audience; ``bucket`` gives them for everybody else.

    Args:
        split: The experiment, from ``prepare_split``.
        user: Attributes by name.
        now: The time that the audience's ``now`` stands for, with a time zone.
        audience: Whether a user is in the audience; None lets everybody in.
    """
    unit = user.get(split.unit_key)
    if not isinstance(unit, str) or not unit:
        return Assignment(None, "unit", None, None, split.epoch, None)
    if audience is not None and not audience(user, now):
        return Assignment(None, "not_in_audience", None, None, split.epoch, unit)
    try:
        return split.at(unit)
    except UnicodeEncodeError:
        return Assignment(None, "unit", None, None, split.epoch, None)
