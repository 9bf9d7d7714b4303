"""Printed words: where every character of a rendered field comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.template.render import trace_shape
from copylab.template.shape import Hole, Lit, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.findings import Finding
    from copylab.source import SourceFile
    from copylab.template.lower import Template
    from copylab.template.shape import Place

Range = tuple[int, int]

MOST_MARKED = 0.8
"""The part of a field from which a finding is about the field, not about words of it."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the rendered text that stands in one run of a file.

    Attributes:
        start: Where it starts in the text.
        end: Where it ends.
        file: The file.
        first: The offset in the file of its first character, or of the tag's.
        last: The offset behind its last character, or behind the tag.
        exact: Whether every character stands in the file by itself.
    """

    start: int
    end: int
    file: str
    first: int
    last: int
    exact: bool


@dataclass(frozen=True, slots=True)
class PrintedField:
    """A rendered field that knows its source.

    Attributes:
        name: The field.
        template: Its words.
        text: The text as it is sent.
    """

    name: str
    template: Template
    text: str
    _stretches: tuple[_Stretch, ...]
    _unprinted: tuple[tuple[str, int, int], ...]

    def ranges(self, finding: Finding, source: SourceFile) -> tuple[Range, ...]:
        """The stretches of the text that a finding is about, in order.

        Empty where it is about none of the printed words, or about nearly all of them.

        Args:
            finding: What was found.
            source: The file that it names.
        """
        interval = interval_of(finding, source)
        if interval is None:
            return ()
        found = list(_joined(self._touched(source.name, interval)))
        if sum(end - start for start, end in found) > MOST_MARKED * len(self.text):
            return ()
        return tuple(found)

    def _touched(self, file: str, interval: Range) -> Iterator[Range]:
        low, high = interval
        for item in self._stretches:
            if item.file != file or item.first >= high or item.last <= low:
                continue
            if not item.exact:
                yield item.start, item.end
                continue
            start = item.start + max(low - item.first, 0)
            yield start, item.start + min(high, item.last) - item.first

    def holds_value(self, start: int, end: int) -> bool:
        """Whether a stretch of the text has something that a value printed."""
        return any(
            not item.exact and item.start < end and start < item.end
            for item in self._stretches
        )

    def is_elsewhere(self, finding: Finding, source: SourceFile) -> bool:
        """Whether a finding is about words that these values do not print."""
        interval = interval_of(finding, source)
        if interval is None or any(self._touched(source.name, interval)):
            return False
        low, high = interval
        return any(
            file == source.name and first <= low and high <= last
            for file, first, last in self._unprinted
        )


def interval_of(finding: Finding, source: SourceFile) -> Range | None:
    """Where a finding stands in a file, as offsets; None where it has no place there."""
    if finding.file != source.name or finding.line is None or finding.column is None:
        return None
    start = offset_of(source, finding.line, finding.column)
    line, column = finding.end_line, finding.end_column
    if line is None or column is None:
        return start, start + 1
    return start, max(offset_of(source, line, column), start + 1)


def offset_of(source: SourceFile, line: int, column: int) -> int:
    """The offset of a line and a column, both from 1; the end where there is no such."""
    at = 0
    for _ in range(line - 1):
        found = source.text.find("\n", at)
        if found < 0:
            return len(source.text)
        at = found + 1
    return min(at + column - 1, len(source.text))


def print_field(
    name: str, template: Template, values: Mapping[str, object], sent: str
) -> PrintedField:
    """A field as it was rendered, with the places of its words.

    Args:
        name: The field.
        template: Its words.
        values: The values as copy uses them.
        sent: The field as it is sent: without the blanks at its ends, or with other
            blanks inside; then nothing of it can be placed.
    """
    printed = trace_shape(template.lowered.shape, template.scope, values)
    raw = "".join(item.text for item in printed)
    cut = len(raw) - len(raw.lstrip())
    shown = {id(item.leaf) for item in printed}
    stretches: list[_Stretch] = []
    at = -cut
    for item in printed:
        end = at + len(item.text)
        low, high = max(at, 0), min(end, len(sent))
        if low < high:
            exact = isinstance(item.leaf, Lit) and item.leaf.place.exact
            stretches += _placed(item.leaf.place, low, high, low - at, exact=exact)
        at = end
    unprinted = tuple(
        _outline(leaf.place)
        for leaf in walk(template.lowered.shape)
        if isinstance(leaf, Lit | Hole) and id(leaf) not in shown
    )
    is_same = raw.strip() == sent
    return PrintedField(
        name, template, sent, tuple(stretches) if is_same else (), unprinted
    )


def _placed(
    place: Place, low: int, high: int, skipped: int, *, exact: bool
) -> Iterator[_Stretch]:
    """A stretch of the text, cut where the file does not go on with the passage."""
    passage = place.passage
    name = passage.source.name
    if not exact:
        _, first, last = _outline(place)
        yield _Stretch(low, high, name, first, last, exact=False)
        return
    begin = place.start + skipped
    start, first = low, passage.offset(begin)
    for index in range(1, high - low):
        offset = passage.offset(begin + index)
        if offset != first + (low + index - start):
            yield _Stretch(
                start, low + index, name, first, first + low + index - start, exact=True
            )
            start, first = low + index, offset
    yield _Stretch(start, high, name, first, first + high - start, exact=True)


def _outline(place: Place) -> tuple[str, int, int]:
    """The file of a place, and where it starts and ends there."""
    passage = place.passage
    first = passage.offset(place.start)
    last = passage.offset(place.end - 1) + 1 if place.end > place.start else first
    return passage.source.name, first, last


def _joined(ranges: Iterator[Range]) -> Iterator[Range]:
    """The ranges in order, those that touch made one."""
    open_one: Range | None = None
    for start, end in sorted(ranges):
        if open_one is not None and start <= open_one[1]:
            open_one = open_one[0], max(end, open_one[1])
            continue
        if open_one is not None:
            yield open_one
        open_one = start, end
    if open_one is not None:
        yield open_one
