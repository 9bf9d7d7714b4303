"""A report before it is written: sections of blocks, in words but in no format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from unicodedata import category

Tone = Literal["", "good", "bad", "warn"]
Axis = Literal["percent", "points", "plain"]

_JOINERS = frozenset("\u200c\u200d")  # scripts and emoji are written with them


class ArmName(str):
    """The name of an arm: data of somebody's, which is shortened where it is narrow."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more.

    Attributes:
        text: The words.
        tone: Whether it is good or bad news.
    """

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences, each with its tone."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading over each column and a name before each row.

    Attributes:
        caption: What it shows.
        headings: The columns' headings; the first column names the rows.
        rows: The cells; one that is an ``ArmName`` may be shortened.
        numeric: The places of columns that are set right.
        tones: The tone of each row; empty for none.
        note: What is to be known of its numbers, or empty.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    tones: tuple[Tone, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlotRow:
    """An estimate with its interval, and the words for it.

    Attributes:
        label: The arm.
        value: The estimate.
        low: The lower bound, None for none.
        high: The upper bound, None for none.
        text: The numbers in words.
        tone: Whether it is good or bad.
        expected: Where it is to be expected, drawn towards the prior; or None.
    """

    label: ArmName
    value: float
    low: float | None
    high: float | None
    text: str
    tone: Tone = ""
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """Intervals on one axis, with zero marked.

    Attributes:
        title: What is shown.
        rows: The intervals.
        limit: A line of tolerance on the axis, or None.
        legend: What the marks mean.
        axis: What its numbers are: ``percent`` or ``points``, both of hundredths, or
            ``plain``.
        reach: The ends of the axis, where it is that of a larger plot.
    """

    title: str
    rows: tuple[PlotRow, ...]
    limit: float | None = None
    legend: str = ""
    axis: Axis = "percent"
    reach: tuple[float, float] | None = None

    @property
    def described(self) -> str:
        """The plot in words, for who cannot see it."""
        return f"{self.title}: " + "; ".join(f"{r.label} {r.text}" for r in self.rows)

    def span(self) -> tuple[float, float]:
        """The ends of the axis: zero, all estimates and bounds, and some air."""
        if self.reach is not None:
            return self.reach
        known = [0.0 if self.limit is None else self.limit, 0.0]
        for row in self.rows:
            ends = (row.value, row.low, row.high, row.expected)
            known += [end for end in ends if end is not None]
        low, high = min(known), max(known)
        air = (high - low or 1.0) * 0.05
        return low - air, high + air


def split_plot(plot: Plot, most_rows: int) -> list[Plot]:
    """The plot in several of so many rows, all on one axis: a sheet of paper holds each."""
    return [
        replace(plot, rows=plot.rows[start : start + most_rows], reach=plot.span())
        for start in range(0, len(plot.rows), most_rows)
    ]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, shown as they are.

    Attributes:
        heading: Whose, and where.
        fields: The name and the text of each field.
        lines: What is known of it, a line each.
        locale: The locale of the words.
    """

    heading: str
    fields: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()
    locale: str = ""


Block = Paragraph | Bullets | Table | Plot | Quote


@dataclass(frozen=True, slots=True)
class Part:
    """A section.

    Attributes:
        name: Its key, the same in all languages: ``verdict``, ``health``, ….
        title: Its title.
        blocks: What is in it.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report.

    Attributes:
        title: Its title.
        locale: The locale of its words.
        badge: The verdict in a word or two.
        tone: Whether that is good or bad.
        parts: The sections in order.
        contents: What the list of sections is called.
        about: What was tested and when, a line each.
    """

    title: str
    locale: str
    badge: str
    tone: Tone
    parts: tuple[Part, ...]
    contents: str
    about: tuple[str, ...] = ()


def visible(text: str, *, lines: bool = False) -> str:
    """The text with what cannot be seen, or would move other text, written out.

    Args:
        text: Any text, such as a name out of a table.
        lines: Whether line breaks stay; otherwise they are spaces.
    """
    shown = []
    for sign in text:
        if sign == "\n" and lines:
            shown.append(sign)
        elif sign in "\n\r\t\u2028\u2029":
            shown.append(" ")
        elif sign not in _JOINERS and category(sign) in {"Cc", "Cf", "Cs"}:
            shown.append(f"[U+{ord(sign):04X}]")
        else:
            shown.append(sign)
    return "".join(shown)
