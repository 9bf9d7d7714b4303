"""From a journal to a finished file, which appears under its name all at once.

The name carries a digest of the rows. So a journal that was finished, but not yet taken
away when its process was killed, is known by the file that is there; and two files of
one name hold the same rows, wherever they are gathered.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.experiment.log.journal import SUFFIX, journal_form
from copylab.experiment.log.line import LOG_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from pyarrow import Schema, Table

    from copylab.experiment.log.journal import Journal

_DIGEST_BYTES = 8

# A child that is forked while another thread imports or uses Arrow would wait for ever
# for locks of a thread that it has not. So a fork waits until the file is made.
_ARROW = threading.RLock()
os.register_at_fork(
    before=_ARROW.acquire, after_in_parent=_ARROW.release, after_in_child=_ARROW.release
)

CANNOT = (OSError, ValueError, ImportError, MemoryError)
"""What may stand in the way of a finished file; Arrow's errors are ValueErrors."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a journal.

    Attributes:
        path: The finished file, or None where the journal held no row.
        rows: How many rows it holds.
        broken: The file with the lines that could not be read, or None. Only a disk
            that lost what it was given makes such lines.
    """

    path: Path | None
    rows: int
    broken: Path | None = None


def log_schema() -> Schema:
    """The Arrow schema of finished files."""
    import pyarrow as pa  # noqa: PLC0415 - a service that only logs JSON needs none

    types = {
        "time": pa.timestamp("us", "UTC"),
        "text": pa.string(),
        "count": pa.int32(),
    }
    return pa.schema([(column.name, types[column.kind]) for column in LOG_COLUMNS])


def finish_journal(journal: Journal, *, doubt: bool = False) -> Finished:
    """Makes the finished file of a journal, then takes the journal away.

    A last line without its end was never reported as written, and is left out.

    Args:
        journal: A journal that is locked and is written to no more.
        doubt: Whether it is another's, so that lines may be broken, as when the machine
            lost its power. Those that cannot be read are put beside it in a file of
            their own.

    Raises:
        OSError: Something cannot be written; the journal is still there.
    """
    data = journal.read()
    if not doubt:  # this log knows how far it has written
        data = data[: journal.size_bytes]
    whole = data[: data.rfind(b"\n") + 1]
    broken = b""
    if doubt and whole:
        whole, broken = _set_aside(whole)
    stem, form = journal.path.name.removesuffix(SUFFIX).rsplit(".", 1)
    digest = hashlib.blake2b(whole + broken, digest_size=_DIGEST_BYTES).hexdigest()
    name = f"{stem}-{digest}"
    rows = whole.count(b"\n")
    path = journal.path.with_name(f"{name}.{form}") if rows else None
    beside = journal.path.with_name(f"{name}.broken") if broken else None
    if beside is not None:
        _put(beside, broken)
    if path is not None and not path.exists():
        made = whole if journal_form(journal.path) == "jsonl" else _parquet(whole, rows)
        _put(path, made)
    journal.path.unlink(missing_ok=True)
    return Finished(path, rows, beside)


def say(error: BaseException) -> str:
    """What the system said, in one line."""
    text = error.strerror if isinstance(error, OSError) else None
    return text or str(error).partition("\n")[0] or type(error).__name__


def _put(path: Path, data: bytes) -> None:
    """A new file with the bytes, on the disk before it has its name.

    The file beside it has a name that only the holder of the journal's lock uses, so
    what a killed process left of it is written over.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put new names on the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _parquet(lines: bytes, rows: int) -> bytes:
    """The rows as a Parquet file."""
    with _ARROW:
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        table = _read_lines(lines)
        if table.num_rows != rows:
            raise OSError(f"{table.num_rows} rows were read back of {rows}")
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        whole: bytes = sink.getvalue().to_pybytes()
        return whole


def _read_lines(lines: bytes) -> Table:

    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import json as arrow_json  # noqa: PLC0415 - as above

    schema = log_schema()
    # Times are read as text and cast: the reader's own parser drops what it can't take.
    texts = pa.schema(
        [(f.name, pa.string() if f.name == "ts" else f.type) for f in schema]
    )
    table = arrow_json.read_json(
        pa.BufferReader(lines),
        # One block: a row may be longer than any block one would choose.
        read_options=arrow_json.ReadOptions(
            use_threads=False, block_size=len(lines) + 1
        ),
        parse_options=arrow_json.ParseOptions(
            explicit_schema=texts, unexpected_field_behavior="ignore"
        ),
    )
    return table.select(texts.names).cast(schema)


def _set_aside(data: bytes) -> tuple[bytes, bytes]:
    """The lines that are rows, and those that are not."""
    good: list[bytes] = []
    bad: list[bytes] = []
    for line in data.split(b"\n")[:-1]:
        (good if _is_row(line) else bad).append(line + b"\n")
    return b"".join(good), b"".join(bad)


def _is_row(line: bytes) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and "ts" in row and "unit" in row
