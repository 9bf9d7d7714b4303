"""Sums that come out the same in whatever order an engine adds."""

from __future__ import annotations

import random
from math import fsum, isfinite
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.cells import _pivot


@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=300),
    st.integers(1, 400),
    st.integers(0, 2**32),
)
def test_whole_numbers_less_a_pivot_add_up_the_same_in_any_order(
    values: list[int], zeros: int, seed: int
) -> None:
    values = values + [0] * zeros
    pivot = _pivot(fmean(values), pstdev(values))
    if pstdev(values) > 0:
        shifted = [value - pivot for value in values]
        squares = [value * value for value in shifted]
        exact = fsum(shifted), fsum(squares)
        assert (sum(shifted), sum(squares)) == exact
        random.Random(seed).shuffle(shifted)
        assert (sum(shifted), sum(x * x for x in shifted)) == exact


@given(
    st.floats(-1e300, 1e300, allow_nan=False),
    st.floats(0, 1e300, allow_nan=False),
)
def test_a_pivot_lies_within_a_thousandth_of_the_spread(
    mean: float, spread: float
) -> None:
    pivot = _pivot(mean, spread)
    assert isfinite(pivot)
    assert abs(pivot - mean) <= max(spread / 1000, abs(mean) * 1e-15)


@pytest.mark.parametrize(
    ("mean", "spread", "pivot"),
    [
        (None, None, 0.0),
        (float("nan"), 1.0, 0.0),
        (2.5, None, 2.5),
        (2.5, float("inf"), 2.5),
        (2.5, 0.0, 2.5),
    ],
)
def test_a_mean_without_a_spread_is_the_pivot_itself(
    mean: float | None, spread: float | None, pivot: float
) -> None:
    assert _pivot(mean, spread) == pivot
