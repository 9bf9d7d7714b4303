"""Guardrails: an arm must be shown not to be worse than the control by a margin.

One-sided non-inferiority at half of alpha, so that the two-sided interval that is
printed says the same: a guardrail holds exactly when the bad end of the interval stays
within the margin. For shares the bound is that of the score test. It is broken when the
arm is shown to be worse after the corrections that the comparison names; see
``copylab.analysis.guarding``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.analysis.wording import word_amount, word_diff

if TYPE_CHECKING:
    from copylab.analysis.results import ArmComparison

State = Literal["held", "open", "broken"]
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class GuardrailResult:
    """What a guardrail says about an arm.

    Attributes:
        metric: The guardrail's name.
        arm: The arm judged.
        state: ``held`` if the arm is not worse by the margin, ``broken`` if it is shown
            to be worse than the control and not shown to stay within the margin,
            ``open`` if neither can be said.
        margin: How much worse is tolerated, in the metric's units; None for any
            amount that is not shown to be worse.
        reason: One sentence with the numbers.
    """

    metric: str
    arm: str
    state: State
    margin: float | None
    reason: str

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "metric": self.metric,
            "arm": self.arm,
            "state": self.state,
            "margin": self.margin,
            "reason": self.reason,
        }


def judge_guardrail(
    comparison: ArmComparison, *, better: Better, margin: float | None
) -> GuardrailResult:
    """The guardrail's word on an arm.

    Args:
        comparison: The arm against the control.
        better: Which direction is good.
        margin: How much worse is tolerated, 0 or more; None asks only that the arm is
            not shown to be worse.
    """
    if margin is not None and margin < 0:
        raise ValueError(f"margin == {margin}, must be 0 or more")
    low, high = comparison.diff.low, comparison.diff.high
    worst = low if better == "higher" else high
    sign = 1 if better == "higher" else -1
    shown_worse = comparison.significant and sign * (comparison.diff.value or 0.0) < 0
    within = worst is not None and margin is not None and sign * worst > -margin
    state: State = "open"
    if within or (margin is None and not shown_worse):
        state = "held"
    elif shown_worse:
        state = "broken"
    return GuardrailResult(
        comparison.metric,
        comparison.arm,
        state,
        margin,
        _explain(comparison, state, margin),
    )


def _explain(comparison: ArmComparison, state: State, margin: float | None) -> str:
    shown = word_diff(comparison.kind, comparison.diff)
    allowed = ""
    if margin is not None:
        allowed = f", tolerated {word_amount(comparison.kind, margin).lstrip('+')}"
    says = {
        "held": "is not worse than tolerated",
        "open": "cannot be shown to stay within its margin",
        "broken": "is worse than the control",
    }[state]
    return f"{comparison.metric} of {comparison.arm} {says} ({shown}{allowed})"
