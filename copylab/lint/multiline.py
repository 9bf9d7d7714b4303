"""Multiline values: where a text with line breaks is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.template.expression import variables_in
from copylab.template.shape import Hole, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.case import Field


def multiline_holes(item: Field) -> Iterator[tuple[str, Hole]]:
    """The places in a field where a multiline variable is printed, with its name."""
    variables = item.template.scope.variables
    for node in walk(item.shape):
        if isinstance(node, Hole):
            for name in sorted(variables_in(node.expression)):
                if name in variables and variables[name].multiline:
                    yield name, node
