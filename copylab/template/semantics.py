"""Semantics: types, truth and operators of the language, on lowered expressions."""

from __future__ import annotations

from copylab.template.expression import TEXTUAL, Const, Expression, Not


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
