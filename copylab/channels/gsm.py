"""The GSM 7-bit default alphabet and its extension, 3GPP TS 23.038 section 6.2.1.

The tables are laid out in code order, so that a character's place is its septet.
No codec is registered: a global codec would be visible to everybody who imports us.
"""

from __future__ import annotations

import re

ESCAPE = "\x1b"

BASIC_BY_CODE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION_CODES = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}

BASIC = frozenset(BASIC_BY_CODE) - {ESCAPE}
EXTENSION = frozenset(EXTENSION_CODES)
CHARACTERS = BASIC | EXTENSION


def _one_of(characters: frozenset[str]) -> str:
    """A character class of a regular expression that holds `characters`."""
    return f"[{re.escape(''.join(sorted(characters)))}]"


is_basic = re.compile(f"{_one_of(BASIC)}+").fullmatch
is_gsm = re.compile(f"{_one_of(CHARACTERS)}+").fullmatch
find_foreign = re.compile(f"[^{_one_of(CHARACTERS)[1:]}").finditer
find_extension = re.compile(_one_of(EXTENSION)).findall
_add_escapes = re.compile(f"(?={_one_of(EXTENSION)})").sub


def to_septets(text: str) -> str:
    """The text with an escape before each extension character: one character a septet.

    Args:
        text: Characters of the basic table and the extension only.
    """
    return _add_escapes(ESCAPE, text)
