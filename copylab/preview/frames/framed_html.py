"""HTML of an e-mail for a frame in a page: it asks for nothing and leads nowhere.

The frame is sandboxed and inherits the page's policy, so nothing in it can run or
load in any case. What would try is taken out all the same: pictures become boxes with
their words, as readers show them who load none, and links say where they lead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

from copylab.lint.html_view import parse_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.html_view import Element, Tree

_LOADED = re.compile(r"url\(\s*(?P<quote>['\"]?)(?!data:)[^)]*\)", re.IGNORECASE)
_IMPORT = re.compile(r"@import\b[^;]*;?", re.IGNORECASE)
_DARK = re.compile(
    r"prefers-color-scheme\s*:\s*dark|color-scheme[\"']?\s*[:=>\s]+[^;>]*\bdark\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\d{1,4}")
_GONE = frozenset(("link", "base", "script", "iframe", "object", "embed"))
_SOURCES = ("src", "srcset", "background", "poster", "data", "ping", "action")
_HEAD = "<style>:where(a[data-to]){color:LinkText;text-decoration:underline}</style>"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    '<rect width="100%" height="100%" fill="#8b949e" fill-opacity=".18"/>'
    '<text x="50%" y="50%" fill="#6e7781" text-anchor="middle" '
    'dominant-baseline="central" font-family="sans-serif" font-size="{size}">{words}'
    "</text></svg>"
)
_USUAL_WIDTH, _USUAL_HEIGHT, _LARGEST_WORDS = 120, 48, 14


@dataclass(frozen=True, slots=True)
class FramedHtml:
    """HTML for a frame.

    Attributes:
        html: The document.
        pictures: How many pictures were not loaded.
        has_dark: Whether it has styles of its own for dark mode.
    """

    html: str
    pictures: int
    has_dark: bool


@dataclass(frozen=True, slots=True)
class _Edit:
    """What stands in place of a stretch of the HTML."""

    start: int
    end: int
    text: str


def frame_html(html: str) -> FramedHtml:
    """The HTML of an e-mail, to be shown in a frame.

    Args:
        html: The HTML part as it is sent.
    """
    tree = parse_html(html)
    edits = sorted(_edits(tree), key=lambda edit: (edit.start, edit.end))
    pieces, at = [], 0
    for edit in edits:
        if edit.start < at:
            continue  # inside of what another has replaced
        pieces += [html[at : edit.start], edit.text]
        at = edit.end
    text = "".join([*pieces, html[at:]])
    text = _IMPORT.sub("", _LOADED.sub("url(data:,)", text))
    pictures = sum(_is_remote(element) for element in tree.elements())
    return FramedHtml(_with_head(text), pictures, _DARK.search(html) is not None)


def _with_head(html: str) -> str:
    """The document with our style before all of its own."""
    found = re.search(r"<head[^>]*>", html, re.IGNORECASE)
    if found is None:
        return html
    return html[: found.end()] + _HEAD + html[found.end() :]


def _is_remote(element: Element) -> bool:
    is_picture = element.name == "img"
    return is_picture and not element.get("src").strip().lower().startswith("data:")


def _edits(tree: Tree) -> Iterator[_Edit]:
    for element in tree.elements():
        if element.name in _GONE:
            yield _Edit(element.start, element.end, "")
        elif element.name == "meta":
            if "http-equiv" in element.attributes:
                yield _Edit(element.start, element.end, "")
        elif element.name in {"a", "area"}:
            yield from _still(element, tree.text)
        elif _is_remote(element):
            yield from _box(element, tree.text)
        else:
            yield from _emptied(element)


def _still(element: Element, html: str) -> Iterator[_Edit]:
    """A link without its address, which is told where one points at it."""
    found = element.attributes.get("href")
    if found is None:
        return
    name = re.search(
        r"href\s*=\s*[\"']?$", html[element.start : found.start], re.IGNORECASE
    )
    if name is None:
        return
    start = element.start + name.start()
    opened = html[found.start - 1]
    is_quoted = opened in "\"'"
    end = found.end + is_quoted
    address = escape(unescape(found.value))
    yield _Edit(start, end, f'data-to="" title="{address}"')


def _box(element: Element, html: str) -> Iterator[_Edit]:
    """A picture as a box of its size with its words in it."""
    found = element.attributes.get("src")
    if found is not None and found.value:
        width = _size(element.get("width")) or _USUAL_WIDTH
        height = _size(element.get("height")) or _USUAL_HEIGHT
        words = escape(unescape(element.get("alt")))
        size = min(_LARGEST_WORDS, max(height * 2 // 3, 6))
        drawn = _PICTURE.format(width=width, height=height, size=size, words=words)
        source = "data:image/svg+xml," + quote(drawn)
        is_quoted = html[found.start - 1] in "\"'"
        yield _Edit(found.start, found.end, source if is_quoted else f'"{source}"')
    yield from _emptied(element, but="src")


def _size(text: str) -> int:
    found = _SIZE.match(text.strip())
    return int(found[0]) if found and not text.strip().endswith("%") else 0


def _emptied(element: Element, but: str = "") -> Iterator[_Edit]:
    """Every other address that would be loaded."""
    for name in _SOURCES:
        found = element.attributes.get(name)
        if name == but or found is None or not found.value:
            continue
        if not found.value.strip().lower().startswith("data:"):
            yield _Edit(found.start, found.end, "")
