"""Unmasking: the words as their writer means them, where they are written to pass a filter.

Letters that only look alike are read as Latin ones, traditional characters and variants as
the simplified ones, digits in place of letters as the letters, and single characters
set apart by spaces or signs as one word. Each character of the result knows where it stands
in the text, so that a hit can be shown where it is written.

The result is for searching alone. Unicode Technical Standard #39 lists look-alikes; those
here are of the alphabets in which filters are passed in practice.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOOKS = {
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p",
    "с": "c", "т": "t", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d",
    "ɡ": "g", "ո": "n", "ӏ": "l", "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i",
    "κ": "k", "μ": "u", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x",
    "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ɢ": "g", "ʜ": "h", "ɪ": "i",
    "ᴊ": "j", "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r",
    "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z",
}  # fmt: skip
"""Small letters of other alphabets, and small capitals, by the Latin one they look like."""

_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
"""Digits and signs that stand for letters inside a word."""

_VARIANTS = {
    "朂": "最",
    "冣": "最",
    "徾": "微",
    "薇": "微",
    "伩": "信",
    "貣": "贷",
    "夲": "本",
}
"""Variants and stand-ins of single hanzi; that a 薇 is a 微 matters to rules alone."""

_HAN = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W_]{2,64}")
_LEET_WORD = re.compile(
    r"(?<![\w@$])(?=[\d@$]{0,8}[A-Za-z])[A-Za-z\d@$]{3,24}(?![\w@$])"
)
_GAP = r"[ .·•・*_\-|/~+^=]{1,3}"
_SIGN = r"[ .·•・*_\-|/~+^=`´#❤♥★☆]{1,3}"
_STOP = r"[,。、;:!?…'\"()\[\]<>【】「」《》]{1,3}"
_APART = re.compile(
    rf"(?<![A-Za-z])[A-Za-z](?:{_GAP}[A-Za-z]){{2,24}}(?![A-Za-z])"
    rf"|[\u4e00-\u9fff](?:{_SIGN}[\u4e00-\u9fff]){{1,24}}"
    rf"|(?<![\u4e00-\u9fff])[\u4e00-\u9fff]"
    rf"(?:{_STOP}[\u4e00-\u9fff](?![\u4e00-\u9fff])){{1,24}}"
)
"""Single letters between signs; hanzi between signs, and single ones between stops."""
_MARKED = re.compile("[\u00c0-\u024f]")
_SUSPECT = re.compile(
    r"[A-Za-z][\d@$][A-Za-z]|[A-Za-z]{2}[\d@$]|[\d@$][A-Za-z]{2}|"
    rf"{_APART.pattern}|[\u3099\u309a{''.join(sorted({*_LOOKS, *''.join(_LOOKS).upper()}))}]"
)
"""What may be a disguise besides single characters that are one, and pinyin."""
_KANA_MARKS = "\u3099\u309a"
_JOINERS = "\u200c\u200d"

Pairs = list[tuple[str, int]]
"""Characters, each with its place in the original."""


class _Converter(Protocol):
    """What is used of OpenCC."""

    def convert(self, text: str) -> str:
        """The text in simplified characters."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A text as it is meant.

    Attributes:
        text: The words.
        places: By character of ``text``, where in the original it stands.
    """

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the original, from and up to."""
        return self.places[start], self.places[max(start, end - 1)] + 1


def unmask(text: str) -> Unmasked | None:
    """The text as it is meant, or None where it is that already.

    Args:
        text: Words as a reader sees them, wide forms folded.
    """
    if not _SUSPECT.search(text) and (
        text.isascii() or (not _is_spelt(text) and text.translate(_PLAIN) == text)
    ):
        return None
    pairs = list(_plain(text))
    for mend in (_unmixed, _unleet, _together, _composed):
        pairs = mend(pairs)
    found = "".join(char for char, _ in pairs)
    if found == text:
        return None
    return Unmasked(found, tuple(place for _, place in pairs))


def _is_spelt(text: str) -> bool:
    """Whether there may be pinyin with its marks among hanzi."""
    return _MARKED.search(text) is not None and _HAN.search(text) is not None


class _Plain(dict[int, str]):
    """What each character is without its disguise, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = found = char if char.isascii() else _undisguised(char)
        return found


_PLAIN = _Plain()


def _undisguised(char: str) -> str:
    """Compatibility forms written out, what nobody sees left out, hanzi simplified."""
    if char not in _JOINERS and unicodedata.category(char) == "Cf":
        return ""
    simple = _simplified(char) if _HAN.match(char) else char
    return unicodedata.normalize("NFKC", simple)


def _plain(text: str) -> Iterator[tuple[str, int]]:
    """The characters without their disguise; in Chinese text, pinyin without marks."""
    is_chinese = _HAN.search(text) is not None
    for place, char in enumerate(text):
        parts = _PLAIN[ord(char)]
        if is_chinese and _MARKED.match(char):
            parts = unicodedata.normalize("NFD", parts)[:1]
        for part in parts:
            yield part, place


@cache
def _simplified(char: str) -> str:
    """The simplified form of a hanzi; itself where it has none."""
    if char in _VARIANTS:
        return _VARIANTS[char]
    from copylab.lint.cn_providers import (  # noqa: PLC0415 - few texts need it
        is_traditional,
    )

    if not is_traditional(char):
        return char
    simple: str = _converter().convert(char)
    return simple if len(simple) == 1 else char


@cache
def _converter() -> _Converter:
    import opencc  # noqa: PLC0415 - its tables are read for traditional hanzi alone

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def _unmixed(pairs: Pairs) -> Pairs:
    """Words that hold look-alikes of Latin letters, written in Latin ones.

    A word all of whose letters could be of another alphabet is left as it is, unless
    all of them look alike: real Greek and Russian hold others.
    """
    text = "".join(char for char, _ in pairs)
    if text.isascii():
        return pairs
    found = list(pairs)
    for match in _WORD.finditer(text):
        word = match.group()
        alike = [char for char in word if char.lower() in _LOOKS]
        if not alike or not all(
            char.isascii() or char.lower() in _LOOKS for char in word
        ):
            continue
        for index in range(*match.span()):
            char, place = pairs[index]
            found[index] = _LOOKS.get(char.lower(), char), place
    return found


def _unleet(pairs: Pairs) -> Pairs:
    """Words with digits inside, written in letters."""
    text = "".join(char for char, _ in pairs)
    found = list(pairs)
    for match in _LEET_WORD.finditer(text):
        word = match.group()
        letters = sum(char.isalpha() for char in word)
        if letters == len(word) or letters * 2 < len(word):
            continue
        for index in range(*match.span()):
            char, place = pairs[index]
            found[index] = _LEET.get(char, char), place
    return found


def _together(pairs: Pairs) -> Pairs:
    """Characters that are set apart, put together."""
    text = "".join(char for char, _ in pairs)
    left_out: set[int] = set()
    for match in _APART.finditer(text):
        start = match.start()
        left_out |= {
            start + index
            for index, char in enumerate(match.group())
            if not char.isalpha()
        }
    return [pair for index, pair in enumerate(pairs) if index not in left_out]


def _composed(pairs: Pairs) -> Pairs:
    """Half-wide kana with a mark of their own, as one character."""
    found: Pairs = []
    for char, place in pairs:
        one = unicodedata.normalize("NFC", found[-1][0] + char) if found else char
        if char in _KANA_MARKS and found and len(one) == 1:
            found[-1] = one, found[-1][1]
        else:
            found.append((char, place))
    return found
