"""Joining Parquet files of one schema without reading their rows.

A Parquet file is pages, then a footer that says where each column of each row group
lies. Joined, the pages stand one after the other, and one footer lists all row groups
with their places moved. The footer is a struct in Thrift's compact protocol; what
stands in it is copied as it is, whatever a later format adds.

Sources: github.com/apache/parquet-format, parquet.thrift; Thrift's
``thrift-compact-protocol.md``.
"""

from __future__ import annotations

import shutil
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MAGIC = b"PAR1"
_TAIL = 8
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = (
    range(1, 13)
)

# Fields of parquet.thrift that hold a place in the file, or count over row groups.
_ROWS, _GROUPS = 3, 4
_GROUP_COLUMNS, _GROUP_OFFSET, _GROUP_ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _CHUNK_META, _CHUNK_OFFSET_INDEX, _CHUNK_COLUMN_INDEX = 2, 3, 4, 6
_META_PLACES = (9, 10, 11, 14)
_MAX_ORDINAL = 2**15 - 1


class Field(NamedTuple):
    """A field of a Thrift struct.

    Attributes:
        id: Its number.
        type: Its type in the compact protocol.
        value: Its value; of a list, the type of the elements and the elements.
    """

    id: int
    type: int
    value: Any


Struct = list[Field]


def join_parquet(parts: Sequence[Path], out: IO[bytes]) -> None:
    """Write files of one schema as one file, row group by row group.

    Args:
        parts: One or more Parquet files that were written with one schema.
        out: An empty file.

    Raises:
        ValueError: A file is no Parquet file.
    """
    out.write(_MAGIC)
    first: Struct = []
    groups: list[Struct] = []
    rows = 0
    for part in parts:
        with part.open("rb") as file:
            footer, end = _read_footer(file)
            moved = out.tell() - len(_MAGIC)
            file.seek(len(_MAGIC))
            _copy(file, out, end - len(_MAGIC))
        first = first or footer
        rows += _value(footer, _ROWS)
        for group in _value(footer, _GROUPS)[1]:
            groups.append(_move_group(group, moved, len(groups)))
    joined = _replace(first, {_ROWS: rows, _GROUPS: (_STRUCT, groups)})
    footer_bytes = bytearray()
    _write_struct(footer_bytes, joined)
    out.write(footer_bytes)
    out.write(len(footer_bytes).to_bytes(4, "little") + _MAGIC)


def _read_footer(file: IO[bytes]) -> tuple[Struct, int]:
    """The footer of a file, and where it starts."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    start = size - _TAIL - int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or start < len(_MAGIC):
        raise ValueError("is no whole Parquet file")
    file.seek(start)
    return _Reader(file.read(size - _TAIL - start)).struct(), start


def _copy(source: IO[bytes], out: IO[bytes], size: int) -> None:
    """Copy so many bytes."""
    while size:
        block = source.read(min(size, shutil.COPY_BUFSIZE))  # type: ignore[attr-defined]
        if not block:
            raise ValueError("ends before its footer")
        out.write(block)
        size -= len(block)


def _value(struct: Struct, number: int) -> Any:  # noqa: ANN401 - as Thrift holds it
    return next(field.value for field in struct if field.id == number)


def _replace(struct: Struct, values: dict[int, Any]) -> Struct:
    return [field._replace(value=values.get(field.id, field.value)) for field in struct]


def _move(struct: Struct, places: Sequence[int], moved: int) -> Struct:
    """The struct with places in the file moved; 0 is none."""
    return [
        field._replace(value=field.value + moved)
        if field.id in places and field.value > 0
        else field
        for field in struct
    ]


def _move_group(group: Struct, moved: int, ordinal: int) -> Struct:
    element, chunks = _value(group, _GROUP_COLUMNS)
    moved_chunks = [_move_chunk(chunk, moved) for chunk in chunks]
    group = _replace(group, {_GROUP_COLUMNS: (element, moved_chunks)})
    group = _move(group, (_GROUP_OFFSET,), moved)
    if ordinal > _MAX_ORDINAL:  # it is optional, and has two bytes
        return [field for field in group if field.id != _GROUP_ORDINAL]
    return _replace(group, {_GROUP_ORDINAL: ordinal})


def _move_chunk(chunk: Struct, moved: int) -> Struct:
    places = (_CHUNK_OFFSET, _CHUNK_OFFSET_INDEX, _CHUNK_COLUMN_INDEX)
    meta = _move(_value(chunk, _CHUNK_META), _META_PLACES, moved)
    return _replace(_move(chunk, places, moved), {_CHUNK_META: meta})


class _Reader:
    """Reads values of Thrift's compact protocol."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def varint(self) -> int:
        result = shift = 0
        while True:
            byte = self.data[self.place]
            self.place += 1
            result |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the bit that says that more follow
                return result
            shift += 7

    def integer(self) -> int:
        number = self.varint()
        return (number >> 1) ^ -(number & 1)

    def take(self, size: int) -> bytes:
        self.place += size
        return self.data[self.place - size : self.place]

    def struct(self) -> Struct:
        fields: Struct = []
        number = 0
        while head := self.take(1)[0]:
            delta, kind = head >> 4, head & 0x0F
            number = number + delta if delta else self.integer()
            fields.append(Field(number, kind, self.value(kind)))
        return fields

    def value(self, kind: int) -> Any:  # noqa: ANN401 - as Thrift holds it
        if kind in {_TRUE, _FALSE}:
            return kind
        if kind == _BYTE:
            return self.take(1)
        if kind in {_I16, _I32, _I64}:
            return self.integer()
        if kind == _DOUBLE:
            return self.take(8)
        if kind == _BINARY:
            return self.take(self.varint())
        if kind in {_LIST, _SET}:
            head = self.take(1)[0]
            size, element = head >> 4, head & 0x0F
            size = self.varint() if size == 0x0F else size  # noqa: PLR2004 - as above
            return element, [self.element(element) for _ in range(size)]
        if kind == _STRUCT:
            return self.struct()
        raise ValueError(f"holds a value of Thrift's type {kind}, which no footer has")

    def element(self, kind: int) -> Any:  # noqa: ANN401 - as Thrift holds it
        """An element of a list; a truth has a byte of its own there."""
        return self.take(1)[0] if kind in {_TRUE, _FALSE} else self.value(kind)


def _write_varint(out: bytearray, number: int) -> None:
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


def _write_integer(out: bytearray, number: int) -> None:
    _write_varint(out, number << 1 if number >= 0 else (-number << 1) - 1)


def _write_struct(out: bytearray, struct: Struct) -> None:
    last = 0
    for field in struct:
        delta = field.id - last
        if 0 < delta <= 0x0F:  # noqa: PLR2004 - four bits
            out.append(delta << 4 | field.type)
        else:
            out.append(field.type)
            _write_integer(out, field.id)
        last = field.id
        if field.type not in {_TRUE, _FALSE}:
            _write_value(out, field.type, field.value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:  # noqa: ANN401 - as Thrift holds it
    if kind in {_BYTE, _DOUBLE}:
        out += value
    elif kind in {_I16, _I32, _I64}:
        _write_integer(out, value)
    elif kind == _BINARY:
        _write_varint(out, len(value))
        out += value
    elif kind == _STRUCT:
        _write_struct(out, value)
    else:
        element, values = value
        few = len(values) < 0x0F  # noqa: PLR2004 - four bits
        out.append((len(values) if few else 0x0F) << 4 | element)
        if not few:
            _write_varint(out, len(values))
        for item in values:
            if element in {_TRUE, _FALSE}:
                out.append(item)
            else:
                _write_value(out, element, item)
