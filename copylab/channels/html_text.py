"""HTML as a person reads it: the visible text of a page, line by line."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "div", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol",
     "br", "hr", "section", "article", "header", "footer", "blockquote", "title"}
)  # fmt: skip
_SKIPPED = frozenset({"head", "style", "script", "template"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_SPACES = re.compile(r"[ \t\r\n\f]+")


class _Reader(HTMLParser):
    """Collects the lines of what is shown.

    Attributes:
        lines: The lines so far; the last one is being written.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._hidden: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens: a line, a link, an image, or what is not shown."""
        given = {name: value or "" for name, value in attrs}
        is_hidden = tag in _SKIPPED or _HIDDEN.search(given.get("style", "").lower())
        if (self._hidden or is_hidden) and tag not in _VOID:
            self._hidden.append(tag)
        if self._hidden or is_hidden:
            return
        if tag in _BLOCKS:
            self.lines.append("• " if tag == "li" else "")
        if tag == "hr":
            self.lines += ["─" * 10, ""]
        if tag == "img":
            alt = given.get("alt")
            self.lines[-1] += f"[image: {alt}]" if alt else ""
        if tag == "a":
            self._links.append(given.get("href", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag without content."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes: a line ends, a link's address follows."""
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag == "a" and self._links:
            address = self._links.pop()
            if address and address not in self.lines[-1]:
                self.lines[-1] += f" <{address}>"
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._hidden:
            text = _SPACES.sub(" ", data)
            line = self.lines[-1]
            is_start = not line or line.endswith(" ")
            self.lines[-1] = line + (text.lstrip(" ") if is_start else text)


def read_html(html: str) -> list[str]:
    """The lines a reader sees: hidden text left out, links with their addresses.

    Args:
        html: A whole document or a fragment.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    stripped = (line.strip() for line in reader.lines)
    return [line for line in stripped if line not in {"", "•"}]
