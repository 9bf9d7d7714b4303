"""Choices: what is known of the variables along one way through a template.

Conditions are decided over cells: the words an enum can still be, the interval a
number lies in, whether something else holds. A condition that is not decided yet
splits a cell. Equal conditions are one choice, and conditions on one variable
exclude each other where they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from copylab.template.expression import (
    NUMERIC,
    Arithmetic,
    Compare,
    Cond,
    Const,
    Expression,
    Logic,
    Not,
    Unknown,
    Var,
    describe,
)
from copylab.template.implied import can_equal, can_hold, implied, text_equality
from copylab.template.scope import number_domain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.template.scope import Scope

Words = frozenset[str]
Interval = tuple[Decimal, Decimal]
Cell = Words | Interval | bool

_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_NEGATED = {"!=": "==", "notin": "in", ">=": "<", "<=": ">"}


@dataclass(frozen=True, slots=True)
class State:
    """What is known: by variable or condition, the cell that is left of it."""

    cells: Mapping[object, Cell]

    def get(self, key: object) -> Cell | None:
        """The cell of a variable's name or of a condition."""
        return self.cells.get(key)

    def put(self, key: object, cell: Cell) -> State:
        """The state with one cell replaced."""
        return State({**self.cells, key: cell})


START = State({})


@dataclass(frozen=True, slots=True)
class EnumTest:
    """Whether an enum is one of some words."""

    name: str
    words: Words


@dataclass(frozen=True, slots=True)
class NumberTest:
    """Whether a number is ``<``, ``>`` or ``==`` a constant."""

    name: str
    op: str
    constant: Decimal


@dataclass(frozen=True, slots=True)
class Opaque:
    """A condition that is a choice of its own."""

    condition: Expression


Atom = EnumTest | NumberTest | Opaque


def decide(guard: Expression, state: State, scope: Scope) -> bool | Atom:
    """Whether a guard holds, or the first atom that has to be known first."""
    match guard:
        case Const():
            return bool(guard.value)
        case Not():
            inner = decide(guard.operand, state, scope)
            return not inner if isinstance(inner, bool) else inner
        case Logic():
            left = decide(guard.left, state, scope)
            stops = guard.op == "or"
            if left is stops:
                return stops
            right = decide(guard.right, state, scope)
            if right is stops or isinstance(left, bool):
                return right
            return left
        case Cond():
            test = decide(guard.test, state, scope)
            if not isinstance(test, bool):
                return test
            return decide(guard.yes if test else guard.no, state, scope)
        case _:
            negated, atom = _atom(guard, scope)
            held = _holds(atom, state, scope)
            return atom if held is None else held is not negated


def _atom(guard: Expression, scope: Scope) -> tuple[bool, Atom]:
    """The atom of a condition, and whether the condition is its negation."""
    if not isinstance(guard, Compare):
        return False, Opaque(guard)
    op, left, right = guard.op, guard.left, guard.right
    if op in {"in", "notin"} and isinstance(left, Const):
        inside = _inside_enum(left, right, scope)
        return (op == "notin", inside or Opaque(Compare("in", left, right)))
    if isinstance(left, Const) and op in _FLIPPED:
        op, left, right = _FLIPPED[op], right, left
    negated = op in _NEGATED
    op = _NEGATED.get(op, op)
    enum = _enum_test(op, left, right, scope)
    number = _number_test(op, left, right, scope)
    if enum or number:
        return negated, enum or number  # type: ignore[return-value]
    if op in _FLIPPED and not isinstance(right, Const) and repr(right) < repr(left):
        op, left, right = _FLIPPED[op], right, left
    return negated, Opaque(Compare(op, left, right))


def _inside_enum(left: Const, right: Expression, scope: Scope) -> EnumTest | None:
    """The test whether a text is a part of an enum's word."""
    if not (isinstance(right, Var) and right.type == "enum"):
        return None
    values = scope.variables[right.name].values
    held = (word for word in values if str(left.value) in word)
    return EnumTest(right.name, frozenset(held))


def _enum_test(
    op: str, left: Expression, right: Expression, scope: Scope
) -> EnumTest | None:
    if not (isinstance(left, Var) and left.type == "enum" and isinstance(right, Const)):
        return None
    values = scope.variables[left.name].values
    if op == "==":
        return EnumTest(left.name, frozenset((str(right.value),)))
    if op == "in" and isinstance(right.value, tuple):
        return EnumTest(left.name, frozenset(map(str, right.value)))
    if op == "in":
        held = (word for word in values if word in str(right.value))
        return EnumTest(left.name, frozenset(held))
    return None


