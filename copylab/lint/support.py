"""What mail clients support, and what of a layout they do not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from copylab.lint.anchors import tree_of
from copylab.lint.css import declarations, sheet_declarations
from copylab.lint.html_view import Element, Text, parse_html
from copylab.lint.pack import load_pack
from copylab.lint_settings import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Severity
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.html_view import Tree

_SHOWN = {
    "gmail": "Gmail",
    "outlook": "Outlook for Windows",
    "outlook.com": "Outlook.com",
    "yahoo": "Yahoo",
    "apple": "Apple Mail",
}
_SHEETS = frozenset({"style", "mj-style"})
_AT_RULE = re.compile(r"@(?:media|supports|font-face|keyframes)[^{};]{0,500}\{")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A thing that some clients do not know.

    Attributes:
        name: What it is.
        clients: The clients, as people call them.
        severity: How grave it is.
        cure: What to do instead.
        written: The words that hold it.
        place: Where it stands in them.
    """

    name: str
    clients: str
    severity: Severity
    cure: str
    written: Written
    place: tuple[int, int]


Use = tuple[dict[str, Any], tuple[int, int]]
"""A feature of the pack, and where it is used."""


def unsupported(words: Words, item: Field, kind: str) -> Iterator[Unsupported]:
    """What of a layout's HTML part the chosen clients do not support.

    Args:
        words: The variant.
        item: The HTML part as it is written.
        kind: ``css`` or ``html``; pictures are html.
    """
    for written in item.written:
        found: dict[tuple[int, int], tuple[dict[str, Any], list[str]]] = {}
        for client in _clients(words):
            for feature, place in _uses(item, written, client, kind):
                if feature["support"][client] == "n":
                    entry = found.setdefault(place, (feature, []))
                    if entry[0] is feature:
                        entry[1].append(client)
        for place, (feature, clients) in found.items():
            severity = judge(words, feature)
            if severity is not None:
                names = " and ".join(_SHOWN[client] for client in clients)
                yield Unsupported(
                    feature["name"], names, severity, feature["help"], written, place
                )


def _clients(words: Words) -> tuple[str, ...]:
    return words.catalog.config.lint.clients or CLIENTS


def judge(words: Words, feature: dict[str, Any]) -> Severity | None:
    """How grave it is that a client lacks a feature; None where nobody asked."""
    if feature.get("degrades"):
        return "info" if words.catalog.config.lint.clients else None
    if words.message.purpose == "marketing" and "marketing" in feature:
        return "error"
    return "error" if feature.get("severity") == "error" else "warning"


def picture_format(words: Words, address: str) -> tuple[dict[str, Any], str] | None:
    """The format of a picture that some clients do not show, and who they are."""
    ending = address.partition("?")[0].rpartition(".")[2].lower()
    for feature in load_pack("clients")["images"]:
        lacking = [c for c in _clients(words) if feature["support"][c] == "n"]
        if feature["name"] == ending and lacking:
            return feature, " and ".join(_SHOWN[client] for client in lacking)
    return None


def _uses(item: Field, written: Written, client: str, kind: str) -> list[Use]:
    """The features that a client reads in a layout."""
    view = "outlook" if client == "outlook" and "[if" in item.literals else "usual"
    key = f"uses {kind} {view}"
    if key not in written.kept:
        usual = tree_of(written)
        text = written.skeleton.text
        tree = usual if view == "usual" else parse_html(text, "outlook")
        find = _css_uses if kind == "css" else _html_uses
        written.kept[key] = list(find(tree))
    found: list[Use] = written.kept[key]
    return found


def _html_uses(tree: Tree) -> Iterator[Use]:
    features = {feature["name"]: feature for feature in load_pack("clients")["html"]}
    for element in tree.elements():
        feature = features.get(element.name)
        if feature is None:
            continue
        if "only" in feature and feature["only"] not in element.get("rel").lower():
            continue
        yield feature, (element.start, element.end)


def _css_uses(tree: Tree) -> Iterator[Use]:
    for element in tree.elements():
        style = element.attributes.get("style")
        if style is not None:
            for name, value in declarations(style.value).items():
                feature = _feature(name, value)
                if feature is not None:
                    yield feature, (style.start, style.end)
        if element.name in _SHEETS:
            yield from _sheet_uses(element)


def _sheet_uses(element: Element) -> Iterator[Use]:
    at_rules = {rule["name"]: rule for rule in load_pack("clients")["at_rules"]}
    for child in element.children:
        if not isinstance(child, Text):
            continue
        for match in _AT_RULE.finditer(child.text):
            feature = at_rules.get(match[0].split()[0].partition("{")[0])
            if feature is not None:
                start = child.start + match.start()
                yield feature, (start, start + len(match[0]))
        outside = _without_at_rules(child.text)
        for name, value, start, end in sheet_declarations(outside):
            feature = _feature(name, value)
            if feature is not None:
                yield feature, (child.start + start, child.start + end)


def _without_at_rules(sheet: str) -> str:
    """The sheet with blanks in the place of what only some clients read."""
    found = _AT_RULE.search(sheet)
    while found is not None:
        depth, end = 1, found.end()
        while end < len(sheet) and depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        blank = " " * (end - found.start())
        sheet = sheet[: found.start()] + blank + sheet[end:]
        found = _AT_RULE.search(sheet, end)
    return sheet


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], re.Pattern[str], dict[str, Any]], ...]:
    return tuple(
        (re.compile(entry["property"]), re.compile(entry["value"]), entry)
        for entry in load_pack("clients")["css"]
    )


def _feature(name: str, value: str) -> dict[str, Any] | None:
    value = value.replace("!important", "").strip()
    for names, values, feature in _patterns():
        if names.fullmatch(name) and values.fullmatch(value):
            return feature
    return None
