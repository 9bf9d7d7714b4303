"""Characters that do not belong in copy: invisible ones, odd spaces, controls."""

from __future__ import annotations

import re
import unicodedata

from copylab.channels.gsm import is_gsm

SPACES = frozenset("\t\u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
"""Spaces other than the plain one."""

CONTROLS = frozenset(
    chr(code)
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))
    if chr(code) not in "\t\n\r"
)
"""C0 and C1 but tab and line ends, and lone surrogates."""

INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0x00AD, 0x00AD),
        (0x034F, 0x034F),
        (0x061C, 0x061C),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180E, 0x180E),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2064),
        (0x2066, 0x2069),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0),
        (0xFFF9, 0xFFFB),
        (0xE0020, 0xE007F),
    )
    for code in range(first, last + 1)
)
"""Characters that print nothing: zero width, direction, fillers, tags, selectors."""

_JOINERS = frozenset("\u200c\u200d")
_MARKS = frozenset("\u061c\u200e\u200f")
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
# Scripts that join: Arabic, Syriac, Mongolian, N'Ko and the Indic blocks to Khmer.
_JOINING = re.compile(
    r"[\u0600-\u07ff\u08a0-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af]"
)
PICTOGRAPH = re.compile(
    r"[\u00a9\u00ae\u203c\u2049\u2100-\u214f\u2190-\u2bff\u3030\u303d\u3297\u3299"
    r"\U0001f000-\U0001faff]"
)
"""Signs that are shown as pictures."""
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LOOK_ALIKES = ("CYRILLIC", "GREEK")


def is_in_place(text: str, index: int) -> bool:
    """Whether an invisible character does what it is for: joins, selects, directs.

    Args:
        text: The text.
        index: The place of a character of ``INVISIBLE``.
    """
    char = text[index]
    before = text[index - 1] if index else ""
    if char in _SELECTORS:
        return bool(before) and bool(
            PICTOGRAPH.match(before) or before in "0123456789#*" or before >= "\u2e80"
        )
    if char in _TAGS:
        return before == "\U0001f3f4" or before in _TAGS
    if char in _MARKS:
        return _RIGHT_TO_LEFT.search(text) is not None
    if char not in _JOINERS or not before or index + 1 == len(text):
        return False
    return bool(
        _JOINING.match(before)
        or (
            (PICTOGRAPH.match(before) or before == "\ufe0f")
            and PICTOGRAPH.match(text[index + 1])
        )
    )


def looks_mixed(text: str, index: int) -> bool:
    """Whether a Cyrillic or Greek letter stands beside a Latin one."""
    name = unicodedata.name(text[index], "")
    if not name.startswith(_LOOK_ALIKES):
        return False
    beside = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return any(char.isascii() and char.isalpha() for char in beside)


def describe_character(char: str) -> str:
    """``U+200B ZERO WIDTH SPACE``."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".rstrip()


def in_gsm_or_question(text: str) -> str:
    """The text with a question mark for each character that GSM-7 lacks."""
    if not text or is_gsm(text):
        return text
    return "".join(char if is_gsm(char) else "?" for char in text)
