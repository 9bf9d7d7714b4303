"""Mending words: edits that replace what stands in a file, where it stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.findings import Edit, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copylab.source import SourceFile, Span


def replace_in_file(
    sources: Mapping[str, SourceFile],
    places: Iterable[tuple[Span, str, str]],
    *,
    is_safe: bool,
) -> Fix | None:
    """The fix that replaces words, or None where one of them is not in the file so.

    Words can come from elsewhere than their place says: a constant of the brand, a
    variable that was set. What such an expression prints cannot be replaced.

    Args:
        sources: The files that were read.
        places: For each, its place, what it prints and what it should print.
        is_safe: Whether a reader reads the same afterwards.
    """
    edits: dict[Span, Edit] = {}
    for span, printed, wanted in places:
        source = sources.get(span.file)
        if source is None or source.between(span) != printed:
            return None
        edits[span] = Edit(span, wanted)
    return Fix(tuple(edits.values()), is_safe) if edits else None
