"""Users in text files, read by Spark line by line and understood by our own readers.

Spark's readers of CSV and JSON guess types and mend what is broken. Here Spark cuts the
files into lines, and a line becomes a user, or a row that cannot be read, by the same
code as from a local file. A file is read in blocks at the same time; the rows of each
are counted first, so that every row has the number it has in the file.
"""

from __future__ import annotations

import codecs
import io
import json
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from copylab.compose.csv_rows import check_header, read_cells, read_row
from copylab.compose.rows import read_object, spellings
from copylab.compose.rows_out import encodable
from copylab.compose.user_batch import Broken
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyarrow import RecordBatch

    from copylab.compose.user_batch import User

LineKind = Literal["csv", "jsonl"]
Block = tuple[str, int]
"""A file and the byte at which a part of it begins."""

LINE_SCHEMA = "file string, block bigint, line binary"
COUNT_SCHEMA = (
    "file string, block bigint, rows bigint, lines bigint, found array<string>"
)
ROW_SCHEMA = "__copylab_row bigint, unit string, record string"


class Start(NamedTuple):
    """Where a block begins.

    Attributes:
        row: The number of its first row, from 0, over all files.
        line: How many lines of its file stand before it.
    """

    row: int
    line: int


class Lines(NamedTuple):
    """How the lines of some files are to be understood.

    Attributes:
        kind: What the files are.
        shown: The files as messages name them.
        columns: The header that each CSV file has; empty for JSON lines.
        unit: The key that says who a user is, or None.
    """

    kind: LineKind
    shown: str
    columns: tuple[str, ...]
    unit: str | None


def count_rows(
    how: Lines, wanted: tuple[str, ...], batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """The number of rows of each block, and which wanted keys its lines name.

    Args:
        how: What the lines are.
        wanted: Keys of JSON objects to look for.
        batches: Lines, as ``LINE_SCHEMA``.
    """
    import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy

    forms = {name: spellings(name) for name in wanted}
    schema = pa.schema(
        [
            ("file", pa.string()),
            ("block", pa.int64()),
            ("rows", pa.int64()),
            ("lines", pa.int64()),
            ("found", pa.list_(pa.string())),
        ]
    )
    for place, lines in _blocks(batches):
        seen = _Seen(forms)
        if how.kind == "csv":
            rows = sum(1 for _ in _records(how, place, seen.each(lines), 0))
        else:
            rows = sum(1 for line in seen.each(lines) if _text(how, line))
        found = {"rows": [rows], "lines": [seen.lines], "found": [sorted(seen.found)]}
        cells = {"file": [place[0]], "block": [place[1]], **found}
        yield pa.RecordBatch.from_pydict(cells, schema=schema)


class _Seen:
    """What stands on lines that went by."""

    def __init__(self, forms: Mapping[str, tuple[bytes, bytes]]) -> None:
        self.forms = forms
        self.found: set[str] = set()
        self.lines = 0

    def each(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines."""
        for line in lines:
            self.lines += 1
            for name in self.forms.keys() - self.found:
                if any(form in line for form in self.forms[name]):
                    self.found.add(name)
            yield line


def number_rows(
    how: Lines, starts: Mapping[Block, Start], batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """The rows of lines, with their numbers, their units, and all they hold as JSON.

    Args:
        how: What the lines are.
        starts: By block, where it begins.
        batches: Lines, as ``LINE_SCHEMA``.
    """
    for place, lines in _blocks(batches):
        numbered: list[tuple[int, str | None, str]] = []
        start = starts[place]
        for row, user in enumerate(_records(how, place, lines, start.line), start.row):
            numbered.append((row, *_unit_and_record(how, user)))
            if len(numbered) == _BATCH_ROWS:
                yield _row_batch(numbered)
                numbered = []
        if numbered:
            yield _row_batch(numbered)


def _unit_and_record(how: Lines, user: User | Broken) -> tuple[str | None, str]:
    if isinstance(user, Broken):
        return None, json.dumps({"broken": list(user)})
    unit = None if how.unit is None else user.get(how.unit)
    named = None if unit is None else encodable(str(unit))
    return named, json.dumps({"user": user})


def read_record(record: str) -> User | Broken:
    """The user, or the broken row, that ``number_rows`` wrote."""
    found: dict[str, Any] = json.loads(record)
    if "broken" in found:
        return Broken(*found["broken"])
    user: User = found["user"]
    return user


def read_header(first: bytes, shown: str) -> tuple[str, ...]:
    """The columns of a CSV file, from the bytes it begins with.

    Raises:
        DataError: There are none that can be used.
    """
    path = Path(shown)
    header = next(read_cells(io.BytesIO(first), path), None)
    if isinstance(header, Broken):
        raise DataError(f"the header {header.problem}", file=shown, line=1)
    if not header:
        raise DataError("has no header", file=shown, line=1)
    columns = tuple(name.strip() for name in header)
    check_header(path, columns)
    return columns


_BATCH_ROWS = 4096


def _row_batch(rows: list[tuple[int, str | None, str]]) -> RecordBatch:
    import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy

    numbers, units, records = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [
            pa.array(numbers, pa.int64()),
            pa.array(units, pa.string()),
            pa.array(records),
        ],
        names=["__copylab_row", "unit", "record"],
    )


def _blocks(batches: Iterable[RecordBatch]) -> Iterator[tuple[Block, Iterator[bytes]]]:
    """The lines of each block, in their order."""

    def lines() -> Iterator[tuple[Block, bytes]]:
        for batch in batches:
            columns = (batch[name].to_pylist() for name in ("file", "block", "line"))
            for file, block, line in zip(*columns, strict=True):
                yield (file, block), line

    for place, group in groupby(lines(), itemgetter(0)):
        yield place, _unmarked(place, (line for _, line in group))


def _unmarked(place: Block, lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines, without the byte order mark that a file may begin with."""
    if place[1] == 0:
        yield next(lines).removeprefix(codecs.BOM_UTF8)
    yield from lines


def _records(
    how: Lines, place: Block, lines: Iterable[bytes], before: int
) -> Iterator[User | Broken]:
    """The rows of a block; the header of a file is none."""
    if how.kind == "jsonl":
        for line in lines:
            if text := _text(how, line):
                yield read_object(text)
        return
    reader: Any = _Reader(lines)
    cells = read_cells(reader, Path(how.shown), before)
    if place[1] == 0:
        header = next(cells, None)
        if isinstance(header, Broken) or _stripped(header) != how.columns:
            raise DataError(
                f"{place[0]} has another header than the file before it",
                file=how.shown,
                help="compose the files one by one, or give them the same columns",
            )
    for row in cells:
        yield read_row(row, how.columns)


def _stripped(header: list[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in header or ())


def _text(how: Lines, line: bytes) -> str:
    try:
        return line.decode().strip()
    except UnicodeDecodeError as error:
        raise DataError(
            f"byte 0x{line[error.start]:02X} is not UTF-8",
            file=how.shown,
            help="export the table as UTF-8",
        ) from None


class _Reader:
    """Lines as a file that is read line by line."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._waiting: list[bytes] = []

    def readline(self, _limit: int = -1) -> bytes:
        """The next line with its end; empty after the last."""
        if not self._waiting:
            line = next(self._lines, None)
            # A file that Spark hands over whole comes as one line of many.
            self._waiting = [] if line is None else [*reversed(_with_ends(line))]
        return self._waiting.pop() if self._waiting else b""


def _with_ends(line: bytes) -> list[bytes]:
    return [part + b"\n" for part in line.split(b"\n")]
