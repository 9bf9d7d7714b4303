from __future__ import annotations

from math import sqrt
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    proportions_ztest,
    score_test_proportions_2indep,
)

from copylab.analysis import compare_proportions
from copylab.analysis.distributions import two_sided_normal

# Tables on which the score interval of statsmodels raises, is NaN or infinite.
EXTREME = [
    (7, 10, 3, 10),
    (1, 1, 0, 1),
    (0, 1, 1, 1),
    (0, 50, 0, 50),
    (50, 50, 50, 50),
    (5, 50, 0, 50),
    (0, 50, 5, 50),
    (0, 5_000, 3, 5_000),
    (468, 82_254, 38, 9_160),
    (100_020_000, 1_000_000_000, 100_000_000, 1_000_000_000),
    (10**9, 10**9, 10**9 - 30, 10**9),
    (3, 100, 10_000, 1_000_000),
    (1, 1, 0, 10**9),
    (2, 10, 30_000, 100_000),
]


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    n1 = draw(st.one_of(st.integers(1, 60), st.integers(1, 10**9)))
    n0 = draw(st.one_of(st.integers(1, 60), st.integers(1, 10**9)))
    k1 = draw(st.one_of(st.integers(0, min(n1, 30)), st.integers(0, n1), st.just(n1)))
    k0 = draw(st.one_of(st.integers(0, min(n0, 30)), st.integers(0, n0), st.just(n0)))
    return k1, n1, k0, n0


# The reference for the difference is computed here: statsmodels 0.15 has the control's
# successes where the cubic of Miettinen and Nurminen has the control's units.
def likeliest_error(table: tuple[int, int, int, int], delta: float) -> float:
    """The standard error under ``delta``, by halving the likelihood's slope."""
    k1, n1, k0, n0 = table
    low, high = max(0.0, -delta), min(1.0, 1 - delta)
    for _ in range(300):
        x = (low + high) / 2
        y = x + delta
        slope = (k1 - n1 * y) * x * (1 - x) + (k0 - n0 * x) * y * (1 - y)
        low, high = (x, high) if slope > 0 else (low, x)
    x = (low + high) / 2
    y = x + delta
    return sqrt(max(y * (1 - y), 0) / n1 + max(x * (1 - x), 0) / n0)


@settings(max_examples=400)
@given(tables(), st.sampled_from([0.2, 0.05, 0.01, 1e-6]))
def test_intervals_exclude_zero_exactly_when_p_is_below_alpha(
    table: tuple[int, int, int, int], alpha: float
) -> None:
    comparison = compare_proportions(*table, alpha=alpha)
    assert comparison.diff.low is not None
    assert comparison.diff.value is not None
    assert comparison.diff.high is not None
    assert -1 <= comparison.diff.low <= comparison.diff.value <= comparison.diff.high
    assert comparison.diff.high <= 1
    assert comparison.diff.low < comparison.diff.high
    assert comparison.diff.excludes_zero == comparison.significant
    assert comparison.significant == (comparison.p_value < alpha)
    if comparison.lift.low is not None:
        assert comparison.lift.excludes_zero == comparison.significant
    if comparison.lift.high is not None:
        assert comparison.lift.low is not None
        assert comparison.lift.low < comparison.lift.high


@settings(max_examples=200)
@given(tables())
def test_swapping_the_arms_mirrors_the_difference(
    table: tuple[int, int, int, int],
) -> None:
    k1, n1, k0, n0 = table
    forth = compare_proportions(k1, n1, k0, n0)
    back = compare_proportions(k0, n0, k1, n1)
    assert forth.p_value == pytest.approx(back.p_value, rel=1e-12)
    assert forth.diff.low is not None
    assert back.diff.high is not None
    exact = forth.method == "Barnard's exact test"
    assert forth.diff.low == pytest.approx(
        -back.diff.high, rel=1e-9, abs=1e-6 if exact else 1e-300
    )


@settings(max_examples=200)
@given(tables())
def test_counting_failures_mirrors_the_difference(
    table: tuple[int, int, int, int],
) -> None:
    k1, n1, k0, n0 = table
    done = compare_proportions(k1, n1, k0, n0)
    left = compare_proportions(n1 - k1, n1, n0 - k0, n0)
    assert done.diff.low is not None
    assert left.diff.high is not None
    assert done.p_value == pytest.approx(left.p_value, rel=1e-9)
    exact = done.method == "Barnard's exact test"
    assert done.diff.low == pytest.approx(
        -left.diff.high, rel=1e-7, abs=1e-6 if exact else 1e-15
    )


