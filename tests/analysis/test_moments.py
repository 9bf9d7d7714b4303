from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.moments import Moments, PairMoments, Proportion

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)


@given(NUMBERS, NUMBERS)
def test_moments_of_parts_add_up_to_those_of_the_whole(
    left: list[float], right: list[float]
) -> None:
    added = Moments.from_values(left) + Moments.from_values(right)
    whole = Moments.from_values(left + right)
    assert added.n == whole.n
    assert added.mean == pytest.approx(whole.mean, rel=1e-9, abs=1e-6)
    assert added.var == pytest.approx(whole.var, rel=1e-9, abs=1e-3)


def test_nothing_adds_nothing() -> None:
    some = Moments.from_values([1.0, 2.0, 4.0])
    assert some + Moments.from_values([]) == some
    assert Moments.from_values([]) + some == some
    assert Moments.from_values([]).value is None


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e8, 1e9])
def test_pivot_keeps_the_variance_that_raw_sums_cancel(offset: float) -> None:
    generator = random.Random(7)
    plain = [generator.gauss(0, 1) for _ in range(10_000)]
    shifted = [value + offset for value in plain]
    pivot = shifted[0]
    moments = Moments.from_sums(
        len(shifted),
        sum(value - pivot for value in shifted),
        sum((value - pivot) ** 2 for value in shifted),
        pivot=pivot,
    )
    assert moments.var == pytest.approx(statistics.variance(plain), rel=1e-6)


@given(
    st.lists(
        st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=4, max_size=40
    ),
    st.integers(2, 3),
)
def test_pairs_add_up_and_agree_with_the_standard_library(
    pairs: list[tuple[float, float]], cut: int
) -> None:
    whole = PairMoments.from_values(pairs)
    added = PairMoments.from_values(pairs[:cut]) + PairMoments.from_values(pairs[cut:])
    reference = statistics.covariance(*zip(*pairs, strict=True))
    assert whole.cov == pytest.approx(reference, rel=1e-9, abs=1e-8)
    assert added.cov == pytest.approx(reference, rel=1e-9, abs=1e-8)


def test_counts_above_their_total_are_refused() -> None:
    with pytest.raises(ValueError, match="successes == 6"):
        Proportion(6, 5)
    with pytest.raises(ValueError, match="finite"):
        Moments(5, float("nan"), 1.0)
    with pytest.raises(ValueError, match="must be equal"):
        PairMoments(Moments(5, 1.0, 1.0), Moments(4, 1.0, 1.0), 0.0)


def test_proportions_add_up() -> None:
    assert Proportion(1, 10) + Proportion(2, 30) == Proportion(3, 40)
    assert Proportion(0, 0).value is None
