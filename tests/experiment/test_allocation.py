from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.experiment.allocation import (
    Allocation,
    SlotRange,
    allocate,
    apportion,
    moved_slots,
    reallocate,
    traffic_threshold,
)
from copylab.experiment.buckets import SLOTS, bucket

WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any)


def shares_of(weights: list[int]) -> dict[str, Fraction]:
    total = sum(weights)
    return {f"arm{i}": Fraction(weight, total) for i, weight in enumerate(weights)}


def test_ranges_follow_the_order_of_the_arms() -> None:
    shares = {"b": Fraction("0.45"), "a": Fraction("0.45"), "none": Fraction("0.1")}
    assert allocate(shares).ranges == (
        (0, 450_000, "b"),
        (450_000, 900_000, "a"),
        (900_000, 1_000_000, "none"),
    )


def test_thirds_leave_no_slot_without_owner() -> None:
    thirds = dict.fromkeys("abc", Fraction(1, 3))
    assert allocate(thirds).slots() == {"a": 333_334, "b": 333_333, "c": 333_333}


@given(WEIGHTS)
def test_every_slot_has_one_owner_and_counts_are_within_one(weights: list[int]) -> None:
    shares = shares_of(weights)
    allocation = allocate(shares)
    assert allocation.ranges[0].start == 0
    assert allocation.ranges[-1].end == SLOTS
    assert all(one.end == other.start for one, other in pairwise(allocation.ranges))
    owned = allocation.slots()
    for arm, share in shares.items():
        assert abs(owned.get(arm, 0) - share * SLOTS) < 1


@given(WEIGHTS, st.integers(0, SLOTS - 1))
def test_the_owner_is_the_range_that_holds_the_slot(
    weights: list[int], slot: int
) -> None:
    allocation = allocate(shares_of(weights))
    for at in {slot, *(r.start for r in allocation.ranges)}:
        owners = [r.arm for r in allocation.ranges if r.start <= at < r.end]
        assert owners == [allocation.arm_at(at)]


