from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate as quadrature
from scipy import stats

from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.ranking import METHOD, METHOD_NORMAL, rank_arms


@pytest.mark.parametrize(
    "tables",
    [
        [(5, 50), (0, 50)],
        [(7, 10), (3, 10), (6, 12)],
        [(0, 40), (0, 50), (1, 60)],
        [(300, 900), (310, 900), (30, 100)],
        [(50, 50), (49, 50)],
    ],
)
def test_chances_and_losses_are_the_integrals(tables: list[tuple[int, int]]) -> None:
    arms = {str(i): Proportion(k, n) for i, (k, n) in enumerate(tables)}
    found = rank_arms("m", arms, better="higher", alpha=0.05)
    assert found is not None
    assert found.method == METHOD
    beta = [stats.beta(k + 0.5, n - k + 0.5) for k, n in tables]
    for item in found.arms:
        i = int(item.arm)
        others = [b for j, b in enumerate(beta) if j != i]

        def chance(q: float, i: int = i, others: list = others) -> float:
            return float(np.prod([b.cdf(beta[i].ppf(q)) for b in others]))

        def loss(x: float, i: int = i, others: list = others) -> float:
            return float(beta[i].cdf(x) * (1 - np.prod([b.cdf(x) for b in others])))

        expected, _ = quadrature.quad(chance, 0, 1, limit=200)
        assert item.probability_best == pytest.approx(expected, abs=2e-5)
        expected, _ = quadrature.quad(loss, 0, 1, limit=400, epsabs=1e-12)
        assert item.expected_loss == pytest.approx(expected, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("k", [1_000, 10_000, 200_000])
def test_the_normal_for_many_is_within_a_thousandth_of_the_beta(k: int) -> None:
    tables = [(k, 30 * k), (k + 15, 30 * k)]
    arms = {str(i): Proportion(hits, n) for i, (hits, n) in enumerate(tables)}
    found = rank_arms("m", arms, better="higher", alpha=0.05)
    assert found is not None
    one, zero = (stats.beta(hits + 0.5, n - hits + 0.5) for hits, n in tables)
    expected, _ = quadrature.quad(lambda q: one.cdf(zero.ppf(q)), 0, 1, limit=400)
    assert found.arms[0].arm == "1"
    assert found.arms[0].probability_best == pytest.approx(expected, abs=1e-3)


def test_two_normals_have_their_closed_form() -> None:
    arms = {"a": Moments(100, 3.0, 4.0), "b": Moments(1_000, 3.2, 4.0)}
    found = rank_arms("m", arms, better="higher", alpha=0.05)
    assert found is not None
    assert found.method == METHOD_NORMAL
    error = sqrt(0.04 + 0.004)
    z = 0.2 / error
    best, other = found.arms
    assert best.arm == "b"
    assert best.probability_best == pytest.approx(stats.norm.cdf(z), abs=1e-9)
    expected = error * (stats.norm.pdf(z) - z * stats.norm.sf(z))
    assert best.expected_loss == pytest.approx(expected, rel=1e-6)
    assert other.expected_loss == pytest.approx(expected + 0.2, rel=1e-6)


@settings(max_examples=60)
@given(
    st.lists(
        st.integers(1, 10**9).flatmap(
            lambda n: st.tuples(st.integers(0, n), st.just(n))
        ),
        min_size=2,
        max_size=6,
    )
)
def test_chances_sum_to_one_at_any_counts(tables: list[tuple[int, int]]) -> None:
    arms = {str(i): Proportion(k, n) for i, (k, n) in enumerate(tables)}
    for better in ("higher", "lower"):
        found = rank_arms("m", arms, better=better, alpha=0.05)
        assert found is not None
        chances = [item.probability_best for item in found.arms]
        assert sum(chances) == pytest.approx(1)
        assert all(0 <= chance <= 1 for chance in chances)
        assert all(item.expected_loss >= 0 for item in found.arms)


def test_lower_is_better_turns_the_order() -> None:
    arms = {"a": Proportion(5, 50), "b": Proportion(0, 50)}
    up = rank_arms("m", arms, better="higher", alpha=0.05)
    down = rank_arms("m", arms, better="lower", alpha=0.05)
    assert up is not None
    assert down is not None
    assert [item.arm for item in up.arms] == ["a", "b"]
    assert [item.arm for item in down.arms] == ["b", "a"]
    assert up.arms[0].probability_best == pytest.approx(down.arms[0].probability_best)
    assert up.arms[0].probability_best == pytest.approx(0.9941, abs=1e-4)


def test_the_first_is_separable_when_it_beats_the_second() -> None:
    close = {"a": Proportion(500, 9_000), "b": Proportion(510, 9_000)}
    clear = {"a": Proportion(500, 9_000), "b": Proportion(700, 9_000)}
    for arms, separable in ((close, False), (clear, True)):
        found = rank_arms("m", arms, better="higher", alpha=0.05)
        assert found is not None
        assert found.separable is separable
        assert found.to_dict()["corrections"] == []


def test_arms_without_a_value_or_a_spread_are_not_ranked() -> None:
    pair = PairMoments(Moments(9, 1.0, 1.0), Moments(9, 0.0, 0.0), 0.0)
    arms = {"a": Moments(9, 1.0, 0.0), "b": Moments(0, 0.0, 0.0), "c": pair}
    assert rank_arms("m", arms, better="higher", alpha=0.05) is None
    many = {str(i): Proportion(i, 200) for i in range(101)}
    assert rank_arms("m", many, better="higher", alpha=0.05) is None


def test_observed_best_of_equal_arms_is_separable_in_fewer_than_alpha() -> None:
    """Gutmann and Maymin (1987), on 2,000 experiments of four equal arms."""
    generator = np.random.default_rng(31)
    wrong = 0
    for _ in range(2_000):
        draws = sorted(map(int, generator.binomial(10_000, 0.05, 4)))
        pooled = (draws[-1] + draws[-2]) / 20_000
        error = sqrt(pooled * (1 - pooled) * 2 / 10_000)
        wrong += (draws[-1] - draws[-2]) / 10_000 / error > 1.959963984540054
    assert wrong / 2_000 < 0.05
