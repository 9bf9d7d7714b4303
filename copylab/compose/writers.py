"""Writing record batches to a file: Parquet, CSV or JSON lines."""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import IO, TYPE_CHECKING, Any, Protocol

from copylab.experiment.exposure import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyarrow import Array, RecordBatch, Table

    from copylab.compose.columns import Column

_QUOTED = re.compile('[",\r\n]').search
ROW_GROUP_BYTES = 64_000_000
"""How much is held in memory before it is written to a Parquet file."""
_SAMPLE = 1024


class TableWriter(Protocol):
    """Writes the rows of one table to a file."""

    def write(self, batch: RecordBatch) -> None:
        """Write some rows; texts that repeat themselves are dictionaries."""

    def close(self) -> None:
        """Write what is still held back; the file itself stays open."""


class _ParquetWriter:
    """Rows as Parquet, a row group for all that fits into memory."""

    def __init__(self, file: IO[bytes], columns: tuple[Column, ...]) -> None:
        from copylab.compose.slabs import coded_schema  # noqa: PLC0415 - Arrow is heavy

        self.file = file
        self.columns = columns
        self.schema = coded_schema(columns)
        self.writer: Any = None
        self.held: list[RecordBatch] = []

    def write(self, batch: RecordBatch) -> None:
        if batch.num_rows:
            self.held.append(batch)
            if sum(held.nbytes for held in self.held) > ROW_GROUP_BYTES:
                self._flush()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415 - as above

        table = pa.Table.from_batches(self.held, self.schema)
        # With one dictionary a column, codes are written as they are.
        table = table.unify_dictionaries().combine_chunks()
        self.writer = self.writer or self._open(table)
        if self.held:
            self.writer.write_table(table, row_group_size=table.num_rows)
            self.held.clear()

    def _open(self, table: Table) -> object:
        """The writer of tables like the first one."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - CSV and JSON lines need none

        texts = {column.name for column in self.columns if column.type == "text"}
        names = table.column_names
        # Arrow's own schema is left out: it would have texts read as dictionaries.
        return pq.ParquetWriter(
            self.file,
            self.schema,
            store_schema=False,
            use_dictionary=[name for name in names if _repeats(table[name])],
            write_statistics=[name for name in names if name not in texts],
        )

    def close(self) -> None:
        if self.held or self.writer is None:
            self._flush()
        self.writer.close()


def _repeats(column: Any) -> bool:  # noqa: ANN401 - Arrow has no types for mypy
    """Whether a column repeats itself: a dictionary of values that differ is no help."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    if pa.types.is_dictionary(column.type):
        return True
    sample = column.slice(0, _SAMPLE)
    return 2 * len(pc.unique(sample)) <= len(sample)


class _LineWriter:
    """Rows as lines; cells that repeat themselves are written out once.

    Args:
        file: Where the lines go.
        columns: The columns.
    """

    begin, between, end, null = "", ",", "\n", ""

    def __init__(self, file: IO[bytes], columns: tuple[Column, ...]) -> None:
        self.file = file
        self.columns = columns

    def name(self, column: Column) -> str:
        """What stands before the cells of a column."""
        raise NotImplementedError

    def show(self, text: str) -> str:
        """A text as a cell."""
        raise NotImplementedError

    def write(self, batch: RecordBatch) -> None:
        if not batch.num_rows:
            return
        words: list[str] = []
        varying: list[Sequence[str]] = []
        for column, array in zip(self.columns, batch.columns, strict=True):
            cells = self.cells(column, array)
            if isinstance(cells, str):
                words.append((self.name(column) + cells).replace("%", "%%"))
            else:
                words.append(self.name(column).replace("%", "%%") + "%s")
                varying.append(cells)
        template = self.begin + self.between.join(words) + self.end
        rows = zip(*varying, strict=True) if varying else [()] * batch.num_rows
        self.file.write("".join([template % row for row in rows]).encode())

    def cells(self, column: Column, array: Array) -> str | Sequence[str]:
        """The cells of a column; one text where all are the same."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        if column.type == "time":
            array = _times(array).dictionary_encode()
        show, null = self.show, self.null
        if not pa.types.is_dictionary(array.type):
            write: Callable[[Any], str] = show if column.type == "text" else str
            return [null if v is None else write(v) for v in array.to_pylist()]
        words = [show(word) for word in array.dictionary.to_pylist()]
        if array.null_count == len(array):
            return null
        if not array.null_count and len(words) == 1:
            return words[0]
        codes = array.indices.to_pylist()
        return [null if code is None else words[code] for code in codes]

    def close(self) -> None:
        pass


class _CsvWriter(_LineWriter):
    """Rows as CSV; a cell is what it is, whatever a spreadsheet makes of it."""

    def name(self, column: Column) -> str:  # noqa: ARG002 - the header says it
        return ""

    def show(self, text: str) -> str:
        if _QUOTED(text):
            return '"' + text.replace('"', '""') + '"'
        return text


class _JsonLinesWriter(_LineWriter):
    """Rows as JSON objects, one a line."""

    begin, between, end, null = "{", ", ", "}\n", "null"

    def name(self, column: Column) -> str:
        return f"{encode_basestring(column.name)}: "

    def show(self, text: str) -> str:
        return encode_basestring(text)


def header_of(suffix: str, columns: tuple[Column, ...]) -> bytes:
    """What a file of an ending begins with, before its rows."""
    if suffix != ".csv":
        return b""
    return ",".join(column.name for column in columns).encode() + b"\n"


def _times(array: Array) -> Array:
    """Times as text."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    coded = array.dictionary_encode()
    words = [format_time(at) for at in coded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(coded.indices)


WRITERS: dict[str, Callable[[IO[bytes], tuple[Column, ...]], TableWriter]] = {
    ".parquet": _ParquetWriter,
    ".csv": _CsvWriter,
    ".jsonl": _JsonLinesWriter,
    ".ndjson": _JsonLinesWriter,
}
"""From the ending of a file to what writes it."""