@pytest.mark.parametrize("table", [table for table in EXTREME if sum(table[1::2]) > 19])
def test_difference_bounds_are_where_the_score_test_meets_alpha(
    table: tuple[int, int, int, int],
) -> None:
    comparison = compare_proportions(*table)
    k1, n1, k0, n0 = table
    for bound in (comparison.diff.low, comparison.diff.high):
        assert bound is not None
        if abs(bound) == 1:
            continue
        z = (k1 / n1 - k0 / n0 - bound) / likeliest_error(table, bound)
        assert two_sided_normal(z) == pytest.approx(0.05, rel=1e-6)


@settings(max_examples=200)
@given(st.integers(20, 10**6), st.integers(20, 10**6), st.floats(0.05, 0.95), st.data())
def test_p_value_and_lift_agree_with_statsmodels(
    n1: int, n0: int, rate: float, data: st.DataObject
) -> None:
    k1 = data.draw(st.integers(int(0.7 * rate * n1) + 1, int(rate * n1) + 1))
    k0 = data.draw(st.integers(int(0.7 * rate * n0) + 1, int(rate * n0) + 1))
    assume(k1 + k0 < n1 + n0)  # where statsmodels divides by zero
    comparison = compare_proportions(k1, n1, k0, n0)
    assume(comparison.method == "score test")
    reference = float(proportions_ztest([k1, k0], [n1, n0])[1])
    if reference > 1e-290:
        assert comparison.p_value == pytest.approx(reference, rel=1e-9, abs=1e-300)
    for bound in (comparison.lift.low, comparison.lift.high):
        assert bound is not None
        _, p_value = score_test_proportions_2indep(
            k1, n1, k0, n0, value=1 + bound, compare="ratio", correction=False,
            return_results=False,
        )  # fmt: skip
        assert p_value == pytest.approx(0.05, rel=1e-5)


def test_small_p_values_do_not_underflow() -> None:
    far = compare_proportions(6_000, 100_000, 4_600, 100_000)
    assert far.statistic == pytest.approx(13.97334, abs=1e-4)
    assert 0 < far.p_value < 1e-43


def test_published_lift_interval_of_rare_events() -> None:
    rare = compare_proportions(31, 1_000_000, 14, 1_000_000)
    assert rare.p_value == pytest.approx(0.0113, abs=5e-5)
    assert rare.lift.low == pytest.approx(0.19, abs=0.005)
    assert rare.lift.high == pytest.approx(3.12, abs=0.005)


def test_no_success_at_all_is_no_evidence() -> None:
    nothing = compare_proportions(0, 50, 0, 50)
    assert nothing.p_value == 1.0
    assert nothing.lift.to_dict() == {"value": None, "low": None, "high": None}
    # Wilson's bound for 0 of 50: the other arm is then at zero itself
    edge = 1.959963984540054**2 / (50 + 1.959963984540054**2)
    assert nothing.diff.high == pytest.approx(edge, rel=1e-12)
    assert nothing.diff.low == pytest.approx(-edge, rel=1e-12)


def test_lift_over_a_control_without_success_has_a_lower_bound_only() -> None:
    comparison = compare_proportions(5, 50, 0, 50)
    assert comparison.significant
    assert comparison.lift.value is None
    assert comparison.lift.high is None
    assert comparison.lift.low is not None
    assert comparison.lift.low > 0


def test_an_arm_without_units_leaves_nothing_to_compare() -> None:
    comparison = compare_proportions(0, 0, 3, 10)
    assert comparison.p_value == 1.0
    assert comparison.diff.value is None
    assert comparison.value is None


@pytest.mark.parametrize(
    "table", [(5, 3, 1, 3), (-1, 3, 1, 3), (1, 3, 4, 3), (1.5, 3, 1, 3)]
)
def test_impossible_counts_are_refused(table: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        compare_proportions(*table)


def test_alpha_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="alpha == 5"):
        compare_proportions(1, 2, 1, 2, alpha=5)


def test_false_findings_stay_at_alpha_for_rare_clicks() -> None:
    """The exact size of the test, by summing the binomial table itself."""
    n, rate = 1_000, 0.01
    chances = [1.0 * (1 - rate) ** n]
    chances.extend(0.0 for _ in range(45))
    for k in range(1, 46):
        chances[k] = chances[k - 1] * (n - k + 1) / k * rate / (1 - rate)
    size = sum(
        chances[k1] * chances[k0]
        for k1 in range(46)
        for k0 in range(46)
        if compare_proportions(k1, n, k0, n).significant
    )
    assert 0.035 < size < 0.055


@pytest.mark.parametrize("wrong", [None, "5", (1, 2), [3]])
@pytest.mark.parametrize("name", ["k1", "n1", "k0", "n0"])
def test_what_is_no_number_is_refused_by_name(name: str, wrong: Any) -> None:
    counts: dict[str, Any] = {"k1": 1, "n1": 5, "k0": 2, "n0": 5, name: wrong}
    with pytest.raises(TypeError, match=f"{name} == "):
        compare_proportions(**counts)
