"""Better arms that are not promoted: a guardrail, or their delivery, stops them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.filtered_arms import block_filtered

if TYPE_CHECKING:
    from copylab.analysis.guardrails import GuardrailResult
    from copylab.analysis.results import Analysis, ArmComparison


def find_passed_over(
    analysis: Analysis,
) -> list[tuple[ArmComparison, GuardrailResult]]:
    """Arms better than the control on the primary metric that something stops.

    With a winner, only those with a larger difference than it; the best first.

    Args:
        analysis: The analysis.
    """
    verdict = analysis.verdict
    if verdict.action in {"invalid", "continue"}:
        return []
    primary = [item for item in analysis.comparisons if item.role == "primary"]
    gains = {item.arm: gain(analysis, item) for item in primary}
    least = gains.get(verdict.arm or "", 0.0) if verdict.action == "promote" else 0.0
    unsafe = find_unsafe(analysis)
    better = [
        item
        for item in primary
        if item.significant and item.arm in unsafe and gains[item.arm] > max(least, 0)
    ]
    better.sort(key=lambda item: gains[item.arm], reverse=True)
    return [(item, unsafe[item.arm]) for item in better]


def find_unsafe(analysis: Analysis) -> dict[str, GuardrailResult]:
    """What stops arms from being promoted, by arm.

    The first of its guardrails that is not held, or its delivery.

    Args:
        analysis: The analysis.
    """
    blocked = block_filtered(analysis.delivery, analysis.control)
    unsafe: dict[str, GuardrailResult] = {}
    for result in (*analysis.guardrails, *blocked):
        if result.state != "held":
            unsafe.setdefault(result.arm, result)
    return unsafe


def gain(analysis: Analysis, item: ArmComparison) -> float:
    """The difference in the direction that is good; 0 where there is none."""
    sign = -1 if analysis.better.get(item.metric) == "lower" else 1
    return sign * (item.diff.value or 0.0)
