"""How large the HTML part of an e-mail can be, in UTF-8 bytes.

The bound holds for all branches and all values, and is worked out without walking
them: each character of a Markdown body is charged with the most that it can add to the
HTML, the tags of the construct that it may be a part of included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from copylab.lint.alphabet import values_of
from copylab.lint.body import body_of, value_mark
from copylab.template.bounds import hole_range
from copylab.template.expression import Var
from copylab.template.ranges import Letters, cost
from copylab.template.shape import Alt, Hole, Lit, Rep, Seq, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.template.bounds import Worst
    from copylab.template.paths import Path
    from copylab.template.ranges import Range
    from copylab.template.scope import Scope
    from copylab.template.shape import Shape

# What escaping makes of a character, in bytes: &amp; &quot; &lt; &gt; &#x27;
_ESCAPED = {"&": 5, '"': 6, "<": 4, ">": 4, "'": 6}
# The tags that a character of Markdown can stand for, in bytes: a nested list or quote
# with its paragraph, a rule, a heading, a share of emphasis, code, a link, a picture.
_TAGS = {
    ">": 31, "-": 31, "+": 31, "*": 31, ".": 31, ")": 31, "#": 10, "=": 10, "_": 5,
    "`": 15, "~": 15, "[": 31, "!": 22, "<": 31, "\n": 36, "\t": 8,
}  # fmt: skip
_CODE = re.compile(r"[`~]|(?:^|\n)(?: {4}|\t)")
_STARTS = re.compile(r"<|\]\(")
_LINE_BREAK = 7
"""``<br />`` and its line end."""
_CHARGES = (
    *(
        (sign, _ESCAPED.get(sign, 1) - 1 + _TAGS.get(sign, 0))
        for sign in {**_TAGS, **_ESCAPED}
        if sign != "\n"
    ),
    ("\n", _LINE_BREAK - 1 + _TAGS["\n"]),
)
"""What a sign is charged with beyond its own byte."""
_ENCODED = 3
"""A byte in an address is at most a percent sign and two digits."""
_DEFINITION = re.compile(r"^\s{0,3}\[[^\]\n]{1,200}\]:(?P<rest>[^\n]*)", re.MULTILINE)
_ANGLE = -1
"""Inside of ``<…>``; other places are counted by their open brackets."""


SHORT = 30_000
"""Bytes up to which a body is short."""
WORTH_A_LOOK = 60_000
"""Bytes below which nobody asks for the exact size."""


@dataclass(slots=True)
class _Markdown:
    """A fold over the shape of a body.

    Attributes:
        scope: What names mean.
        definition: Bytes of the longest address that links may refer to by a label.
        has_code: Whether a value may stand in code, where its escapes are shown.
        inside: ``_ANGLE``, or the open brackets of a link's address; 0 is outside.
        last: The character before.
    """

    scope: Scope
    definition: int = 0
    has_code: bool = False
    inside: int = 0
    last: str = ""

    def bound(self, shape: Shape) -> int:
        """The most bytes of HTML that a shape can print."""
        match shape:
            case Lit():
                return self._words(shape.text)
            case Hole():
                values = values_of(shape.expression, self.scope)
                assert values is not None
                return _most(
                    values, in_address=bool(self.inside), in_code=self.has_code
                )
            case Seq():
                return sum(map(self.bound, shape.parts))
            case Alt():
                return self._choice(shape)
            case Rep():
                first = self.bound(shape.body)
                return max(first, self.bound(shape.body)) * shape.high

    def _choice(self, alt: Alt) -> int:
        before, last, most = self.inside, self.last, 0
        ends: set[int] = set()
        for _, arm in alt.arms:
            self.inside, self.last = before, last
            most = max(most, self.bound(arm))
            ends.add(self.inside)
        self.inside = _ANGLE if _ANGLE in ends else max(ends)
        return most

    def _words(self, text: str) -> int:
        total, at = 0, 0
        while at < len(text):
            if self.inside == 0:  # up to where an address may start, all at once
                found = _STARTS.search(self.last + text[at:])
                end = len(text)
                if found is not None:
                    end = at + found.start() - len(self.last) + len(found[0]) - 1
                total += self.charge(text[at:end])
                self.last, at = text[end - 1 : end] or self.last, end
            if at < len(text):
                total += self._character(text[at])
                self._step(text[at])
                self.last, at = text[at], at + 1
        return total

    def charge(self, text: str) -> int:
        """The most bytes of HTML that words outside of an address can be."""
        total = len(text.encode("utf-8", "surrogatepass"))
        for character, size in _CHARGES:
            count = text.count(character)
            if count:
                total += size * count
        links = text.count("[")
        return total + sum(map(str.isdigit, text)) + links * _ENCODED * self.definition

    def _step(self, character: str) -> None:
        """Go on by one character: into an address or out of it."""
        if character == "<":
            self.inside = _ANGLE
        elif self.inside == _ANGLE:
            if character in ">\n":
                self.inside = 0
        elif character == "(":
            if self.inside or self.last == "]":
                self.inside += 1
        elif character == ")":
            self.inside = max(self.inside - 1, 0)
        elif character.isspace() and self.last != "(":
            self.inside = 0

    def _character(self, character: str) -> int:
        size = _value(character, in_address=bool(self.inside))
        if character.isdigit():
            size += 1  # a list may print the number that it starts with
        if character == "[":
            size += _ENCODED * self.definition
        return size + _TAGS.get(character, 0)


def _value(text: str, *, in_address: bool = False, in_code: bool = False) -> int:
    """The most bytes of a text that is no Markdown.

    Args:
        text: The text.
        in_address: Whether it may stand in an address, and be shown as well.
        in_code: Whether each of its characters may be shown with a backslash.
    """
    total = len(text) if in_code else 0
    for character in text:
        size = len(character.encode("utf-8", "surrogatepass"))
        total += _LINE_BREAK if character == "\n" else _ESCAPED.get(character, size)
        if in_address:
            total += _ENCODED * size
    return total


def _most(values: Range, *, in_address: bool = False, in_code: bool = False) -> int:
    """The most bytes of values, whose costs add up character by character."""
    if isinstance(values, Letters):
        ends = values.prefix + values.suffix
        piece = _worst_piece(values.alphabet, in_address=in_address, in_code=in_code)
        return (
            _value(ends, in_address=in_address, in_code=in_code) + values.high * piece
        )
    sizes = (
        _value(text, in_address=in_address, in_code=in_code)
        for _, text in values.choices
    )
    return max(sizes, default=0)


@lru_cache(maxsize=512)
def _worst_piece(
    alphabet: tuple[tuple[str, str], ...], *, in_address: bool, in_code: bool
) -> int:
    sizes = (
        _value(piece, in_address=in_address, in_code=in_code) for _, piece in alphabet
    )
    return max(sizes, default=0)


def bound_body(item: Field) -> int:
    """The most bytes of HTML that a Markdown body can be."""
    if "html bytes" not in item.kept:
        item.kept["html bytes"] = _quick_bound(item) or _close_bound(item)
    found: int = item.kept["html bytes"]
    return found


def _quick_bound(item: Field) -> int:
    """A bound that is good enough for a short body; 0 where a closer one is needed.

    All arms are added up, as if every character could stand in an address.
    """
    has_loop = any(isinstance(node, Rep) for node in walk(item.shape))
    if has_loop or "]:" in item.literals:
        return 0
    fold = _Markdown(item.template.scope)
    total = fold.charge(item.literals) + _ENCODED * cost(item.literals, "bytes")
    for hole in item.holes:
        values = values_of(hole.expression, item.template.scope)
        if values is not None:
            total += _most(values, in_address=True, in_code=True)
    total += _TAGS["\n"]
    return total if total <= SHORT else 0


def _close_bound(item: Field) -> int:
    has_code = _CODE.search(item.literals) is not None
    fold = _Markdown(item.template.scope, _longest_definition(item), has_code)
    # A text can start with a list, a quote or code, as a line after its break.
    bound = _TAGS["\n"] + fold.bound(item.shape)
    has_loop = any(isinstance(node, Rep) for node in walk(item.shape))
    if bound > WORTH_A_LOOK and item.paths is not None and not has_loop:
        bound = min(bound, max(map(partial(_exact, item), item.written)))
    return bound


def _exact(item: Field, written: Written) -> int:
    """The most bytes of the HTML on some ways without loops.

    No value can add a construct, so that the HTML is that of the author's words with
    each value, escaped, where it stands.
    """
    body = body_of(written)
    total = cost(body.html, "bytes")
    scope = item.template.scope
    for number, piece in enumerate(body.values):
        assert isinstance(piece.leaf, Hole)
        values = values_of(piece.leaf.expression, scope)
        assert values is not None
        mark = value_mark(number)
        total += body.html.count(mark) * _most(values, in_code=True)
        total += body.html.count(quote(mark)) * _most(values, in_address=True)
    return total


def _longest_definition(item: Field) -> int:
    """The most bytes of an address that links refer to by a label; 0 without any."""
    if "]:" not in item.literals:
        return 0
    rests = [
        match["rest"]
        for written in item.written
        for match in _DEFINITION.finditer(written.text)
    ]
    if not rests:
        return 0
    values = (values_of(hole.expression, item.template.scope) for hole in item.holes)
    filled = sum(_most(found) for found in values if found is not None)
    return max(cost(rest, "bytes") for rest in rests) + filled


def bound_escaped(item: Field) -> int:
    """The most bytes of a plain field where it is printed into HTML."""

    def bound(shape: Shape) -> int:
        match shape:
            case Lit():
                return _value(shape.text)
            case Hole():
                values = values_of(shape.expression, item.template.scope)
                return 0 if values is None else _most(values)
            case Seq():
                return sum(map(bound, shape.parts))
            case Alt():
                return max(bound(arm) for _, arm in shape.arms)
            case Rep():
                return bound(shape.body) * shape.high

    return bound(item.shape)


def bound_layout(layout: Field, given: Mapping[str, int], path: Path | None) -> int:
    """The most bytes of a layout around parts of known size.

    Args:
        layout: The HTML part as it is sent.
        given: The bytes of ``body``, ``subject`` and ``preheader``.
        path: A way through the layout; None is the worst of all.
    """
    scope = layout.template.scope

    def bound(shape: Shape) -> int:
        match shape:
            case Lit():
                return cost(shape.text, "bytes")
            case Hole():
                name = given_name(shape, scope)
                return given[name] if name else _hole_bytes(layout, shape)
            case Seq():
                return sum(map(bound, shape.parts))
            case Alt():
                return max(bound(arm) for _, arm in shape.arms)
            case Rep():
                return bound(shape.body) * shape.high

    return bound(layout.shape) if path is None else sum(map(bound, path.leaves))


def _hole_bytes(layout: Field, hole: Hole) -> int:
    """The most bytes that a value prints into a layout, worked out once."""
    key = f"bytes {id(hole)}"
    if key not in layout.kept:
        layout.kept[key] = hole_range(hole, layout.template.scope).most("bytes")
    found: int = layout.kept[key]
    return found


def given_name(hole: Hole, scope: Scope) -> str:
    """``body``, ``subject`` or ``preheader`` where a hole prints it, else nothing."""
    expression = hole.expression
    if isinstance(expression, Var) and expression.name in scope.given:
        return expression.name
    return ""


@dataclass(frozen=True, slots=True)
class HtmlSize:
    """How large the HTML part can be.

    Attributes:
        bound: No message is larger.
        reached: The size of a message that can be sent; 0 where none was worked out.
        body: The bytes of the body in the larger of the two.
        path: The way through the body that leads there, or None.
        worst: The values that lead there, or None.
    """

    bound: int
    reached: int
    body: int
    path: Path | None = None
    worst: Worst | None = None


def html_size(words: Words) -> HtmlSize | None:
    """How large the HTML part of a variant can be; None without a layout."""
    layout, body = words.compiled_layout, words.fields["body"]
    if layout is None:
        return None
    if "html size" not in body.kept:
        body.kept["html size"] = _measure(words, layout, body)
    found: HtmlSize = body.kept["html size"]
    return found


def _measure(words: Words, layout: Field, body: Field) -> HtmlSize:
    given = {
        name: bound_escaped(item)
        for name, item in words.fields.items()
        if name != "body"
    }
    given.setdefault("preheader", 0)
    most = bound_body(body)
    bound = bound_layout(layout, {**given, "body": most}, None)
    if bound < WORTH_A_LOOK:
        return HtmlSize(bound, 0, most)
    found = body.worst("bytes", lambda text: cost(text, "bytes"))
    if found is None or layout.paths is None:
        return HtmlSize(bound, 0, most)
    from copylab.channels.markdown import (  # noqa: PLC0415 - e-mail only
        markdown_to_html,
    )

    real = cost(markdown_to_html(found[1].text.strip()), "bytes")
    least = dict.fromkeys(given, 0) | {"body": real}
    reached = max(bound_layout(layout, least, path) for path in layout.paths)
    return HtmlSize(bound, reached, real, *found)
