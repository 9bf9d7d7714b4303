"""A report as text for a terminal."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from copylab.analysis.report.compose import compose
from copylab.analysis.report.document import (
    ArmName,
    Bullets,
    Paragraph,
    Plot,
    Quote,
    Table,
    visible,
)
from copylab.analysis.report.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.report.document import Block, Document, PlotRow, Tone
    from copylab.analysis.results import Analysis

_NAME_COLUMNS = 26
_LINE_COLUMNS = 100
_PLOT_COLUMNS = 41
_COLORS = {"good": "32", "bad": "31", "warn": "33"}


def write(
    analysis: Analysis,
    *,
    locale: str = "en-US",
    color: bool = False,
    brief: bool = False,
) -> str:
    """The report as lines for a terminal.

    Args:
        analysis: The analysis.
        locale: The locale of the report's words.
        color: Whether to colour what is good and bad.
        brief: Whether to leave out all but the sections that decide.
    """
    document = compose(analysis, locale, brief=brief)
    labels = _label_arms([arm.arm for arm in analysis.arms])
    blocks = [_paint(visible(analysis.name), "bold", color=color)]
    for part in document.parts:
        lines = [_paint(part.title, "bold", color=color)]
        for block in part.blocks:
            lines += _lines(block, labels, color=color)
        blocks.append("\n".join(lines))
    legend = _legend(document, labels)
    return "\n\n".join([block for block in blocks if block] + legend)


def _legend(document: Document, labels: Mapping[str, str]) -> list[str]:
    """The whole names of arms that were shortened."""
    cut = [f"  {v} = {visible(k)}" for k, v in labels.items() if v != visible(k)]
    title = Words(document.locale)("legend")
    return ["\n".join([title, *cut])] if cut else []


def _lines(block: Block, labels: Mapping[str, str], *, color: bool) -> list[str]:
    match block:
        case Paragraph():
            wrapped = _wrap(visible(block.text))
            return [_paint(line, block.tone, color=color) for line in wrapped]
        case Bullets():
            return [
                _paint(line, item.tone, color=color)
                for item in block.items
                for line in _wrap(visible(item.text), "  ", "    ")
            ]
        case Table():
            return _table(block, labels, color=color)
        case Plot():
            return _plot(block, labels, color=color)
        case Quote():
            return _quote(block)


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    """The text in lines of at most 100 columns; wide signs count as two."""
    words = re.findall(r"[\u2e80-\uffef]|\s+|[^\s\u2e80-\uffef]+", text)
    if not any(map(_is_wide, text)):
        return textwrap.wrap(
            text,
            _LINE_COLUMNS,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    lines, line = [], first
    for word in words:
        full = _width(line) + _width(word) > _LINE_COLUMNS
        if full and line.strip() and word not in "。，、；：）”":
            lines.append(line.rstrip())
            line = rest + word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()]


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def _table(table: Table, labels: Mapping[str, str], *, color: bool) -> list[str]:
    rows = [table.headings, *(_shown(row, labels) for row in table.rows)]
    tones: Sequence[Tone] = ("", *(table.tones or [""] * len(table.rows)))
    lines = [
        _paint(line, tone, color=color)
        for line, tone in zip(_lay_out(rows, table.numeric), tones, strict=True)
    ]
    return ["", visible(table.caption), *lines]


def _shown(row: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    return [
        labels.get(cell, visible(cell)) if isinstance(cell, ArmName) else visible(cell)
        for cell in row
    ]


def _plot(plot: Plot, labels: Mapping[str, str], *, color: bool) -> list[str]:
    low, high = plot.span()
    names = [labels.get(row.label, visible(row.label)) for row in plot.rows]
    wide = max(map(_width, names))
    lines = ["", visible(plot.title)]
    for name, row in zip(names, plot.rows, strict=True):
        bar = _paint(_bar(row, plot, low, high), row.tone, color=color)
        lines.append(f"  {_fill(name, wide)}  {bar}  {row.text}")
    return [*lines, f"  {' ' * wide}  {plot.legend}".rstrip()]


def _bar(row: PlotRow, plot: Plot, low: float, high: float) -> str:
    """An interval as a bar of text: ``├──●──┤`` with a line at zero."""

    def place(value: float) -> int:
        return round((value - low) / (high - low) * (_PLOT_COLUMNS - 1))

    signs = [" "] * _PLOT_COLUMNS
    start = 0 if row.low is None else place(row.low)
    end = _PLOT_COLUMNS - 1 if row.high is None else place(row.high)
    for at in range(start, end + 1):
        signs[at] = "─"
    signs[place(0.0)] = "┼" if start < place(0.0) < end else "│"
    if plot.limit is not None:
        signs[place(plot.limit)] = "┊"
    signs[start] = "├" if row.low is not None else "◄"
    signs[end] = "┤" if row.high is not None else "►"
    if row.expected is not None:
        signs[place(row.expected)] = "◇"
    signs[place(row.value)] = "●"
    return "".join(signs)


def _quote(quote: Quote) -> list[str]:
    lines = ["", f"  {visible(quote.heading)}"]
    lines += [f"    {visible(line)}" for line in quote.lines]
    for name, text in quote.fields:
        lines.append(f"    {name}:")
        lines += [f"    │ {line}" for line in visible(text, lines=True).split("\n")]
    return lines


def _paint(text: str, tone: str, *, color: bool) -> str:
    code = "1" if tone == "bold" else _COLORS.get(tone)
    return f"\x1b[{code}m{text}\x1b[0m" if color and code else text


def _label_arms(arms: Sequence[str]) -> dict[str, str]:
    """A short label for each arm; long names are cut, and numbered so they differ."""
    labels = {}
    for number, arm in enumerate(arms):
        plain = " ".join(visible(arm).split())
        if _width(plain) > _NAME_COLUMNS:
            plain = f"#{number} {_cut(plain, _NAME_COLUMNS - len(f'#{number} ') - 1)}…"
        labels[arm] = plain
    return labels


def _cut(text: str, columns: int) -> str:
    """As much of the text as fits into so many columns."""
    while _width(text) > columns:
        text = text[:-1]
    return text.rstrip()


def _lay_out(table: Sequence[Sequence[str]], numeric: frozenset[int]) -> list[str]:
    """The rows with their columns aligned: names left, numbers right."""
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = [
            _fill(cell, width, right=place in numeric)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def _fill(text: str, columns: int, *, right: bool = False) -> str:
    air = " " * (columns - _width(text))
    return air + text if right else text + air


def _width(text: str) -> int:
    """The columns that a terminal gives the text."""
    return sum(0 if combining(sign) else 2 if _is_wide(sign) else 1 for sign in text)
