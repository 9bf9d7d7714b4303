"""Writing: three tables beside each other, complete or not there at all."""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Protocol, Self

from copylab.compose.columns import (
    EXPOSURE_TABLE,
    REJECT_COLUMNS,
    Column,
    arrow_batch,
    arrow_schema,
)
from copylab.errors import DataError
from copylab.experiment.exposure import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from copylab.compose.batch import ComposedBatch

    Row = tuple[object, ...]

Part = Literal["messages", "exposures", "rejects"]


class RowWriter(Protocol):
    """Writes rows of one table to a file."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write what is still held back; the file itself stays open."""


class _CsvWriter:
    """Rows as CSV; a cell is what it is, whatever a spreadsheet makes of it."""

    def __init__(self, file: IO[bytes], columns: tuple[Column, ...]) -> None:
        self.text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        self.columns = columns
        self.writer = csv.writer(self.text, lineterminator="\n")
        self.writer.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Row]) -> None:
        self.writer.writerows(_with_times(self.columns, rows))

    def close(self) -> None:
        self.text.detach()


class _JsonLinesWriter:
    """Rows as JSON objects, one a line."""

    def __init__(self, file: IO[bytes], columns: tuple[Column, ...]) -> None:
        self.file = file
        self.columns = columns
        self.names = [column.name for column in columns]

    def write(self, rows: Sequence[Row]) -> None:
        for row in _with_times(self.columns, rows):
            record = dict(zip(self.names, row, strict=True))
            self.file.write(_encode(record).encode() + b"\n")

    def close(self) -> None:
        pass


_encode = json.JSONEncoder(ensure_ascii=False).encode


class _ParquetWriter:
    """Rows as Parquet."""

    def __init__(self, file: IO[bytes], columns: tuple[Column, ...]) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415 - CSV and JSON lines need none

        self.columns = columns
        self.writer = pq.ParquetWriter(file, arrow_schema(columns))

    def write(self, rows: Sequence[Row]) -> None:
        if rows:
            self.writer.write_batch(arrow_batch(self.columns, list(rows)))

    def close(self) -> None:
        self.writer.close()


def _with_times(columns: tuple[Column, ...], rows: Sequence[Row]) -> Iterable[Row]:
    """The rows with times as text."""
    if columns[0].type != "time":
        return rows
    return [(format_time(row[0]), *row[1:]) for row in rows]  # type: ignore[arg-type]


_WRITERS: dict[str, Callable[[IO[bytes], tuple[Column, ...]], RowWriter]] = {
    ".parquet": _ParquetWriter,
    ".csv": _CsvWriter,
    ".jsonl": _JsonLinesWriter,
    ".ndjson": _JsonLinesWriter,
}


def output_paths(output: Path | str) -> dict[Part, Path]:
    """The files of an output: its own name, ``STEM.exposures`` and ``STEM.rejects``.

    Raises:
        DataError: Its ending is not known.
    """
    path = Path(output)
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise DataError(
            "has an ending that is not known",
            file=str(output),
            help=f"the ending says how it is written: {known}",
        )
    return {
        "messages": path,
        "exposures": path.with_name(f"{path.stem}.exposures{path.suffix}"),
        "rejects": path.with_name(f"{path.stem}.rejects{path.suffix}"),
    }


def check_output(users: Path, output: Path | str) -> dict[Part, Path]:
    """The files of an output that can be written without harm.

    Raises:
        DataError: Its folder is not there, a file would replace the users, or a name
            is that of a folder.
    """
    paths = output_paths(output)
    folder = paths["messages"].parent
    if not folder.is_dir():
        reason = "is not a folder" if folder.exists() else "is not there"
        raise DataError(
            f"the folder of the output {reason}",
            file=str(folder),
            help="make it, or name another one",
        )
    for part, path in paths.items():
        if path.is_dir():
            raise DataError(
                f"is a folder where the {part} would be written",
                file=str(path),
                help="name another --output",
            )
        if path.exists() and path.samefile(users):
            raise DataError(
                f"holds the users; the {part} would replace them",
                file=str(path),
                help="name another --output",
            )
    return paths


class OutputFiles:
    """The files of one run, written beside their names and renamed at its end.

    A context manager. At a failure nothing stays. Where the file of the messages is
    there, the two others are of the same run: it is taken away first and comes last.

    Args:
        paths: The files, as ``check_output`` gives them.
        messages: The columns of the messages.
    """

    def __init__(self, paths: dict[Part, Path], messages: tuple[Column, ...]) -> None:
        self.paths = paths
        columns = {
            "messages": messages,
            "exposures": EXPOSURE_TABLE,
            "rejects": REJECT_COLUMNS,
        }
        self._columns = columns
        self._beside: dict[Part, Path] = {}
        self._files: dict[Part, IO[bytes]] = {}
        self._writers: dict[Part, RowWriter] = {}

    def __enter__(self) -> Self:
        """Open the files beside their names."""
        try:
            for part, path in self.paths.items():
                file = _open_beside(path)
                self._files[part], self._beside[part] = file, Path(file.name)
                make = _WRITERS[path.suffix.lower()]
                self._writers[part] = make(file, self._columns[part])
        except BaseException:
            self._discard()
            raise
        return self

    def write(self, batch: ComposedBatch) -> None:
        """Write what became of a batch of users."""
        self._writers["messages"].write(batch.message_rows)
        self._writers["exposures"].write(batch.exposure_rows)
        self._writers["rejects"].write(batch.reject_rows)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the files their names, or take them away after a failure."""
        if kind is not None:
            self._discard()
            return
        try:
            for part, writer in self._writers.items():
                writer.close()
                self._files[part].flush()
                os.fsync(self._files[part].fileno())
                self._files[part].close()
            self._publish()
        except BaseException:
            self._discard()
            raise

    def _publish(self) -> None:
        self.paths["messages"].unlink(missing_ok=True)
        for part in ("rejects", "exposures", "messages"):
            self._beside[part].replace(self.paths[part])

    def _discard(self) -> None:
        """Take away what was written; another failure must not hide the first."""
        for part, path in self._beside.items():
            writer = self._writers.get(part)
            with suppress(Exception):
                if writer is not None:
                    writer.close()
            with suppress(Exception):
                self._files[part].close()
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _open_beside(path: Path) -> IO[bytes]:
    """A new file in the same folder, hidden, whose name says what it will be."""
    for number in count():
        name = f".{path.name}.{os.getpid()}.{number}.part"
        with suppress(FileExistsError):
            return path.with_name(name).open("xb")
    raise AssertionError
