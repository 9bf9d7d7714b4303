"""Markdown bodies as they are sent: HTML and text of the author's words.

Each value is one private character of its own, so that what becomes of it is known
without looking for it again: which link, which code, which heading it ends up in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from copylab.lint.html_view import parse_html
from copylab.template.shape import Lit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.field import Written
    from copylab.lint.html_view import Tree
    from copylab.lint.skeletons import Piece

_FIRST, _LAST = 0xF0000, 0xFFFFD
"""A plane of private use, one character for each value."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body read as Markdown.

    Attributes:
        html: Its HTML.
        text: Its plain text.
        tree: The HTML as a tree.
        values: The pieces that print values, by their numbers.
    """

    html: str
    text: str
    tree: Tree
    values: tuple[Piece, ...]

    def values_in(self, text: str) -> Iterator[Piece]:
        """The values that stand in a piece of the HTML, encoded or not."""
        for character in unquote(text):
            number = ord(character) - _FIRST
            if 0 <= number < len(self.values):
                yield self.values[number]


def body_of(written: Written) -> Body:
    """The words of an e-mail's body as they are sent, worked out once."""
    if "body" not in written.kept:
        written.kept["body"] = _read(written)
    found: Body = written.kept["body"]
    return found


def _read(written: Written) -> Body:
    from copylab.channels.markdown import render_body  # noqa: PLC0415 - e-mail only

    values: list[Piece] = []
    parts: list[str] = []
    for piece in written.skeleton.pieces:
        if isinstance(piece.leaf, Lit):
            parts.append(_without_private(piece.text))
        elif _FIRST + len(values) <= _LAST:
            parts.append(chr(_FIRST + len(values)))
            values.append(piece)
    html, text = render_body("".join(parts).strip())
    return Body(html, text, parse_html(html), tuple(values))


def _without_private(text: str) -> str:
    """The author's words; their own private characters are told of elsewhere."""
    if text.isascii() or max(text) < chr(_FIRST):
        return text
    return "".join("?" if ord(c) >= _FIRST else c for c in text)


def value_mark(number: int) -> str:
    """The character that stands for a value, by its number."""
    return chr(_FIRST + number)
