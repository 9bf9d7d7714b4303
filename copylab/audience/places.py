"""From a place in a value of a YAML file to the line and column it is written at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.findings import Finding, report

if TYPE_CHECKING:
    from copylab.audience.scan import Problem
    from copylab.source import SourceFile, Span

_REACH = 200
"""How far the next character of a value is looked for: indentation is shorter."""


class TextPlaces:
    """Where each character of a YAML text stands in its file.

    YAML writes a text plain, quoted, folded over lines or as a block. Characters of
    the value come in the order they are written in, so they are found one after the
    other; white space may be folded, and quotes and indentation are passed over.

    Args:
        source: The file.
        span: Where the text stands in it, with its quotes.
        text: The text, as YAML reads it.
    """

    def __init__(self, source: SourceFile, span: Span, text: str) -> None:
        self.source = source
        at = _offset(source.text, span.line, span.column)
        end = _offset(source.text, span.end_line, span.end_column)
        if source.text[at : at + 1] in ("|", ">"):
            at = source.text.find("\n", at) + 1
        self._offsets = _align(source.text, at, end, text)

    def span(self, start: int, end: int) -> Span:
        """The span of the value's ``text[start:end]`` in the file."""
        offsets = self._offsets
        last = max(start, end - 1)
        first = offsets[min(start, len(offsets) - 1)]
        final = offsets[min(last, len(offsets) - 1)]
        return self.source.span(first, max(final + 1, first))


def _offset(text: str, line: int, column: int) -> int:
    """The offset of a line and column, both counted from 1."""
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1 or len(text)
    return min(at + column - 1, len(text))


def _align(text: str, at: int, end: int, value: str) -> list[int]:
    """The offset in ``text`` of each character of ``value``, and of its end."""
    offsets = []
    for char in value:
        found = at
        limit = min(end, at + _REACH)
        while found < limit and text[found] != char:
            if char.isspace() and text[found].isspace():
                break  # a line break that was folded into a space
            found += 1
        if found >= limit:
            found = at  # an escape such as \x41: near enough
        offsets.append(found)
        at = min(found + 1, end)
    return [*offsets, at]


def find_problems(problems: list[Problem], places: TextPlaces) -> list[Finding]:
    """The problems of a condition as findings, at their lines and columns."""
    return [
        report(
            problem.rule,
            problem.message,
            places.span(problem.place.start, problem.place.end),
            help=problem.help,
            severity=problem.severity,
        )
        for problem in problems
    ]
