"""Markdown that generated pages are made of."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CODE = re.compile(r"(`+[^`]+`+)")
_SIGNS = re.compile(r"([\\*_<>|\[\]])")


def escape(text: str) -> str:
    """Prose as it is to be read: no sign of it is taken for Markdown, code stays code."""
    parts = _CODE.split(text)
    parts[::2] = [_SIGNS.sub(r"\\\1", part) for part in parts[::2]]
    parts[1::2] = [
        code(part.strip("`")) if "|" in part else part for part in parts[1::2]
    ]
    return "".join(parts)


def code(text: object) -> str:
    """A text as code, in a line or a cell of a table.

    A bar would end a cell. Readers of Markdown do not agree on how to write one in
    code, so that is written as HTML, on which they do.
    """
    written = str(text).replace("\n", " ")
    if "|" in written:
        return (
            f"<code>{html.escape(written, quote=False).replace('|', '&#124;')}</code>"
        )
    return f"`` {written} ``" if "`" in written else f"`{written}`"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a table; cells are Markdown."""
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join('---' for _ in names)} |"
    for row in rows:
        yield f"| {' | '.join(cell.strip() or ' ' for cell in row)} |"


def one_blank(text: str) -> str:
    """A page with one line between paragraphs and one end."""
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def note(source: str) -> str:
    """The first line of a generated page: where to change what it says."""
    return f"<!-- Made by `make pages` from {source}; change it there. -->"
