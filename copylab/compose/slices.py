"""Slices of a table of users: as many rows as a worker composes at a time.

A slice is bytes: Arrow's stream of some rows, or lines of text. Whoever cuts a file
into slices only counts its rows; whoever composes a slice reads them.
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple

from copylab.compose.csv_rows import CANNOT_GO_ON, read_cells, read_row
from copylab.compose.rows import MAX_LINE_BYTES, opened, read_lines, read_object
from copylab.compose.user_batch import Broken, User, UserBatch, row_batch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from copylab.compose.rows import UserTable

MAX_SLICE_BYTES = 32_000_000
"""A slice ends where its rows are more than this."""


class Position(NamedTuple):
    """A place between two rows of a table.

    Attributes:
        row: How many rows stand before it.
        offset: How many bytes of text do, unpacked.
        line: How many lines do.
    """

    row: int = 0
    offset: int = 0
    line: int = 0


class Slice(NamedTuple):
    """Some rows of a table, next to each other.

    Attributes:
        start: Where they start.
        end: Where they end.
        data: The rows.
    """

    start: Position
    end: Position
    data: bytes

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.end.row - self.start.row


class SliceReader(NamedTuple):
    """What it takes to read the slices of a table; it can be sent to a worker.

    Attributes:
        kind: ``parquet``, ``csv`` or ``jsonl``.
        path: The table, as messages name it.
        columns: The columns of a CSV file.
        needed: The columns that composing reads.
    """

    kind: str
    path: Path
    columns: tuple[str, ...]
    needed: frozenset[str]

    def batches(self, piece: Slice, size: int) -> Iterator[UserBatch]:
        """The users of a slice, some at a time.

        Raises:
            DataError: A line cannot be read, nor what stands behind it.
        """
        if self.kind == "parquet":
            yield from _arrow_batches(piece, self.needed, size)
            return
        rows: list[User | Broken] = []
        for row in self._rows(piece):
            rows.append(row)
            if len(rows) == size:
                yield row_batch(rows)
                rows = []
        if rows:
            yield row_batch(rows)

    def _rows(self, piece: Slice) -> Iterator[User | Broken]:
        file = io.BytesIO(piece.data)
        if self.kind == "csv":
            for cells in read_cells(file, self.path, piece.start.line):
                yield read_row(cells, self.columns)
            return
        for line in read_lines(file, self.path, piece.start.line):
            if text := line.strip():
                yield read_object(text)


def slice_reader(table: UserTable, needed: Collection[str]) -> SliceReader:
    """The reader of a table's slices."""
    return SliceReader(table.kind, table.path, table.columns or (), frozenset(needed))


def cut_slices(
    table: UserTable,
    rows: int,
    start: Position | None = None,
    columns: Collection[str] | None = None,
) -> Iterator[Slice]:
    """The rows of a table in slices, from a position on.

    Args:
        table: The table.
        rows: How many rows a slice has at most.
        start: Where to start, between two slices of as many rows; None is its top.
        columns: The columns to read, where they can be read alone; None is all.

    Raises:
        DataError: The table cannot be read.
    """
    if table.kind == "parquet":
        return _cut_parquet(table.path, rows, start or Position(), columns)
    return _cut_lines(table, rows, start)


def _arrow_batches(
    piece: Slice, needed: Collection[str], size: int
) -> Iterator[UserBatch]:
    import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy

    from copylab.compose.arrow_rows import read_arrow  # noqa: PLC0415 - as above

    with pa.ipc.open_stream(piece.data) as stream:
        table = stream.read_all().combine_chunks()
    for batch in table.to_batches(max_chunksize=size):
        yield read_arrow(batch, needed)


def _cut_parquet(
    path: Path, rows: int, start: Position, columns: Collection[str] | None
) -> Iterator[Slice]:
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    from copylab.compose.arrow_rows import unreadable  # noqa: PLC0415 - as above

    try:
        with pq.ParquetFile(path) as file:
            groups, skipped = _groups_from(file.metadata, start.row)
            position = start
            read = None if columns is None else list(columns)
            found = file.iter_batches(rows, row_groups=groups, columns=read)
            for batches in _regroup(found, rows, start.row - skipped):
                whole = pa.Table.from_batches(batches)
                end = Position(position.row + whole.num_rows)
                yield Slice(position, end, _packed(whole))
                position = end
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error) from None


