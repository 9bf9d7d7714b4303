"""Tags, comments and text of an HTML or MJML source, with their places.

This is a scanner and not a parser: it repairs nothing, so that what is written can be
judged before a tool repairs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

PieceKind = Literal["open", "close", "comment", "text", "verbatim"]

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
     "source", "track", "wbr"}
)  # fmt: skip
VERBATIM = frozenset({"style", "script", "title", "textarea"})

_MARKUP = re.compile(
    r"(?P<comment><!--.*?-->|<!\[CDATA\[.*?\]\]>|<![a-z][^>]*+>|<\?.*?\?>)"
    r"|</(?P<close>[a-z][\w:-]*+)\s*+>"
    r"|<(?P<open>[a-z][\w:-]*+)(?P<attributes>(?:[^\"'>]|\"[^\"]*\"|'[^']*')*+)>",
    re.DOTALL | re.IGNORECASE,
)
_MAX_MISSES = 500
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_ATTRIBUTE = re.compile(
    r"(?:^|(?<=[\s\"'/]))([^\s\"'=/]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')"
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute whose value is quoted.

    Attributes:
        name: Its name as written.
        value: What stands between the quotes.
        start: Where it starts in the source, in code points.
    """

    name: str
    value: str
    start: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the source.

    Attributes:
        kind: `open` and `close` tags, `comment` (declarations too), `text`, and
            `verbatim` for the content of style, script, title and textarea.
        text: The piece as written.
        start: Where it starts, in code points.
        name: The tag's name in lower case; empty for others.
        attributes: What stands between a tag's name and its end.
    """

    kind: PieceKind
    text: str
    start: int
    name: str = ""
    attributes: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether an open tag has no content: `<br>` or `<x />`."""
        return self.name in VOID or self.attributes.endswith("/")

    def quoted_attributes(self) -> dict[str, str]:
        """The attributes whose values are quoted, by lower-case name."""
        return {each.name.lower(): each.value for each in self.attribute_list()}

    def attribute_list(self) -> list[Attribute]:
        """The attributes whose values are quoted, in order."""
        offset = self.start + 1 + len(self.name)
        return [
            Attribute(found[1], found[2] or found[3] or "", offset + found.start())
            for found in _ATTRIBUTE.finditer(self.attributes)
        ]

    def loose_attribute(self) -> str:
        """The first attribute without a quoted value, or that is given twice."""
        rest = _ATTRIBUTE.sub("", self.attributes).strip().removesuffix("/").split()
        names = [each.name for each in self.attribute_list()]
        twice = [name for index, name in enumerate(names) if name in names[:index]]
        return next(iter([*rest, *twice]), "")

    def unquoted(self) -> str:
        """The attributes without their quoted values."""
        return re.sub(r"\"[^\"]*\"|'[^']*'", "", self.attributes)


def scan(source: str) -> Iterator[Piece]:
    """The pieces of `source` in order; joined they are the source.

    Where many signs in a row begin nothing, the rest counts as text: each of them would
    be looked for to the end of the source.
    """
    position = 0
    while position < len(source):
        match = _find(source, position)
        start = match.start() if match else len(source)
        if start > position:
            yield Piece("text", source[position:start], position)
        if match is None:
            return
        piece = _piece(match)
        yield piece
        position = match.end()
        if piece.kind == "open" and piece.name in VERBATIM and not piece.is_closed:
            end = re.compile(rf"</{piece.name}\b", re.IGNORECASE).search(
                source, position
            )
            stop = end.start() if end else len(source)
            if stop > position:
                yield Piece("verbatim", source[position:stop], position)
            position = stop


def _find(source: str, position: int) -> re.Match[str] | None:
    """The next tag or comment, or None."""
    for _ in range(_MAX_MISSES):
        start = source.find("<", position)
        if start < 0:
            return None
        begins = source[start : start + 9]
        end = next((end for sign, end in _ENDS.items() if begins.startswith(sign)), ">")
        # Looking for the end first is quick where there is none.
        match = _MARKUP.match(source, start) if source.find(end, start) > 0 else None
        if match is not None:
            return match
        position = start + 1
    return None


def _piece(match: re.Match[str]) -> Piece:
    """The tag or comment that was found."""
    text, start = match[0], match.start()
    if match["comment"]:
        return Piece("comment", text, start)
    if match["close"]:
        return Piece("close", text, start, match["close"].lower())
    return Piece("open", text, start, match["open"].lower(), match["attributes"])
