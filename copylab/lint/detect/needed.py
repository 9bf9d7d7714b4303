"""What every match of a pattern holds: a quick test that spares most searches.

A text is taken apart into its runs of one, two and three characters. A pattern has a set
of such runs of which every match holds one, worked out from its parts; where a text has
none of them, the pattern finds nothing in it. The test never says so wrongly.
"""

from __future__ import annotations

from operator import add
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

Runs = frozenset[str]
"""Runs of characters, in one case."""

_LONGEST = 3
_MOST_SIGNS = 16
"""The largest set of characters that is taken for that many single ones."""
_CASELESS = str.maketrans({"\u0130": "i", "\u0131": "i"})
"""The two letters that match an i and that case folding leaves apart."""
_FREQUENT = " etaoinsrhldcumfpgwybvk0123456789"
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, getattr(op, "POSSESSIVE_REPEAT", None)}
_UNUSUAL = "\x80"
"""Stands for any character that is not ASCII."""
_LIKE_ASCII = (0x130, 0x131, 0x17F, 0x212A)
"""What is not ASCII and matches a letter that is, in any case."""
_NO_WIDTH = {op.AT, op.ASSERT, op.ASSERT_NOT}


def runs_of(text: str) -> set[str]:
    """The runs of up to three characters in a text, in one case."""
    plain = _in_one_case(text)
    pairs = list(map(add, plain, plain[1:]))
    found = {*plain, *pairs, *map(add, pairs, plain[2:])}
    if not text.isascii():
        found.add(_UNUSUAL)
    return found


def needed_runs(pattern: re.Pattern[str] | None) -> Runs | None:
    """Runs of which each match of a pattern holds one; None where there are none.

    Args:
        pattern: It may ignore case or not; None is what every text matches.
    """
    if pattern is None:
        return None
    parts = parser.parse(pattern.pattern, pattern.flags)
    words = _of_sequence(parts)
    return None if words is None else frozenset(map(_rarest, words))


def _in_one_case(text: str) -> str:
    """A text in which characters that match each other in any case are the same."""
    return text.lower() if text.isascii() else text.translate(_CASELESS).casefold()


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> set[str] | None:
    """The words of which what matches parts in a row holds one."""
    best: set[str] | None = None
    letters: list[str] = []
    for code, argument in items:
        if code is op.LITERAL:
            letters.append(chr(argument))
            continue
        if code in _NO_WIDTH:
            continue
        best = _better(best, _word(letters))
        letters = []
        best = _better(best, _of_part(code, argument))
    return _better(best, _word(letters))


def _word(letters: Sequence[str]) -> set[str] | None:
    return {_in_one_case("".join(letters))} if letters else None


def _of_part(code: Any, argument: Any) -> set[str] | None:  # noqa: ANN401 - as parsed
    if code is op.SUBPATTERN:
        return _of_sequence(argument[3])
    if code is getattr(op, "ATOMIC_GROUP", None):
        return _of_sequence(argument)
    if code in _REPEATS:
        return _of_sequence(argument[2]) if argument[0] else None
    if code is op.BRANCH:
        arms = [_of_sequence(arm) for arm in argument[1]]
        return None if None in arms else {word for arm in arms for word in arm or ()}
    if code is op.IN:
        return _of_set(argument)
    return None


def _of_set(items: Sequence[tuple[Any, Any]]) -> set[str] | None:
    """The characters of a set: few that are written one by one, or none of ASCII."""
    if all(code is op.RANGE and _is_unusual(*argument) for code, argument in items):
        return {_UNUSUAL}
    if len(items) > _MOST_SIGNS or any(code is not op.LITERAL for code, _ in items):
        return None
    return {_in_one_case(chr(argument)) for _, argument in items}


def _is_unusual(first: int, last: int) -> bool:
    """Whether no character of a range matches one of ASCII."""
    is_like = any(first <= code <= last for code in _LIKE_ASCII)
    return first > ord("\x7f") and not is_like


def _better(one: set[str] | None, other: set[str] | None) -> set[str] | None:
    """Of two sets of words, either of which is needed, the one that is met less often."""
    if not one or not other:
        return one or other
    return max(one, other, key=lambda words: (min(map(len, words)), -len(words)))


def _rarest(word: str) -> str:
    """The run of a word that stands in the fewest texts, roughly."""
    if len(word) <= _LONGEST:
        return word
    runs = (word[at : at + _LONGEST] for at in range(len(word) - _LONGEST + 1))
    return max(runs, key=lambda run: sum(map(_rarity, run)))


def _rarity(char: str) -> int:
    place = _FREQUENT.find(char)
    return len(_FREQUENT) if place < 0 else place
