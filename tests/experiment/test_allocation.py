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
    traffic_threshold,
)
from copylab.experiment.buckets import SLOTS

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
