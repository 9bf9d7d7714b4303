"""Editing YAML files in place: one change, and every other byte stays.

Comments, quoting, line ends, a byte order mark and trailing blanks are kept. After an
edit the file is read again, and the edit is refused if anything but the one thing
meant has changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.document import Node, decode_source, parse_document
from copylab.emit import write_entry, write_flow, write_item, write_quoted, write_scalar
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from copylab.emit import Plain
    from copylab.source import Span

KeyPath = tuple[str | int, ...]
"""The way from the root to a node: keys of mappings, places in lists."""

_BOM = b"\xef\xbb\xbf"
_BREAK = re.compile("\r\n|\r|\n")
# Line ends for YAML 1.1 alone: its readers end lines at them, but miscount them.
_ODD_BREAK = re.compile("[\x85\u2028\u2029]")
_ANCHORED = frozenset("!&*")


@dataclass(frozen=True, slots=True)
class _File:
    """A file being edited.

    Attributes:
        name: Its path, for messages.
        data: Its bytes.
        text: Its text as it stands, without a byte order mark.
        root: Its document.
        starts: Where each line starts in the text.
    """

    name: str
    data: bytes
    text: str
    root: Node
    starts: list[int]

    def offset(self, line: int, column: int) -> int:
        """The offset in the text of a line and column, both from 1."""
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def bounds(self, span: Span) -> tuple[int, int]:
        """Where a span starts and ends in the text."""
        return (
            self.offset(span.line, span.column),
            self.offset(span.end_line, span.end_column),
        )

    @property
    def newline(self) -> str:
        """The line end of the file: that of its first line."""
        found = _BREAK.search(self.text)
        return found[0] if found else "\n"

    def next_line(self, offset: int) -> int:
        """Where the line after the one with this offset starts."""
        at = bisect_right(self.starts, offset)
        return self.starts[at] if at < len(self.starts) else len(self.text)

    def splice(self, start: int, end: int, text: str) -> bytes:
        """The file's bytes with a stretch replaced."""
        changed = self.text[:start] + text + self.text[end:]
        mark = _BOM if self.data.startswith(_BOM) else b""
        return mark + changed.encode()

    def splice_lines(self, offset: int, lines: list[str]) -> bytes:
        """The file's bytes with lines put in behind the line of an offset.

        An offset at the start of a line, where a block of text ends, is where the
        lines go.
        """
        at = offset if offset in self.starts and offset else self.next_line(offset)
        added = self.newline.join(lines)
        ended = not at or self.text[at - 1] in "\r\n"
        text = added + self.newline if ended else self.newline + added
        return self.splice(at, at, text)

    def refuse(self, node: Node, message: str, cure: str) -> CopylabError:
        """The error for a node that cannot be edited."""
        line, column = node.span.line, node.span.column
        return CopylabError(
            message, file=self.name, line=line, column=column, help=cure
        )


def _open(data: bytes, name: str) -> _File:
    """The file, ready to be edited.

    Raises:
        CopylabError: It is not UTF-8, or its YAML has errors.
    """
    source, findings = decode_source(data, name)
    root = None
    if source is not None:
        root, wrong = parse_document(source)
        findings = [*findings, *wrong]
    errors = [item for item in findings if item.severity == "error"]
    if errors or root is None:
        what = errors[0].message if errors else "the file is empty"
        place = errors[0] if errors else None
        raise CopylabError(
            f"cannot be edited: {what}",
            file=name,
            line=place.line if place else None,
            column=place.column if place else None,
            help="mend the file first; copylab lint shows what is wrong",
        )
    text = data.removeprefix(_BOM).decode()
    if odd := _ODD_BREAK.search(text):
        line = len(_BREAK.findall(text[: odd.start()])) + 1
        what = f"cannot be edited: it holds U+{ord(odd[0]):04X}, an invisible line end"
        cure = "remove the character, or make the change by hand"
        raise CopylabError(what, file=name, line=line, help=cure)
    starts = [0, *(match.end() for match in _BREAK.finditer(text))]
    return _File(name, data, text, root, starts)


def _find(file: _File, path: KeyPath) -> Node | None:
    """The node at a path, or None where there is none."""
    node = file.root
    for step in path:
        if isinstance(node.value, dict) and isinstance(step, str):
            entry = node.value.get(step)
            if entry is None:
                return None
            node = entry.node
        elif isinstance(node.value, tuple) and isinstance(step, int):
            if not 0 <= step < len(node.value):
                return None
            node = node.value[step]
        else:
            return None
    return node


