"""All guardrails of an experiment: compared, corrected as a family, and judged.

Guardrails have an alpha of their own, as large as the plan's, and spend nothing of the
primary metric's. Two questions are asked of each arm, with two corrections:

- *Is it harmed?* Any one of several arms and guardrails would stop the test, so they are
  a family: ``broken`` is read from p-values adjusted by Holm over all of them.
- *Is it safe?* An arm must pass every one of its guardrails to be promoted, which asks
  for no correction (Berger 1982, Technometrics 24: intersection-union): ``held`` is read
  from the interval of the one comparison.

Where a plan looks more than once, both are judged by ``Standing.guard``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.analysis.comparing import compare_arms
from copylab.analysis.corrections import adjust_holm
from copylab.analysis.guardrails import judge_guardrail
from copylab.analysis.sequential.judging import (
    fixed_correction,
    fixed_level,
    judge_arms,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.guardrails import GuardrailResult
    from copylab.analysis.metrics import MetricSpec
    from copylab.analysis.results import ArmComparison
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.units import Statistic


def compare_guardrails(
    metrics: Sequence[MetricSpec],
    statistics: Mapping[str, Mapping[str, Statistic]],
    control: str,
    *,
    alpha: float,
    judge: Judge | None,
    methods: Mapping[str, str],
) -> tuple[list[ArmComparison], list[GuardrailResult]]:
    """Each guardrail and arm: the comparison, and what the guardrail says of it.

    Args:
        metrics: The guardrails.
        statistics: For each of them, the statistic of every arm, the control's too.
        control: The control.
        alpha: The level of the family.
        judge: What judges at the present moment; None for fixed tests.
        methods: For each of them, what was done to its statistics.
    """
    found = [
        item
        for metric in metrics
        for item in judge_arms(
            compare_arms(
                metric.name,
                metric.kind,
                statistics[metric.name],
                control,
                alpha=fixed_level(judge, alpha),
                correction=fixed_correction(judge, "none"),
                role="guardrail",
                adjusted=methods[metric.name],
            ),
            judge,
            "none",
        )
    ]
    found = correct_family(found, alpha)
    named = {metric.name: metric for metric in metrics}
    results = [
        judge_guardrail(
            item, better=named[item.metric].better, margin=named[item.metric].margin
        )
        for item in found
    ]
    return found, results


def correct_family(found: Sequence[ArmComparison], alpha: float) -> list[ArmComparison]:
    """The comparisons, adjusted by Holm over all guardrails and arms.

    Arms without a value are compared with nothing, and are no part of the family.

    Args:
        found: The comparisons of all guardrails.
        alpha: The level of the family.
    """
    family = [item for item in found if item.comparable]
    if len(family) < 2:  # noqa: PLR2004 - one test is no family
        return list(found)
    adjusted = iter(adjust_holm([item.p_value for item in family]))
    return [
        replace(
            item,
            p_adjusted=(p_adjusted := next(adjusted)),
            significant=p_adjusted < alpha,
            corrections=("holm", *item.corrections),
        )
        if item.comparable
        else item
        for item in found
    ]
