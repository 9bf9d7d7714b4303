"""Excerpts: lines of a file with the words marked that findings are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.preview.frames.pieces import Mark, cut_pieces
from copylab.preview.trying.printed import interval_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copylab.findings import Finding
    from copylab.preview.frames.pieces import Piece
    from copylab.source import SourceFile

MOST_LINES = 8
"""Lines of an excerpt; a finding about more shows their beginning."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file.

    Attributes:
        number: Its number, from 1.
        pieces: Its text; what a finding is about has the finding's severity and
            ``finding-`` and its number as kinds.
        is_after_gap: Whether lines before it are left out.
    """

    number: int
    pieces: tuple[Piece, ...]
    is_after_gap: bool = False


def make_marks(
    ranges: Iterable[tuple[int, int]], finding: Finding, number: int
) -> list[Mark]:
    """Marks for a finding on stretches of a text."""
    note = f"{number} {finding.code}: {finding.message}"
    return [
        Mark(start, end, kind, note if kind == finding.severity else "")
        for start, end in ranges
        for kind in (finding.severity, f"finding-{number}")
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
        pieces = cut_pieces(source.text, marks, start=start, end=end)
        lines.append(Line(number, pieces, bool(before) and number > before + 1))
        before = number
    return tuple(lines)


def _start_of(source: SourceFile, number: int) -> int:
    """The offset at which a line starts."""
    at = 0
    for _ in range(number - 1):
        at = source.text.index("\n", at) + 1
    return at