def replace_scalar(
    data: bytes,
    name: str,
    path: KeyPath,
    value: str | float | bool | None,  # noqa: FBT001 - a value, not a switch
) -> bytes:
    """The file with one scalar replaced, in the quotes it had.

    Args:
        data: The file's bytes.
        name: Its path, for messages.
        path: Where the scalar stands.
        value: The new one.

    Raises:
        CopylabError: The file cannot be read, or nothing that can be replaced is there.
    """
    file = _open(data, name)
    node = _find(file, path)
    if node is None or isinstance(node.value, dict | tuple):
        place = file.root if node is None else node
        what = (
            f"'{_show(path)}' is not there"
            if node is None
            else (f"'{_show(path)}' is {place.kind}, not a single value")
        )
        raise file.refuse(place, what, f"write {_show(path)}: with one value")
    start, end = file.bounds(node.span)
    first = file.text[start : start + 1] if end > start else ""
    if first in _ANCHORED or (first and first in "|>"):
        what = f"'{_show(path)}' is written as a block, or with a tag or an anchor"
        raise file.refuse(node, what, f"write it plainly: {write_flow(value)}")
    flow = _in_flow(file, path)
    text = _like(first, value, flow=flow)
    if end == start:  # nothing is written there yet
        text = f" {text}"
    changed = file.splice(start, end, text)
    return _checked(file, changed, path, value, added=False)


def _like(first: str, value: str | float | bool | None, *, flow: bool) -> str:  # noqa: FBT001 - as above
    """The scalar in the quotes that the old one had."""
    if isinstance(value, str) and first == '"':
        return write_quoted(value)
    if isinstance(value, str) and first == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return write_scalar(value, flow=flow)


def _in_flow(file: _File, path: KeyPath) -> bool:
    """Whether the node at a path stands between brackets."""
    return any(_is_flow(file, path[:depth]) for depth in range(len(path)))


def _is_flow(file: _File, path: KeyPath) -> bool:
    """Whether the list or mapping at a path is written with brackets.

    Raises:
        CopylabError: It has a tag or an anchor.
    """
    node = _find(file, path)
    assert node is not None
    start, _ = file.bounds(node.span)
    sign = file.text[start : start + 1]
    if sign in _ANCHORED:
        what = f"'{_show(path) or 'the file'}' has a tag or an anchor"
        raise file.refuse(node, what, "remove it: copylab reads plain YAML")
    return sign == ("{" if isinstance(node.value, dict) else "[")


def _leaf_end(file: _File, node: Node) -> int:
    """Where the last thing written in a node ends, comments behind it left out."""
    start, end = file.bounds(node.span)
    children: list[Node] = []
    if isinstance(node.value, dict):
        children = [entry.node for entry in node.value.values()]
    elif isinstance(node.value, tuple):
        children = list(node.value)
    if not children or file.text[start : start + 1] in ("{", "["):
        return end
    return _leaf_end(file, children[-1])


def insert_key(
    data: bytes,
    name: str,
    path: KeyPath,
    key: str,
    value: Plain,
    *,
    after: str | None = None,
) -> bytes:
    """The file with a key added to a mapping, in the mapping's style.

    Args:
        data: The file's bytes.
        name: Its path, for messages.
        path: Where the mapping stands; the empty path is the whole document.
        key: The new key.
        value: What stands behind it.
        after: The key to put it behind; None, or one that is absent, is the end.

    Raises:
        CopylabError: The file cannot be read, there is no such mapping or it has the
            key already, or the file is written in a way that cannot take the change.
    """
    file = _open(data, name)
    node = _find(file, path)
    if node is None or not isinstance(node.value, dict) or not node.value:
        place = file.root if node is None else node
        what = f"'{_show(path)}' is not a mapping with keys"
        raise file.refuse(place, what, f"write {_show((*path, key))} by hand")
    if key in node.value:
        what = f"'{_show((*path, key))}' is there already"
        raise file.refuse(node.value[key].node, what, "change its value instead")
    entries = list(node.value.values())
    last = node.value.get(after or "", entries[-1])
    end = _leaf_end(file, last.node)
    if _is_flow(file, path) or _in_flow(file, path):
        text = f", {write_scalar(key, flow=True)}: {write_flow(value)}"
        changed = file.splice(end, end, text)
    else:
        indent = entries[0].key_span.column - 1
        changed = file.splice_lines(end, write_entry(key, value, indent))
    return _checked(file, changed, (*path, key), value, added=True)


def set_key(
    data: bytes, name: str, key: str, value: str, *, after: str | None = None
) -> bytes:
    """The file with a key of the whole document set to a value, added if absent.

    Args:
        data: The file's bytes.
        name: Its path, for messages.
        key: The key.
        value: What stands behind it.
        after: The key to put a new one behind.

    Raises:
        CopylabError: As for ``replace_scalar`` and ``insert_key``.
    """
    if _find(_open(data, name), (key,)) is None:
        return insert_key(data, name, (), key, value, after=after)
    return replace_scalar(data, name, (key,), value)


