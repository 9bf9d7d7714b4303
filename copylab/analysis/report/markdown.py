"""An analysis as Markdown, for a pull request or a wiki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.results import Analysis


def write(analysis: Analysis) -> str:
    """The analysis as Markdown: verdict, health, a table for each metric, notes."""
    labels = {arm.arm: arm.arm for arm in analysis.arms}
    blocks = [f"**{_escape(rows.verdict_line(analysis))}**"]
    if analysis.verdict.also:
        also = "\n".join(f"- {_escape(arm)}" for arm in analysis.verdict.also)
        blocks.append(f"Also:\n\n{also}")
    blocks.append(_list(rows.health_lines(analysis)))
    for metric in rows.metric_names(analysis):
        items = [item for item in analysis.comparisons if item.metric == metric]
        headings, body = rows.metric_table(analysis, metric, labels)
        lines = [_row(headings), _row(["---"] * len(headings)), *map(_row, body)]
        blocks.append(
            f"### {_escape(rows.metric_heading(items))}\n\n" + "\n".join(lines)
        )
    if analysis.guardrails:
        blocks.append("### guardrails\n\n" + _list(rows.guardrail_lines(analysis)))
    blocks.append(_list(rows.correction_lines(analysis)))
    return "\n\n".join(blocks)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_escape(cell) for cell in cells) + " |"


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {_escape(line.strip())}" for line in lines)


def _escape(text: str) -> str:
    """The text with the signs that Markdown would read taken literally."""
    plain = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\|*_`<>#[]" else sign for sign in plain)
