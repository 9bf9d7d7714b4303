"""Charsets of text variables: which characters a value may hold.

``digits`` 0-9. ``ascii`` U+0020-007E. ``gsm7`` the characters of 3GPP TS 23.038's
default alphabet and its extension, without CR, LF, FF and ESC. ``latin`` Latin
letters with their marks, digits, space and common punctuation. ``zh`` Han, CJK
punctuation and ``ascii``. ``ko`` the characters of cp949 that print something: what a
Korean gateway can send. ``any`` every assigned character that is not control,
format, surrogate or private use, and that has a width or belongs to a letter: fillers
that print nothing are refused like the zero-width ones.
"""

from __future__ import annotations

import re
import unicodedata

CHARSETS = ("digits", "ascii", "gsm7", "latin", "zh", "ko", "any")

# 3GPP TS 23.038, 6.2.1 and 6.2.1.1, without CR, LF, FF and ESC.
GSM7_BASIC = (
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = "^{}\\[~]|€"

_LATIN = (
    r" A-Za-z0-9\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u02bb\u02bc"
    r"\u0300-\u034e\u0350-\u036f"
    r"\u1e00-\u1eff!\"#%&'()*+,\-./:;=?@_\u00a1\u00bf\u2013\u2014\u2018\u2019"
    r"\u201c\u201d\u2026"
)
# Han of the Unicode blocks: unified ideographs, extensions, compatibility forms;
# CJK symbols and punctuation; full-width forms; the dashes and quotes of Chinese.
_ZH = (
    r"\u0020-\u007e\u00b7\u2014\u2018\u2019\u201c\u201d\u2026"
    r"\u2e80-\u2fdf\u3000-\u3003\u3005-\u3011\u3014-\u301f\u3400-\u4dbf"
    r"\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e\uffe5"
    r"\U00020000-\U0002ebe0\U0002f800-\U0002fa1f\U00030000-\U000323af"
)
_PATTERNS = {
    "digits": re.compile(r"[0-9]*\Z"),
    "ascii": re.compile(r"[\u0020-\u007e]*\Z"),
    "gsm7": re.compile(f"[{re.escape(GSM7_BASIC + GSM7_EXTENSION)}]*\\Z"),
    "latin": re.compile(f"[{_LATIN}]*\\Z"),
    "zh": re.compile(f"[{_ZH}]*\\Z"),
}

# Of cp949: the control characters, the soft hyphen and the filler of Hangul.
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f\xad\u3164]")

_ZWNJ, _ZWJ = "\u200c", "\u200d"
# Unassigned, control, format, surrogate, private use, line and paragraph separator.
_REFUSED = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
# Letters, marks and symbols that are made to print nothing: the grapheme joiner, the
# fillers of Hangul, two vowels of Khmer (Unicode: Default_Ignorable_Code_Point).
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
# Scripts that join: Arabic, Syriac, Mongolian, N'Ko and the Indic blocks to Khmer.
_JOINING = re.compile(
    r"[\u0600-\u07ff\u08a0-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af]"
)
_PICTOGRAPH = re.compile(r"[\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff\ufe0f]")


def in_charset(text: str, charset: str) -> bool:
    """Whether every character of a single-line text belongs to a charset."""
    if text.isascii() and charset == "any":
        return text.isprintable()
    pattern = _PATTERNS.get(charset)
    if pattern is not None:
        return pattern.match(text) is not None
    if charset == "ko":
        return _in_cp949(text) and _NOT_PRINTED.search(text) is None
    return all(
        (
            unicodedata.category(character) not in _REFUSED
            and character not in _INVISIBLE
        )
        or _joins(text, index)
        for index, character in enumerate(text)
    )


def _in_cp949(text: str) -> bool:
    try:
        text.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True


def is_blank(text: str) -> bool:
    """Whether a text prints nothing: blanks, marks without a letter, empty Braille."""
    return text.isspace() or all(
        character == "\u2800" or unicodedata.category(character)[0] in "ZM"
        for character in text
    )


def _joins(text: str, index: int) -> bool:
    """Whether the character is a ZWJ or ZWNJ where writing needs one."""
    if text[index] not in {_ZWNJ, _ZWJ} or not 0 < index < len(text) - 1:
        return False
    before, after = text[index - 1], text[index + 1]
    if _JOINING.match(before) and _JOINING.match(after):
        return True
    return bool(
        text[index] == _ZWJ
        and (_PICTOGRAPH.match(before) or "\U0001f3fb" <= before <= "\U0001f3ff")
        and _PICTOGRAPH.match(after)
    )


def first_outside(text: str, charset: str) -> str | None:
    """The first character that does not belong to a charset, or None."""
    for index, character in enumerate(text):
        if not in_charset(character, charset) and not (
            charset == "any" and _joins(text, index)
        ):
            return character
    return None
