"""Texts of others made safe to show: nothing in them steers a terminal or a parser."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls, line and paragraph separators, marks and overrides of direction
# (UAX #9), and halves of pairs, which no encoding carries.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
_PICTURES = 0x2400
_DELETE = 0x7F
_BEFORE_PICTURES = 0x20


def show(text: str, *, lines: bool = False) -> str:
    """The text with a visible sign for each character that would act, not show.

    Args:
        text: Any text.
        lines: Whether line feeds stay.
    """
    return _UNSAFE.sub(
        lambda match: "\n" if lines and match[0] == "\n" else _sign(match[0]), text
    )


def _sign(character: str) -> str:
    code = ord(character)
    if code < _BEFORE_PICTURES:
        return chr(_PICTURES + code)
    return "\u2421" if code == _DELETE else "\ufffd"


def column_width(character: str) -> int:
    """How many columns of a terminal a shown character takes."""
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