def append_item(data: bytes, name: str, path: KeyPath, value: Plain) -> bytes:
    """The file with an item added to a list; the list is made where there is none.

    Args:
        data: The file's bytes.
        name: Its path, for messages.
        path: Where the list stands, in a mapping.
        value: The new item.

    Raises:
        CopylabError: The file cannot be read, something else stands there, or the file
            is written in a way that cannot take the change.
    """
    file = _open(data, name)
    node = _find(file, path)
    if node is None:
        return insert_key(data, name, path[:-1], str(path[-1]), [value])
    if node.value is not None and not isinstance(node.value, tuple):
        what = f"'{_show(path)}' is {node.kind}, not a list"
        raise file.refuse(node, what, "write a list, or remove it")
    items = node.value or ()
    if not items:
        changed = _fill_list(file, path, node, value)
    elif _is_flow(file, path) or _in_flow(file, path):
        end = _leaf_end(file, items[-1])
        changed = file.splice(end, end, f", {write_flow(value)}")
    else:
        indent = node.span.column - 1
        lines = write_item(value, indent)
        changed = file.splice_lines(_leaf_end(file, node), lines)
    return _checked(file, changed, (*path, len(items)), value, added=True)


def _fill_list(file: _File, path: KeyPath, node: Node, value: Plain) -> bytes:
    """The file's bytes with the first item in a list that has none."""
    start, end = file.bounds(node.span)
    parent = _find(file, path[:-1])
    assert parent is not None
    in_flow = _in_flow(file, path)
    broken = _BREAK.search(file.text[start:end]) is not None
    if in_flow or broken or not isinstance(parent.value, dict):
        written = f"[{write_flow(value)}]"
        return file.splice(start, end, written if end > start else f" {written}")
    # Empty brackets go, and the item stands on lines of its own below the key.
    kept = file.text[:start].rstrip(" ") if end > start else file.text[:start]
    column = parent.value[str(path[-1])].key_span.column - 1
    rest = file.text[end:]
    match = _BREAK.search(rest)
    line = rest if match is None else rest[: match.start()]
    after = "" if match is None else rest[match.start() :]
    added = file.newline.join(write_item(value, column + 2))
    mark = _BOM if file.data.startswith(_BOM) else b""
    return mark + f"{kept}{line}{file.newline}{added}{after}".encode()


def _checked(
    file: _File, changed: bytes, path: KeyPath, value: Plain, *, added: bool
) -> bytes:
    """The changed bytes, if the change is the one meant and no other.

    Raises:
        CopylabError: It is not.
    """
    try:
        after = _open(changed, file.name)
    except CopylabError:
        after = None
    if after is not None:
        node = _find(after, path)
        alike = node is not None and _same(node.plain(), _plain(value))
        rest = _shape(after.root, path, drop=added)
        if alike and rest == _shape_before(file.root, path, added=added):
            return changed
    what = f"'{_show(path)}' cannot be changed without touching the rest of the file"
    cure = f"write it by hand: {_show(path)}: {write_flow(value)}"
    raise CopylabError(what, file=file.name, help=cure)


def _shape_before(root: Node, path: KeyPath, *, added: bool) -> object:
    """What is to be left of the changed file without what was changed.

    A list that gets its first item was null or empty, and then is empty.
    """
    if not added:
        return _shape(root, path)
    if path[-1] == 0:
        return _shape(root, path[:-1], instead=("list", ()))
    return _shape(root, None)


def _plain(value: Plain) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _same(one: object, other: object) -> bool:
    """Whether two values are equal in their types and the order of keys, too."""
    return repr(one) == repr(other)


def _shape(
    node: Node,
    hole: KeyPath | None,
    *,
    drop: bool = False,
    instead: object = "hole",
) -> object:
    """Everything a document says, in order, but for what stands at ``hole``.

    Args:
        node: The document.
        hole: The path left out, or None.
        drop: Leave the hole's key or item out as well.
        instead: What is taken for what stands at the hole.
    """
    if hole == ():
        return instead
    children: list[tuple[str | int, Node]] = []
    if isinstance(node.value, dict):
        children = [(key, entry.node) for key, entry in node.value.items()]
    elif isinstance(node.value, tuple):
        children = list(enumerate(node.value))
    else:
        return (node.kind, repr(node.value), node.text)
    parts = [
        (step, _shape(child, _below(hole, step), drop=drop, instead=instead))
        for step, child in children
        if not (drop and hole == (step,))
    ]
    return ("mapping" if isinstance(node.value, dict) else "list", tuple(parts))


def _below(hole: KeyPath | None, step: str | int) -> KeyPath | None:
    """The rest of a path behind a step, or None where it leads elsewhere."""
    return hole[1:] if hole and hole[0] == step else None


def _show(path: KeyPath) -> str:
    return ".".join(str(step) for step in path)
