"""Ranges: what a hole can print, as far as bounds need to know it.

A range is either a few words, one of which is at least as costly as any possible
output in each measure, or letters: a number of positions, each filled from an
alphabet that holds, for each measure, the costliest piece there is.

A cost is never below that of any output, and where a range is exact there is a
value that reaches it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from copylab.message.charsets import GSM7_BASIC, GSM7_EXTENSION

if TYPE_CHECKING:
    from collections.abc import Callable

Measure = Literal[
    "length", "units", "septets", "bytes", "json", "ascii_json", "width", "wide"
]
MEASURES: tuple[Measure, ...] = get_args(Measure)

_BASIC = frozenset(GSM7_BASIC + "\n\r")
_EXTENSION = frozenset(GSM7_EXTENSION + "\f")
_GSM7 = _BASIC | _EXTENSION
_JSON_TWO = frozenset('"\\\n\r\t\b\f')


def in_gsm7(text: str) -> bool:
    """Whether a text needs no character outside of GSM-7."""
    return _GSM7.issuperset(text)


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _septets(text: str) -> int:
    return len(text) + sum(character in _EXTENSION for character in text)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _json(text: str) -> int:
    """Bytes in a compact UTF-8 JSON string (RFC 8259, section 7)."""
    extra = 0
    for character in text:
        if character in _JSON_TWO:
            extra += 1
        elif character < " ":
            extra += 5
    return _bytes(text) + extra


def _ascii_json(text: str) -> int:
    r"""Bytes in a JSON string of ASCII alone: ``\uXXXX`` for a UTF-16 unit outside."""
    if text.isascii():
        return _json(text) + 5 * text.count("\x7f")
    return sum(
        _json(character) if character < "\x7f" else 6 * _units(character)
        for character in text
    )


def character_width(character: str) -> int:
    """2 for wide and full-width characters (UAX #11), 0 for marks, else 1."""
    if character < "\u0300":
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _width(text: str) -> int:
    return sum(map(character_width, text))


def _wide(text: str) -> int:
    """Columns where the characters of class A of UAX #11 take two, as in China."""
    return sum(
        2
        if unicodedata.east_asian_width(character) == "A"
        and not unicodedata.combining(character)
        else character_width(character)
        for character in text
    )


COSTS: dict[Measure, Callable[[str], int]] = {
    "length": len,
    "units": _units,
    "septets": _septets,
    "bytes": _bytes,
    "json": _json,
    "ascii_json": _ascii_json,
    "width": _width,
    "wide": _wide,
}


def cost(text: str, measure: Measure) -> int:
    """The cost of a text: code points, UTF-16 units, septets, bytes or columns."""
    return COSTS[measure](text)


@dataclass(frozen=True, slots=True)
class Words:
    """A few possible texts, each with the value that prints it.

    Attributes:
        choices: Pairs of a value and its text; not empty.
        exact: Whether each of them is printed by its value.
    """

    choices: tuple[tuple[object, str], ...]
    exact: bool = True

    def worst(self, measure: Measure) -> tuple[object, str]:
        """The costliest choice; a text outside of GSM-7 first among equals."""
        return max(
            self.choices,
            key=lambda pair: (cost(pair[1], measure), not in_gsm7(pair[1])),
        )

    def most(self, measure: Measure) -> int:
        """The cost of the costliest choice."""
        return max(cost(text, measure) for _, text in self.choices)

    def shortest(self) -> str:
        """The shortest text."""
        return min((text for _, text in self.choices), key=len)

    def outside_gsm7(self) -> tuple[object, str] | None:
        """A choice that GSM-7 cannot encode, the costliest in units, or None."""
        outside = [pair for pair in self.choices if not in_gsm7(pair[1])]
        return max(outside, key=lambda pair: _units(pair[1])) if outside else None

    def inside_gsm7(self) -> tuple[object, str] | None:
        """The costliest choice in septets that GSM-7 can encode, or None."""
        inside = [pair for pair in self.choices if in_gsm7(pair[1])]
        return max(inside, key=lambda pair: _septets(pair[1])) if inside else None

    def map(self, function: Callable[[str], str], *, exact: bool = True) -> Words:
        """The range of ``function`` applied to each text."""
        mapped = tuple((value, function(text)) for value, text in self.choices)
        return Words(mapped, exact=self.exact and exact)


@dataclass(frozen=True, slots=True)
class Letters:
    """Up to ``high`` pieces of an alphabet between a fixed start and end.

    Attributes:
        alphabet: Pairs of the character that is put in and the piece it prints.
        low: The fewest pieces.
        high: The most pieces.
        prefix: A fixed start.
        suffix: A fixed end.
        exact: Whether a value of ``high`` such characters prints ``high`` pieces.
    """

    alphabet: tuple[tuple[str, str], ...]
    low: int
    high: int
    prefix: str = ""
    suffix: str = ""
    exact: bool = True

    def _fill(self, pair: tuple[str, str]) -> tuple[object, str]:
        return pair[0] * self.high, self.prefix + pair[1] * self.high + self.suffix

    def worst(self, measure: Measure) -> tuple[object, str]:
        """The costliest text and the characters that print it."""
        best = max(
            self.alphabet,
            key=lambda pair: (cost(pair[1], measure), not in_gsm7(pair[1])),
        )
        return self._fill(best)

    def most(self, measure: Measure) -> int:
        """The cost of the costliest text: costs add up character by character."""
        piece = max(cost(piece, measure) for _, piece in self.alphabet)
        return cost(self.prefix + self.suffix, measure) + self.high * piece

    def shortest(self) -> str:
        """The shortest text."""
        piece = min((piece for _, piece in self.alphabet), key=len, default="")
        return self.prefix + piece * self.low + self.suffix

    def outside_gsm7(self) -> tuple[object, str] | None:
        """The costliest text in units that GSM-7 cannot encode, or None."""
        outside = [pair for pair in self.alphabet if not in_gsm7(pair[1])]
        if not outside or not self.high:
            fixed = self.prefix + self.suffix
            return None if in_gsm7(fixed) else self.worst("units")
        one = max(outside, key=lambda pair: _units(pair[1]))
        rest = max(self.alphabet, key=lambda pair: _units(pair[1]))
        if _units(one[1]) == _units(rest[1]):
            return self._fill(one)
        others = self.high - 1  # one character is enough to leave GSM-7
        pieces = self.prefix + one[1] + rest[1] * others + self.suffix
        return one[0] + rest[0] * others, pieces

    def inside_gsm7(self) -> tuple[object, str] | None:
        """The costliest text in septets that GSM-7 can encode, or None."""
        inside = [pair for pair in self.alphabet if in_gsm7(pair[1])]
        if not inside or not in_gsm7(self.prefix + self.suffix):
            return None
        return self._fill(max(inside, key=lambda pair: _septets(pair[1])))

    def map(self, function: Callable[[str], str], *, exact: bool = True) -> Letters:
        """The range of a function that maps each character by itself."""
        return replace(
            self,
            alphabet=tuple((raw, function(piece)) for raw, piece in self.alphabet),
            prefix=function(self.prefix),
            suffix=function(self.suffix),
            exact=self.exact and exact,
        )


Range = Words | Letters


def as_letters(ranges: Range) -> Letters:
    """A range as letters, one code point a piece: sound, and rarely exact."""
    if isinstance(ranges, Letters):
        pieces = {
            character: raw for raw, piece in ranges.alphabet for character in piece
        }
        pieces |= dict.fromkeys(ranges.prefix + ranges.suffix, "")
        size = max((len(piece) for _, piece in ranges.alphabet), default=0)
        fixed = len(ranges.prefix) + len(ranges.suffix)
        low = len(ranges.shortest())
        high = fixed + ranges.high * size
    else:
        texts = [text for _, text in ranges.choices]
        pieces = dict.fromkeys("".join(texts), "")
        low, high = min(map(len, texts)), max(map(len, texts))
    alphabet = tuple((raw, character) for character, raw in pieces.items())
    return Letters(alphabet or (("", " "),), low, high, exact=False)


def join(parts: list[Range]) -> Range:
    """The range of several ranges printed one after the other."""
    letters = [as_letters(part) for part in parts]
    alphabet = {piece: raw for part in letters for raw, piece in part.alphabet}
    pairs = tuple((raw, piece) for piece, raw in alphabet.items())
    low = sum(part.low for part in letters)
    return Letters(pairs, low, sum(part.high for part in letters), exact=False)


def union(parts: list[Range]) -> Range:
    """The range of any one of several ranges."""
    if all(isinstance(part, Words) for part in parts):
        words = [part for part in parts if isinstance(part, Words)]
        choices = tuple(choice for part in words for choice in part.choices)
        return Words(choices, exact=all(part.exact for part in words))
    letters = [as_letters(part) for part in parts]
    alphabet = {piece: raw for part in letters for raw, piece in part.alphabet}
    pairs = tuple((raw, piece) for piece, raw in alphabet.items())
    low = min(part.low for part in letters)
    return Letters(pairs, low, max(part.high for part in letters), exact=False)
