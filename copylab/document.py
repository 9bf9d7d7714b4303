"""YAML documents: nodes that know their place, read by the 1.2 core rules.

Only ``true`` and ``false`` are booleans; ``on``, ``off``, ``yes`` and ``no`` are
words. Dates are words too: who wants one reads it as one. Duplicate keys are
findings, anchors and aliases are refused.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copylab.findings import Finding, report
from copylab.source import MAX_FILE_BYTES, SourceFile, Span, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Scalar = str | int | float | bool | None

# YAML 1.2.2, section 10.3.2: tag resolution of the core schema.
_INT = re.compile(r"[-+]?[0-9]{1,300}\Z")
_PREFIXED = re.compile(r"0o[0-7]{1,300}\Z|0x[0-9a-fA-F]{1,300}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping and what stands behind it."""

    key: str
    key_span: Span
    node: Node


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document with its place.

    Attributes:
        value: A scalar, a tuple of nodes, or a mapping from key to entry.
        span: Where it stands.
        text: A scalar as it is written; empty for the others.
    """

    value: Scalar | tuple[Node, ...] | dict[str, Entry]
    span: Span
    text: str = ""

    @property
    def kind(self) -> str:
        """What it is, in a word for people."""
        names = {
            dict: "a mapping",
            tuple: "a list",
            str: "a text",
            bool: "true or false",
            int: "a number",
            float: "a number",
        }
        return names.get(type(self.value), "nothing")

    def plain(self) -> object:
        """The value as plain Python data, without places."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value


def read_source(path: Path, name: str) -> tuple[SourceFile | None, list[Finding]]:
    """The text of a file, and what is wrong with its bytes.

    Args:
        path: Where it lies.
        name: Its path from the workspace's root, with ``/``.

    Returns:
        The source, or None where it cannot be read as text, and the findings.

    Raises:
        UnreadableError: It is not there, is a directory, or may not be read.
    """
    return decode_source(read_bytes(path, name), name)


def decode_source(data: bytes, name: str) -> tuple[SourceFile | None, list[Finding]]:
    """As ``read_source``, from bytes that were read already."""
    top = Span(name, 1, 1, 1, 1)
    if len(data) > MAX_FILE_BYTES:
        size = f"{len(data) / 1e6:.1f} MB"
        message = f"the file has {size}; copylab reads up to 2 MB"
        cure = "a message is a few lines; move data out of it"
        return None, [report("file-too-large", message, top, help=cure)]
    findings = []
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        cure = "save it as UTF-8 without a byte order mark"
        message = "the file starts with a byte order mark"
        findings.append(report("byte-order-mark", message, top, help=cure))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        span = Span(name, line, column, line, column + 1)
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        cure = "save the file as UTF-8 (it looks like Latin-1 or another old encoding)"
        return None, [*findings, report("not-utf-8", message, span, help=cure)]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SourceFile(name, text), findings


