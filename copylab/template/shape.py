"""Shape: a template as a regular expression whose leaves know their places.

A template lowers to literals, holes, sequences, alternatives and repetitions. What
is proved about a message is proved over its shape, and what is sent is rendered from
the same shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.template.expression import variables_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.message.model import Passage
    from copylab.source import Span
    from copylab.template.expression import Expression


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a passage.

    Attributes:
        passage: The passage.
        start: Where it starts in the passage's text.
        end: Where it ends.
        exact: Whether what is printed stands there character by character; else it
            comes out of the tag as a whole.
    """

    passage: Passage
    start: int
    end: int
    exact: bool = True

    @property
    def span(self) -> Span:
        """Where it stands in the file."""
        return self.passage.span(self.start, self.end)

    def part(self, start: int, end: int) -> Span:
        """The span of the characters ``start`` to ``end`` of what is printed."""
        if not self.exact:
            return self.span
        return self.passage.span(self.start + start, self.start + end)


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """Words that the author wrote; where exact, every character at its own place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """A place where the value of an expression is printed.

    Attributes:
        expression: What is printed.
        escape: The name of the escape of its destination.
        place: The tag.
    """

    expression: Expression
    escape: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Seq:
    """One part after the other."""

    parts: tuple[Shape, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Alt:
    """The first arm whose guard holds; the last arm's guard is None: otherwise.

    Attributes:
        arms: Guards and what they lead to.
        place: The tag that opens the choice.
    """

    arms: tuple[tuple[Expression | None, Shape], ...]
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Rep:
    """A loop over the items of a bounded list.

    Attributes:
        variable: The name of the list.
        body: What is printed for each item.
        low: The fewest items.
        high: The most items.
        place: The tag that opens the loop.
    """

    variable: str
    body: Shape
    low: int
    high: int
    place: Place


Shape = Lit | Hole | Seq | Alt | Rep
EMPTY = Seq(())


def walk(shape: Shape) -> Iterator[Shape]:
    """The shape and every shape inside it, in the order of the text."""
    stack = [shape]
    while stack:
        node = stack.pop()
        yield node
        match node:
            case Seq():
                stack.extend(reversed(node.parts))
            case Alt():
                stack.extend(arm for _, arm in reversed(node.arms))
            case Rep():
                stack.append(node.body)
            case _:
                pass


def shape_variables(shape: Shape) -> frozenset[str]:
    """The declared variables that a shape refers to, in any branch."""
    names: set[str] = set()
    for node in walk(shape):
        match node:
            case Hole():
                names |= variables_in(node.expression)
            case Alt():
                for guard, _ in node.arms:
                    names |= variables_in(guard) if guard is not None else set()
            case Rep():
                names.add(node.variable)
            case _:
                pass
    return frozenset(names)
