"""A report as text for a terminal."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
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
_LEAST_COLUMNS = 40
_LEAST_PLOT_COLUMNS = 15
# A word, or a wide sign, with what opens before it and closes behind it.
_WORDS = re.compile(
    r"[（“]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef“”]+)?[。，、；：）”？！]*\s*",
)
_COLORS = {"good": "32", "bad": "31", "warn": "33"}


@dataclass(frozen=True, slots=True)
class _Screen:
    """What is written on.

    Attributes:
        columns: How wide it is; None where lines may be as long as they like.
        color: Whether it shows colours.
        labels: A short label for each arm.
    """

    columns: int | None
    color: bool
    labels: Mapping[str, str]

    @property
    def prose_columns(self) -> int:
        """How wide sentences are."""
        return min(self.columns or _LINE_COLUMNS, _LINE_COLUMNS)

    def label(self, cell: str) -> str:
        """A cell as it is shown: an arm by its label."""
        if isinstance(cell, ArmName):
            return self.labels.get(cell, visible(cell))
        return visible(cell)

    def paint(self, text: str, tone: str) -> str:
        """The text in the colour of its tone."""
        code = "1" if tone == "bold" else _COLORS.get(tone)
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code else text


def write(
    analysis: Analysis,
    *,
    locale: str = "en-US",
    color: bool = False,
    brief: bool = False,
    columns: int | None = None,
) -> str:
    """The report as lines for a terminal.

    Args:
        analysis: The analysis.
        locale: The locale of the report's words.
        color: Whether to colour what is good and bad.
        brief: Whether to leave out all but the sections that decide.
        columns: How wide the terminal is, 40 or more; a table that is wider is shown in
            several. None keeps every table and every line of copy whole, for a file.
    """
    document = compose(analysis, locale, brief=brief)
    labels = _label_arms([arm.arm for arm in analysis.arms])
    width = None if columns is None else max(columns, _LEAST_COLUMNS)
    screen = _Screen(width, color, labels)
    head = [screen.paint(visible(analysis.name), "bold")] if analysis.name else []
    about = [x for line in document.about for x in _wrap(visible(line), screen)]
    blocks = ["\n".join([*head, *about])]
    for part in document.parts:
        lines = [screen.paint(part.title, "bold")]
        for block in part.blocks:
            lines += _lines(block, screen)
        blocks.append("\n".join(lines))
    legend = _legend(document, labels)
    return "\n\n".join([block for block in blocks if block] + legend)


def _legend(document: Document, labels: Mapping[str, str]) -> list[str]:
    """The whole names of arms that were shortened."""
    cut = [f"  {v} = {visible(k)}" for k, v in labels.items() if v != visible(k)]
    title = Words(document.locale)("legend")
    return ["\n".join([title, *cut])] if cut else []


def _lines(block: Block, screen: _Screen) -> list[str]:
    match block:
        case Paragraph():
            wrapped = _wrap(visible(block.text), screen)
            return [screen.paint(line, block.tone) for line in wrapped]
        case Bullets():
            return [
                screen.paint(line, item.tone)
                for item in block.items
                for line in _wrap(visible(item.text), screen, "  ", "    ")
            ]
        case Table():
            return _table(block, screen)
        case Plot():
            return _plot(block, screen)
        case Quote():
            return _quote(block, screen)


def _wrap(text: str, screen: _Screen, first: str = "", rest: str = "") -> list[str]:
    """The text in lines of so many columns; wide signs count as two."""
    columns = screen.prose_columns
    if not any(map(_is_wide, text)):
        return textwrap.wrap(
            text,
            columns,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    lines, line = [], first
    for word in _WORDS.findall(text):
        full = _width(line) + _width(word.rstrip()) > columns
        if full and line.strip():
            lines.append(line.rstrip())
            line = rest + word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()]


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def _table(table: Table, screen: _Screen) -> list[str]:
    """A table; one that is too wide in several, each with the names of its rows."""
    rows = [
        [visible(heading) for heading in table.headings],
        *([screen.label(cell) for cell in row] for row in table.rows),
    ]
    tones: Sequence[Tone] = ("", *(table.tones or [""] * len(table.rows)))
    lines = ["", *_wrap(visible(table.caption), screen)]
    pieces = _split(table, rows, screen.columns)
    if not pieces:
        lines += [x for row in rows[1:] for x in _list(rows[0], row, screen)]
    for number, columns in enumerate(pieces):
        shown = [[row[place] for place in columns] for row in rows]
        numeric = frozenset(n for n, at in enumerate(columns) if at in table.numeric)
        lines += [""] if number else []
        lines += [
            screen.paint(line, tone)
            for line, tone in zip(_lay_out(shown, numeric), tones, strict=True)
        ]
    if table.note:
        lines += _wrap(visible(table.note), screen, "  ", "  ")
    return lines


def _split(
    table: Table, rows: Sequence[Sequence[str]], columns: int | None
) -> list[list[int]]:
    """The places of the columns that stand side by side; nothing if one is too wide.

    The columns that name the rows stand in each piece: the first, and the arm behind it.
    """
    widths = [2 + max(map(_width, column)) for column in zip(*rows, strict=True)]
    if columns is None or sum(widths) <= columns:
        return [[*range(len(widths))]]
    has_arm = bool(table.rows) and isinstance(table.rows[0][1], ArmName)
    names = [0, 1] if has_arm else [0]
    room = columns - sum(widths[place] for place in names)
    pieces: list[list[int]] = []
    free = 0
    for place in range(len(names), len(widths)):
        if widths[place] > room:
            return []
        if widths[place] > free:
            pieces.append([*names])
            free = room
        pieces[-1].append(place)
        free -= widths[place]
    return pieces


def _list(heads: Sequence[str], row: Sequence[str], screen: _Screen) -> list[str]:
    """A row as lines: what it is about, and each cell below its name."""
    lines = [f"  {row[0]}"]
    for head, cell in zip(heads[1:], row[1:], strict=True):
        lines += _wrap(f"{head}: {cell}", screen, "    ", "      ") if cell else []
    return lines


def _plot(plot: Plot, screen: _Screen) -> list[str]:
    low, high = plot.span()
    names = [screen.label(row.label) for row in plot.rows]
    wide = max(map(_width, names))
    numbers = max(_width(row.text) for row in plot.rows)
    columns = screen.columns or _LINE_COLUMNS
    room = columns - wide - numbers - 6
    stacked = room < _LEAST_PLOT_COLUMNS
    size = min(columns - 4 if stacked else room, _PLOT_COLUMNS)
    lines = ["", *_wrap(visible(plot.title), screen)]
    for name, row in zip(names, plot.rows, strict=True):
        bar = screen.paint(_bar(row, plot, (low, high), size), row.tone)
        if stacked:
            lines += [*_wrap(f"{name}  {row.text}", screen, "  ", "  "), f"    {bar}"]
        else:
            lines.append(f"  {_fill(name, wide)}  {bar}  {row.text}")
    return [*lines, *_wrap(plot.legend, screen, "  ", "  ")]


def _bar(row: PlotRow, plot: Plot, span: tuple[float, float], size: int) -> str:
    """An interval as a bar of text: ``├──●──┤`` with a line at zero."""
    low, high = span

    def place(value: float) -> int:
        return round((value - low) / (high - low) * (size - 1))

    signs = [" "] * size
    start = 0 if row.low is None else place(row.low)
    end = size - 1 if row.high is None else place(row.high)
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


def _quote(quote: Quote, screen: _Screen) -> list[str]:
    lines = ["", f"  {visible(quote.heading)}"]
    for line in quote.lines:
        lines += _wrap(visible(line), screen, "    ", "      ")
    for name, text in quote.fields:
        lines.append(f"    {name}:")
        for line in visible(text, lines=True).split("\n"):
            if screen.columns is None:
                lines.append(f"    │ {line}")
            else:  # a line that goes on below is no line break of the copy's
                lines += _wrap(line, screen, "    │ ", "    ┊ ")
    return lines


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
    return sum(
        0 if combining(sign) or sign in _NO_WIDTH else 2 if _is_wide(sign) else 1
        for sign in text
    )


_NO_WIDTH = "\u200c\u200d\ufe0e\ufe0f"