def parse_document(source: SourceFile) -> tuple[Node | None, list[Finding]]:
    """The document of a YAML file, and what is wrong with it.

    Returns:
        The root node, or None where there is none or the syntax is broken.
    """
    import yaml  # noqa: PLC0415 - a rendered text needs no YAML

    loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(source.text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        span = Span(source.name, line, column, line, column + 1)
        what = error.problem or error.context or "cannot be read"
        cure = "mind the indentation; put a text with : # { [ in quotes"
        return None, [report("syntax", f"YAML: {what}", span, help=cure)]
    except yaml.YAMLError as error:
        what = str(error).splitlines()[0]
        return None, [report("syntax", f"YAML: {what}", source.whole())]
    if root is None:
        return None, []
    findings: list[Finding] = []
    return _convert(root, source, findings, set()), findings


def _span(node: Any, source: SourceFile) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(
        source.name, start.line + 1, start.column + 1, end.line + 1, end.column + 1
    )


def _convert(
    node: Any, source: SourceFile, findings: list[Finding], seen: set[int]
) -> Node:
    span = _span(node, source)
    if id(node) in seen:
        message = "an alias (*name) repeats another part of the file"
        cure = "write the part out: anchors and aliases are not read"
        findings.append(report("bad-value", message, span, help=cure))
        return Node(None, span)
    seen.add(id(node))
    if node.id == "sequence":
        items = tuple(_convert(item, source, findings, seen) for item in node.value)
        return Node(items, span)
    if node.id == "mapping":
        return Node(_entries(node, source, findings, seen), span)
    return Node(_scalar(node), span, node.value)


def _entries(
    node: Any, source: SourceFile, findings: list[Finding], seen: set[int]
) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key_span = _span(key_node, source)
        if key_node.id != "scalar":
            message = "a key must be a word"
            cure = "put a text that starts with { or [ in quotes"
            findings.append(report("bad-value", message, key_span, help=cure))
            continue
        key = key_node.value
        value = _convert(value_node, source, findings, seen)
        if key in entries:
            first = entries[key].key_span.line
            message = f"the key '{key}' stands here again (first on line {first})"
            cure = "keep one of the two"
            findings.append(report("duplicate-key", message, key_span, help=cure))
            continue
        entries[key] = Entry(key, key_span, value)
    return entries


def _scalar(node: Any) -> Scalar:
    text: str = node.value
    if node.style:  # quoted or a block: always a text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _PREFIXED.match(text):
        return int(text, 0)
    return float(text) if _FLOAT.match(text) else text


def suggest(word: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the nearest known word, else an empty string."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else ""


class Section:
    """A mapping that is being read: keys are taken, the rest is reported.

    Every ``take_*`` returns None (or the default) for a key that is absent or
    wrong; what is wrong is added to ``findings`` with its place.

    Args:
        node: The mapping; anything else is reported and read as empty.
        findings: Where findings are collected.
        name: What the mapping is, in messages.
    """

    def __init__(self, node: Node, findings: list[Finding], name: str) -> None:
        self.node = node
        self.findings = findings
        self.name = name
        self._taken: set[str] = set()
        self._entries: dict[str, Entry] = {}
        if isinstance(node.value, dict):
            self._entries = node.value
        elif node.value is not None:
            self.wrong(node, f"{name} must be a mapping, not {node.kind}")

    def __contains__(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self._entries

    def wrong(self, node: Node, message: str, cure: str = "") -> None:
        """Report a bad value at its place."""
        self.findings.append(report("bad-value", message, node.span, help=cure))

    def take(self, key: str, *, required: bool = False) -> Node | None:
        """The node behind a key."""
        self._taken.add(key)
        entry = self._entries.get(key)
        if entry is None:
            if required:
                message = f"{self.name} has no '{key}'"
                self.findings.append(
                    report("missing-key", message, self.node.span, help=f"add {key}:")
                )
            return None
        return entry.node

    def span(self, key: str) -> Span:
        """The place of a key, or of the mapping where the key is absent."""
        entry = self._entries.get(key)
        return entry.key_span if entry else self.node.span

    def take_text(self, key: str, *, required: bool = False) -> str | None:
        """A text; a number or a boolean is taken as it is written."""
        node = self.take(key, required=required)
        if node is None:
            return None
        if isinstance(node.value, dict | tuple) or node.value is None:
            self.wrong(node, f"{key} must be a text, not {node.kind}")
            return None
        return node.text

    def take_choice(
        self, key: str, options: Iterable[str], *, required: bool = False
    ) -> str | None:
        """One of the options."""
        node = self.take(key, required=required)
        if node is None:
            return None
        known = list(options)
        if node.text not in known:
            listed = ", ".join(known)
            message = f"{key} is '{node.text}', must be one of: {listed}"
            self.wrong(node, message, suggest(node.text, known))
            return None
        return node.text

    def take_integer(
        self, key: str, *, required: bool = False, at_least: int | None = None
    ) -> int | None:
        """A whole number."""
        node = self.take(key, required=required)
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            self.wrong(node, f"{key} must be a whole number, not {node.kind}")
            return None
        if at_least is not None and node.value < at_least:
            self.wrong(node, f"{key} is {node.value}, must be at least {at_least}")
            return None
        return node.value

    def take_boolean(self, key: str, *, default: bool = False) -> bool:
        """``true`` or ``false``."""
        node = self.take(key)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            message = f"{key} must be true or false, not '{node.text or node.kind}'"
            self.wrong(node, message)
            return default
        return node.value

    def take_list(self, key: str, *, required: bool = False) -> tuple[Node, ...] | None:
        """The nodes of a list."""
        node = self.take(key, required=required)
        if node is None:
            return None
        if not isinstance(node.value, tuple):
            self.wrong(node, f"{key} must be a list, not {node.kind}", "write [a, b]")
            return None
        return node.value

    def take_texts(self, key: str, *, required: bool = False) -> tuple[str, ...] | None:
        """A list of texts."""
        nodes = self.take_list(key, required=required)
        if nodes is None:
            return None
        texts = []
        for node in nodes:
            if isinstance(node.value, dict | tuple) or node.value is None:
                self.wrong(node, f"{key} must list texts, not {node.kind}")
            else:
                texts.append(node.text)
        return tuple(texts)

    def take_section(self, key: str, *, required: bool = False) -> Section | None:
        """The mapping behind a key."""
        node = self.take(key, required=required)
        return None if node is None else Section(node, self.findings, key)

    def entries(self) -> Iterator[Entry]:
        """Every entry, for a mapping whose keys are names; all count as taken."""
        self._taken.update(self._entries)
        yield from self._entries.values()

    def finish(self) -> None:
        """Report the keys that nobody took."""
        for key, entry in self._entries.items():
            if key in self._taken:
                continue
            cure = suggest(key, self._taken - self._entries.keys())
            cure = cure or "known: " + ", ".join(sorted(self._taken))
            message = f"{self.name} knows no key '{key}'"
            self.findings.append(
                report("unknown-key", message, entry.key_span, help=cure)
            )
