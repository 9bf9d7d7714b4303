from __future__ import annotations

from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import barnard_exact

from copylab.analysis import compare_proportions
from copylab.analysis.exact_proportions import METHOD, ExactTest, needs_exact
from copylab.analysis.moments import Proportion


def build(k1: int, n1: int, k0: int, n0: int) -> ExactTest:
    return ExactTest(Proportion(k1, n1), Proportion(k0, n0))


@st.composite
def tiny(draw: st.DrawFn) -> tuple[int, int, int, int]:
    n1, n0 = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


def likeliest(k1: int, n1: int, k0: int, n0: int, delta: float) -> float:
    """The score statistic under ``delta``, by halving the likelihood's slope."""
    low, high = max(0.0, -delta), min(1.0, 1 - delta)
    for _ in range(100):
        x = (low + high) / 2
        y = x + delta
        slope = (k1 - n1 * y) * x * (1 - x) + (k0 - n0 * x) * y * (1 - y)
        low, high = (x, high) if slope > 0 else (low, x)
    x = (low + high) / 2
    y = x + delta
    error = sqrt(max(y * (1 - y), 0) / n1 + max(x * (1 - x), 0) / n0)
    distance = k1 / n1 - k0 / n0 - delta
    if abs(distance) < 1e-12:
        return 0.0
    return distance / error if error > 1e-9 else np.copysign(np.inf, distance)


def sum_all_tables(table: tuple[int, int, int, int], delta: float) -> float:
    """The p-value by definition: every table, at two thousand rates."""
    _, n1, _, n0 = table
    bar = abs(likeliest(*table, delta)) * (1 - 1e-7)
    rates = np.linspace(max(0.0, -delta), min(1.0, 1 - delta), 2_001)
    chance = np.zeros_like(rates)
    for i in range(n1 + 1):
        for j in range(n0 + 1):
            if abs(likeliest(i, n1, j, n0, delta)) >= bar:
                treated = np.clip(rates + delta, 0, 1)
                chance += (
                    comb(n1, i) * treated**i * (1 - treated) ** (n1 - i)
                    * comb(n0, j) * rates**j * (1 - rates) ** (n0 - j)
                )  # fmt: skip
    return float(chance.max())


@pytest.mark.parametrize(
    "table",
    [(7, 10, 3, 9), (1, 1, 0, 1), (3, 7, 1, 12), (0, 3, 9, 9), (2, 5, 20, 30)],
)
def test_p_values_are_those_of_scipy(table: tuple[int, int, int, int]) -> None:
    k1, n1, k0, n0 = table
    matrix = [[k1, k0], [n1 - k1, n0 - k0]]
    reference = barnard_exact(matrix, pooled=True, n=256).pvalue
    assert build(*table).p_value() == pytest.approx(reference, rel=1e-9)


@settings(max_examples=40)
@given(tiny(), st.floats(-0.9, 0.9))
def test_p_values_are_the_sum_over_every_table(
    table: tuple[int, int, int, int], delta: float
) -> None:
    expected = sum_all_tables(table, delta)
    assert build(*table).p_of_difference(delta) == pytest.approx(expected, abs=2e-4)


@settings(max_examples=60)
@given(tiny(), st.sampled_from([0.3, 0.1, 0.05, 0.01]))
def test_intervals_exclude_zero_exactly_when_p_is_below_alpha(
    table: tuple[int, int, int, int], alpha: float
) -> None:
    found = compare_proportions(*table, alpha=alpha)
    assert found.method == METHOD
    assert found.diff.low is not None
    assert found.diff.high is not None
    assert found.diff.value is not None
    assert -1 <= found.diff.low <= found.diff.value <= found.diff.high <= 1
    assert found.diff.low < found.diff.high
    assert found.diff.excludes_zero == found.significant == (found.p_value < alpha)
    if found.lift.low is not None:
        assert found.lift.low >= -1
        assert found.lift.excludes_zero == found.significant


@pytest.mark.parametrize("table", [(3, 7, 1, 12), (6, 8, 1, 9), (0, 9, 4, 6)])
def test_bounds_are_where_the_test_stops_accepting(
    table: tuple[int, int, int, int],
) -> None:
    test = build(*table)
    diff, lift = test.difference(0.05), test.lift(0.05)
    for bound, outside in ((diff.low, -1e-4), (diff.high, 1e-4)):
        assert bound is not None
        assert test.p_of_difference(bound) >= 0.05 - 1e-9
        assert test.p_of_difference(bound + outside) < 0.05
    for bound, factor in ((lift.low, 0.999), (lift.high, 1.001)):
        assert bound is not None
        if bound > -1:
            assert test.p_of_ratio(1 + bound) >= 0.05 - 1e-9
            assert test.p_of_ratio((1 + bound) * factor) < 0.05


@pytest.mark.parametrize("sizes", [(5, 6), (3, 10)])
def test_false_findings_never_exceed_alpha_and_intervals_always_cover(
    sizes: tuple[int, int],
) -> None:
    """The whole binomial table is summed, so nothing here is left to luck."""
    n1, n0 = sizes
    found = {
        (i, j): compare_proportions(i, n1, j, n0)
        for i in range(n1 + 1)
        for j in range(n0 + 1)
    }
    for rate in (0.02, 0.1, 0.3, 0.5, 0.8):
        chances = {
            (i, j): comb(n1, i) * rate**i * (1 - rate) ** (n1 - i)
            * comb(n0, j) * rate**j * (1 - rate) ** (n0 - j)
            for i, j in found
        }  # fmt: skip
        size = sum(chances[key] for key, item in found.items() if item.significant)
        assert size <= 0.05 + 1e-9
    for treated, rate in ((0.5, 0.2), (0.9, 0.3)):
        missed = 0.0
        for (i, j), item in found.items():
            assert item.diff.low is not None
            assert item.diff.high is not None
            if not item.diff.low - 1e-6 <= treated - rate <= item.diff.high + 1e-6:
                missed += (
                    comb(n1, i) * treated**i * (1 - treated) ** (n1 - i)
                    * comb(n0, j) * rate**j * (1 - rate) ** (n0 - j)
                )  # fmt: skip
        assert missed <= 0.05 + 1e-6


@pytest.mark.parametrize(
    ("table", "tiny_enough"),
    [
        ((5, 9, 5, 10), True),  # 19 units
        ((7, 10, 3, 10), False),  # 20 units, 5 expected
        ((5, 10, 3, 10), True),  # 20 units, 4 expected
        ((0, 19, 0, 20), True),
        ((0, 20, 0, 20), False),  # 40 units
        ((1, 1, 0, 10**9), False),
        ((0, 0, 1, 3), False),
    ],
)
def test_cochrans_rule_says_which_tables_are_tiny(
    table: tuple[int, int, int, int],
    tiny_enough: bool,  # noqa: FBT001 - a table's column
) -> None:
    k1, n1, k0, n0 = table
    assert needs_exact(Proportion(k1, n1), Proportion(k0, n0)) is tiny_enough
    named = compare_proportions(*table).method
    assert (named == METHOD) is tiny_enough
