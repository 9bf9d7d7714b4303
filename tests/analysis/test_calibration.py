"""How often the tests reject where there is nothing, and the intervals cover.

Run with ``pytest -m fuzz tests/analysis/test_calibration.py -s`` to see the figures of
docs/statistics.md; each draw is seeded.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from copylab.analysis import Comparison, Moments, compare_means, compare_proportions
from copylab.analysis.adjustment import adjust
from copylab.analysis.joint_moments import JointMoments
from copylab.analysis.moments import PairMoments
from copylab.analysis.ratios import compare_ratios

DRAWS = 40_000

# Units of the arm and of the control, and the rate: 10 to a million successes an arm.
BALANCED = [
    (1_000, 1_000, 0.01),
    (5_000, 5_000, 0.002),
    (1_000_000, 1_000_000, 0.00001),
    (10_000, 10_000, 0.01),
    (50_000, 50_000, 0.04),
    (100_000, 100_000, 0.1),
    (1_000_000, 1_000_000, 0.1),
    (10_000_000, 10_000_000, 0.1),
]
UNEVEN = [
    (1_000, 9_000, 0.02),
    (1_000, 50_000, 0.02),
    (5_000, 50_000_000, 0.02),
]


@cache
def compared(k1: int, n1: int, k0: int, n0: int) -> Comparison:
    return compare_proportions(k1, n1, k0, n0)


def tails(n1: int, n0: int, rate: float, seed: int) -> tuple[float, float]:
    """The share of draws called better, and worse."""
    generator = np.random.default_rng(seed)
    draws = zip(
        map(int, generator.binomial(n1, rate, DRAWS)),
        map(int, generator.binomial(n0, rate, DRAWS)),
        strict=True,
    )
    up = down = 0
    for k1, k0 in draws:
        found = compared(k1, n1, k0, n0)
        up += found.significant and found.statistic > 0
        down += found.significant and found.statistic < 0
    return up / DRAWS, down / DRAWS


@pytest.mark.fuzz
@pytest.mark.parametrize("setting", [*BALANCED, *UNEVEN])
def test_a_against_a_is_rejected_in_four_to_six_percent(
    setting: tuple[int, int, float],
) -> None:
    n1, n0, rate = setting
    up, down = tails(n1, n0, rate, seed=81)
    print(f"| {n1:,} | {n0:,} | {rate:g} | {100 * (up + down):.2f} | "  # noqa: T201 - for the page
          f"{100 * up:.2f} | {100 * down:.2f} |")  # fmt: skip
    assert 0.04 <= up + down <= 0.06
    assert min(up, down) >= 0.02
    assert max(up, down) <= 0.03
    if n1 == n0:
        assert abs(up - down) < 0.005


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "setting",
    [
        (1_000, 1_000, 0.02, 0.01),
        (5_000, 5_000, 0.004, 0.004),
        (1_000, 50_000, 0.03, 0.02),
        (50_000, 50_000, 0.044, 0.04),
        (500, 500, 0.97, 0.95),
    ],
)
def test_intervals_cover_the_truth_in_94_to_96_percent(
    setting: tuple[int, int, float, float],
) -> None:
    n1, n0, rate1, rate0 = setting
    generator = np.random.default_rng(82)
    diff = lift = 0
    draws = DRAWS // 4
    for k1, k0 in zip(
        map(int, generator.binomial(n1, rate1, draws)),
        map(int, generator.binomial(n0, rate0, draws)),
        strict=True,
    ):
        found = compared(k1, n1, k0, n0)
        assert found.diff.low is not None
        assert found.diff.high is not None
        diff += found.diff.low <= rate1 - rate0 <= found.diff.high
        low = -1.0 if found.lift.low is None else found.lift.low
        high = np.inf if found.lift.high is None else found.lift.high
        lift += low <= rate1 / rate0 - 1 <= high
    print(f"| {n1:,} | {n0:,} | {rate1:g} | {rate0:g} | {100 * diff / draws:.2f} | "  # noqa: T201 - for the page
          f"{100 * lift / draws:.2f} |")  # fmt: skip
    assert 0.94 <= diff / draws <= 0.96
    assert 0.94 <= lift / draws <= 0.96


@pytest.mark.fuzz
@pytest.mark.parametrize("n", [200, 2_000])
def test_means_reject_and_cover_as_often_as_they_say(n: int) -> None:
    generator = np.random.default_rng(83)
    rejected = diff = lift = 0
    draws = DRAWS // 2
    for _ in range(draws):
        one, same, more = generator.gamma(2, 3, (3, n))
        more = more * 1.1
        zero, null, treated = (
            Moments(n, float(x.mean()), float(x.var(ddof=1))) for x in (one, same, more)
        )
        rejected += compare_means(null, zero).significant
        found = compare_means(treated, zero)
        assert found.diff.low is not None
        assert found.diff.high is not None
        assert found.lift.low is not None
        assert found.lift.high is not None
        diff += found.diff.low <= 0.6 <= found.diff.high
        lift += found.lift.low <= 0.1 <= found.lift.high
    print(f"| {n:,} | {100 * rejected / draws:.2f} | {100 * diff / draws:.2f} | "  # noqa: T201 - for the page
          f"{100 * lift / draws:.2f} |")  # fmt: skip
    assert 0.04 <= rejected / draws <= 0.06
    assert 0.94 <= diff / draws <= 0.96
    assert 0.94 <= lift / draws <= 0.96


def draw_sends(
    generator: np.random.Generator, n: int, rate: float
) -> tuple[PairMoments, float]:
    """Clicks per send of users with several sends and a liking of their own."""
    sends = 1 + generator.poisson(2, n)
    liking = generator.beta(2, 2 / rate - 2, n)
    clicks = generator.binomial(sends, liking)
    y = Moments(n, float(clicks.mean()), float(clicks.var(ddof=1)))
    x = Moments(n, float(sends.mean()), float(sends.var(ddof=1)))
    return PairMoments(y, x, float(np.cov(clicks, sends)[0, 1])), rate


@pytest.mark.fuzz
@pytest.mark.parametrize(("n1", "n0"), [(1_000, 1_000), (1_000, 9_000)])
def test_ratios_of_several_sends_a_user_reject_and_cover_as_often_as_they_say(
    n1: int, n0: int
) -> None:
    """The same test stands behind rows that are clustered by their unit."""
    generator = np.random.default_rng(85)
    rejected = diff = lift = 0
    draws = DRAWS // 8
    for _ in range(draws):
        zero, rate = draw_sends(generator, n0, 0.04)
        null, _ = draw_sends(generator, n1, 0.04)
        treated, better = draw_sends(generator, n1, 0.05)
        rejected += compare_ratios(null, zero).significant
        found = compare_ratios(treated, zero)
        assert found.diff.low is not None
        assert found.diff.high is not None
        assert found.lift.low is not None
        assert found.lift.high is not None
        diff += found.diff.low <= better - rate <= found.diff.high
        lift += found.lift.low <= better / rate - 1 <= found.lift.high
    print(f"| {n1:,} | {n0:,} | {100 * rejected / draws:.2f} | "  # noqa: T201 - for the page
          f"{100 * diff / draws:.2f} | {100 * lift / draws:.2f} |")  # fmt: skip
    assert 0.04 <= rejected / draws <= 0.06
    assert 0.94 <= diff / draws <= 0.96
    assert 0.94 <= lift / draws <= 0.96


@pytest.mark.fuzz
@pytest.mark.parametrize(("n1", "n0"), [(1_000, 1_000)])
def test_cuped_intervals_cover_the_difference_and_the_lift(n1: int, n0: int) -> None:
    generator = np.random.default_rng(86)
    rejected = diff = lift = 0
    draws = DRAWS // 8

    def draw(n: int, more: float) -> dict[str, JointMoments]:
        before = generator.gamma(2, 3, n)
        after = (0.7 * before + generator.gamma(2, 2, n)) * more
        table = np.stack([after, before])
        (a, b), (c, d) = np.cov(table)
        rows = ((float(a), float(b)), (float(c), float(d)))
        return {"": JointMoments(n, (float(after.mean()), float(before.mean())), rows)}

    for _ in range(draws):
        arms = {"zero": draw(n0, 1.0), "null": draw(n1, 1.0), "one": draw(n1, 1.1)}
        adjusted = {}
        for arm in ("null", "one"):
            pair = {"zero": arms["zero"], arm: arms[arm]}
            found_pair, note = adjust("m", "mean", pair, covariate="x", strata=None)
            # One draw in a thousand is not adjusted, for its covariates differ.
            plain = {name: cell[""] for name, cell in pair.items()}
            adjusted[arm] = found_pair if note.applied else plain
        rejected += compare_means(
            adjusted["null"]["null"].moments(), adjusted["null"]["zero"].moments()
        ).significant
        found = compare_means(
            adjusted["one"]["one"].moments(), adjusted["one"]["zero"].moments()
        )
        assert found.diff.low is not None
        assert found.diff.high is not None
        assert found.lift.low is not None
        assert found.lift.high is not None
        diff += found.diff.low <= 0.82 <= found.diff.high
        lift += found.lift.low <= 0.1 <= found.lift.high
    print(f"| {n1:,} | {n0:,} | {100 * rejected / draws:.2f} | "  # noqa: T201 - for the page
          f"{100 * diff / draws:.2f} | {100 * lift / draws:.2f} |")  # fmt: skip
    assert 0.04 <= rejected / draws <= 0.06
    assert 0.94 <= diff / draws <= 0.96
    assert 0.94 <= lift / draws <= 0.96


def test_equal_arms_with_ten_successes_are_rejected_in_four_to_six_percent() -> None:
    """The same in little, so that every run of the tests sees it."""
    n, rate = 1_000, 0.01
    generator = np.random.default_rng(84)
    hits = sum(
        compared(int(k1), n, int(k0), n).significant
        for k1, k0 in generator.binomial(n, rate, (20_000, 2))
    )
    assert 0.04 <= hits / 20_000 <= 0.06
