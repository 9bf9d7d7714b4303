"""Compared: the constants at which the conditions of copy turn.

They are what somebody tries who wants to see every branch: the numbers on either side
of which the words differ, and the texts that the words ask for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.template.expression import (
    NUMERIC,
    Arithmetic,
    Compare,
    Const,
    Expression,
    Var,
    children,
)
from copylab.template.shape import Alt, Hole, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.template.shape import Shape


def compared_constants(shape: Shape) -> Mapping[str, frozenset[object]]:
    """By variable, the constants that conditions and printed choices compare it with.

    Numbers are ``Decimal``, each where the comparison turns for the variable itself:
    ``days + 1 > 30`` gives 29 for ``days``. Other constants are as copy has them.
    """
    found: dict[str, set[object]] = {}
    for node in walk(shape):
        expressions: list[Expression] = []
        if isinstance(node, Hole):
            expressions = [node.expression]
        elif isinstance(node, Alt):
            expressions = [guard for guard, _ in node.arms if guard is not None]
        for expression in expressions:
            for name, constant in _comparisons(expression):
                found.setdefault(name, set()).add(constant)
    return {name: frozenset(constants) for name, constants in found.items()}


def _comparisons(expression: Expression) -> Iterator[tuple[str, object]]:
    """The pairs of a variable and a constant in an expression."""
    stack = [expression]
    while stack:
        node = stack.pop()
        stack.extend(children(node))
        if not isinstance(node, Compare):
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, Const):
                yield from _turns(other, one.value)


def _turns(side: Expression, constant: object) -> Iterator[tuple[str, object]]:
    """Where a comparison with a constant turns, or with each of several."""
    if isinstance(constant, tuple):
        for item in constant:
            yield from _turns(side, item)
        return
    moved = Decimal(0)
    while isinstance(side, Arithmetic):
        left, right = side.left, side.right
        if isinstance(right, Const) and isinstance(right.value, int):
            moved += right.value if side.op == "+" else -right.value
            side = left
        elif isinstance(left, Const) and isinstance(left.value, int):
            if side.op == "-":
                return  # the constant less the variable: rare, and no copy says it
            moved += left.value
            side = right
        else:
            return
    if not isinstance(side, Var):
        return
    if side.type not in NUMERIC:
        yield side.name, constant
    elif isinstance(constant, int | Decimal) and not isinstance(constant, bool):
        yield side.name, Decimal(constant) - moved
