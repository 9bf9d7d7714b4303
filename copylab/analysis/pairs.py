"""Two statistics of one kind, compared by the test that fits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.means import compare_means
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.proportions import compare_proportions
from copylab.analysis.ratios import compare_ratios

if TYPE_CHECKING:
    from copylab.analysis.comparison import Comparison
    from copylab.analysis.units import Statistic


def compare(one: Statistic, zero: Statistic, alpha: float) -> Comparison:
    """The comparison that fits the statistics.

    Raises:
        TypeError: They are not of the same kind.
    """
    match one, zero:
        case Proportion(), Proportion():
            return compare_proportions(
                one.successes, one.n, zero.successes, zero.n, alpha
            )
        case Moments(), Moments():
            return compare_means(one, zero, alpha)
        case PairMoments(), PairMoments():
            return compare_ratios(one, zero, alpha)
    raise TypeError(f"{one!r} and {zero!r} must be statistics of one kind")
