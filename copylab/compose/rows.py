"""Reading users: a file of any size as batches of rows, in its order.

Nothing is guessed: the cells of a CSV file are texts, and an empty one is null; each
value is read as its declared type when it is used. A row that cannot be read is handed
on as broken, so that it is written out with its reason.
"""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from copylab.compose.user_batch import Broken, User, UserBatch, row_batch
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

BATCH_ROWS = 4096
"""How many users are held in memory at a time."""
MAX_LINE_BYTES = 16_000_000
"""A line longer than this is no row of anybody."""


MAX_DEPTH = 100
"""More objects inside each other are no user."""


@dataclass(frozen=True, slots=True)
class UserTable:
    """A file of users.

    Attributes:
        path: The file.
        columns: The columns; None where each row names its own keys.
        absent: From columns that are needed to those that are nowhere in the file.
        batches: From columns that are needed to the users, batch by batch.
        not_text: Columns that hold no texts, with the name of their type.
        rows: How many rows there are, or None where that is not known.
        kind: ``parquet``, ``csv`` or ``jsonl``.
    """

    path: Path
    columns: tuple[str, ...] | None
    absent: Callable[[Collection[str]], list[str]]
    batches: Callable[[Collection[str]], Iterator[UserBatch]]
    not_text: Mapping[str, str]
    rows: int | None = None
    kind: str = "jsonl"


def open_users(path: Path | str) -> UserTable:
    """The table of users in a file: Parquet, CSV (also ``.gz``) or JSON lines.

    Raises:
        DataError: There is no such file, it is empty or of no known kind, its header
            cannot be read, or it names a column twice.
    """
    path = Path(path)
    kind = _check_file(path)
    if kind == "parquet":
        from copylab.compose.arrow_rows import open_parquet  # noqa: PLC0415 - Arrow is heavy

        return open_parquet(path)
    if kind == "csv":
        from copylab.compose.csv_rows import open_csv  # noqa: PLC0415 - used by one kind

        return open_csv(path)
    return _open_json_lines(path)


def check_columns(shown: str, columns: tuple[str, ...]) -> None:
    """Pass if no column is named twice.

    Raises:
        DataError: One is.
    """
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        named = ", ".join(f"'{name}'" for name in twice)
        raise DataError(
            f"names a column twice: {named}",
            file=shown,
            help="rename or remove one of each, so that it is clear which is meant",
        )


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked where it ends in ``.gz``.

    Raises:
        DataError: They cannot be read.
    """
    packed = path.suffix.lower() == ".gz"
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            yield cast("IO[bytes]", file)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            f"cannot be read: {reason}", file=str(path), help="export the table again"
        ) from None


def read_lines(file: IO[bytes], path: Path, before: int = 0) -> Iterator[str]:
    """The lines of a file of UTF-8, their ends included.

    Args:
        file: The lines.
        path: Where they come from, as messages name it.
        before: How many lines stand before them.

    Raises:
        DataError: A line is not UTF-8, or too long to be a row.
    """
    number = before
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if len(line) == MAX_LINE_BYTES:
            size = f"{MAX_LINE_BYTES // 1_000_000} MB"
            raise DataError(
                f"the line is longer than {size}", file=str(path), line=number
            )
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise DataError(
                f"byte 0x{line[error.start]:02X} is not UTF-8",
                file=str(path),
                line=number,
                help="export the table as UTF-8 (in Excel: CSV UTF-8)",
            ) from None


def take_batches(rows: Iterator[User | Broken]) -> Iterator[UserBatch]:
    """The rows in batches; what is whole is what was read."""
    while users := list(islice(rows, BATCH_ROWS)):
        yield row_batch(users)


def _check_file(path: Path) -> str:
    """The kind of a file that is there and not empty."""
    shown = str(path)
    if path.is_dir():
        raise DataError(
            "is a directory, not a file", file=shown, help="name a file inside it"
        )
    try:
        size = path.stat().st_size
    except OSError as error:
        reason = "is not there" if not path.exists() else error.strerror
        raise DataError(str(reason), file=shown, help="check the path") from None
    name = path.name.lower()
    kinds = {
        ".parquet": "parquet",
        ".csv": "csv",
        ".csv.gz": "csv",
        ".jsonl": "jsonl",
        ".jsonl.gz": "jsonl",
        ".ndjson": "jsonl",
    }
    for ending, kind in kinds.items():
        if name.endswith(ending):
            if not size:
                raise DataError("is empty", file=shown, help="export the table again")
            return kind
    raise DataError(
        "has an ending that is not known",
        file=shown,
        help=f"users are read from {', '.join(kinds)}",
    )


def _open_json_lines(path: Path) -> UserTable:
    def rows() -> Iterator[User | Broken]:
        with opened(path) as file:
            for line in read_lines(file, path):
                if text := line.strip():
                    yield read_object(text)

    def absent(needed: Collection[str]) -> list[str]:
        """Keys that stand on no line; a row may leave out those that are null."""
        wanted = {name: spellings(name) for name in needed}
        with opened(path) as file:
            while wanted and (line := file.readline(MAX_LINE_BYTES)):
                wanted = {
                    name: forms
                    for name, forms in wanted.items()
                    if not any(form in line for form in forms)
                }
        if wanted:
            with opened(path) as file:
                check_first_line(str(path), read_lines(file, path))
        return list(wanted)

    def batches(_needed: Collection[str]) -> Iterator[UserBatch]:
        return take_batches(rows())

    return UserTable(path, None, absent, batches, {})


def check_first_line(shown: str, lines: Iterable[str]) -> None:
    """Pass if the first line that is not blank is a user: then a lacking key is one.

    Args:
        shown: The file as messages name it.
        lines: Its lines.

    Raises:
        DataError: It is none, so that no key can be told.
    """
    for number, line in enumerate(lines, start=1):
        if not (text := line.strip()):
            continue
        row = read_object(text)
        if isinstance(row, Broken):
            one = "write one JSON object a line"
            cure = f"{one}; this looks like a list" if text.startswith("[") else one
            raise DataError(row.problem, file=shown, line=number, help=cure)
        return


def spellings(name: str) -> tuple[bytes, bytes]:
    """A key as JSON writers write it."""
    return json.dumps(name).encode(), json.dumps(name, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def read_object(text: str) -> User | Broken:
    """The user on a line of JSON lines, or why there is none."""
    try:
        row = json.loads(text, object_pairs_hook=_unambiguous)
    except RecursionError:
        return Broken("nested too deeply", text)
    except ValueError as error:  # JSONDecodeError, a key twice, or a number too long
        return Broken(f"not JSON: {error}", text)
    if not isinstance(row, dict):
        return Broken("not a JSON object", text)
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(row) > MAX_DEPTH:
        return Broken("nested too deeply", text)
    return row


def _depth(row: object) -> int:
    """How many objects and lists stand inside each other."""
    level, depth = [row], 0
    while level:
        inner = [
            list(item.values()) if isinstance(item, dict) else item for item in level
        ]
        level = [part for item in inner if isinstance(item, list) for part in item]
        depth += 1
    return depth


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key '{twice}' stands there twice")
    return row
