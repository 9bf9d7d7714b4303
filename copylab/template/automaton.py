"""Automata: a pattern as a machine that reads a text once, character by character.

The machine answers for sets of texts at once, which is how a phrase is proved over all
outputs of a template. It reads in linear time, whatever the pattern. What it cannot
express (references to groups, long lookarounds) is refused and not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from copylab.template.letters import CharacterTest, case_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

Part = Any
"""A part of what Python's parser makes of a pattern; it has no types."""
MAX_STATES = 4000
"""The largest machine that is built; a pattern beyond it is not judged."""
MAX_REMEMBERED = 20_000
"""How many of its states a machine remembers from one template to the next."""
EDGE = -1
"""The symbol that stands before the first character and behind the last one."""
_IGNORECASE, _MULTILINE, _DOTALL, _ASCII = 2, 8, 16, 256
_WORD, _BREAK = 0, 1
_EMPTY_HAS_NO_BOUND = re.search(r"\B", "") is not None  # since Python 3.14
_FIXED_TESTS = (
    CharacterTest(categories=("word",)),
    CharacterTest(members=frozenset("\n")),
)


class NotExpressibleError(Exception):
    """The pattern has a part that a machine of this kind cannot read."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A condition on the character before or behind a point.

    Attributes:
        ahead: Whether it is about the character behind the point.
        wanted: Whether one of the tests must hold; else none of them may.
        tests: Numbers of tests; none holds at an edge.
        edge: What it says at an edge of the text.
    """

    ahead: bool
    wanted: bool
    tests: tuple[int, ...]
    edge: bool

    def holds(self, before: int, behind: int) -> bool:
        """Whether it holds between two symbols."""
        symbol = behind if self.ahead else before
        if symbol == EDGE:
            return self.edge
        return any(symbol >> test & 1 for test in self.tests) is self.wanted


@dataclass(frozen=True, slots=True)
class WordBound:
    """A condition that a word starts or ends here, or that none does."""

    wanted: bool

    def holds(self, before: int, behind: int) -> bool:
        """Whether it holds between two symbols."""
        if before == behind == EDGE:
            return not self.wanted and _EMPTY_HAS_NO_BOUND
        one = before != EDGE and before >> _WORD & 1
        other = behind != EDGE and behind >> _WORD & 1
        return (one != other) is self.wanted


Condition = Beside | WordBound


@dataclass(slots=True)
class Automaton:
    """A machine that finds a pattern anywhere in a text.

    A symbol is what a pattern can tell of a character: a bit for each of its tests. A
    state is a number; ``FOUND`` is the one that is reached with the end of a match.
    """

    tests: list[CharacterTest] = field(default_factory=lambda: list(_FIXED_TESTS))
    free: list[list[tuple[Condition | None, int]]] = field(default_factory=list)
    reading: list[list[tuple[int, int]]] = field(default_factory=list)
    accepting: int = 0
    _symbols: dict[str, int] = field(default_factory=dict)
    _numbers: dict[tuple[frozenset[int], int], int] = field(default_factory=dict)
    _states: list[tuple[frozenset[int], int]] = field(default_factory=list)
    _steps: dict[tuple[int, int], int] = field(default_factory=dict)

    def lean(self) -> Automaton:
        """The machine, without what it remembers of its steps if that is much."""
        if len(self._states) < MAX_REMEMBERED:
            return self
        return Automaton(self.tests, self.free, self.reading, self.accepting)

    def symbol(self, character: str) -> int:
        """What the pattern can tell of a character."""
        found = self._symbols.get(character)
        if found is None:
            found = self._symbols[character] = sum(
                test.holds(character) << number
                for number, test in enumerate(self.tests)
            )
        return found

    def start(self) -> int:
        """The state before the first character."""
        return self._number(frozenset((0,)), EDGE)

    def step(self, state: int, symbol: int) -> int:
        """The state after a symbol; after ``EDGE``, at the end of the text."""
        if state == FOUND:
            return FOUND
        key = (state, symbol)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = self._step(state, symbol)
        return found

    def _step(self, state: int, symbol: int) -> int:
        reached, before = self._states[state]
        closed = self._close(reached, before, symbol)
        if self.accepting in closed:
            return FOUND
        if symbol == EDGE:
            return state
        read = {
            target
            for each in closed
            for test, target in self.reading[each]
            if symbol >> test & 1
        }
        return self._number(frozenset((0, *read)), symbol)

    def _close(self, states: frozenset[int], before: int, behind: int) -> set[int]:
        closed, work = set(states), list(states)
        while work:
            for condition, target in self.free[work.pop()]:
                if target not in closed and (
                    condition is None or condition.holds(before, behind)
                ):
                    closed.add(target)
                    work.append(target)
        return closed

    def _number(self, reached: frozenset[int], before: int) -> int:
        key = (reached, before)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._states)
            self._states.append(key)
        return number

    def search(self, text: str) -> bool:
        """Whether the pattern is found in a text."""
        state = self.start()
        for character in text:
            state = self.step(state, self.symbol(character))
            if state == FOUND:
                return True
        return self.step(state, EDGE) == FOUND


