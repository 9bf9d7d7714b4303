"""Reading results: sources, moments, comparisons, verdict, report."""

from copylab.analysis.comparison import Comparison, Interval
from copylab.analysis.means import compare_means
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.proportions import compare_proportions
from copylab.analysis.ratios import compare_ratios

__all__ = [
    "Comparison",
    "Interval",
    "Moments",
    "PairMoments",
    "Proportion",
    "compare_means",
    "compare_proportions",
    "compare_ratios",
]
