"""Semantics: types, truth and operators of the language, on lowered expressions."""

from __future__ import annotations

import unicodedata

from copylab.template.expression import (
    NUMERIC,
    TEXTUAL,
    Compare,
    Const,
    Expression,
    Logic,
    Not,
)

OPERATORS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "notin",
}
"""Jinja's names of comparisons, and how the language writes them."""
_UNSENDABLE = frozenset(("Cc", "Cs"))
_ORDER = frozenset(("<", "<=", ">", ">="))
_TIMES = frozenset(("date", "datetime"))


def first_unsendable(text: str) -> str:
    """The first control character or half of a pair in a literal, or an empty text."""
    found = (c for c in text if c != "\n" and unicodedata.category(c) in _UNSENDABLE)
    return next(found, "")


def printable(expression: Expression) -> bool:
    """Whether a value of this type can be printed as it is."""
    return expression.type not in {"bool", "list", "datetime", "tuple"}


def cannot_print(expression: Expression) -> str:
    """Why not, and what to do."""
    if expression.type == "datetime":
        return "a datetime prints with a filter: | date or | time"
    if expression.type == "bool":
        return "true or false is for conditions, not for printing"
    return "a list is for loops, not for printing"


def merge_types(one: str, other: str) -> str | None:
    """The type of a value that is of one type or of another, or None."""
    if one == other:
        return one
    if one in TEXTUAL and other in TEXTUAL:
        return "text"
    return "decimal" if {one, other} == {"int", "decimal"} else None


def negate(expression: Expression) -> Expression:
    """The negation of a condition."""
    if isinstance(expression, Const):
        return Const(not expression.value, "bool")
    return expression.operand if isinstance(expression, Not) else Not(expression)


def one_of(op: str, left: Expression, items: Expression) -> Expression:
    """A list of literals written out, so that each of them is decided by itself."""
    assert isinstance(items, Const)
    assert isinstance(items.value, tuple)
    found: Expression | None = None
    for value in items.value:
        kind = "text" if isinstance(value, str) else left.type
        link = Compare("==", left, Const(value, kind))
        found = link if found is None else Logic("or", found, link)
    found = found or Const(False, "bool")  # noqa: FBT003 - a literal of the language
    return found if op == "in" else negate(found)


def comparison_problem(op: str, left: Expression, right: Expression) -> str | None:
    """What is wrong with comparing two values, or None."""
    one, other = left.type, right.type
    if op in {"in", "notin"}:
        if other == "tuple":
            return _items_problem(one, right)
        ok = one in TEXTUAL and other in TEXTUAL
        return None if ok else f"'in' needs a text or a list, not {other}"
    if one in NUMERIC and other in NUMERIC:
        return None
    same = one == other and one in _TIMES
    if op in _ORDER:
        return None if same else f"{one} and {other} have no order"
    same = same or (one in TEXTUAL and other in TEXTUAL) or one == other == "bool"
    return None if same else f"{one} is never equal to {other}"


def _items_problem(one: str, items: Expression) -> str | None:
    """What is wrong with looking for a value of a type in a list of literals."""
    values = items.value if isinstance(items, Const) else ()
    assert isinstance(values, tuple)
    for value in values:
        fits = (
            one in TEXTUAL
            if isinstance(value, str)
            else one == "bool"
            if isinstance(value, bool)
            else one in NUMERIC
        )
        if not fits:
            return f"{one} is never equal to {value!r}"
    return None


def compare(op: str, left: object, right: object) -> bool:
    """Python's comparison of two values, by the operator's name in the language."""
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "in":
            return left in right  # type: ignore[operator]
        case "notin":
            return left not in right  # type: ignore[operator]
        case "<":
            return left < right  # type: ignore[operator, no-any-return]
        case "<=":
            return left <= right  # type: ignore[operator, no-any-return]
        case ">":
            return left > right  # type: ignore[operator, no-any-return]
        case _:
            return left >= right  # type: ignore[operator, no-any-return]


def arithmetic(op: str, left: object, right: object) -> int:
    """The sum or the difference of two whole numbers."""
    assert isinstance(left, int)
    assert isinstance(right, int)
    return left + right if op == "+" else left - right


def plain_number(number: object) -> str:
    """A number as it prints without a filter: all its decimals, no grouping."""
    return str(number) if isinstance(number, int) else format(number, "f")
