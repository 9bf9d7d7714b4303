"""Names: what they mean at a point of a template, and where nodes stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import nodes

from copylab.template.expression import Expression, Unknown, children

if TYPE_CHECKING:
    from copylab.findings import Finding
    from copylab.message.model import Variable
    from copylab.source import Span
    from copylab.template.scope import Scope
    from copylab.template.shape import Place

MAX_NODES = 2000
"""The largest expression that is read, ``set`` substituted."""
MAX_DEPTH = 100
"""How many expressions may stand inside each other, ``set`` substituted."""
_LITERAL = re.compile(
    r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[0-9][0-9A-Za-z_.+-]*", re.DOTALL
)


class TooComplexError(Exception):
    """A template that is too large to be read; becomes a finding at its place."""

    def __init__(self, message: str, cure: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.span = span


@dataclass(slots=True)
class Names:
    """What names mean at a point of a template.

    Attributes:
        scope: The surroundings.
        assigned: What ``set`` gave a name, as an expression.
        loops: Loop variables and the lists they run over.
        findings: Where what is wrong is collected.
        used: Every declared variable that was referred to.
        sizes: By identity, expressions with their nodes and their depth.
        unknown: How many values and conditions could not be read.
    """

    scope: Scope
    assigned: dict[str, Expression]
    loops: dict[str, Variable]
    findings: list[Finding]
    used: set[str] = field(default_factory=set)
    sizes: dict[int, tuple[Expression, int, int]] = field(default_factory=dict)
    unknown: int = 0

    def make_unknown(self) -> Unknown:
        """What stands for a value or a condition that could not be read."""
        self.unknown += 1
        return Unknown(self.unknown)

    def size(self, expression: Expression) -> tuple[int, int]:
        """How many nodes an expression has, and how deep it is."""
        known = self.sizes.get(id(expression))
        if known is None:
            inner = [self.size(child) for child in children(expression)]
            count = 1 + sum(nodes for nodes, _ in inner)
            depth = 1 + max((depth for _, depth in inner), default=0)
            # The expression is kept, so that its identity is not given away.
            known = self.sizes[id(expression)] = (expression, count, depth)
        return known[1], known[2]

    def is_too_large(self, expression: Expression) -> bool:
        """Whether an expression is too large to be read."""
        count, depth = self.size(expression)
        return count > MAX_NODES or depth > MAX_DEPTH

    def is_fixed(self, name: str) -> bool:
        """Whether a template cannot give a name another meaning."""
        scope = self.scope
        fixed = name in {"brand", "loop"}
        return fixed or name in scope.given or name in scope.constants


def span_of(node: nodes.Node, place: Place) -> Span:
    """The span of a name, an attribute, a filter or a literal; else of its tag.

    Args:
        node: A node of Jinja's tree.
        place: The tag it stands in.
    """
    text, offset = place.passage.text, getattr(node.lineno, "offset", None)
    if offset is None:
        return place.span
    start = end = offset
    match node:
        case nodes.Name() | nodes.Filter():
            end = start + len(node.name)
        case nodes.Getattr():  # its own offset is that of the point
            end = text.find(node.attr, offset) + len(node.attr)
            if isinstance(node.node, nodes.Name):
                start = getattr(node.node.lineno, "offset", offset)
        case nodes.Const():
            literal = _LITERAL.match(text, offset)
            end = literal.end() if literal else end
    inside = place.start <= start < end <= place.end
    return place.passage.span(start, end) if inside else place.span
