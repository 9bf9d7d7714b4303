"""Implied conditions: what is decided by bounds and by what is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.message.charsets import in_charset
from copylab.message.values import MISSING, reader
from copylab.template.expression import NUMERIC, Compare, Const, Expression, Var
from copylab.template.scope import number_domain, time_domain

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from copylab.message.model import Variable
    from copylab.template.choices import Cell, State
    from copylab.template.scope import Scope

    Interval = tuple[Decimal, Decimal] | tuple[datetime, datetime]

_TEXTS = frozenset(("text", "person_name"))
_TIMES = frozenset(("date", "datetime"))


def implied(condition: Expression, state: State, scope: Scope) -> bool | None:
    """Whether a condition holds, as far as bounds and other conditions decide it."""
    if not isinstance(condition, Compare):
        return None
    op, left, right = condition.op, condition.left, condition.right
    if op in {"==", "in"}:
        one, other = _known(left, state), _known(right, state)
        if one is not None and other is not None:
            return one == other if op == "==" else str(one) in str(other)
        if op == "==" and _have_no_word_in_common(left, right, state, scope):
            return False
    if op in {"<", ">", "=="}:
        return _by_intervals(op, left, right, state, scope)
    return None


def _known(expression: Expression, state: State) -> object:
    """The one value that a text or a truth can have, or None."""
    if isinstance(expression, Const):
        return expression.value
    if not isinstance(expression, Var):
        return None
    cell = state.get(expression if expression.type == "bool" else expression.name)
    if isinstance(cell, frozenset):
        return next(iter(cell)) if len(cell) == 1 else None
    return cell if isinstance(cell, bool) else None


def _have_no_word_in_common(
    left: Expression, right: Expression, state: State, scope: Scope
) -> bool:
    """Whether two enums can never be equal."""
    words = []
    for side in (left, right):
        if not isinstance(side, Var) or side.type != "enum":
            return False
        cell = state.get(side.name)
        known = cell if isinstance(cell, frozenset) else None
        words.append(known or frozenset(scope.variables[side.name].values))
    return not words[0] & words[1]


def _by_intervals(
    op: str, left: Expression, right: Expression, state: State, scope: Scope
) -> bool | None:
    one, other = _interval(left, state, scope), _interval(right, state, scope)
    if one is None or other is None or type(one[0]) is not type(other[0]):
        return None
    if op == ">":
        one, other = other, one
    if op == "==":
        apart = one[1] < other[0] or other[1] < one[0]  # type: ignore[operator]
        return False if apart else None
    if one[1] < other[0]:  # type: ignore[operator]
        return True
    return False if one[0] >= other[1] else None  # type: ignore[operator]


def _interval(expression: Expression, state: State, scope: Scope) -> Interval | None:
    if not isinstance(expression, Var):
        return None
    variable = scope.variables.get(expression.name)
    if variable is None:
        return None
    if expression.type in NUMERIC:
        cell = state.get(expression.name)
        if isinstance(cell, tuple):
            return cell
        domain = number_domain(variable)
        return None if domain is None else (domain.low, domain.high)
    times = time_domain(variable) if expression.type in _TIMES else None
    return None if times is None else (times.low, times.high)


def text_equality(condition: Expression, scope: Scope) -> tuple[str, str] | None:
    """The variable and the text of a condition that says a text is a literal."""
    match condition:
        case Compare(op="==", left=Var() as left, right=Const(value=str() as text)):
            if left.type in _TEXTS and left.name in scope.variables:
                return left.name, text
    return None


def can_equal(name: str, text: str, state: State, scope: Scope) -> bool:
    """Whether a text variable can be a literal, given its bounds and what is known."""
    variable = scope.variables[name]
    if text and not _is_in_bounds(variable, text):
        return False
    return all(_agrees(key, cell, name, text) for key, cell in state.cells.items())


def can_hold(condition: Expression, state: State, scope: Scope) -> bool:
    """Whether a text can hold a literal besides what it is known to hold.

    It cannot if the literal is outside of its charset, or if all of them together need
    more different characters than the text has room for.
    """
    asked = _part_of(condition, scope)
    if asked is None:
        return True
    name, part = asked
    variable = scope.variables[name]
    # In charset any, what stands beside a character decides whether it may be there.
    plain = variable.charset != "any" and not variable.multiline
    if plain and not in_charset(part, variable.charset):
        return part in str(variable.missing.at(scope.locale)[1])
    needed = set(part)
    for key, cell in state.cells.items():
        known = _part_of(key, scope) if cell is True else None
        if known is not None and known[0] == name:
            needed |= set(known[1])
    return len(needed) <= (variable.max_length or len(needed))


def _part_of(condition: object, scope: Scope) -> tuple[str, str] | None:
    """The text variable and the literal of a condition that the one holds the other."""
    match condition:
        case Compare(op="in", left=Const(value=str() as part), right=Var() as right):
            if right.type in _TEXTS and right.name in scope.variables:
                return right.name, part
    return None


def _agrees(key: object, cell: Cell, name: str, text: str) -> bool:
    """Whether a known condition is as it would be of a text."""
    match key:
        case Compare(op="==", left=Var(name=other), right=Const(value=str() as said)):
            return other != name or cell is (text == said)
        case Compare(op="in", left=Const(value=str() as part), right=Var(name=other)):
            return other != name or cell is (part in text)
    return True


def _is_in_bounds(variable: Variable, text: str) -> bool:
    return reader(variable)(text) is not MISSING
