"""All arms of a metric at a look: their p-values and intervals as the look judges."""

from __future__ import annotations

from dataclasses import replace
from math import copysign, inf
from typing import TYPE_CHECKING

from copylab.analysis.comparing import compare_arms
from copylab.analysis.corrections import Correction, adjust_bh, adjust_holm
from copylab.analysis.distributions import two_sided_normal_quantile
from copylab.analysis.sequential.judge import PlannedLook, nominal_alpha

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.comparison import Comparison
    from copylab.analysis.results import ArmComparison, Role
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.table_metrics import Kind
    from copylab.analysis.units import Statistic

_MOST_CERTAIN = 1e-300


def compare_at_look(
    metric: str,
    kind: Kind,
    statistics: Mapping[str, Statistic],
    control: str,
    *,
    judge: Judge,
    correction: Correction,
    role: Role = "secondary",
) -> list[ArmComparison]:
    """As ``compare_arms``, judged at a look; see ``judge_arms``.

    Args:
        metric: The metric's name.
        kind: How the metric is put together.
        statistics: The statistic of every arm, the control's too.
        control: The control.
        judge: What judges at the present look.
        correction: The correction across the arms.
        role: What the metric is for.
    """
    found = compare_arms(
        metric, kind, statistics, control,
        alpha=fixed_level(judge), correction=fixed_correction(judge, correction),
        role=role,
    )  # fmt: skip
    return judge_arms(found, judge, correction)


def fixed_level(judge: Judge | None, alpha: float = 0.05) -> float:
    """The level of the fixed tests that a look starts from; without one, alpha."""
    if judge is None:
        return alpha
    if is_fixed(judge):
        return judge.alpha
    return max(nominal_alpha(judge), _MOST_CERTAIN)


def fixed_correction(judge: Judge | None, correction: Correction) -> Correction:
    """The correction of the fixed tests: a look makes it by itself, later."""
    return correction if judge is None or is_fixed(judge) else "none"


def judge_arms(
    found: Sequence[ArmComparison], judge: Judge | None, correction: Correction
) -> list[ArmComparison]:
    """The comparisons of one metric as a look judges them.

    Each p-value becomes the one of the judge, valid over all looks; the intervals are
    those of a fixed test with the look's boundary, so the two never disagree. The
    correction across arms is made on these p-values. Dunnett's needs the arms'
    dependence over all looks; at a look that others have come before, Holm's stands in.

    Args:
        found: Comparisons at ``fixed_level`` with ``fixed_correction``.
        judge: What judges; None leaves the comparisons as they are.
        correction: The correction across the arms.
    """
    if judge is None or is_fixed(judge):
        return list(found)
    p_values = [judge.p_value(statistic_of(item)) for item in found]
    used = correction_at(judge, correction)
    match used:
        case "none":
            adjusted = p_values
        case "bh":
            adjusted = adjust_bh(p_values)
        case _:
            adjusted = adjust_holm(p_values)
    touched = (used,) if len(found) > 1 and used != "none" else ()
    touched = (*touched, look_correction(judge))
    return [
        replace(
            item,
            p_value=p_value,
            p_adjusted=p_adjusted,
            significant=p_adjusted < judge.alpha,
            corrections=touched,
            method=f"{item.method}, {describe(judge)}",
        )
        for item, p_value, p_adjusted in zip(found, p_values, adjusted, strict=True)
    ]


def judge_pair(found: Comparison, judge: Judge | None) -> Comparison:
    """A comparison outside of the families of arms, with the judge's p-value.

    Args:
        found: The comparison, at ``fixed_level``.
        judge: What judges; None leaves it as it is.
    """
    if judge is None or is_fixed(judge):
        return found
    p_value = judge.p_value(statistic_of(found))
    return replace(
        found,
        p_value=p_value,
        significant=p_value < judge.alpha,
        alpha=judge.alpha,
        method=f"{found.method}, {describe(judge)}",
    )


def touched_by(judge: Judge | None) -> tuple[str, ...]:
    """The correction for looks that ``judge_pair`` makes, for ``corrections``."""
    return () if judge is None or is_fixed(judge) else (look_correction(judge),)


def is_fixed(judge: Judge) -> bool:
    """Whether the look is the only one, so that it is a fixed test."""
    return (
        isinstance(judge, PlannedLook)
        and len(judge.stops) == 1
        and judge.stops[0].time >= 1
    )


def correction_at(judge: Judge, correction: Correction) -> Correction:
    """The correction across arms that is made at a look."""
    return "holm" if correction == "dunnett" and not is_fixed(judge) else correction


def look_correction(judge: Judge) -> str:
    """What the judge does to a p-value, as a word for ``corrections``."""
    return "planned-looks" if isinstance(judge, PlannedLook) else "any-look"


def describe(judge: Judge) -> str:
    """How the judge judges, for the name of a method."""
    if isinstance(judge, PlannedLook):
        return "repeated over planned looks"
    return "valid at any look"


def statistic_of(item: ArmComparison | Comparison) -> float:
    """The normal deviate with the p-value of a fixed test, signed as the difference."""
    if item.p_value >= 1:
        return 0.0
    size = two_sided_normal_quantile(item.p_value) if item.p_value > 0 else inf
    return copysign(size, item.diff.value or 0.0)
