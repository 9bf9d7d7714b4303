"""Columns that text takes on a screen."""

from __future__ import annotations

import unicodedata

_ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})
WIDE_COLUMNS = 2


def display_width(text: str, *, ambiguous_columns: int = 1) -> int:
    """The columns `text` takes: 2 for a wide character, 0 for a mark, else 1.

    Wide are the classes W and F of Unicode's East Asian Width (UAX #11); combining
    marks and format characters take no column.

    Args:
        text: Any text.
        ambiguous_columns: The columns of class A (such as ° or Greek letters), which
            Chinese phones print wide: 1 or 2.
    """
    if text.isascii():
        return len(text)
    return sum(_columns(char, ambiguous_columns) for char in text)


def _columns(char: str, ambiguous_columns: int) -> int:
    """The columns of one character."""
    if unicodedata.category(char) in _ZERO_WIDTH:
        return 0
    width = unicodedata.east_asian_width(char)
    if width in {"W", "F"}:
        return WIDE_COLUMNS
    return ambiguous_columns if width == "A" else 1
