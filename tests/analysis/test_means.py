from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from copylab.analysis import Moments, compare_means

VALUES = st.lists(st.floats(-50, 50), min_size=2, max_size=30)


@settings(max_examples=300)
@given(
    VALUES, VALUES, st.sampled_from([0.0, 100.0]), st.sampled_from([0.3, 0.05, 1e-4])
)
def test_intervals_exclude_zero_exactly_when_p_is_below_alpha(
    left: list[float], right: list[float], offset: float, alpha: float
) -> None:
    one = Moments.from_values(value + offset for value in left)
    zero = Moments.from_values(value + offset for value in right)
    comparison = compare_means(one, zero, alpha=alpha)
    for interval in (comparison.diff, comparison.lift):
        if interval.low is not None and interval.high is not None:
            assert interval.value is not None
            assert interval.low <= interval.value <= interval.high
            assert interval.excludes_zero == comparison.significant


@settings(max_examples=300)
@given(
    st.lists(st.floats(-1e150, 1e150), min_size=2, max_size=6),
    st.lists(st.floats(-1e150, 1e150), min_size=2, max_size=6),
)
def test_numbers_of_any_size_give_finite_numbers_or_none(
    left: list[float], right: list[float]
) -> None:
    comparison = compare_means(Moments.from_values(left), Moments.from_values(right))
    assert 0 <= comparison.p_value <= 1
    if comparison.lift.low is not None:
        assert comparison.lift.excludes_zero == comparison.significant


def test_welch_equals_scipy_on_many_draws() -> None:
    generator = np.random.default_rng(20)
    for _ in range(300):
        left = generator.lognormal(0.2, 1, int(generator.integers(3, 80)))
        right = generator.lognormal(0, 1, int(generator.integers(3, 80)))
        comparison = compare_means(
            Moments.from_values(left), Moments.from_values(right)
        )
        reference = stats.ttest_ind(left, right, equal_var=False)
        interval = reference.confidence_interval(0.95)
        assert comparison.p_value == pytest.approx(reference.pvalue, rel=1e-9)
        assert comparison.diff.low == pytest.approx(interval.low, rel=1e-9)
        assert comparison.diff.high == pytest.approx(interval.high, rel=1e-9)


def test_fieller_bounds_are_the_ratios_the_test_accepts_by_a_hair() -> None:
    generator = np.random.default_rng(21)
    left, right = generator.gamma(2, 3, 400), generator.gamma(2, 2.7, 300)
    one, zero = Moments.from_values(left), Moments.from_values(right)
    comparison = compare_means(one, zero)
    degrees = stats.ttest_ind(left, right, equal_var=False).df
    for bound in (comparison.lift.low, comparison.lift.high):
        assert bound is not None
        theta = 1 + bound
        error = (one.var / one.n + theta**2 * zero.var / zero.n) ** 0.5
        t = abs(one.mean - theta * zero.mean) / error
        assert 2 * stats.t.sf(t, degrees) == pytest.approx(0.05, rel=1e-9)


def test_fieller_covers_the_true_lift_as_often_as_it_says() -> None:
    generator = np.random.default_rng(22)
    hits = 0
    for _ in range(4_000):
        left = generator.exponential(1.2, 150)
        right = generator.exponential(1.0, 150)
        lift = compare_means(
            Moments(150, left.mean(), left.var(ddof=1)),
            Moments(150, right.mean(), right.var(ddof=1)),
        ).lift
        assert lift.low is not None
        assert lift.high is not None
        hits += lift.low <= 0.2 <= lift.high
    assert hits / 4_000 == pytest.approx(0.95, abs=0.012)


def test_lift_over_a_mean_near_zero_has_no_bounds() -> None:
    comparison = compare_means(Moments(50, 1.0, 4.0), Moments(50, 0.1, 4.0))
    assert comparison.lift.value == pytest.approx(9.0)
    assert comparison.lift.low is None
    assert comparison.lift.high is None


def test_lift_over_a_mean_that_is_not_positive_is_undefined() -> None:
    comparison = compare_means(Moments(50, 1.0, 4.0), Moments(50, -3.0, 4.0))
    assert comparison.significant
    assert comparison.lift.value is None


def test_without_spread_there_is_no_evidence() -> None:
    for one, zero in [
        (Moments(10, 3.0, 0.0), Moments(10, 1.0, 0.0)),
        (Moments(1, 3.0, 0.0), Moments(10, 1.0, 1.0)),
        (Moments(0, 0.0, 0.0), Moments(10, 1.0, 1.0)),
    ]:
        comparison = compare_means(one, zero)
        assert comparison.p_value == 1.0
        assert comparison.diff.low is None


def test_one_arm_without_spread_is_judged_by_the_other() -> None:
    comparison = compare_means(Moments(10, 3.0, 0.0), Moments(10, 1.0, 1.0))
    t = 2.0 / (1.0 / 10) ** 0.5
    assert comparison.p_value == pytest.approx(2 * stats.t.sf(t, 9), rel=1e-9)


@pytest.mark.parametrize("wrong", [1, 0.5, None, (5, 1.0, 1.0), "5"])
def test_other_things_than_moments_are_refused_by_name(wrong: Any) -> None:
    right = Moments(5, 1.0, 1.0)
    with pytest.raises(TypeError, match="moments1 == "):
        compare_means(wrong, right)
    with pytest.raises(TypeError, match="moments0 == "):
        compare_means(right, wrong)
