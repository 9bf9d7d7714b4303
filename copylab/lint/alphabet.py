"""What the values at a place can be made of, as far as rules on places need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.template.choices import START
from copylab.template.domains import range_of
from copylab.template.expression import Var
from copylab.template.ranges import Letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.template.expression import Expression
    from copylab.template.ranges import Range
    from copylab.template.scope import Scope

UNKNOWN = "unknown"
"""The type of what could not be read."""


def values_of(expression: Expression, scope: Scope) -> Range | None:
    """What an expression prints; None where it is a layout's body or subject."""
    if isinstance(expression, Var) and expression.name in scope.given:
        return None
    return range_of(expression, scope, START)


def consists_of(
    expression: Expression, scope: Scope, is_allowed: Callable[[str], bool]
) -> bool:
    """Whether everything an expression can print passes a test, piece by piece.

    Args:
        expression: What is printed.
        scope: What its names mean.
        is_allowed: The test, which a text passes if each of its characters does.
    """
    if expression.type == UNKNOWN:
        return True  # that it could not be read is told already
    values = values_of(expression, scope)
    if values is None:
        return False
    if isinstance(values, Letters):
        pieces = [piece for _, piece in values.alphabet]
        return all(map(is_allowed, (values.prefix, values.suffix, *pieces)))
    return all(is_allowed(text) for _, text in values.choices)


def can_be_empty(expression: Expression, scope: Scope) -> bool:
    """Whether an expression can print nothing."""
    values = values_of(expression, scope)
    return values is not None and not values.shortest()
