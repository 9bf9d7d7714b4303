"""All arms of a metric against the control, with a correction for their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.corrections import Correction, adjust_bh, adjust_holm
from copylab.analysis.dunnett import adjust_dunnett
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.pairs import compare
from copylab.analysis.ratios import ratio_estimate
from copylab.analysis.results import ArmComparison, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.table_metrics import Kind
    from copylab.analysis.units import Statistic


def compare_arms(  # noqa: PLR0913 - a family of tests, flat
    metric: str,
    kind: Kind,
    statistics: Mapping[str, Statistic],
    control: str,
    *,
    alpha: float,
    correction: Correction,
    role: Role = "secondary",
    adjusted: str = "",
) -> list[ArmComparison]:
    """Each arm but the control against the control, in the order of the statistics.

    The family that is corrected for is the arms of this one metric.

    Args:
        metric: The metric's name.
        kind: How the metric is put together.
        statistics: The statistic of every arm, the control's too.
        control: The control.
        alpha: The level of the tests.
        correction: The correction across the arms.
        role: What the metric is for.
        adjusted: What was done to the statistics, for the name of the method.
    """
    zero = statistics[control]
    others = [arm for arm in statistics if arm != control]
    found = [compare(statistics[arm], zero, alpha) for arm in others]
    after = _adjust(
        correction,
        [item.p_value for item in found],
        [statistics[arm] for arm in others],
        zero,
    )
    touched = (correction,) if len(others) > 1 and correction != "none" else ()
    return [
        ArmComparison(
            metric=metric,
            kind=kind,
            role=role,
            arm=arm,
            control=control,
            value=item.value,
            control_value=item.control_value,
            diff=item.diff,
            lift=item.lift,
            p_value=item.p_value,
            p_adjusted=p_adjusted,
            significant=p_adjusted < alpha,
            corrections=touched,
            method=f"{item.method}, {adjusted}" if adjusted else item.method,
        )
        for arm, item, p_adjusted in zip(others, found, after, strict=True)
    ]


def _adjust(
    correction: Correction,
    p_values: Sequence[float],
    statistics: Sequence[Statistic],
    zero: Statistic,
) -> list[float]:
    match correction:
        case "holm":
            return adjust_holm(p_values)
        case "bh":
            return adjust_bh(p_values)
        case "dunnett":
            variances = [_null_variance(statistic) for statistic in statistics]
            return adjust_dunnett(p_values, variances, _null_variance(zero))
        case "none":
            return list(p_values)


def _null_variance(statistic: Statistic) -> float:
    """The variance of the arm's estimate; for shares up to their common p (1 - p)."""
    if not statistic.n:
        return 0.0
    match statistic:
        case Proportion():
            return 1 / statistic.n
        case Moments():
            return statistic.var / statistic.n
        case PairMoments():
            return ratio_estimate(statistic).variance