def test_a_share_of_zero_owns_nothing() -> None:
    shares = {"a": Fraction(0), "b": Fraction(1), "c": Fraction(0)}
    allocation = allocate(shares)
    assert allocation.ranges == ((0, SLOTS, "b"),)
    assert {allocation.arm_at(slot) for slot in (0, 499_999, SLOTS - 1)} == {"b"}


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"a": Fraction(1, 2)},
        {"a": Fraction(3, 2), "b": Fraction(-1, 2)},
        {"a": Fraction("0.99999999"), "b": Fraction(0)},
    ],
)
def test_refuses_shares_that_are_not_one_whole(shares: dict[str, Fraction]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        allocate(shares)


@pytest.mark.parametrize("slot", [-1, SLOTS])
def test_refuses_a_slot_that_is_not_there(slot: int) -> None:
    with pytest.raises(ValueError, match="must be in 0"):
        allocate({"a": Fraction(1)}).arm_at(slot)


@pytest.mark.parametrize(
    "ranges",
    [
        (),
        (SlotRange(1, SLOTS, "a"),),
        (SlotRange(0, SLOTS - 1, "a"),),
        (SlotRange(0, 5, "a"), SlotRange(4, SLOTS, "b")),
        (SlotRange(0, 0, "a"), SlotRange(0, SLOTS, "b")),
    ],
)
def test_refuses_ranges_with_gap_or_overlap(ranges: tuple[SlotRange, ...]) -> None:
    with pytest.raises(ValueError, match="ranges"):
        Allocation(ranges)


def test_an_arm_may_own_several_ranges() -> None:
    ranges = (SlotRange(0, 10, "a"), SlotRange(10, 20, "b"), SlotRange(20, SLOTS, "a"))
    allocation = Allocation(ranges)
    assert [allocation.arm_at(slot) for slot in (0, 15, 20)] == ["a", "b", "a"]
    assert allocation.slots() == {"a": SLOTS - 10, "b": 10}


def test_equal_remainders_go_to_the_earlier_share() -> None:
    assert apportion([Fraction(1, 4)] * 4, slots=6) == [2, 2, 1, 1]


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_a_ramp_never_drops_anybody(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert 0 <= traffic_threshold(low) <= traffic_threshold(high) <= SLOTS


@pytest.mark.parametrize("coverage", [Fraction(-1), Fraction(101, 100)])
def test_refuses_a_coverage_outside_of_the_whole(coverage: Fraction) -> None:
    with pytest.raises(ValueError, match="coverage"):
        traffic_threshold(coverage)


A3 = [  # the table of changes: shares before and after, and the share that must move
    (("1/3", "1/3", "1/3"), ("1/2", "1/4", "1/4"), Fraction(1, 6)),
    (("1/3", "1/3", "1/3"), ("1/4", "1/4", "1/4", "1/4"), Fraction(1, 4)),
    (("1/2", "1/2"), ("9/10", "1/10"), Fraction(2, 5)),
    (("1/3", "1/3", "1/3"), ("4/5", "1/10", "1/10"), Fraction(7, 15)),
    (("1/5",) * 5, ("3/5", "1/10", "1/10", "1/10", "1/10"), Fraction(2, 5)),
]


def named(shares: tuple[str, ...]) -> dict[str, Fraction]:
    return {"abcde"[place]: Fraction(share) for place, share in enumerate(shares)}


@pytest.mark.parametrize(("before", "after", "bound"), A3)
def test_a_change_of_shares_moves_no_more_than_it_must(
    before: tuple[str, ...], after: tuple[str, ...], bound: Fraction
) -> None:
    old = allocate(named(before))
    new = reallocate(old, named(after))
    assert new.slots() == allocate(named(after)).slots()
    assert abs(moved_slots(old, new) - bound * SLOTS) <= 1
    units = [bucket("reallocate.1", f"user-{number}")[1] for number in range(20_000)]
    moved = sum(old.arm_at(slot) != new.arm_at(slot) for slot in units)
    assert abs(moved / len(units) - bound) < 4 * (0.25 / len(units)) ** 0.5


def test_contiguous_ranges_would_move_half_for_a_fourth_arm() -> None:
    old, shares = allocate(named(("1/3",) * 3)), named(("1/4",) * 4)
    assert moved_slots(old, allocate(shares)) == 500_001
    assert moved_slots(old, reallocate(old, shares)) == 250_000


@given(st.lists(WEIGHTS, min_size=2, max_size=6))
def test_a_chain_of_changes_keeps_counts_and_the_lower_bound(
    chain: list[list[int]],
) -> None:
    old = allocate(shares_of(chain[0]))
    for weights in chain[1:]:
        shares = shares_of(weights)
        new = reallocate(old, shares)
        counts = allocate(shares).slots()
        assert new.slots() == counts
        lost = sum(max(0, n - counts.get(arm, 0)) for arm, n in old.slots().items())
        assert moved_slots(old, new) == lost
        assert reallocate(new, shares) == new
        old = new


def test_the_lowest_slots_that_are_given_away_go_to_the_first_arm_that_grows() -> None:
    old = allocate({"a": Fraction(1, 2), "b": Fraction(1, 2)})
    shares = {"a": Fraction(1, 4), "b": Fraction(1, 4), "c": Fraction(1, 4)}
    new = reallocate(old, {**shares, "d": Fraction(1, 4)})
    assert new.ranges == (
        (0, 250_000, "a"),
        (250_000, 500_000, "c"),
        (500_000, 750_000, "b"),
        (750_000, 1_000_000, "d"),
    )


def test_an_arm_that_is_gone_gives_all_its_slots_away() -> None:
    old = allocate(named(("1/2", "1/4", "1/4")))
    new = reallocate(old, {"b": Fraction(1, 2), "c": Fraction(1, 2)})
    assert new.slots() == {"b": 500_000, "c": 500_000}
    assert moved_slots(old, new) == 500_000
    assert all(
        new.arm_at(r.start) == r.arm and new.arm_at(r.end - 1) == r.arm
        for r in old.ranges[1:]
    )


@pytest.mark.parametrize("shares", [{}, {"a": Fraction(1, 2)}, {"a": Fraction(2)}])
def test_no_change_to_what_is_no_whole(shares: dict[str, Fraction]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        reallocate(allocate({"a": Fraction(1)}), shares)