FOUND = -1
"""The state in which the pattern was found."""


@lru_cache(maxsize=512)
def automaton_of(pattern: re.Pattern[str]) -> Automaton | None:
    """The machine of a pattern, or None where there is none for it."""
    if pattern.flags & _ASCII:
        return None
    try:
        return _Builder(pattern.flags).build(
            parser.parse(pattern.pattern, pattern.flags)
        )
    except NotExpressibleError:
        return None


class _Builder:
    """Builds a machine from what Python's own parser makes of a pattern."""

    def __init__(self, flags: int) -> None:
        self.flags = flags
        self.machine = Automaton()
        self.known: dict[CharacterTest, int] = {
            test: number for number, test in enumerate(_FIXED_TESTS)
        }

    def build(self, tree: Sequence[Part]) -> Automaton:
        start = self.state()
        end = self.sequence(list(tree), start, self.flags, last=True)
        self.machine.accepting = end
        return self.machine

    def state(self) -> int:
        if len(self.machine.free) >= MAX_STATES:
            raise NotExpressibleError
        self.machine.free.append([])
        self.machine.reading.append([])
        return len(self.machine.free) - 1

    def test(self, test: CharacterTest) -> int:
        if test not in self.known:
            self.known[test] = len(self.machine.tests)
            self.machine.tests.append(test)
        return self.known[test]

    def sequence(self, items: list[Part], at: int, flags: int, *, last: bool) -> int:
        for index, (code, argument) in enumerate(items):
            is_last = last and index == len(items) - 1
            at = self.item(code, argument, at, flags, last=is_last)
        return at

    def item(
        self, code: Part, argument: Part, at: int, flags: int, *, last: bool
    ) -> int:
        if code in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
            end = self.state()
            number = self.test(_character_test(code, argument, flags))
            self.machine.reading[at].append((number, end))
            return end
        if code is op.BRANCH:
            arms = [
                self.sequence(list(arm), at, flags, last=last) for arm in argument[1]
            ]
            return self.join(arms)
        if code is op.SUBPATTERN:
            _, added, removed, inner = argument
            inside = (flags | added) & ~removed
            return self.sequence(list(inner), at, inside, last=last)
        if code in {op.MAX_REPEAT, op.MIN_REPEAT}:
            low, high, body = argument
            return self.repeat(low, high, body, at, flags)
        if code is op.AT:
            return self.position(argument, at, flags, last=last)
        if code in {op.ASSERT, op.ASSERT_NOT}:
            tests = self.beside(argument[1], flags)
            wanted = code is op.ASSERT
            ahead = argument[0] > 0
            return self.guarded(at, Beside(ahead, wanted, tests, edge=not wanted))
        raise NotExpressibleError

    def join(self, ends: list[int]) -> int:
        end = self.state()
        for each in ends:
            self.machine.free[each].append((None, end))
        return end

    def guarded(self, at: int, condition: Condition) -> int:
        end = self.state()
        self.machine.free[at].append((condition, end))
        return end

    def repeat(self, low: int, high: Part, body: Part, at: int, flags: int) -> int:
        for _ in range(low):
            at = self.sequence(list(body), at, flags, last=False)
        if high is op.MAXREPEAT:
            loop = self.join([at])
            again = self.sequence(list(body), loop, flags, last=False)
            self.machine.free[again].append((None, loop))
            return self.join([loop])
        ends = [at]
        for _ in range(high - low):
            at = self.sequence(list(body), at, flags, last=False)
            ends.append(at)
        return self.join(ends)

    def position(self, where: Part, at: int, flags: int, *, last: bool) -> int:
        if where in {op.AT_BOUNDARY, op.AT_NON_BOUNDARY}:
            return self.guarded(at, WordBound(where is op.AT_BOUNDARY))
        breaks = (_BREAK,) if flags & _MULTILINE else ()
        if where is op.AT_BEGINNING_STRING or where is op.AT_BEGINNING:
            tests = () if where is op.AT_BEGINNING_STRING else breaks
            return self.guarded(
                at, Beside(ahead=False, wanted=True, tests=tests, edge=True)
            )
        end = Beside(ahead=True, wanted=True, tests=(), edge=True)
        if where is op.AT_END_STRING:
            return self.guarded(at, end)
        if breaks:
            return self.guarded(
                at, Beside(ahead=True, wanted=True, tests=breaks, edge=True)
            )
        if not last:
            raise NotExpressibleError
        # Without MULTILINE, a $ also stands before a break that ends the text.
        broken = self.state()
        self.machine.reading[at].append((_BREAK, broken))
        return self.join([self.guarded(at, end), self.guarded(broken, end)])

    def beside(self, items: Part, flags: int) -> tuple[int, ...]:
        """The tests of a lookaround that looks at one character."""
        if len(items) != 1:
            raise NotExpressibleError
        [(code, argument)] = items
        if code is op.BRANCH:
            return tuple(
                test for arm in argument[1] for test in self.beside(arm, flags)
            )
        if code is op.SUBPATTERN:
            return self.beside(argument[3], (flags | argument[1]) & ~argument[2])
        if code in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
            return (self.test(_character_test(code, argument, flags)),)
        raise NotExpressibleError