def _groups_from(metadata: object, row: int) -> tuple[list[int], int]:
    """The row groups from the one of a row on, and the rows before them."""
    before = 0
    count: int = metadata.num_row_groups  # type: ignore[attr-defined]
    for group in range(count):
        rows: int = metadata.row_group(group).num_rows  # type: ignore[attr-defined]
        if before + rows > row:
            return list(range(group, count)), before
        before += rows
    return [], before


def _regroup(batches: Iterable[object], rows: int, skip: int) -> Iterator[list[object]]:
    """Batches in lists of as many rows, whatever row groups they come from."""
    held: list[object] = []
    count = 0
    for batch in batches:
        rest = batch
        while (size := rest.num_rows) > 0:  # type: ignore[attr-defined]
            take = min(size, skip or rows - count)
            head, rest = rest.slice(0, take), rest.slice(take)  # type: ignore[attr-defined]
            if skip:
                skip -= take
                continue
            held.append(head)
            count += take
            if count == rows:
                yield held
                held, count = [], 0
    if held:
        yield held


def _packed(table: object) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - as above

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:  # type: ignore[attr-defined]
        stream.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _cut_lines(table: UserTable, rows: int, start: Position | None) -> Iterator[Slice]:
    path = table.path
    is_csv = table.kind == "csv"
    with opened(path) as file:
        position = start
        if position is None:
            position = _behind_header(file, path) if is_csv else _behind_mark(file)
        file.seek(position.offset)
        while True:
            lines, found = _take_lines(file, rows, is_csv=is_csv)
            if not lines:
                return
            data = b"".join(lines)
            end = Position(
                position.row + found,
                position.offset + len(data),
                position.line + len(lines),
            )
            if found:
                yield Slice(position, end, data)
            position = end


def _behind_header(file: IO[bytes], path: Path) -> Position:
    counted = _Counted(file)
    next(read_cells(counted, path))  # type: ignore[arg-type]
    return Position(0, counted.offset, counted.lines)


def _behind_mark(file: IO[bytes]) -> Position:
    return Position(0, len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)


class _Counted:
    """A file whose lines are counted as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.offset = self.lines = 0

    def readline(self, limit: int = -1) -> bytes:
        line = self.file.readline(limit)
        self.offset += len(line)
        self.lines += bool(line)
        return line


def _take_lines(file: IO[bytes], rows: int, *, is_csv: bool) -> tuple[list[bytes], int]:
    """Lines that hold so many rows, and how many they hold."""
    lines: list[bytes] = []
    found = size = 0
    while found < rows and size < MAX_SLICE_BYTES:
        line = file.readline(MAX_LINE_BYTES)
        if not line:
            break
        lines.append(line)
        size += len(line)
        if is_csv and b'"' in line:
            more = _quoted_row(line, file)
            lines += more
            size += sum(map(len, more))
            found += 1
        elif is_csv:
            found += bool(line.strip(b"\r\n"))
        else:
            found += not _is_blank(line)
    return lines, found


def _quoted_row(line: bytes, file: IO[bytes]) -> list[bytes]:
    """The further lines of a row of CSV that begins on a line with quotes."""
    more: list[bytes] = []

    def following() -> Iterator[str]:
        while next_line := file.readline(MAX_LINE_BYTES):
            more.append(next_line)
            yield next_line.decode("utf-8", "replace")

    first = line.decode("utf-8", "replace")
    reader = csv.reader(chain([first], following()), strict=True)
    try:
        next(reader, None)
    except csv.Error as error:
        if not str(error).startswith(CANNOT_GO_ON):
            return more
    return more


def _is_blank(line: bytes) -> bool:
    """Whether a line of JSON lines is none."""
    text = line.strip()
    if text.startswith(b"{"):
        return False
    return not text.decode("utf-8", "replace").strip()  # Unicode has more blanks
