"""Addresses that copy leads to, with what is shown for them.

In Markdown these are links, addresses in angle brackets, link definitions and bare
addresses, which mail clients make links of; in HTML the ``href`` of what can be
followed; elsewhere bare addresses.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.lint.html_view import parse_html
from copylab.template.choices import START
from copylab.template.domains import range_of
from copylab.template.phrases import VALUE
from copylab.template.ranges import Letters
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.html_view import Element, Tree
    from copylab.message.model import Variable
    from copylab.source import Span

Form = Literal["markdown", "html", "plain"]

_LABEL = r"(?P<label>(?:\\.|[^\[\]\\\n]|\[(?:\\.|[^\[\]\\\n]){0,300}\]){0,500})"
_TARGET = (
    r"(?:<(?P<angled>[^<>\n]*)>|(?P<bare>(?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\])*\))*))"
)
_MARKDOWN = re.compile(
    rf"(?<!\\)(?P<image>!?)\[{_LABEL}\]\(\s{{0,9}}{_TARGET}"
    r"(?:\s{1,9}(?:\"[^\"\n]*\"|'[^'\n]*'))?\s{0,9}\)"
    r"|^\s{0,3}\[[^\[\]\n]{1,200}\]:\s{0,9}(?P<defined>\S+)"
    r"|(?<!\\)<(?P<auto>https?://[^<>\s]*)>",
    re.MULTILINE | re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,500}\)")
_PLAIN = re.compile(rf"https?:/[!#-&(-;=?-~{VALUE}']+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}'*_"
_NOT_FOLLOWED = frozenset({"link", "base", "mj-font", "html", "mjml"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """One address in some words.

    Attributes:
        address: The address, each value as ``VALUE``; entities of HTML are resolved.
        resolved: The address with the declared base in the place of a url variable at
            its start.
        label: What is shown for it, or None where that is the address or a picture.
        item: The field.
        written: The words.
        start: Where the address starts in the words.
        end: Where it ends.
        holes: The values in it.
    """

    address: str
    resolved: str
    label: str | None
    item: Field
    written: Written
    start: int
    end: int
    holes: tuple[Hole, ...]

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands; an empty address at the character before it."""
        return (self.start, self.end) if self.end > self.start else _before(self.start)

    @property
    def host(self) -> str:
        """The host, in small letters; empty where a value stands in it or none is."""
        return host_of(self.resolved)


def _before(start: int) -> tuple[int, int]:
    return max(start - 1, 0), max(start, 1)


_HOST = re.compile(
    r"(?:https?:)?//(?:[^/?#@\s]*@)?(\[[^\]]*\]|[^/?#:\s]+)", re.IGNORECASE
)


def host_of(address: str) -> str:
    """The host of an address, in small letters; empty where it is not fixed."""
    found = _HOST.match(address)
    if found is None or VALUE in found[1]:
        return ""
    return found[1].lower().rstrip(".")


def anchors(words: Words) -> Iterator[Anchor]:
    """The addresses of a variant: in its fields, and in the layout around them."""
    for item, form in forms(words):
        yield from anchors_in(item, form)


def forms(words: Words) -> Iterator[tuple[Field, Form]]:
    """The fields, those of the layout too, with what language they are written in."""
    for name, item in words.fields.items():
        is_body = words.channel == "email" and name == "body"
        yield item, "markdown" if is_body else "plain"
    for name, item in words.layout.items():
        yield item, "html" if name == "html" else "plain"


def anchors_in(item: Field, form: Form) -> list[Anchor]:
    """The addresses in a field, each place once."""
    key = f"anchors {form}"
    if key not in item.kept:
        item.kept[key] = list(_find(item, form))
    found: list[Anchor] = item.kept[key]
    return found


def _find(item: Field, form: Form) -> Iterator[Anchor]:
    literals = item.literals
    if form == "plain" and ":/" not in literals:
        return
    if form == "markdown" and not any(sign in literals for sign in ("](", ":/", "]:")):
        return
    told: set[Span] = set()
    for written in item.written:
        for found in _in_words(item, written, form):
            span = written.skeleton.span(*found.place)
            if span not in told:
                told.add(span)
                yield found


def _in_words(item: Field, written: Written, form: Form) -> Iterator[Anchor]:
    if form == "html":
        yield from _in_html(item, written)
        return
    taken: list[tuple[int, int]] = []
    if form == "markdown":
        for match in _MARKDOWN.finditer(written.text):
            taken.append(match.span())
            if match["image"]:
                continue
            groups = ("angled", "bare", "defined", "auto")
            group = next(name for name in groups if match[name] is not None)
            label = match["label"]
            if label is not None:
                label = _IMAGE.sub("", label).strip("[]").replace("\\", "")
            yield _anchor(item, written, match.span(group), label or None)
    for match in _PLAIN.finditer(written.text):
        start = match.start()
        if any(first <= start < last for first, last in taken):
            continue
        end = start + len(match.group().rstrip(_TRAILING))
        yield _anchor(item, written, (start, end), None)


def tree_of(written: Written) -> Tree:
    """The words of a layout's HTML part as a tree, read once."""
    if "tree" not in written.kept:
        written.kept["tree"] = parse_html(written.skeleton.text)
    found: Tree = written.kept["tree"]
    return found


def _in_html(item: Field, written: Written) -> Iterator[Anchor]:
    for element in tree_of(written).elements():
        link = element.attributes.get("href")
        if link is not None and element.name not in _NOT_FOLLOWED:
            place = (link.start, link.end)
            yield _anchor(
                item, written, place, _label(element), html.unescape(link.value)
            )


def _label(element: Element) -> str | None:
    """The words of a link as a reader sees them; None where there are none."""
    return " ".join(html.unescape(element.text()).split()) or None


def _anchor(
    item: Field,
    written: Written,
    place: tuple[int, int],
    label: str | None,
    address: str | None = None,
) -> Anchor:
    if address is None:
        address = written.skeleton.text[slice(*place)]
    holes = tuple(
        piece.leaf
        for piece in written.skeleton.pieces_in(*place)
        if isinstance(piece.leaf, Hole)
    )
    resolved = address
    if holes and address.startswith(VALUE) and holes[0].expression.type == "url":
        values = range_of(holes[0].expression, item.template.scope, START)
        base = values.prefix if isinstance(values, Letters) else ""
        resolved = base + address
    return Anchor(address, resolved, label, item, written, *place, holes)


def url_variables(words: Words) -> Iterator[Variable]:
    """The url variables with a base that a variant uses, by name."""
    names = set(words.used)
    if words.channel == "email":
        names |= {words.message.email.get("unsubscribe", "")}
    for name in sorted(names & words.message.variables.keys()):
        variable = words.message.variables[name]
        if variable.type == "url" and variable.base:
            yield variable
