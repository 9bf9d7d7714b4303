"""Letters: tests of characters, and what tests can tell of sets of characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LAST = 0x10FFFF
# What a character can be at once, of word, digit and space.
_KINDS: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset(("word",)),
    frozenset(("word", "digit")),
    frozenset(("space",)),
)


@cache
def kinds_of(character: str) -> frozenset[str]:
    r"""Which of ``word digit space`` a character is, as ``\w \d \s`` tell it."""
    kinds = set()
    if character.isalnum() or character == "_":
        kinds.add("word")
    if character.isdecimal():
        kinds.add("digit")
    if character.isspace():
        kinds.add("space")
    return frozenset(kinds)


_ASCII_EXTRA = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}
"""Letters outside of ASCII that Python's re takes for one of ASCII in any case."""
_LAST_CASED = 0x1E943


@cache
def _cased() -> str:
    """Every character that has another case."""
    every = map(chr, range(0x80, _LAST_CASED + 1))
    return "".join(c for c in every if not c.lower() == c == c.upper())


@cache
def case_forms(character: str) -> frozenset[str]:
    """The characters that Python's re takes for one where case does not matter."""
    if character.isascii():
        forms = {character.lower(), character.upper()}
        return frozenset((*forms, *_ASCII_EXTRA.get(character.lower(), "")))
    if character.lower() == character == character.upper():
        return frozenset((character,))
    ascii_too = "".join(map(chr, range(0x80)))
    found = re.findall(re.escape(character), ascii_too + _cased(), re.IGNORECASE)
    return frozenset((character, *found))


@dataclass(frozen=True, slots=True)
class CharacterTest:
    """A test of one character.

    Attributes:
        members: Single characters that pass.
        ranges: First and last code points that pass.
        categories: ``word``, ``digit`` or ``space``, all of which pass.
        without: Categories all but which pass.
        negated: Whether it is the other characters that pass.
    """

    members: frozenset[str] = frozenset()
    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    negated: bool = False

    def holds(self, character: str, kinds: frozenset[str] | None = None) -> bool:
        """Whether a character passes, taken as of certain kinds where these are given."""
        inside = character in self.members or any(
            low <= ord(character) <= high for low, high in self.ranges
        )
        if not inside and (self.categories or self.without):
            known = kinds_of(character) if kinds is None else kinds
            inside = any(name in known for name in self.categories) or any(
                name not in known for name in self.without
            )
        return inside is not self.negated


def samples_of_all(
    tests: Sequence[CharacterTest],
) -> Iterable[tuple[str, frozenset[str]]]:
    """Characters with their kinds among which each that tests can tell apart is one.

    Characters that a test names stand for themselves. Between them, one stands for all,
    once as each kind of character there is.
    """
    points = {0, _LAST}
    for test in tests:
        points |= {ord(member) for member in test.members}
        points |= {point for pair in test.ranges for point in pair}
    ordered = sorted(points)
    for point in ordered:
        yield chr(point), kinds_of(chr(point))
    for low, high in pairwise(ordered):
        if high - low > 1:
            for kinds in _KINDS:
                yield chr(low + 1), kinds
