"""The guardrails: whether each arm is held within what is tolerated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.correction_notes import note_guardrails
from copylab.analysis.report.document import (
    ArmName,
    Paragraph,
    Part,
    Plot,
    PlotRow,
    Table,
)
from copylab.analysis.report.metric_parts import by_metric, level_of, say_size
from copylab.analysis.wording import word_diff, word_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.guardrails import GuardrailResult
    from copylab.analysis.report.document import Axis, Block, Tone
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison

_TONES: dict[str, Tone] = {"held": "good", "open": "warn", "broken": "bad"}


def guardrail_part(analysis: Analysis, words: Words) -> Part:
    """Each guardrail and arm: held, open or broken, and how far it may go."""
    title = words("part.guardrails")
    if not analysis.guardrails:
        none = Paragraph(words("guardrails.none"))
        return Part("guardrails", title, (none,))
    blocks: list[Block] = [_table(analysis, words)]
    blocks += [
        plot
        for items in by_metric(analysis, "guardrail").values()
        if (plot := _plot(analysis, items, words)) is not None
    ]
    rule = Paragraph(
        words("guardrails.rule", level=f"{100 * (1 - analysis.alpha / 2):g}%")
    )
    return Part("guardrails", title, (*blocks, rule))


def find_comparison(
    analysis: Analysis, result: GuardrailResult
) -> ArmComparison | None:
    """The comparison that a guardrail was judged by; None where there is none."""
    return next(
        (
            item
            for item in analysis.comparisons
            if item.role == "guardrail"
            and (item.metric, item.arm) == (result.metric, result.arm)
        ),
        None,
    )


def say_margin(item: ArmComparison, result: GuardrailResult, words: Words) -> str:
    """What is tolerated, with its unit."""
    if result.margin is None:
        return words("margin.none")
    return say_size(item.kind, result.margin, words)


def _table(analysis: Analysis, words: Words) -> Table:
    found = [(r, find_comparison(analysis, r)) for r in analysis.guardrails]
    known = [(result, item) for result, item in found if item is not None]
    level = level_of(analysis)
    shares = all(item.kind == "share" for _, item in known)
    rows = tuple(
        (
            result.metric,
            ArmName(result.arm),
            words(f"state.{result.state}"),
            word_value(item.kind, item.value),
            word_value(item.kind, item.control_value),
            word_diff(item.kind, item.diff),
            say_margin(item, result, words),
        )
        for result, item in known
    )
    headings = (
        words("guardrail"), words("arm"), words("state"), words("value"),
        words("control"), words("diff.points" if shares else "diff", level=level),
        words("margin"),
    )  # fmt: skip
    return Table(
        words("guardrails.caption", control=analysis.control),
        headings,
        rows,
        frozenset((3, 4)),
        tuple(_TONES[result.state] for result, _ in known),
        note_guardrails([item for _, item in known], words),
    )


def _plot(
    analysis: Analysis, items: Sequence[ArmComparison], words: Words
) -> Plot | None:
    results = {(r.metric, r.arm): r for r in analysis.guardrails}
    known = [
        (item, results[item.metric, item.arm])
        for item in items
        if item.diff.value is not None and (item.metric, item.arm) in results
    ]
    if not known:
        return None
    first, result = known[0]
    sign = 1 if analysis.better.get(first.metric) == "lower" else -1
    tones: dict[str, Tone] = {**_TONES, "held": ""}
    rows = tuple(
        PlotRow(
            ArmName(item.arm),
            item.diff.value or 0.0,
            item.diff.low,
            item.diff.high,
            word_diff(item.kind, item.diff),
            tones[judged.state],
        )
        for item, judged in known
    )
    title = words(
        "plot.guardrail.points" if first.kind == "share" else "plot.guardrail",
        metric=first.metric,
        control=first.control,
        level=level_of(analysis),
    )
    limit = None if result.margin is None else sign * result.margin
    legend = words("plot.legend.plain" if limit is None else "plot.legend.limit")
    return Plot(title, rows, limit, legend, _axis(first))


def _axis(item: ArmComparison) -> Axis:
    return "points" if item.kind == "share" else "plain"