_CATEGORIES: dict[Part, tuple[str, bool]] = {
    op.CATEGORY_DIGIT: ("digit", False),
    op.CATEGORY_NOT_DIGIT: ("digit", True),
    op.CATEGORY_SPACE: ("space", False),
    op.CATEGORY_NOT_SPACE: ("space", True),
    op.CATEGORY_WORD: ("word", False),
    op.CATEGORY_NOT_WORD: ("word", True),
}


def _character_test(code: Part, argument: Part, flags: int) -> CharacterTest:
    """The test of one character of a pattern."""
    if code is op.ANY:
        breaks = frozenset() if flags & _DOTALL else frozenset("\n")
        return CharacterTest(members=breaks, negated=True)
    if code is not op.IN:
        argument = [(op.LITERAL, argument)]
    members: set[str] = set()
    ranges: list[tuple[int, int]] = []
    categories: list[str] = []
    without: list[str] = []
    negated = code is op.NOT_LITERAL
    for kind, value in argument:
        if kind is op.NEGATE:
            negated = True
        elif kind is op.LITERAL:
            members.add(chr(value))
        elif kind is op.RANGE:
            ranges.append(value)
        else:
            name, is_negated = _CATEGORIES[value]
            (without if is_negated else categories).append(name)
    if flags & _IGNORECASE:
        members, ranges = _any_case(members, ranges)
    return CharacterTest(
        frozenset(members), tuple(ranges), tuple(categories), tuple(without), negated
    )


_LARGE_RANGE = 600
_UNCASED = (0x2E80, 0xA63F)
"""CJK and its neighbours: no letter from here to there has another case."""


def _any_case(
    members: set[str], ranges: list[tuple[int, int]]
) -> tuple[set[str], list[tuple[int, int]]]:
    """Members and ranges with the other cases of their letters."""
    found = {form for each in members for form in case_forms(each)}
    kept = []
    for low, high in ranges:
        if _UNCASED[0] <= low and high <= _UNCASED[1]:
            kept.append((low, high))
        elif high - low <= _LARGE_RANGE:
            found |= {f for code in range(low, high + 1) for f in case_forms(chr(code))}
        else:
            raise NotExpressibleError
    return found, kept
