"""Where in a layout's markup values stand: in which element, in which attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from copylab.lint.anchors import tree_of
from copylab.lint.html_view import Text
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.field import Field, Written
    from copylab.lint.html_view import Element


class ValuePlace(NamedTuple):
    """Where a value stands.

    Attributes:
        element: The name of the element.
        attribute: The name of the attribute, or an empty text for its content.
    """

    element: str
    attribute: str


class Value(NamedTuple):
    """A value that is printed.

    Attributes:
        start: Where it stands in the words.
        leaf: The hole.
    """

    start: int
    leaf: Hole


def value_places(item: Field) -> Iterator[tuple[Written, Value, ValuePlace]]:
    """The values of a layout's HTML part in attributes, style sheets and scripts.

    Values in plain text are not among them.
    """
    if "value places" not in item.kept:
        item.kept["value places"] = list(_find(item))
    yield from item.kept["value places"]


def _find(item: Field) -> Iterator[tuple[Written, Value, ValuePlace]]:
    told: set[int] = set()
    for written in item.written:
        for element in tree_of(written).elements():
            for start, end, attribute in _stretches(element):
                for piece in written.skeleton.pieces_in(start, end):
                    if isinstance(piece.leaf, Hole) and id(piece.leaf) not in told:
                        told.add(id(piece.leaf))
                        place = ValuePlace(element.name, attribute)
                        yield written, Value(piece.start, piece.leaf), place


def _stretches(element: Element) -> Iterator[tuple[int, int, str]]:
    for name, attribute in element.attributes.items():
        yield attribute.start, attribute.end, name
    if element.name in {"style", "mj-style", "script"}:
        for child in element.children:
            if isinstance(child, Text):
                yield child.start, child.start + len(child.text), ""
