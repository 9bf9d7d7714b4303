"""What every match of a pattern holds: a quick test that spares most searches.

A pattern has a set of words of which every match holds one, worked out from its parts.
Where a text has none of them, the pattern finds nothing in it; the test never says so
wrongly. To ask for many words at once, a text is taken apart into its runs of one, two
and three characters: a word whose rarest run it lacks is not there.
"""

from __future__ import annotations

import re
from itertools import product
from operator import add
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Words = frozenset[str]
"""Words in one case."""

_LONGEST = 3
_MOST_WORDS = 64
"""How many words are told apart before they are taken for any."""
_MOST_SIGNS = 24
"""How many characters of a set are told apart."""
_LONG_ENOUGH = 4
"""A longer word is hardly rarer."""
_UNUSUAL, _LETTER = "\x80", "\x81"
"""They stand for any character that is not ASCII, and for one of the first alphabets."""
_LAST_LETTER = 0x1FFF
_FIRST_LETTERS = re.compile("[\x80-\u012f\u0132-\u017e\u0180-\u1fff]", re.IGNORECASE)
"""What is not ASCII and in no range of signs or hanzi, but for ``_LIKE_ASCII``."""
_LIKE_ASCII = (0x130, 0x131, 0x17F, 0x212A)
"""What is not ASCII and matches a letter that is, in any case."""
_CASELESS = str.maketrans({"\u0130": "i", "\u0131": "i"})
"""The two letters that match an i and that case folding leaves apart."""
_FREQUENT = " etaoinsrhldcumfpgwybvk0123456789"
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, getattr(op, "POSSESSIVE_REPEAT", None)}
_NO_WIDTH = {op.AT, op.ASSERT, op.ASSERT_NOT}


class Part(NamedTuple):
    """What is known of a part of a pattern.

    Attributes:
        exact: All that it matches; None where that is too much to list.
        needed: Words of which it matches one at least; None where there are none.
    """

    exact: set[str] | None
    needed: set[str] | None


class Sieve(NamedTuple):
    """The quick test for some words.

    Attributes:
        words: Words of which one is needed.
        runs: The rarest run of each.
    """

    words: tuple[str, ...]
    runs: frozenset[str]

    @classmethod
    def of(cls, words: Words) -> Sieve:
        """The test for words from ``needed_words``."""
        return cls(tuple(words), frozenset(map(rarest_run, words)))

    def lets_through(self, plain: str, runs: frozenset[str]) -> bool:
        """Whether any of the words is in a text, of which the runs are known."""
        if self.runs.isdisjoint(runs):
            return False
        return any(word in plain for word in self.words)


def plain_of(text: str) -> str:
    """A text to look for words in, characters that match in any case being the same."""
    plain = _in_one_case(text)
    if text.isascii():
        return plain
    return plain + _UNUSUAL + (_LETTER if _FIRST_LETTERS.search(text) else "")


def runs_of(plain: str) -> set[str]:
    """The runs of up to three characters in a text from ``plain_of``."""
    pairs = list(map(add, plain, plain[1:]))
    return {*plain, *pairs, *map(add, pairs, plain[2:])}


def needed_words(pattern: re.Pattern[str] | None) -> Words | None:
    """Words of which each match of a pattern holds one; None where there are none.

    Args:
        pattern: It may ignore case or not; None is what every text matches.
    """
    if pattern is None:
        return None
    needed = _of_sequence(parser.parse(pattern.pattern, pattern.flags)).needed
    return None if needed is None else frozenset(needed)


def rarest_run(word: str) -> str:
    """The run of a word that stands in the fewest texts, roughly."""
    if len(word) <= _LONGEST:
        return word
    runs = (word[at : at + _LONGEST] for at in range(len(word) - _LONGEST + 1))
    return max(runs, key=lambda run: sum(map(_rarity, run)))


def _in_one_case(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_CASELESS).casefold()


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> Part:
    """Parts in a row: what stands side by side is one word as far as it can be listed."""
    best: set[str] | None = None
    row: set[str] = {""}
    is_exact = True
    for code, argument in items:
        if code in _NO_WIDTH:
            continue
        part = _of_part(code, argument)
        best = _better(best, part.needed)
        if part.exact is not None and len(row) * len(part.exact) <= _MOST_WORDS:
            row = set(map("".join, product(row, part.exact)))
            continue
        best, is_exact = _better(best, _words(row)), False
        row = part.exact or {""}
    best = _better(best, _words(row))
    return Part(row if is_exact else None, best)


def _of_part(code: Any, argument: Any) -> Part:  # noqa: ANN401 - as parsed
    if code is op.LITERAL:
        char = _in_one_case(chr(argument))
        return Part({char}, {char})
    if code is op.SUBPATTERN:
        return _of_sequence(argument[3])
    if code is getattr(op, "ATOMIC_GROUP", None):
        return _of_sequence(argument)
    if code in _REPEATS:
        return _of_repeat(*argument)
    if code is op.BRANCH:
        return _of_arms([_of_sequence(arm) for arm in argument[1]])
    return _of_set(argument) if code is op.IN else Part(None, None)


def _of_repeat(low: int, high: int, body: Iterable[tuple[Any, Any]]) -> Part:
    inner = _of_sequence(body)
    if inner.exact is not None and high == 1:
        exact = inner.exact if low else inner.exact | {""}
        return Part(exact, inner.needed if low else None)
    return Part(None, inner.needed if low else None)


def _of_arms(arms: Sequence[Part]) -> Part:
    """One of several parts."""
    needed: set[str] | None = set()
    exact: set[str] | None = set()
    for arm in arms:
        needed = None if needed is None or arm.needed is None else needed | arm.needed
        exact = None if exact is None or arm.exact is None else exact | arm.exact
    if exact is not None and len(exact) > _MOST_WORDS:
        exact = None
    return Part(exact, needed)


def _of_set(items: Sequence[tuple[Any, Any]]) -> Part:
    """The characters of a set, where they are few and written one by one."""
    if all(code is op.RANGE and _is_unusual(*argument) for code, argument in items):
        is_letter = all(last <= _LAST_LETTER for _, (_, last) in items)
        return Part(None, {_LETTER if is_letter else _UNUSUAL})
    found: set[str] = set()
    for code, argument in items:
        if code not in {op.LITERAL, op.RANGE}:
            return Part(None, None)
        first, last = argument if code is op.RANGE else (argument, argument)
        if last - first + len(found) > _MOST_SIGNS:
            return Part(None, None)
        found |= {_in_one_case(chr(one)) for one in range(first, last + 1)}
    return Part(found, found)


def _is_unusual(first: int, last: int) -> bool:
    """Whether no character of a range matches one of ASCII."""
    is_like = any(first <= code <= last for code in _LIKE_ASCII)
    return first > ord("\x7f") and not is_like


def _words(row: set[str]) -> set[str] | None:
    """The words of a row, where none of them is empty."""
    return None if "" in row else row


def _better(one: set[str] | None, other: set[str] | None) -> set[str] | None:
    """Of two sets of words, either of which is needed, the one that is met less often."""
    if not one or not other:
        return one or other
    return max(one, other, key=_worth)


def _worth(words: set[str]) -> tuple[int, int]:
    return min(*map(len, words), _LONG_ENOUGH), -len(words)


def _rarity(char: str) -> int:
    place = _FREQUENT.find(char)
    return len(_FREQUENT) if place < 0 else place
