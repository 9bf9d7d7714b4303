"""Which findings are about a field, and which about one of its branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.findings import Finding
    from copylab.lint.field import Field, Written


def is_in(finding: Finding, item: Field) -> bool:
    """Whether a finding in a text's own file is about one of its fields."""
    return finding.field == item.name


def is_on(finding: Finding, item: Field, sources: Sequence[Written]) -> bool:
    """Whether a finding is about one branch of a field rather than about all of it.

    It is where the branch is the very message that shows it, or where its place lies
    within the words of the branch and is not all of the field.

    Args:
        finding: What was found.
        item: The field.
        sources: The words that make the branch.
    """
    if finding.field != item.name:
        return False
    witness = finding.witness
    if witness is not None and any(
        item.first_witness(written.paths or written.samples) == witness
        for written in sources
    ):
        return True
    is_whole = _is_whole(finding, item)
    return not is_whole and any(_touches(finding, written) for written in sources)


def _is_whole(finding: Finding, item: Field) -> bool:
    """Whether a finding stands on all words of a field."""
    span = item.span
    begin = (finding.line, finding.column) == (span.line, span.column)
    return begin and (finding.end_line, finding.end_column) == (
        span.end_line,
        span.end_column,
    )


def _touches(finding: Finding, written: Written) -> bool:
    """Whether some words of a branch stand where a finding is."""
    if finding.line is None or finding.column is None:
        return False
    start = (finding.line, finding.column)
    end = (finding.end_line or finding.line, finding.end_column or finding.column)
    end = max(end, (start[0], start[1] + 1))
    spans = (piece.place.span for piece in written.skeleton.pieces)
    return any(
        span.file == finding.file
        and start < (span.end_line, span.end_column)
        and (span.line, span.column) < end
        for span in spans
    )
