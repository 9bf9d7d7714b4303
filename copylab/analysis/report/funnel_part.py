"""The funnel: the shares of everybody assigned, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.document import ArmName, Paragraph, Part, Table
from copylab.analysis.report.metric_parts import by_metric, is_hidden
from copylab.analysis.wording import NOTHING, word_value

if TYPE_CHECKING:
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis


def funnel_part(analysis: Analysis, words: Words) -> Part:
    """The share metrics side by side, of everybody assigned."""
    title = words("part.funnel")
    if is_hidden(analysis):
        return Part("funnel", title, (Paragraph(words("stand.hidden")),))
    steps = [
        items
        for role in ("primary", "secondary")
        for items in by_metric(analysis, role).values()
        if items[0].kind == "share"
    ]
    if len(steps) < 2:  # noqa: PLR2004 - one step is no funnel
        return Part("funnel", title, (Paragraph(words("funnel.none")),))
    values: dict[str, dict[str, float | None]] = {}
    for items in steps:
        first = items[0]
        values.setdefault(first.control, {})[first.metric] = first.control_value
        for item in items:
            values.setdefault(item.arm, {})[item.metric] = item.value
    names = [items[0].metric for items in steps]
    rows = tuple(
        (ArmName(arm), *(word_value("share", values[arm].get(name)) for name in names))
        for arm in (one.arm for one in analysis.arms)
        if arm in values
    )
    table = Table(
        words("funnel"),
        (words("arm"), *names),
        rows,
        frozenset(range(1, len(names) + 1)),
        note=words("note.counted"),
    )
    blocks: list[Block] = [table, *_steps(analysis, words)]
    return Part("funnel", title, (*blocks, Paragraph(words("funnel.note"))))


def _steps(analysis: Analysis, words: Words) -> list[Table]:
    """How many go on from each step, and where an arm gains and loses."""
    funnel = analysis.funnel
    if funnel is None:
        return []
    rows = []
    for arm in funnel.arms:
        cells = []
        for step in arm.steps:
            shown = NOTHING if step.rate is None else f"{step.rate:.1%}"
            if step.contribution is not None:
                shown += f" ({100 * step.contribution:+.2f})"
            cells.append(shown)
        rows.append((ArmName(arm.arm), *cells))
    headings = (words("arm"), *funnel.metrics)
    numeric = frozenset(range(1, len(headings)))
    note = words("note.counted")
    return [Table(words("steps"), headings, tuple(rows), numeric, note=note)]
