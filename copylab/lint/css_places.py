"""Values that a layout's compilation writes into styles.

Attributes of MJML such as `color` and `padding` become declarations. Which do is not
listed here: the layout is compiled, and its tokens are looked for in what comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.errors import CopylabError
from copylab.lint.html_view import Text, parse_html
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Pattern

    from copylab.channels.layout import LayoutKind
    from copylab.lint.field import Field, Written
    from copylab.lint.html_view import Element, View
    from copylab.lint.skeletons import Piece

_MJML = ".mjml"
_VIEWS: tuple[View, ...] = ("usual", "outlook")


def values_in_styles(item: Field) -> Iterator[tuple[Written, Piece]]:
    """The values of a layout's HTML part that stand in a style when it is sent.

    Args:
        item: The part, as it is written.
    """
    if "values in styles" not in item.kept:
        item.kept["values in styles"] = list(_find(item))
    yield from item.kept["values in styles"]


def _find(item: Field) -> Iterator[tuple[Written, Piece]]:
    offsets = _offsets(item)
    told: set[int] = set()
    for written in item.written if offsets else ():
        for piece in written.skeleton.pieces:
            place = piece.place
            if (
                isinstance(piece.leaf, Hole)
                and id(piece.leaf) not in told
                and place.passage.source.name == item.file
                and place.passage.offset(place.start) in offsets
            ):
                told.add(id(piece.leaf))
                yield written, piece


def _offsets(item: Field) -> frozenset[int]:
    """Where in the file the tokens stand that end up in a style."""
    from copylab.channels.layout import compile_protected  # noqa: PLC0415 - e-mail only
    from copylab.channels.layout_tokens import protect  # noqa: PLC0415 - as above

    source = item.template.passage.source
    protected = protect(source.text, source.name)
    kind: LayoutKind = "mjml" if source.name.endswith(_MJML) else "html"
    try:
        compiled = compile_protected(protected, kind)
    except CopylabError:
        return frozenset()  # that it cannot be compiled is told already
    words = {
        word
        for view in _VIEWS
        for element in parse_html(compiled, view).elements()
        for word in _words_in_style(element, protected.word)
    }
    return frozenset(protected.tokens[word].offset for word in words)


def _words_in_style(element: Element, word: Pattern[str]) -> Iterator[str]:
    yield from word.findall(element.get("style"))
    if element.name == "style":
        for child in element.children:
            if isinstance(child, Text):
                yield from word.findall(child.text)
