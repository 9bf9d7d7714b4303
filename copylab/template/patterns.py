"""Patterns of people: which of them could run for ever, told by looking at them.

A pattern is tried from every place of a text, and where it fails it goes back to each
choice that it made. The number of ways it can go is bounded from its parts; a pattern
with too many is refused with what to do instead.
"""

from __future__ import annotations

from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

MAX_WAYS = 20_000
"""The most ways that a pattern may have to match from one place."""
MAX_PATTERN = 2000
"""The longest pattern, in characters."""
_TEXT = 5000
"""How often a repetition without an upper bound may repeat: a long e-mail."""
_TOO_MANY = 10 * MAX_WAYS
_Part = Any


def pattern_problem(pattern: re.Pattern[str]) -> str | None:
    """Why a pattern could take too long on some text, or None where it could not."""
    if len(pattern.pattern) > MAX_PATTERN:
        return f"it is longer than {MAX_PATTERN} characters"
    if _of_sequence(parser.parse(pattern.pattern, pattern.flags)) > MAX_WAYS:
        return "its repetitions can be combined in too many ways; bound them, as {0,20}"
    return None


def _of_sequence(items: Iterable[tuple[_Part, _Part]]) -> int:
    """The ways through parts that follow each other."""
    ways = 1
    for code, argument in items:
        ways = min(ways * _of_part(code, argument), _TOO_MANY)
    return ways


def _of_part(code: _Part, argument: _Part) -> int:
    if code is op.BRANCH:
        arms = [list(arm) for arm in argument[1]]
        ways = [_of_sequence(arm) for arm in arms]
        return max(ways) if _start_differently(arms) else min(sum(ways), _TOO_MANY)
    if code is op.SUBPATTERN:
        return _of_sequence(argument[3])
    if code in {op.ASSERT, op.ASSERT_NOT}:
        return _of_sequence(argument[1])
    if code is op.GROUPREF_EXISTS:
        return sum(_of_sequence(arm) for arm in argument[1:] if arm)
    if code is getattr(op, "ATOMIC_GROUP", None):
        return _of_sequence(argument)
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        low, high, body = argument
        return _of_repeat(low, _TEXT if high is op.MAXREPEAT else high, body)
    return 1


def _of_repeat(low: int, high: int, body: _Part) -> int:
    """The ways of ``low`` to ``high`` times the same."""
    each = _of_sequence(body)
    if each == 1:
        return min(high - low + 1, _TOO_MANY)
    ways, total = 1, 0
    for count in range(min(high, _TEXT) + 1):
        if count >= low:
            total += ways
        ways = min(ways * each, _TOO_MANY)
        if total > _TOO_MANY or (ways == _TOO_MANY and count >= low):
            return _TOO_MANY
    return total


def _start_differently(arms: list[list[tuple[_Part, _Part]]]) -> bool:
    """Whether the first character decides between the arms, whatever its case."""
    firsts = [_one_case(arm[0][1]) for arm in arms if arm and arm[0][0] is op.LITERAL]
    return len(set(firsts)) == len(arms)


def _one_case(code: int) -> str:
    """A character as a pattern that ignores case reads it: ſ is an s, K a k."""
    return chr(code).casefold().upper().casefold()