def _number_test(
    op: str, left: Expression, right: Expression, scope: Scope
) -> NumberTest | None:
    shift = 0
    if isinstance(left, Arithmetic) and isinstance(left.right, Const):
        assert isinstance(left.right.value, int)
        shift = left.right.value if left.op == "+" else -left.right.value
        left = left.left
    if not (
        isinstance(left, Var) and left.type in NUMERIC and isinstance(right, Const)
    ):
        return None
    variable = scope.variables.get(left.name)
    if variable is None or number_domain(variable) is None:
        return None
    if isinstance(right.value, bool) or not isinstance(right.value, int | Decimal):
        return None
    return NumberTest(left.name, op, Decimal(right.value) - shift)


def _cell(name: str, state: State, scope: Scope) -> Interval:
    cell = state.get(name)
    if isinstance(cell, tuple):
        return cell
    domain = number_domain(scope.variables[name])
    assert domain is not None
    return domain.low, domain.high


def _words(name: str, state: State, scope: Scope) -> Words:
    cell = state.get(name)
    if isinstance(cell, frozenset):
        return cell
    return frozenset(scope.variables[name].values)


def _holds(atom: Atom, state: State, scope: Scope) -> bool | None:
    match atom:
        case EnumTest():
            words = _words(atom.name, state, scope)
            if words <= atom.words:
                return True
            return None if words & atom.words else False
        case NumberTest():
            parts = _partition(atom, state, scope)
            truths = {truth for truth, _ in parts}
            return truths.pop() if len(truths) == 1 else None
        case Opaque():
            cell = state.get(atom.condition)
            if isinstance(cell, bool):
                return cell
            return implied(atom.condition, state, scope)


def _partition(
    atom: NumberTest, state: State, scope: Scope
) -> list[tuple[bool, Interval]]:
    """The parts of a number's interval on which the test holds or does not."""
    low, high = _cell(atom.name, state, scope)
    step = Decimal(1).scaleb(-scope.variables[atom.name].decimals)
    floor = atom.constant.quantize(step, rounding=ROUND_FLOOR)
    ceiling = atom.constant.quantize(step, rounding=ROUND_CEILING)
    below = floor - step if floor == ceiling else floor
    above = ceiling + step if floor == ceiling else ceiling
    match atom.op:
        case "<":
            parts = [
                (True, (low, min(high, below))),
                (False, (max(low, ceiling), high)),
            ]
        case ">":
            parts = [(True, (max(low, above), high)), (False, (low, min(high, floor)))]
        case _:
            parts = [(False, (low, min(high, below))), (False, (max(low, above), high))]
            if floor == ceiling and low <= floor <= high:
                parts.insert(0, (True, (floor, floor)))
    return [(truth, (first, last)) for truth, (first, last) in parts if first <= last]


def split(atom: Atom, state: State, scope: Scope) -> list[State]:
    """The states in which the atom is decided; together they are the whole."""
    match atom:
        case EnumTest():
            words = _words(atom.name, state, scope)
            parts = [words & atom.words, words - atom.words]
            return [state.put(atom.name, part) for part in parts if part]
        case NumberTest():
            return [
                state.put(atom.name, interval)
                for _, interval in _partition(atom, state, scope)
            ]
        case Opaque():
            return _split_opaque(atom.condition, state, scope)


def _split_opaque(condition: Expression, state: State, scope: Scope) -> list[State]:
    """The condition held or not; a text that is a literal is known from then on."""
    held, failed = state.put(condition, cell=True), state.put(condition, cell=False)
    equality = text_equality(condition, scope)
    if equality is None:
        can = can_hold(condition, state, scope)
        return [held, failed] if can else [failed]
    name, text = equality
    if not can_equal(name, text, state, scope):
        return [failed]
    return [held.put(name, frozenset((text,))), failed]


def describe_state(state: State, scope: Scope) -> list[tuple[str, str]]:
    """The choices that a state stands for, as people would say them."""
    choices = []
    for key, cell in state.cells.items():
        if isinstance(key, str) and isinstance(cell, frozenset):
            declared = scope.variables[key].values
            if not declared:  # a text; its condition is told
                continue
            words = [word for word in declared if word in cell]
            choices.append((key, " or ".join(words)))
        elif isinstance(key, str) and isinstance(cell, tuple):
            low, high = cell
            choices.append((key, f"{low}" if low == high else f"{low} to {high}"))
        elif isinstance(cell, bool) and not isinstance(key, Unknown):
            assert not isinstance(key, str | frozenset | tuple)
            choices.append((describe(key), "true" if cell else "false"))  # type: ignore[arg-type]
    return choices
