"""MJML sources: where Jinja may stand, and what the engine would not complain about.

mjml-python validates nothing: what it does not know passes, and what it computes from an
attribute is wrong in silence if the attribute is a template tag. All of it is refused
here, with the tag and its line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.markup import Piece, scan
from copylab.channels.mjml_table import describe_kind, is_length, mjml_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.channels.layout_tokens import Protected
    from copylab.channels.markup import Attribute

# Attributes the engine computes with, or reads before it writes anything.
_COMPUTED = re.compile(
    r"(?:inner-|text-|icon-|ico-)?(?:padding|border)(?:-(?:left|right|top|bottom))?"
    r"|(?:background-|tb-|icon-|ico-)?(?:width|height|size)|background-(?:position|repeat)"
    r"(?:-[xy])?|full-width|mode|hamburger|thumbnails|inline|name|path|gap|icon-position"
    r"|fluid-on-mobile|mj-class|css-class"
)
_INLINE = re.compile(r"\s+inline\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class MjmlSource:
    """One pass over an MJML source that checks it, and finds and wraps its Jinja words.

    Args:
        protected: The source, with words for its Jinja tokens.
        is_rendered: Whether values stand where tokens stood; attributes and text
            between tags are then taken as they are.

    Attributes:
        before: Tokens above the root element, which the engine would drop.
        after: Tokens below it.
        text: The source for the engine.
        inline_css: The content of `<mj-style inline="inline">`. The engine does not
            inline it. It stays as a style sheet too, for the body, which is not there
            yet when the layout is compiled.

    Raises:
        CopylabError: The source is malformed, holds what MJML does not know, or a token
            stands where it would be lost; the tag and the line are said.
    """

    def __init__(self, protected: Protected, *, is_rendered: bool = False) -> None:
        self.before = ""
        self.after = ""
        self.inline_css = ""
        self._protected = protected
        self._is_rendered = is_rendered
        self._table = mjml_table()
        self._stack: list[Piece] = []
        self._branches: list[tuple[str, tuple[int, ...]]] = []
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
            at = piece.start + piece.text.index("<")
            raise self._protected.refuse_at("'<' stands alone", at, "write &lt;")
        if not self._is_rendered and not self._is_content():
            self._check_loose(piece)
        if self._is_inline_style():
            self.inline_css += piece.text
        return self._protected.word.sub(self._wrap, piece.text)

    def _open(self, piece: Piece) -> str:
        """An open tag, checked."""
        if self._has_root and not self._stack:
            raise self._refuse(piece, "stands below </mjml>", "put it into mj-body")
        if piece.name.startswith("mj") or not self._is_content():
            self._check_tag(piece)
        self._has_root = True
        if not piece.is_closed:
            self._stack.append(piece)
        return _INLINE.sub("", piece.text) if piece.name == "mj-style" else piece.text

    def _close(self, piece: Piece) -> str:
        """A closing tag, which must close the last open one."""
        if not self._stack or self._stack[-1].name != piece.name:
            last = self._stack[-1].name if self._stack else ""
            what = f"does not close <{last}>" if last else "is extra"
            raise self._refuse(piece, what, "open and close tags in pairs")
        self._stack.pop()
        return piece.text

    def _check_tag(self, piece: Piece) -> None:
        """Refuse what MJML does not know, and attributes of a value it cannot read."""
        refused = self._table.refused.get(piece.name)
        if refused:
            raise self._refuse(piece, *refused)
        tag = self._table.tags.get(piece.name)
        in_attributes = bool(self._stack) and self._stack[-1].name == "mj-attributes"
        general = in_attributes and piece.name in {"mj-all", "mj-class"}
        written = piece.text[1 : len(piece.name) + 1]
        if (tag is None and not general) or written != piece.name:
            raise self._refuse(piece, "is no MJML tag", "look for a slip of the pen")
        if tag is not None and not in_attributes:
            self._check_place(piece, tag.parents)
            if tag.is_single and piece.name in self._seen:
                raise self._refuse(
                    piece, "may stand only once in a layout", "remove one"
                )
            self._seen.add(piece.name)
        if not self._is_rendered:
            self._check_attributes(piece, None if tag is None else tag.attributes)

    def _check_place(self, piece: Piece, parents: frozenset[str]) -> None:
        """Refuse a tag where the engine would not expect it."""
        parent = self._stack[-1].name if self._stack else ""
        if parent in parents or (not parent and piece.name == "mjml"):
            return
        where = f"in <{parent}>" if parent else "outside of <mjml>"
        cure = "put it into " + (" or ".join(sorted(parents)) or "no other tag")
        raise self._refuse(piece, f"cannot stand {where}", cure)

    def _check_attributes(self, piece: Piece, known: Mapping[str, str] | None) -> None:
        """Refuse unknown attributes, and values that are not of their kind.

        Args:
            piece: The tag.
            known: The kinds of its attributes; None where it stands for several tags.
        """
        loose = piece.loose_attribute()
        if loose:
            problem = f"has '{loose}', which has no quoted value"
            raise self._refuse(piece, problem, 'write every attribute as name="value"')
        for each in piece.attribute_list():
            kinds = self._kinds(each.name, known)
            if not kinds:
                names = self._table.any_tag if known is None else known
                cure = "it takes " + ", ".join(sorted(names)) if names else "remove it"
                raise self._refuse_attribute(piece, each, "is not known", cure)
            self._check_value(piece, each, kinds)

    def _kinds(self, name: str, known: Mapping[str, str] | None) -> frozenset[str]:
        """The kinds an attribute may be of; none where it is not known."""
        if known is not None:
            return frozenset({known[name]} if name in known else ())
        return (
            frozenset({"text"})
            if name == "name"
            else self._table.any_tag.get(name, frozenset())
        )

    def _check_value(
        self, piece: Piece, each: Attribute, kinds: frozenset[str]
    ) -> None:
        """Refuse a token in a computed attribute, and a value of no kind."""
        word = self._protected.word.search(each.value)
        computed = _COMPUTED.fullmatch(each.name) or (
            piece.name == "mj-divider" and each.name == "align"
        )
        if word and computed:
            raise self._protected.refuse_token(
                word[0],
                f"stands in {each.name} of <{piece.name}>, which is used in compiling",
                "write a fixed value: a layout is compiled once for everybody",
            )
        if word and not any(map(is_length, kinds)):
            return
        value = self._protected.word.sub("1", each.value) if word else each.value
        if not any(self._table.fits(kind, value) for kind in kinds):
            wanted = " or ".join(describe_kind(kind) for kind in sorted(kinds))
            problem = f"is '{each.value}', which is not {wanted}"
            raise self._refuse_attribute(piece, each, problem, f"write {wanted}")

    def _check_loose(self, piece: Piece) -> None:
        """Refuse words of copy between tags that do not show any."""
        blank = self._protected.word.sub(lambda word: " " * len(word[0]), piece.text)
        found = re.search(r"\S.*", blank)
        if found is None:
            return
        parent = self._stack[-1].name
        shown = found[0].strip()[:20]
        raise self._protected.refuse_at(
            f"'{shown}' cannot stand directly in <{parent}>",
            piece.start + found.start(),
            "put it into mj-text",
        )

    def _wrap(self, match: re.Match[str]) -> str:
        """A word in text: as it is in copied content, in mj-raw between elements."""
        word = match[0]
        self._check_branch(word)
        parent = self._stack[-1].name
        is_raw = parent == "mj-raw"
        around = self._stack[-2].name if is_raw and len(self._stack) > 1 else parent
        tag = self._table.tags.get(around)
        is_branch = self._protected.tokens[word].is_branch
        if tag is not None and tag.has_columns and is_branch:
            raise self._protected.refuse_token(
                word,
                f"stands around a column in <{around}>, whose widths are fixed",
                "put the condition around the whole mj-section",
            )
        if self._is_content():
            return word
        if tag is None or not tag.takes_tokens:
            raise self._protected.refuse_token(
                word,
                f"cannot stand directly in <{parent}>",
                "put it above <mjml>, into mj-body or into text",
            )
        return f"<mj-raw>{word}</mj-raw>"

    def _check_branch(self, word: str) -> None:
        """Refuse a condition or a loop that ends in another MJML tag than it starts in."""
        token = self._protected.tokens[word]
        if not token.is_branch:
            return
        place = tuple(
            each.start
            for each in self._stack
            if each.name.startswith("mj") and each.name != "mj-raw"
        )
        if token.opens_branch:
            self._branches.append((word, place))
        elif self._branches:
            first, start = self._branches[-1]
            if place != start:
                opener = self._protected.tokens[first].text
                raise self._protected.refuse_token(
                    word,
                    f"stands in another tag than {opener}, which it belongs to",
                    "put whole tags between the two, or a text of one tag",
                )
            if token.closes_branch:
                self._branches.pop()

    def _outside(self, piece: Piece) -> str:
        """Text outside the root: its tokens are kept aside."""
        words = self._protected.word.findall(piece.text)
        for word in words:
            if not self._protected.tokens[word].is_silent:
                raise self._protected.refuse_token(
                    word,
                    "stands outside of <mjml>",
                    "only comments and {% set %} may stand there: put it into mj-body",
                )
        if self._has_root:
            self.after += "".join(words)
        else:
            self.before += "".join(words)
        # As many lines as in the source, for the engine's own messages.
        return "\n" * self._protected.restore(piece.text).count("\n")

    def _is_content(self) -> bool:
        """Whether what comes next is copied and not compiled."""
        tags = self._table.tags
        return any(
            each.name in tags and tags[each.name].is_content for each in self._stack
        )

    def _is_inline_style(self) -> bool:
        """Whether the last open tag is a style sheet to be inlined."""
        last = self._stack[-1]
        return last.name == "mj-style" and "inline" in last.quoted_attributes()

    def _refuse(self, piece: Piece, problem: str, cure: str) -> Exception:
        """The error about one tag."""
        slash = "/" if piece.kind == "close" else ""
        message = f"<{slash}{piece.name}> {problem}"
        return self._protected.refuse_at(message, piece.start, cure)

    def _refuse_attribute(
        self, piece: Piece, each: Attribute, problem: str, cure: str
    ) -> Exception:
        """The error about one attribute."""
        message = f"{each.name} of <{piece.name}> {problem}"
        return self._protected.refuse_at(message, each.start, cure)
