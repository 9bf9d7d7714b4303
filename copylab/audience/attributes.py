"""The attributes of users: what ``copylab.yaml`` declares them to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from copylab.document import suggest
from copylab.findings import Finding, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.source import Span

AttributeType = Literal["string", "int", "decimal", "bool", "date", "timestamp"]
ATTRIBUTE_TYPES: tuple[AttributeType, ...] = get_args(AttributeType)

OPERATORS = frozenset(["and", "between", "in", "is", "like", "not", "null", "or"])
LITERALS = frozenset(["false", "now", "true"])
REFUSED = frozenset(["case", "cast", "exists", "interval", "select"])

RESERVED = OPERATORS | LITERALS | REFUSED
"""Words of the condition language, which no attribute or audience may be called."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of users.

    Attributes:
        name: Its name, as users and tables carry it.
        type: What its values are.
        nullable: Whether a user may have none.
    """

    name: str
    type: AttributeType
    nullable: bool = False


def check_name(name: str) -> str:
    """What is wrong with a name of an attribute or audience; empty if nothing."""
    if not _NAME.fullmatch(name):
        return f"'{name}' is no name: use letters, digits and underscores"
    if name.lower() in RESERVED:
        return f"'{name}' is a word of the condition language"
    return ""


def parse_attribute(name: str, declared: str) -> Attribute:
    """The attribute that ``name: declared`` declares.

    Args:
        name: Letters, digits and underscores.
        declared: One of ``ATTRIBUTE_TYPES``; a trailing ``?`` says it may be null.

    Raises:
        ValueError: The name or the type is none.

    Example:
        >>> parse_attribute("approved_at", "timestamp?")
        Attribute(name='approved_at', type='timestamp', nullable=True)
    """
    if wrong := check_name(name):
        raise ValueError(wrong)
    text = declared.strip()
    word = text.removesuffix("?")
    for known in ATTRIBUTE_TYPES:
        if word == known:
            return Attribute(name, known, nullable=word != text)
    raise ValueError(f"'{declared}' is no type of an attribute")


def read_attributes(
    declared: Mapping[str, tuple[str, Span]],
) -> tuple[dict[str, Attribute], list[Finding]]:
    """The attributes that the settings declare, by name, and what is wrong.

    Args:
        declared: Type as written, and its place, by name.
    """
    attributes: dict[str, Attribute] = {}
    findings: list[Finding] = []
    folded: dict[str, str] = {}
    for name, (text, span) in declared.items():
        try:
            attributes[name] = parse_attribute(name, text)
        except ValueError as error:
            word = text.strip().removesuffix("?")
            cure = suggest(word, ATTRIBUTE_TYPES) or "types: " + ", ".join(
                ATTRIBUTE_TYPES
            )
            cure = "rename the attribute" if check_name(name) else cure
            findings.append(report("bad-value", str(error), span, help=cure))
            continue
        first = folded.setdefault(name.lower(), name)
        if first != name:
            message = f"'{name}' and '{first}' differ in case only, which SQL ignores"
            findings.append(report("bad-value", message, span, help="rename one"))
    return attributes, findings
