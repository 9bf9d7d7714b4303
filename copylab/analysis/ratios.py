"""Ratios of two sums, such as clicks per send, with the unit as what varies.

The variance of a ratio of means is that of its linearisation, the delta method: Deng,
Knoblich and Lu (2018), "Applying the delta method in metric analytics", section 3.
"""

from __future__ import annotations

from copylab.analysis.comparison import UNDEFINED, Comparison
from copylab.analysis.means import Estimate, compare_estimates
from copylab.analysis.moments import PairMoments, rounding

METHOD = "Welch's t, delta method"


def compare_ratios(
    pair1: PairMoments, pair0: PairMoments, alpha: float = 0.05
) -> Comparison:
    """The comparison of a treatment's ratio with a control's.

    An arm whose denominator is zero has no ratio: p is 1 and nothing is defined.

    Args:
        pair1: The treatment's numerator and denominator per unit.
        pair0: The control's.
        alpha: The level of the test.

    Raises:
        TypeError: An argument is no ``PairMoments``.
    """
    for name, pair in (("pair1", pair1), ("pair0", pair0)):
        if not isinstance(pair, PairMoments):
            raise TypeError(f"{name} == {pair!r}, must be PairMoments")
    return compare_estimates(
        ratio_estimate(pair1), ratio_estimate(pair0), alpha=alpha, method=METHOD
    )


def ratio_estimate(pair: PairMoments) -> Estimate:
    """The ratio of the means with its variance."""
    ratio = pair.value
    if ratio is None:
        return Estimate(UNDEFINED.value, 0.0, pair.n)
    apart = pair.y.var + ratio * ratio * pair.x.var
    spread = apart - 2 * ratio * pair.cov
    if spread <= apart * rounding(pair.n):  # a numerator that is in step with the other
        spread = 0.0
    return Estimate(ratio, spread / (pair.n * pair.x.mean * pair.x.mean), pair.n)
