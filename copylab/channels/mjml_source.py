"""MJML sources: where Jinja may stand, and what the engine would not complain about.

mjml-python validates nothing: unknown tags pass, and what it computes from an attribute
is wrong in silence if the attribute is a template tag. Both are refused here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.markup import Piece, scan

if TYPE_CHECKING:
    from copylab.channels.layout_tokens import Protected

# Tags whose content is copied, not compiled. MJML 4 reference, "ending tags".
CONTENT_TAGS = frozenset(
    {"mj-text", "mj-button", "mj-table", "mj-raw", "mj-title", "mj-preview", "mj-style",
     "mj-accordion-title", "mj-accordion-text", "mj-navbar-link", "mj-social-element"}
)  # fmt: skip
# Tags between whose children a template tag may stand, wrapped in mj-raw.
OPEN_TAGS = frozenset({"mj-body", "mj-wrapper", "mj-section", "mj-column", "mj-hero"})
COLUMN_PARENTS = frozenset({"mj-section", "mj-group"})
OTHER_TAGS = frozenset(
    {"mjml", "mj-head", "mj-attributes", "mj-all", "mj-class", "mj-breakpoint", "mj-font",
     "mj-include", "mj-group", "mj-image", "mj-divider", "mj-spacer", "mj-social",
     "mj-navbar", "mj-accordion", "mj-accordion-element", "mj-carousel",
     "mj-carousel-image"}
)  # fmt: skip
KNOWN_TAGS = CONTENT_TAGS | OPEN_TAGS | OTHER_TAGS
# The engine gives these fixed ids, so that a second one would share the first's.
SINGLE_TAGS = frozenset({"mj-carousel", "mj-navbar"})

_COMPUTED = re.compile(
    r"(?:inner-|text-|icon-|ico-)?(?:padding|border)(?:-(?:left|right|top|bottom))?"
    r"|(?:background-|tb-|icon-|ico-)?(?:width|height|size)|background-(?:position|repeat)"
    r"(?:-[xy])?|full-width|mode|hamburger|thumbnails|inline|name|path"
)


class MjmlSource:
    """One pass over an MJML source that finds and wraps its Jinja words.

    Attributes:
        before: Tokens above the root element, which the engine would drop.
        after: Tokens below it.
        text: The source for the engine.
        inline_css: The content of `<mj-style inline="inline">`, taken out of it.
    """

    def __init__(self, protected: Protected) -> None:
        self.before = ""
        self.after = ""
        self.inline_css = ""
        self._protected = protected
        self._stack: list[Piece] = []
        self._seen: set[str] = set()
        self._has_root = False
        self.text = "".join(self._take(piece) for piece in scan(protected.text))
        if self._stack:
            raise self._refuse(self._stack[-1], "is never closed", "close it")

    def _take(self, piece: Piece) -> str:
        """What the engine gets for one piece."""
        if piece.kind == "open":
            return self._open(piece)
        if piece.kind == "close":
            return self._close(piece)
        if piece.kind == "comment":
            return piece.text if self._stack else ""
        if not self._stack:
            return self._outside(piece)
        if "<" in piece.text and piece.kind == "text":
            line = self._protected.line_at(piece.start + piece.text.index("<"))
            raise self._protected.refuse("'<' stands alone", line, "write &lt;")
        if self._is_inline_style():
            self.inline_css += piece.text
            return ""
        return self._protected.word.sub(self._wrap, piece.text)

    def _open(self, piece: Piece) -> str:
        """An open tag, checked."""
        self._has_root = self._has_root or piece.name == "mjml"
        if piece.name.startswith("mj"):
            self._check_tag(piece)
        if not piece.is_closed:
            self._stack.append(piece)
        return piece.text

    def _close(self, piece: Piece) -> str:
        """A closing tag, which must close the last open one."""
        if not self._stack or self._stack[-1].name != piece.name:
            what = (
                f"does not close <{self._stack[-1].name}>"
                if self._stack
                else "is extra"
            )
            raise self._refuse(piece, what, "open and close tags in pairs")
        self._stack.pop()
        return piece.text

    def _check_tag(self, piece: Piece) -> None:
        """Refuse an unknown MJML tag, a second carousel, and computed attributes."""
        if piece.name not in KNOWN_TAGS:
            raise self._refuse(piece, "is no MJML tag", "look for a slip of the pen")
        if piece.name in SINGLE_TAGS and piece.name in self._seen:
            raise self._refuse(piece, "may stand only once in a layout", "remove one")
        self._seen.add(piece.name)
        for name, value in piece.quoted_attributes().items():
            word = self._protected.word.search(value)
            if word and _COMPUTED.fullmatch(name):
                raise self._protected.refuse_token(
                    word[0],
                    f"stands in {name} of <{piece.name}>, which is used in compiling",
                    "write a fixed value: a layout is compiled once for everybody",
                )

    def _wrap(self, match: re.Match[str]) -> str:
        """A word in text: as it is in copied content, in mj-raw between elements."""
        word = match[0]
        names = [piece.name for piece in self._stack]
        if not CONTENT_TAGS.isdisjoint(names):
            return word
        parent = names[-1]
        if parent in COLUMN_PARENTS and self._protected.tokens[word].is_branch:
            raise self._protected.refuse_token(
                word,
                f"stands around a column in <{parent}>, whose widths are fixed",
                "put the condition around the whole mj-section",
            )
        if parent not in OPEN_TAGS:
            raise self._protected.refuse_token(
                word,
                f"cannot stand directly in <{parent}>",
                "put it above <mjml>, into mj-body or into text",
            )
        return f"<mj-raw>{word}</mj-raw>"

    def _outside(self, piece: Piece) -> str:
        """Text outside the root: its tokens are kept aside."""
        words = "".join(self._protected.word.findall(piece.text))
        if self._has_root:
            self.after += words
        else:
            self.before += words
        return ""

    def _is_inline_style(self) -> bool:
        """Whether the last open tag is a style sheet to be inlined."""
        last = self._stack[-1]
        return last.name == "mj-style" and "inline" in last.quoted_attributes()

    def _refuse(self, piece: Piece, problem: str, cure: str) -> Exception:
        """The error about one tag."""
        slash = "/" if piece.kind == "close" else ""
        line = self._protected.line_at(piece.start)
        return self._protected.refuse(f"<{slash}{piece.name}> {problem}", line, cure)
