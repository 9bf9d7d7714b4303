"""Links in copy: addresses that stand in the words, in variables and in layouts."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from copylab.lint.pack import load_pack
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.case import Field, Words
    from copylab.lint.field import Written
    from copylab.source import Span

# An address may follow Chinese words directly; a host ends where its characters do.
_LINK = re.compile(r"https?://([A-Za-z0-9.-]*)", re.IGNORECASE)
_HREF = re.compile(
    r"<(?P<tag>[a-z][a-z0-9-]*)\b[^<>]{0,2000}?\bhref\s?=\s?[\"'](?P<link>https?://(?P<host>[A-Za-z0-9.-]*))",
    re.IGNORECASE,
)
_NOT_LINKS = frozenset(("link", "base", "mj-font"))


class Link(NamedTuple):
    """A host that copy leads to.

    Attributes:
        host: The host, in small letters.
        span: Where it stands.
        item: The field it was found in.
        written: The words that hold it; None in a declaration or a layout.
        is_open: Whether a value follows the host directly and may change it.
    """

    host: str
    span: Span
    item: Field
    written: Written | None
    is_open: bool = False


def links(words: Words) -> Iterator[Link]:
    """The hosts of all links: in the words, in url variables and in the layout."""
    for item in words.fields.values():
        yield from _links_in(item)
    yield from declared_links(words)
    for name, item in words.layout.items():
        yield from _hrefs_in(item) if name == "html" else _links_in(item)


def _links_in(item: Field) -> Iterator[Link]:
    """The addresses that stand in some words; a host that is a value is not one."""
    if "://" not in item.literals:
        return
    for written, match, span in item.find(_LINK):
        is_open = written.text[match.end() : match.end() + 1] == VALUE
        host = match.group(1).lower().rstrip(".")
        if host or not is_open:
            yield Link(host, span, item, written, is_open)


def _hrefs_in(item: Field) -> Iterator[Link]:
    """The addresses that a reader can follow from the HTML part of a layout."""
    passage = item.template.passage
    for match in _HREF.finditer(passage.text):
        if match["host"] and match["tag"].lower() not in _NOT_LINKS:
            span = passage.span(*match.span("link"))
            yield Link(match["host"].lower(), span, item, None)


def declared_links(words: Words) -> Iterator[Link]:
    """The hosts of the url variables that are printed, where they are declared."""
    item = next(iter(words.fields.values()))
    names = words.used
    if words.channel == "email":
        names |= {words.message.email.get("unsubscribe", "")}
    if words.channel == "push":
        names |= {words.message.push.link}
    for name in sorted(names & words.message.variables.keys()):
        variable = words.message.variables[name]
        found = _LINK.match(variable.base) if variable.type == "url" else None
        if found is not None:
            yield Link(found.group(1).lower(), variable.span, item, None)


@cache
def _shortener_hosts() -> tuple[str, ...]:
    return tuple(load_pack("hosts")["shorteners"])


@cache
def _shortened() -> re.Pattern[str]:
    hosts = "|".join(map(re.escape, _shortener_hosts()))
    return re.compile(
        rf"(?<![A-Za-z0-9.@/-])(?:https?://)?(?:www\.)?({hosts})/"
        rf"|(?<=://)(?:www\.)?({hosts})(?![A-Za-z0-9.-])",
        re.IGNORECASE,
    )


def _may_be_shortened(text: str) -> bool:
    """Whether a shortener's host is anywhere in a text in small letters: a quick test."""
    return "." in text and "/" in text and any(h in text for h in _shortener_hosts())


def shorteners(words: Words) -> Iterator[Link]:
    """The links of public shorteners, with or without a scheme."""
    for item in (*words.fields.values(), *words.layout.values()):
        if _may_be_shortened(item.plain):
            for written, match, span in item.find(_shortened()):
                host = (match.group(1) or match.group(2)).lower()
                yield Link(host, span, item, written)
    for link in declared_links(words):
        if link.host.removeprefix("www.") in _shortener_hosts():
            yield link
