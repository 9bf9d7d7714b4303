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

# Marks of Chinese typing that YAML reads as letters.
_PLAIN_MARKS = {"：": ": ", "，": ", ", "｛": "{", "｝": "}", "［": "[", "］": "]"}
_WIDE_MARK = re.compile("|".join(_PLAIN_MARKS))

Scalar = str | int | float | bool | None

# YAML 1.2.2, section 10.3.2: tag resolution of the core schema.
_INT = re.compile(r"[-+]?[0-9]{1,300}\Z")
_PREFIXED = re.compile(r"0o[0-7]{1,300}\Z|0x[0-9a-fA-F]{1,300}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
# YAML 1.2.2, section 5.1: the characters a stream may hold.
_NOT_IN_YAML = re.compile(
    r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
MAX_DEPTH = 40
"""How many mappings and lists may stand inside each other."""
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
        before = SourceFile(name, data[: error.start].decode("utf-8"))
        line, column = before.position(len(before.text))
        span = Span(name, line, column, line, column + 1)
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        looks = "UTF-16" if wide else "Latin-1, GBK or another old encoding"
        cure = f"save the file as UTF-8 (it looks like {looks})"
        return None, [*findings, report("not-utf-8", message, span, help=cure)]
    return SourceFile(name, text), findings


def parse_document(source: SourceFile) -> tuple[Node | None, list[Finding]]:
    """The document of a YAML file, and what is wrong with it.

    Returns:
        The root node, or None where there is none or the syntax is broken.
    """
    import yaml  # noqa: PLC0415 - a rendered text needs no YAML

    findings: list[Finding] = []
    odd = _NOT_IN_YAML.search(source.text)
    if odd is not None:
        message = f"YAML: U+{ord(odd.group()):04X} is not allowed in a file"
        span = source.span(odd.start(), odd.end())
        return None, [report("syntax", message, span, help="take the character out")]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(source.text)
    try:
        return _Composer(source, loader, findings).document(), findings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = source.span(mark.index, mark.index + 1) if mark else source.whole()
        what = error.problem or error.context or "cannot be read"
        cure = _cure_of(source, span.line)
        return None, [*findings, report("syntax", f"YAML: {what}", span, help=cure)]
    except RecursionError:
        message = f"YAML: more than {MAX_DEPTH} levels stand inside each other"
        findings.append(report("syntax", message, source.whole()))
        return None, findings
    finally:
        loader.dispose()


def _cure_of(source: SourceFile, line: int) -> str:
    """What to do about broken syntax: the slips that writers make most, by name."""
    for number in (line, line - 1, line - 2):
        text = source.line(number)
        if "\t" in text:
            return f"line {number} holds a tab; YAML is indented with blanks"
        wide = _WIDE_MARK.search(text)
        if wide is not None:
            plain = _PLAIN_MARKS[wide.group()]
            return f"line {number} has the full-width '{wide.group()}'; write '{plain}'"
    return "mind the indentation; put a text with : # { [ in quotes"


@dataclass(slots=True)
class _Composer:
    """Builds nodes from the parser's events.

    PyYAML's own composer recurses without a limit, resolves scalars by the 1.1 rules
    and forgets whether a tag was written.
    """

    source: SourceFile
    loader: Any
    findings: list[Finding]
    last: int = 0

    def document(self) -> Node | None:
        """The only document of the stream."""
        self._next()
        if type(self._next()).__name__ == "StreamEndEvent":
            return None
        root = self.node(self._next(), 0)
        self._next()
        after = self._next()
        if type(after).__name__ != "StreamEndEvent":
            start = after.start_mark.index
            message = "YAML: a second document starts here"
            cure = "take the line with --- out, or move what follows to another file"
            span = self.source.span(start, start + 3)
            self.findings.append(report("syntax", message, span, help=cure))
        return root

    def node(self, event: Any, depth: int) -> Node:
        """The node that starts with an event."""
        if depth > MAX_DEPTH:
            raise RecursionError
        kind = type(event).__name__
        span = self.source.span(event.start_mark.index, event.end_mark.index)
        if kind == "AliasEvent":
            message = "an alias (*name) repeats another part of the file"
            self._refuse(span, message)
            return Node(None, span)
        if event.anchor is not None:
            self._refuse(span, "an anchor (&name) names a part of the file")
        if event.tag is not None:
            message = "a tag (!name) changes how a value is read"
            cure = "take it out; a text that looks like a number goes in quotes"
            self.findings.append(report("bad-value", message, span, help=cure))
        if kind == "ScalarEvent":
            return Node(_scalar(event), span, event.value)
        if kind == "SequenceStartEvent":
            value: tuple[Node, ...] | dict[str, Entry] = self._list(depth)
        else:
            value = self._mapping(depth)
        return Node(value, self.source.span(event.start_mark.index, self.last))

    def _refuse(self, span: Span, message: str) -> None:
        cure = "write the part out: anchors and aliases are not read"
        self.findings.append(report("bad-value", message, span, help=cure))

    def _list(self, depth: int) -> tuple[Node, ...]:
        items = []
        while type(inner := self._next()).__name__ != "SequenceEndEvent":
            items.append(self.node(inner, depth + 1))
        return tuple(items)

    def _mapping(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while type(inner := self._next()).__name__ != "MappingEndEvent":
            key = self.node(inner, depth + 1)
            value = self.node(self._next(), depth + 1)
            if type(inner).__name__ == "ScalarEvent":
                self._add(entries, key, value)
            elif type(inner).__name__ != "AliasEvent":
                message = "a key must be a word"
                cure = "put a text that starts with { or [ in quotes"
                self.findings.append(report("bad-value", message, key.span, help=cure))
        return entries

    def _next(self) -> Any:
        """The next event; the end marks of blocks stand after blank lines."""
        event = self.loader.get_event()
        if event.end_mark.index > event.start_mark.index:
            self.last = event.end_mark.index
        return event

    def _add(self, entries: dict[str, Entry], key: Node, value: Node) -> None:
        name = key.text
        if name in entries:
            first = entries[name].key_span.line
            message = f"the key '{name}' stands here again (first on line {first})"
            cure = "keep one of the two"
            self.findings.append(report("duplicate-key", message, key.span, help=cure))
            return
        entries[name] = Entry(name, key.span, value)


def _scalar(event: Any) -> Scalar:
    text: str = event.value
    if event.style:  # quoted or a block: always a text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _PREFIXED.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    return float(text.replace(".", "", 1)) if _NOT_FINITE.match(text) else text


def suggest(word: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the nearest known word, else an empty string."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else ""


def _shown(node: Node) -> str:
    """A scalar as it is written, in quotes; else what it is."""
    return f"'{node.text}'" if node.text else node.kind


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
            is_other = not isinstance(self.node.value, dict | None)
            if required and not is_other:  # that it is no mapping was said
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
            message = f"{key} is {_shown(node)}, must be one of: {listed}"
            self.wrong(node, message, suggest(node.text, known) or f"write {listed}")
            return None
        return node.text

    def take_integer(
        self,
        key: str,
        *,
        required: bool = False,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> int | None:
        """A whole number."""
        node = self.take(key, required=required)
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            self.wrong(node, f"{key} must be a whole number, not {_shown(node)}")
            return None
        if at_least is not None and node.value < at_least:
            self.wrong(node, f"{key} is {node.value}, must be at least {at_least}")
            return None
        if at_most is not None and node.value > at_most:
            self.wrong(node, f"{key} is over {at_most}, the most that is read")
            return None
        return node.value

    def take_boolean(self, key: str, *, default: bool = False) -> bool:
        """``true`` or ``false``."""
        node = self.take(key)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.wrong(node, f"{key} must be true or false, not {_shown(node)}")
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
