"""Excerpts: lines of a file with the words marked that findings are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES
from copylab.preview.frames.pieces import Mark, cut_pieces
from copylab.preview.trying.printed import interval_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copylab.findings import Finding
    from copylab.source import SourceFile

MOST_LINES = 8
"""Lines of an excerpt; a finding about more shows their beginning."""


_NUMBERED = "finding-"


@dataclass(frozen=True, slots=True)
class Pointed:
    """A stretch of a text about which the same findings are.

    Attributes:
        text: The stretch.
        severity: The gravest of the findings; empty where there are none.
        note: What they say.
        numbers: The findings that end here, by their numbers.
    """

    text: str
    severity: str = ""
    note: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file.

    Attributes:
        number: Its number, from 1.
        pieces: Its text, with what findings are about.
        is_after_gap: Whether lines before it are left out.
    """

    number: int
    pieces: tuple[Pointed, ...]
    is_after_gap: bool = False


def point(
    text: str, marks: Sequence[Mark], start: int, end: int
) -> tuple[Pointed, ...]:
    """A stretch of a text, cut where findings begin and end.

    Args:
        text: The whole text.
        marks: What ``make_marks`` gives for findings on the whole text.
        start: Where the stretch starts.
        end: Where it ends.
    """
    pieces = cut_pieces(text, marks, start=start, end=end)
    kinds = [frozenset(piece.kinds) for piece in pieces]
    return tuple(
        Pointed(
            piece.text,
            next((name for name in SEVERITIES if name in own), ""),
            piece.note,
            tuple(_numbers(own - later)),
        )
        for piece, own, later in zip(
            pieces, kinds, [*kinds[1:], frozenset[str]()], strict=True
        )
    )


def _numbers(kinds: Iterable[str]) -> list[int]:
    """The numbers of the findings among some kinds of marks."""
    found = (
        kind.removeprefix(_NUMBERED) for kind in kinds if kind.startswith(_NUMBERED)
    )
    return sorted(map(int, found))


def make_marks(
    ranges: Iterable[tuple[int, int]], finding: Finding, number: int
) -> list[Mark]:
    """Marks for a finding on stretches of a text."""
    note = f"{number} {finding.code}: {finding.message}"
    return [
        Mark(start, end, kind, note if kind == finding.severity else "")
        for start, end in ranges
        for kind in (finding.severity, f"{_NUMBERED}{number}")
    ]


def cut_excerpt(
    source: SourceFile, findings: Sequence[tuple[int, Finding]], *, around: int = 0
) -> tuple[Line, ...]:
    """The lines that findings are about, with their words marked.

    Args:
        source: The file.
        findings: The findings with their numbers; those of other files are left out.
        around: Lines shown before and after.
    """
    marks: list[Mark] = []
    wanted: set[int] = set()
    total = source.text.count("\n") + 1
    for number, finding in findings:
        interval = interval_of(finding, source)
        if interval is None or finding.line is None:
            continue
        marks += make_marks([interval], finding, number)
        last = min(finding.end_line or finding.line, finding.line + MOST_LINES - 1)
        wanted |= set(
            range(max(1, finding.line - around), min(last + around, total) + 1)
        )
    lines = []
    before = 0
    for number in sorted(wanted):
        start = _start_of(source, number)
        end = start + len(source.line(number))
        pieces = point(source.text, marks, start, end)
        lines.append(Line(number, pieces, bool(before) and number > before + 1))
        before = number
    return tuple(lines)


def _start_of(source: SourceFile, number: int) -> int:
    """The offset at which a line starts."""
    at = 0
    for _ in range(number - 1):
        at = source.text.index("\n", at) + 1
    return at
