"""YAML text of plain data: short things on one line, everything read back the same.

A text is written bare where ``parse_document`` reads the bare text as that very text,
and quoted otherwise, so nothing becomes a number, a boolean or a comment on its way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from copylab.document import parse_document
from copylab.source import SourceFile

Plain = str | int | float | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None
"""What can be written: scalars, lists and mappings with texts as keys."""

MAX_COLUMNS = 120
"""A list or mapping that fits a line of this length is written on one."""

# YAML 1.1, which other tools read by, takes these for booleans.
_OLD_BOOLEANS = frozenset(("yes", "no", "on", "off", "y", "n"))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write_scalar(value: str | float | bool | None, *, flow: bool = False) -> str:  # noqa: FBT001 - a value, not a switch
    """A scalar as YAML text on one line.

    Args:
        value: The scalar.
        flow: Whether it will stand between brackets, where commas and brackets count.

    Raises:
        ValueError: It is an infinite number or none, or half of a surrogate pair.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _is_bare(value, flow=flow) else write_quoted(value)
    if not math.isfinite(value):
        raise ValueError(f"value == {value}, must be finite")
    text = repr(value)
    if "e" in text and "." not in text:  # YAML 1.1 reads 1e-05 as a text
        text = text.replace("e", ".0e")
    return text


def write_quoted(text: str) -> str:
    """A text in double quotes; what cannot be seen is escaped.

    Raises:
        ValueError: It holds half of a surrogate pair.
    """
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        raise ValueError(f"text holds U+{code:04X}, half of a surrogate pair")
    if code <= 0xFF:  # noqa: PLR2004 - two digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four digits


def _is_bare(text: str, *, flow: bool) -> bool:
    """Whether the text, written bare, is read as this text."""
    if not text or not text.isprintable() or text.lower() in _OLD_BOOLEANS:
        return False
    if flow and ":" in text:  # readers differ on colons between brackets
        return False
    document = f"[{text}]" if flow else f"- {text}"
    root, findings = parse_document(SourceFile("", document))
    if findings or root is None or not isinstance(root.value, tuple):
        return False
    return [node.value for node in root.value] == [text] and text == text.strip()


def write_flow(value: Plain) -> str:
    """Anything as YAML text on one line, lists and mappings in brackets."""
    if isinstance(value, Mapping):
        inner = ", ".join(
            f"{write_scalar(key, flow=True)}: {write_flow(item)}"
            for key, item in value.items()
        )
        return f"{{{inner}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(write_flow, value))}]"
    return write_scalar(value, flow=True)


def write_block(value: Mapping[str, Plain], indent: int = 0) -> list[str]:
    """The lines of a mapping, an entry each or more, without line ends.

    Args:
        value: The mapping, not empty.
        indent: The columns in front of each line.
    """
    lines: list[str] = []
    for key, item in value.items():
        lines += write_entry(key, item, indent)
    return lines


def write_entry(key: str, value: Plain, indent: int = 0) -> list[str]:
    """The lines of one entry of a mapping: key, colon, value."""
    start = f"{' ' * indent}{write_scalar(key)}:"
    if not isinstance(value, Mapping | Sequence) or isinstance(value, str):
        return [f"{start} {write_scalar(value)}"]
    short = f"{start} {write_flow(value)}"
    if not value or (len(short) <= MAX_COLUMNS and not _is_deep(value)):
        return [short]
    if isinstance(value, Mapping):
        return [start, *write_block(value, indent + 2)]
    return [start, *(line for item in value for line in write_item(item, indent + 2))]


def write_item(value: Plain, indent: int = 0) -> list[str]:
    """The lines of one item of a list: dash, value."""
    start = f"{' ' * indent}- "
    if isinstance(value, Mapping) and value:
        first, *rest = write_block(value, indent + 2)
        return [start + first.lstrip(" "), *rest]
    return [start + (write_flow(value) if _is_nested(value) else write_scalar(value))]  # type: ignore[arg-type]


def _is_nested(value: Plain) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str)


def _is_deep(value: Mapping[str, Plain] | Sequence[Plain]) -> bool:
    """Whether something nested holds something nested."""
    items = value.values() if isinstance(value, Mapping) else value
    return any(_is_nested(item) and item for item in items)
