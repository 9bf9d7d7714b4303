"""What may stand in an MJML layout: tags, their places, attributes and kinds of values.

The engine checks none of it: an unknown tag passes, and of an attribute it does not know
or cannot read nothing is left. The table is a dated data file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "profiles/mjml/mjml-4.yaml"
_NUMBER = r"\d*\.?\d+"
_SIZE = rf"(?:{_NUMBER}(?:px|%)|0)"
_LENGTHS = {
    "px": (rf"{_NUMBER}px|0", "a length in px, such as 12px"),
    "size": (_SIZE, "a length in px or %, such as 12px or 50%"),
    "box": (rf"{_SIZE}(?: +{_SIZE}){{0,3}}", "one to four lengths, such as 10px 25px"),
    "line": (rf"{_NUMBER}(?:px|%)?", "a length in px or %, or a number such as 1.5"),
    "spacing": (rf"-?{_NUMBER}(?:px|em)|0", "a length in px or em, such as 1px"),
    "px|auto": (rf"{_NUMBER}px|0|auto", "a length in px, such as 12px, or auto"),
    "size|auto": (rf"{_SIZE}|auto", "a length in px or %, such as 50%, or auto"),
    "count": (r"\d+", "a whole number"),
}
_PATTERNS = {kind: re.compile(pattern) for kind, (pattern, _) in _LENGTHS.items()}
_COLOUR = re.compile(
    r"#(?:[0-9a-f]{3}|[0-9a-f]{6})|rgb\( *\d{1,3} *, *\d{1,3} *, *\d{1,3} *\)"
    r"|rgba\( *\d{1,3} *, *\d{1,3} *, *\d{1,3} *, *(?:0|1|[01]?\.\d+) *\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MjmlTag:
    """One tag.

    Attributes:
        parents: The tags it may stand in.
        attributes: The kinds of its attributes by name.
        is_content: Whether its content is copied and not compiled.
        has_columns: Whether its children share its width.
        takes_tokens: Whether a template tag may stand between its children.
        is_single: Whether it may stand only once: the engine gives it a fixed id.
    """

    parents: frozenset[str]
    attributes: Mapping[str, str]
    is_content: bool = False
    has_columns: bool = False
    takes_tokens: bool = False
    is_single: bool = False


@dataclass(frozen=True, slots=True)
class MjmlTable:
    """All tags.

    Attributes:
        tags: By name.
        refused: Tags that are not read, with the reason and the cure.
        any_tag: The kinds of an attribute that stands for several tags, by name.
        colours: The names of colours.
    """

    tags: Mapping[str, MjmlTag]
    refused: Mapping[str, tuple[str, str]]
    any_tag: Mapping[str, frozenset[str]]
    colours: frozenset[str]

    def fits(self, kind: str, value: str) -> bool:
        """Whether a value is one of a kind."""
        value = value.strip()
        if kind == "text":
            return True
        if kind == "colour":
            return value.lower() in self.colours or bool(_COLOUR.fullmatch(value))
        if kind == "flag":
            return value in {"true", "false"}
        pattern = _PATTERNS.get(kind)
        return (
            value in kind.split("|")
            if pattern is None
            else bool(pattern.fullmatch(value))
        )


def describe_kind(kind: str) -> str:
    """What a value of a kind looks like, in words."""
    if kind == "colour":
        return "a colour, such as #336699 or navy"
    if kind == "flag":
        return "true or false"
    return _LENGTHS[kind][1] if kind in _LENGTHS else " or ".join(kind.split("|"))


def is_length(kind: str) -> bool:
    """Whether a kind is a length or a number."""
    return kind in _LENGTHS


@cache
def mjml_table() -> MjmlTable:
    """The table. Treat it as read-only."""
    from importlib import resources  # noqa: PLC0415 - layouts in MJML only

    import yaml  # noqa: PLC0415 - as above

    text = resources.files("copylab.channels").joinpath(_FILE).read_text("utf-8")
    record = yaml.load(text, Loader=yaml.CSafeLoader)
    tags = {}
    kinds: dict[str, set[str]] = {}
    for name, entry in record["tags"].items():
        attributes = dict(record["everywhere"])
        for group in entry.get("use", ()):
            attributes |= record["groups"][group]
        attributes |= entry.get("attributes", {})
        for attribute, kind in attributes.items():
            kinds.setdefault(attribute, set()).add(kind)
        tags[name] = MjmlTag(
            parents=frozenset(entry.get("in", ())),
            attributes=attributes,
            is_content=entry.get("content", False),
            has_columns=entry.get("columns", False),
            takes_tokens=entry.get("between", False),
            is_single=entry.get("once", False),
        )
    return MjmlTable(
        tags=tags,
        refused={name: (why, cure) for name, (why, cure) in record["refused"].items()},
        any_tag={name: frozenset(each) for name, each in kinds.items()},
        colours=frozenset(record["colours"].split()),
    )
