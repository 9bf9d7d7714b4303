"""Who owns which of the million arm slots."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from copylab.experiment.buckets import SLOTS
from copylab.experiment.slots import (
    Stretch,
    common,
    count_slots,
    join_stretches,
    subtract,
    take_lowest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class SlotRange(NamedTuple):
    """The slots ``start`` up to, not including, ``end``, and the arm that owns them."""

    start: int
    end: int
    arm: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """All slots with their owners.

    Attributes:
        ranges: Ranges in slot order that cover 0..999_999 without gap or overlap. An
            arm may own several, and an arm without a share owns none.

    Raises:
        ValueError: The ranges leave a slot without owner, or give it two.
    """

    ranges: tuple[SlotRange, ...]

    def __post_init__(self) -> None:
        """Check that every slot has one owner."""
        at = 0
        for start, end, arm in self.ranges:
            if start != at or end <= start:
                raise ValueError(f"ranges == {self.ranges!r}, break at {arm} {start}")
            at = end
        if at != SLOTS:
            raise ValueError(f"ranges end at {at}, must end at {SLOTS}")

    def arm_at(self, slot: int) -> str:
        """The arm that owns a slot.

        Raises:
            ValueError: There is no such slot.
        """
        if not 0 <= slot < SLOTS:
            raise ValueError(f"slot == {slot}, must be in 0..{SLOTS - 1}")
        return self.ranges[bisect_right(self.ends(), slot)].arm

    def ends(self) -> list[int]:
        """Where each range ends, for ``bisect_right``."""
        return [part.end for part in self.ranges]

    def slots(self) -> dict[str, int]:
        """How many slots each arm owns; an arm that owns none is not in it."""
        owned: dict[str, int] = {}
        for start, end, arm in self.ranges:
            owned[arm] = owned.get(arm, 0) + end - start
        return owned

    def stretches(self) -> dict[str, tuple[Stretch, ...]]:
        """The slots of each arm in their order; an arm that owns none is not in it."""
        owned: dict[str, list[Stretch]] = {}
        for start, end, arm in self.ranges:
            owned.setdefault(arm, []).append((start, end))
        return {arm: tuple(parts) for arm, parts in owned.items()}

    @classmethod
    def of(cls, stretches: Mapping[str, Iterable[Stretch]]) -> Allocation:
        """The allocation in which each arm owns its stretches.

        Raises:
            ValueError: They leave a slot without owner, or give it two.
        """
        return cls(
            tuple(
                sorted(
                    SlotRange(start, end, arm)
                    for arm, parts in stretches.items()
                    for start, end in join_stretches(parts)
                )
            )
        )


def allocate(shares: Mapping[str, Fraction]) -> Allocation:
    """The allocation that gives each arm one range, in the order of ``shares``.

    Args:
        shares: Share by arm, each in 0..1, together exactly 1.

    Raises:
        ValueError: A share is negative, or they do not sum to 1.
    """
    counts = apportion(list(shares.values()))
    ranges = []
    at = 0
    for arm, count in zip(shares, counts, strict=True):
        if count:
            ranges.append(SlotRange(at, at + count, arm))
        at += count
    return Allocation(tuple(ranges))


def reallocate(old: Allocation, shares: Mapping[str, Fraction]) -> Allocation:
    """The allocation that gives each arm its new share and moves as few slots as can be.

    An arm that shrinks, or is no more, gives its highest slots away; an arm that grows,
    or is new, takes the lowest of those, in the order of ``shares``. Nothing else moves,
    so what moves is what the shrinking arms lose: no allocation moves less.

    Args:
        old: Who owns the slots so far.
        shares: Share by arm, each in 0..1, together exactly 1.

    Raises:
        ValueError: A share is negative, or they do not sum to 1.
    """
    wanted = dict(zip(shares, apportion(list(shares.values())), strict=True))
    owned = old.stretches()
    kept = {
        arm: take_lowest(parts, min(count_slots(parts), wanted.get(arm, 0)))
        for arm, parts in owned.items()
    }
    free = tuple(
        part for arm, parts in owned.items() for part in subtract(parts, kept[arm])
    )
    for arm, count in wanted.items():
        missing = count - count_slots(kept.get(arm, ()))
        taken = take_lowest(free, missing)
        kept[arm] = (*kept.get(arm, ()), *taken)
        free = subtract(free, taken)
    return Allocation.of(kept)


def moved_slots(old: Allocation, new: Allocation) -> int:
    """How many slots another arm owns in the new allocation."""
    before, after = old.stretches(), new.stretches()
    return SLOTS - sum(
        count_slots(common(parts, after.get(arm, ()))) for arm, parts in before.items()
    )


def apportion(shares: Sequence[Fraction], slots: int = SLOTS) -> list[int]:
    """How many slots each share is worth, together exactly ``slots``.

    The method of the largest remainder: everybody gets the whole part, and the slots
    left go to the largest remainders, the earlier one first where they are equal.

    Raises:
        ValueError: A share is negative, or they do not sum to 1.
    """
    if any(share < 0 for share in shares) or sum(shares) != 1:
        listed = ", ".join(str(share) for share in shares)
        raise ValueError(f"shares == [{listed}], must be positive and sum to 1")
    quotas = [Fraction(share) * slots for share in shares]
    counts = [int(quota) for quota in quotas]
    by_remainder = sorted(
        range(len(quotas)), key=lambda index: counts[index] - quotas[index]
    )
    for index in by_remainder[: slots - sum(counts)]:
        counts[index] += 1
    return counts


def traffic_threshold(coverage: Fraction) -> int:
    """The number of traffic buckets that take part: those below it do.

    It never falls as ``coverage`` rises, so whoever takes part keeps doing so.

    Raises:
        ValueError: The coverage is not in 0..1.
    """
    if not 0 <= coverage <= 1:
        raise ValueError(f"coverage == {coverage}, must be in 0..1")
    return round(coverage * SLOTS)
