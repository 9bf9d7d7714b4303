"""Dunnett's correction: many arms that share one control.

Arms compared with the same control are correlated, which Holm does not know. The
correlation of two arms is the product of one weight each (Dunnett 1955), so the chance
that the largest of all statistics is this large is an integral over one dimension: over
the control's own deviation. Each p-value enters as the normal deviate with the same
tail, which keeps each arm's own distribution and takes the dependence from the normal.
"""

from __future__ import annotations

from math import exp, expm1, log1p, pi, sqrt
from typing import TYPE_CHECKING

from copylab.analysis.distributions import two_sided_normal_quantile, upper_normal

if TYPE_CHECKING:
    from collections.abc import Sequence

# The trapezoidal rule converges geometrically on a smooth integrand that vanishes at
# both ends; the sharpest feature has the width of sqrt(1 - weight^2).
_REACH = 38.0
_STEPS_PER_WIDTH = 12


def adjust_dunnett(
    p_values: Sequence[float], variances: Sequence[float], control_variance: float
) -> list[float]:
    """The p-values adjusted for the largest of all differences from one control.

    Args:
        p_values: Two-sided, one an arm, all against the same control.
        variances: The variance of each arm's estimate.
        control_variance: The variance of the control's estimate.
    """
    weights = [
        sqrt(control_variance / (control_variance + variance)) if variance else 1.0
        for variance in variances
    ]
    if control_variance == 0:
        weights = [0.0 for _ in variances]
    return [
        max(p, min(_chance_of_any(two_sided_normal_quantile(p), weights), 1.0))
        if 0 < p < 1
        else p
        for p in p_values
    ]


def _chance_of_any(z: float, weights: Sequence[float]) -> float:
    """The chance that any of the correlated deviates is ``z`` away from zero."""
    rests = [sqrt(max(1 - weight * weight, 1e-12)) for weight in weights]
    step = min(*rests, 0.5) * 2 / _STEPS_PER_WIDTH if rests else 0.5
    step = max(step, 1e-3)
    count = int(min(_REACH, z + 9) / step)
    return sum(
        step
        * exp(-((i * step) ** 2) / 2)
        / sqrt(2 * pi)
        * _any_given(z, i * step, weights, rests)
        for i in range(-count, count + 1)
    )


def _any_given(
    z: float, control: float, weights: Sequence[float], rests: Sequence[float]
) -> float:
    """The same chance where the control's own deviation is known."""
    log_none = 0.0
    for weight, rest in zip(weights, rests, strict=True):
        above = upper_normal((z - weight * control) / rest)
        below = upper_normal((z + weight * control) / rest)
        if above + below >= 1:
            return 1.0
        log_none += log1p(-(above + below))
    return -expm1(log_none)
