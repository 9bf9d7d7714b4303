"""The rows and sentences that every written form of an analysis shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.corrections import CORRECTION_NAMES
from copylab.analysis.wording import (
    NOTHING,
    say_p,
    word_diff,
    word_lift,
    word_p,
    word_value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.results import Analysis, Arm, ArmComparison

_SHOWN_MISFITS = 5


def metric_names(analysis: Analysis) -> list[str]:
    """The metrics in order, the primary first."""
    return list(dict.fromkeys(item.metric for item in analysis.comparisons))


def metric_heading(items: Sequence[ArmComparison]) -> str:
    """The metric with its kind and role: ``visit (share, primary)``."""
    return f"{items[0].metric} ({items[0].kind}, {items[0].role})"


def metric_table(
    analysis: Analysis, metric: str, labels: dict[str, str]
) -> tuple[list[str], list[list[str]]]:
    """The headings and rows of a metric: the control, then the best arm first.

    Args:
        analysis: The analysis.
        metric: The metric's name.
        labels: What each arm is called in the table.
    """
    items = [item for item in analysis.comparisons if item.metric == metric]
    level = f"{100 * (1 - analysis.alpha):g}%"
    unit = " (points)" if items[0].kind == "share" else ""
    corrected = bool(items[0].corrections)
    headings = ["arm", "n", "value", f"diff{unit} [{level}]", f"lift [{level}]", "p"]
    headings += ["p adjusted", ""] if corrected else [""]
    counts = {arm.arm: f"{arm.n:,}" for arm in analysis.arms}
    control = items[0].control
    rows = [
        [
            labels[control],
            counts[control],
            word_value(items[0].kind, items[0].control_value),
            "control",
            *[""] * (len(headings) - 4),
        ]
    ]
    for item in sorted(items, key=_difference, reverse=True):
        adjusted = [_word_p(item, item.p_adjusted)] if corrected else []
        rows.append(
            [
                labels[item.arm],
                counts[item.arm],
                word_value(item.kind, item.value),
                word_diff(item.kind, item.diff),
                word_lift(item.lift),
                _word_p(item, item.p_value),
                *adjusted,
                _mark(item),
            ]
        )
    return headings, rows


def health_lines(analysis: Analysis) -> list[str]:
    """The state of the data, a sentence each, the sample ratio first."""
    total = sum(arm.n for arm in analysis.arms)
    word = "ok" if analysis.srm.ok else "FAILED"
    shown = say_p(analysis.srm.p_value)
    lines = [
        f"sample ratio {word} ({shown}): {total:,} units in {len(analysis.arms)} arms"
    ]
    if not analysis.srm.ok:
        lines += _worst_fits(analysis)
    lines += [
        f"{'note' if note.ok else 'FAULT'}: {note.message}" for note in analysis.health
    ]
    return lines


def guardrail_lines(analysis: Analysis) -> list[str]:
    """A sentence for each guardrail and arm."""
    return [f"{item.state}: {item.reason}" for item in analysis.guardrails]


def correction_lines(analysis: Analysis) -> list[str]:
    """Which corrections each printed number received."""
    touched = {item.corrections: 0 for item in analysis.comparisons}
    level = f"{100 * (1 - analysis.alpha):g}%"
    others = len(analysis.arms) - 1
    lines = []
    for corrections in touched:
        if corrections:
            names = ", ".join(CORRECTION_NAMES[name] for name in corrections)
            lines.append(
                f"p adjusted: {names} over the {others} arms of each metric; "
                f"not corrected across metrics"
            )
        elif others > 1:
            lines.append(f"p: not corrected, for {others} arms are compared")
        else:
            lines.append("p: one comparison for each metric, nothing to correct")
    methods = ", ".join(dict.fromkeys(item.method for item in analysis.comparisons))
    lines.append(
        f"value, difference, lift, their {level} intervals and p: no correction; "
        f"from one test each ({methods})"
    )
    lines.append(f"* {'p adjusted' if any(touched) else 'p'} below {analysis.alpha:g}")
    return lines


def verdict_line(analysis: Analysis) -> str:
    """The action and its reason, with the arms that share the first place."""
    verdict = analysis.verdict
    head = verdict.action.upper()
    if verdict.arm is not None:
        head += f" {verdict.arm}"
    return f"{head}: {verdict.reason}"


def _word_p(item: ArmComparison, p_value: float) -> str:
    return word_p(p_value) if item.comparable else NOTHING


def _worst_fits(analysis: Analysis) -> list[str]:
    """The arms whose numbers fit their planned shares least, the worst first."""
    expected = analysis.srm.expected

    def misfit(arm: Arm) -> float:
        fair = expected[arm.arm]
        return (arm.n - fair) ** 2 / fair if fair else float(arm.n) * arm.n

    worst = sorted(analysis.arms, key=misfit, reverse=True)
    lines = [
        f"  {arm.arm}: {arm.n:,} units, planned {expected[arm.arm]:,.0f}"
        for arm in worst[:_SHOWN_MISFITS]
    ]
    hidden = len(worst) - len(lines)
    return [*lines, f"  and {hidden} more arms"] if hidden > 0 else lines


def _difference(item: ArmComparison) -> float:
    return item.diff.value if item.diff.value is not None else float("-inf")


def _mark(item: ArmComparison) -> str:
    if not item.significant:
        return ""
    return "* higher" if (item.diff.value or 0) > 0 else "* lower"


__all__ = [
    "NOTHING",
    "correction_lines",
    "guardrail_lines",
    "health_lines",
    "metric_heading",
    "metric_names",
    "metric_table",
    "verdict_line",
]
