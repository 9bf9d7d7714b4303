"""Values of a short message that are addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.template.shape import Hole

if TYPE_CHECKING:
    from copylab.lint.field import Field


def is_url_value(leaf: object) -> bool:
    """Whether a leaf prints an address that comes out of a variable."""
    return isinstance(leaf, Hole) and leaf.expression.type == "url"


def has_url_values(item: Field) -> bool:
    """Whether any branch prints an address that comes out of a variable."""
    variables = item.template.scope.variables
    used = item.template.lowered.used
    return any(variables[name].type == "url" for name in used if name in variables)
