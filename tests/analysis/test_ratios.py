from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from copylab.analysis import Moments, PairMoments, compare_means, compare_ratios


def _draw(generator: np.random.Generator, rate: float, n: int) -> PairMoments:
    sends = generator.integers(1, 9, n)
    clicks = generator.binomial(sends, generator.beta(rate * 8, (1 - rate) * 8, n))
    return PairMoments.from_values(zip(clicks, sends, strict=True))


def test_ratio_with_a_constant_denominator_is_a_mean() -> None:
    generator = np.random.default_rng(30)
    left, right = generator.gamma(2, 1, 200), generator.gamma(2, 1.2, 180)
    ratios = compare_ratios(
        PairMoments.from_values((y, 1.0) for y in left),
        PairMoments.from_values((y, 1.0) for y in right),
    )
    means = compare_means(Moments.from_values(left), Moments.from_values(right))
    assert ratios.p_value == pytest.approx(means.p_value, rel=1e-9)
    assert ratios.lift.low == pytest.approx(means.lift.low, rel=1e-9)


def test_users_with_many_sends_do_not_make_false_findings() -> None:
    generator = np.random.default_rng(31)
    found = sum(
        compare_ratios(
            _draw(generator, 0.1, 600), _draw(generator, 0.1, 600)
        ).significant
        for _ in range(1_500)
    )
    assert 0.035 < found / 1_500 < 0.065


def test_zero_denominator_leaves_nothing_to_compare() -> None:
    nothing = PairMoments.from_values([(0.0, 0.0), (0.0, 0.0)])
    some = PairMoments.from_values([(1.0, 2.0), (0.0, 1.0), (1.0, 1.0)])
    comparison = compare_ratios(nothing, some)
    assert comparison.p_value == 1.0
    assert comparison.value is None
    assert comparison.diff.value is None


@pytest.mark.parametrize("wrong", [1, 0.5, None, (5, 1.0, 1.0), "5"])
def test_other_things_than_pair_are_refused_by_name(wrong: Any) -> None:
    right = PairMoments(Moments(5, 1.0, 1.0), Moments(5, 1.0, 1.0), 0.5)
    with pytest.raises(TypeError, match="pair1 == "):
        compare_ratios(wrong, right)
    with pytest.raises(TypeError, match="pair0 == "):
        compare_ratios(right, wrong)
