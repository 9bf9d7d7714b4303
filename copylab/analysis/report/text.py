"""An analysis as text for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from copylab.analysis.report import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.results import Analysis

_NAME_COLUMNS = 26
_LINE_COLUMNS = 100


def write(analysis: Analysis) -> str:
    """The analysis as lines: health, a table for each metric, verdict, corrections."""
    labels = _label_arms([arm.arm for arm in analysis.arms])
    blocks = ["\n".join([analysis.name, *rows.health_lines(analysis)]).strip()]
    for metric in rows.metric_names(analysis):
        items = [item for item in analysis.comparisons if item.metric == metric]
        headings, body = rows.metric_table(analysis, metric, labels)
        blocks.append(
            "\n".join([rows.metric_heading(items), *_lay_out([headings, *body])])
        )
    guardrails = rows.guardrail_lines(analysis)
    if guardrails:
        blocks.append("\n".join(["guardrails", *(f"  {line}" for line in guardrails)]))
    blocks.append("\n".join(_verdict(analysis)))
    blocks.append("\n".join(rows.correction_lines(analysis)))
    legend = [f"  {label} = {arm}" for arm, label in labels.items() if label != arm]
    if legend:
        blocks.append("\n".join(["arms", *legend]))
    return "\n\n".join(blocks)


def _verdict(analysis: Analysis) -> list[str]:
    lines = textwrap.wrap(
        rows.verdict_line(analysis), _LINE_COLUMNS, break_long_words=False
    )
    also = analysis.verdict.also
    return [*lines, *(f"  also: {arm}" for arm in also)]


def _label_arms(arms: Sequence[str]) -> dict[str, str]:
    """A short label for each arm; long names are cut, and numbered so they differ."""
    labels = {}
    for number, arm in enumerate(arms):
        plain = " ".join(arm.split())
        if _width(plain) > _NAME_COLUMNS:
            plain = f"#{number} {_cut(plain, _NAME_COLUMNS - len(f'#{number} ') - 1)}…"
        labels[arm] = plain
    return labels


def _cut(text: str, columns: int) -> str:
    """As much of the text as fits into so many columns."""
    while _width(text) > columns:
        text = text[:-1]
    return text.rstrip()


def _lay_out(table: Sequence[Sequence[str]]) -> list[str]:
    """The rows with their columns aligned: names left, numbers right."""
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    right = {1, 2, 5, 6} if len(table[0]) == 8 else {1, 2, 5}  # noqa: PLR2004 - with p adjusted
    lines = []
    for row in table:
        cells = [
            " " * (width - _width(cell)) + cell
            if place in right
            else cell + " " * (width - _width(cell))
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def _width(text: str) -> int:
    """The columns that a terminal gives the text."""
    return sum(
        0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1
        for sign in text
    )
