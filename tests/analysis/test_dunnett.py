from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from copylab.analysis.corrections import adjust_holm
from copylab.analysis.dunnett import adjust_dunnett


def test_large_samples_agree_with_scipy() -> None:
    generator = np.random.default_rng(40)
    arms = [generator.normal(mean, 1, 2_000) for mean in (0.0, 0.04, 0.08, 0.1)]
    control = generator.normal(0, 1, 4_000)
    reference = stats.dunnett(*arms, control=control, rng=generator)
    single = 2 * stats.norm.sf(abs(reference.statistic))
    adjusted = adjust_dunnett(list(single), [1 / 2_000] * 4, 1 / 4_000)
    assert adjusted == pytest.approx(reference.pvalue, rel=0.01, abs=2e-4)


def test_equal_to_the_multivariate_normal() -> None:
    z, variances, control = 2.1, [1 / 500, 1 / 300, 1 / 900], 1 / 700
    weights = np.sqrt([control / (control + variance) for variance in variances])
    correlation = np.outer(weights, weights)
    np.fill_diagonal(correlation, 1.0)
    joint = stats.multivariate_normal(np.zeros(3), correlation, abseps=1e-9)
    inside = joint.cdf(np.full(3, z), lower_limit=np.full(3, -z))
    p_value = 2 * stats.norm.sf(z)
    adjusted = adjust_dunnett([p_value] * 3, variances, control)
    assert adjusted == pytest.approx([1 - inside] * 3, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(1e-30, 1), min_size=1, max_size=8),
    st.floats(1e-4, 1e4),
)
def test_dunnett_lies_between_the_p_value_and_bonferroni(
    p_values: list[float], control_variance: float
) -> None:
    adjusted = adjust_dunnett(p_values, [1.0] * len(p_values), control_variance)
    for p_value, after in zip(p_values, adjusted, strict=True):
        assert p_value <= after <= min(len(p_values) * p_value * (1 + 1e-6), 1.0)


def test_dunnett_beats_holm_for_the_smallest_p_value() -> None:
    p_values = [0.02, 0.2, 0.5, 0.7]
    adjusted = adjust_dunnett(p_values, [1.0] * 4, 1.0)
    assert adjusted[0] < adjust_holm(p_values)[0]


def test_p_values_of_zero_and_one_stay() -> None:
    assert adjust_dunnett([0.0, 1.0], [1.0, 1.0], 1.0) == [0.0, 1.0]


@pytest.mark.parametrize("z", [0.3, 1.5, 2.1, 3.5, 6.0])
@pytest.mark.parametrize("control", [1 / 700, 1 / 50_000, 1 / 20])
def test_equal_to_the_integral_over_the_control_to_nine_digits(
    z: float, control: float
) -> None:
    variances = [1 / 500, 1 / 300, 1 / 900, 1 / 700]
    weights = [np.sqrt(control / (control + variance)) for variance in variances]

    def outside(x: float) -> float:
        """The density of the control at ``x``, times the chance of any arm outside."""
        inside = 0.0
        for weight in weights:
            rest = np.sqrt(1 - weight**2)
            above = stats.norm.sf((z - weight * x) / rest)
            below = stats.norm.sf((z + weight * x) / rest)
            inside += np.log1p(-min(above + below, 1 - 1e-16))
        return float(stats.norm.pdf(x) * -np.expm1(inside))

    reference = sum(
        integrate.quad(outside, low, high, epsabs=0, epsrel=1e-11, limit=500)[0]
        for low, high in ((-14, -7), (-7, -3), (-3, 0), (0, 3), (3, 7), (7, 14))
    )
    p_value = float(2 * stats.norm.sf(z))
    adjusted = adjust_dunnett([p_value] * 4, variances, control)
    assert adjusted == pytest.approx([reference] * 4, rel=1e-9)
