"""Plain text from the syntax tree of a Markdown body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    Token = dict[str, Any]

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SHOWN_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# An address runs on into what follows it, unless that is white space or closes it.
_CLOSES_ADDRESS = re.compile(r"[\s.,;:!?)\]}'\"]")
_RULE = "-" * 8


def render_text(tokens: Sequence[Token]) -> str:
    """The plain text of a syntax tree; blocks are set apart by an empty line."""
    return "\n\n".join(_blocks(tokens))


def _blocks(tokens: Sequence[Token]) -> list[str]:
    """The text of each block that has any."""
    texts = (_block(token) for token in tokens)
    return [text for text in texts if text]


def _block(token: Token) -> str:
    """The text of one block."""
    kind = token["type"]
    if kind == "list":
        return _list(token)
    if kind == "block_quote":
        lines = render_text(token["children"]).splitlines()
        return "\n".join(f"> {line}".rstrip() for line in lines)
    if kind == "thematic_break":
        return _RULE
    if "children" in token:
        return _inline(token["children"]).strip()
    return str(token.get("raw", "")).strip("\n")


def _list(token: Token) -> str:
    """The items of a list, each behind its mark."""
    attributes = token["attrs"]
    number = attributes.get("start") or 1
    items = []
    for offset, item in enumerate(token["children"]):
        mark = f"{number + offset}. " if attributes["ordered"] else "- "
        gap = "\n" if token.get("tight", True) else "\n\n"
        lines = gap.join(_blocks(item["children"])).splitlines()
        indented = [
            lines[0] if lines else "",
            *(_indent(mark, line) for line in lines[1:]),
        ]
        items.append((mark + "\n".join(indented)).rstrip())
    return "\n".join(items)


def _indent(mark: str, line: str) -> str:
    """A further line of a list item, below its first."""
    return " " * len(mark) + line if line else ""


def _inline(tokens: Sequence[Token]) -> str:
    """The text of inline tokens, an address kept apart from what follows it."""
    text = ""
    after_address = False
    for token in tokens:
        piece = _span(token)
        if after_address and piece and not _CLOSES_ADDRESS.match(piece):
            text += " "
        text += piece
        after_address = token["type"] == "link" if piece else after_address
    return text


def _span(token: Token) -> str:
    """The text of one inline token."""
    kind = token["type"]
    if kind in {"softbreak", "linebreak"}:
        return "\n"
    if kind == "link":
        return _link(_inline(token["children"]).strip(), token["attrs"]["url"])
    if "children" in token:
        return _inline(token["children"])
    return str(token.get("raw", ""))


def _link(label: str, url: str) -> str:
    """A link as `label: address`, or either of them where the other adds nothing."""
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in _SHOWN_SCHEMES:
        return label
    shown = url[scheme.end() :] if scheme else url
    if scheme and scheme[1].lower() in {"mailto", "tel"}:
        url = shown
    if label in {"", url, shown, shown.removeprefix("//")}:
        return url
    return f"{label} {url}" if label.endswith((":", "：")) else f"{label}: {url}"
