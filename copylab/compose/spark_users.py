"""Files of users as a Spark table whose rows are numbered as in the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from copylab.compose.needs import absent_message, needed_columns
from copylab.compose.rows import check_first_line
from copylab.compose.spark_errors import telling
from copylab.compose.spark_frame import check_frame, mark_repeated, user_column
from copylab.compose.spark_lines import (
    COUNT_SCHEMA,
    ROW_SCHEMA,
    Block,
    LineKind,
    Lines,
    Start,
    count_rows,
    number_rows,
    read_header,
)
from copylab.compose.spark_worker import ROW
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyarrow import RecordBatch
    from pyspark.sql import DataFrame, SparkSession

    from copylab.compose.one import Composer

    Batches = Iterable[RecordBatch]

Kind = Literal["parquet", "csv", "jsonl"]

_KINDS: dict[str, Kind] = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson": "jsonl",
}


@dataclass(frozen=True, slots=True)
class SparkUsers:
    """Users that are ready to be composed on Spark.

    Attributes:
        frame: The users behind ``ROW`` and ``BEFORE``.
        records: Whether they are the records of ``spark_lines``.
    """

    frame: DataFrame
    records: bool


def read_users(
    session: SparkSession,
    users: str,
    composer: Composer,
    locale: str | None,
    *,
    allow_duplicates: bool = False,
) -> SparkUsers:
    """The users in a file, or in the files of a folder.

    Args:
        session: Spark, in UTC and minding the case of columns.
        users: A path, or an address that Spark reads.
        composer: The message and channel, prepared.
        locale: The locale to write in; None takes each user's.
        allow_duplicates: Whether a user who stands there twice is no repeat.

    Raises:
        DataError: There is no such file, it is of no known kind, its header cannot be
            read, or it lacks columns.
    """
    kind, place = locate_users(users)
    if kind == "parquet":
        frame = _number_parquet(session.read.parquet(place))
        check_frame(frame.drop(ROW), composer, locale, shown=users)
        key = None if allow_duplicates else user_column(composer, frame.columns)
        return SparkUsers(mark_repeated(frame, key), records=False)
    rows = _read_lines(session, place, kind, users, composer, locale)
    marked = mark_repeated(rows, None if allow_duplicates else "unit").drop("unit")
    return SparkUsers(marked, records=True)


def locate_users(users: str) -> tuple[Kind, str]:
    """What a file of users is, and where Spark finds it.

    Raises:
        DataError: It is not there, empty or of no known kind.
    """
    name = users.rstrip("/").lower()
    kind = next((kind for end, kind in _KINDS.items() if name.endswith(end)), None)
    if kind is None:
        raise DataError(
            "has an ending that is not known",
            file=users,
            help=f"users are read from {', '.join(_KINDS)}",
        )
    if "://" in users:
        return kind, users
    path = Path(users)
    if not path.exists():
        raise DataError("is not there", file=users, help="check the path")
    if path.is_file() and not path.stat().st_size:
        raise DataError("is empty", file=users, help="export the table again")
    return kind, local_address(path, pattern=True)


def local_address(path: Path, *, pattern: bool = False) -> str:
    """A path of this machine as Spark writes it.

    Args:
        path: The path.
        pattern: Whether Spark would read it as a pattern; then its signs are escaped.
    """
    text = str(path.resolve())
    if pattern:
        text = "".join(f"\\{sign}" if sign in "\\[]{}*?" else sign for sign in text)
    return f"file://{text}"


def _number_parquet(frame: DataFrame) -> DataFrame:
    """The rows of Parquet files, numbered in the order of the files' names."""
    kept = [f"`{name.replace('`', '``')}`" for name in frame.columns]
    if len(frame.inputFiles()) <= 1:
        return frame.selectExpr(f"_metadata.row_index as {ROW}", *kept)
    counts = frame.selectExpr("_metadata.file_path as file").groupBy("file").count()
    starts, at = [], 0
    for file, count in sorted(counts.collect()):
        starts.append((file, at))
        at += count
    known = frame.sparkSession.createDataFrame(
        starts, "__copylab_file string, __copylab_start bigint"
    )
    placed = frame.selectExpr(
        "_metadata.file_path as __copylab_file",
        "_metadata.row_index as __copylab_index",
        *kept,
    )
    joined = placed.join(known.hint("broadcast"), "__copylab_file")
    return joined.selectExpr(f"__copylab_start + __copylab_index as {ROW}", *kept)


def _read_lines(
    session: SparkSession,
    place: str,
    kind: LineKind,
    shown: str,
    composer: Composer,
    locale: str | None,
) -> DataFrame:
    """The rows of text files, as ``ROW_SCHEMA``."""
    lines = _lines(session, place, whole=False)
    needs = needed_columns(composer, locale)
    columns: tuple[str, ...] = ()
    if kind == "csv":
        if _has_open_lines(lines):
            lines = _lines(session, place, whole=True)
        columns = _read_header(lines, shown)
        _check_absent([name for name in needs if name not in columns], needs, shown)
    key = user_column(composer, columns if kind == "csv" else None)
    how = Lines(kind, shown, columns, key)
    wanted = tuple(needs) if kind == "jsonl" else ()

    def count(batches: Batches) -> Batches:
        return count_rows(how, wanted, batches)

    counted = lines.mapInArrow(telling(count), COUNT_SCHEMA).collect()
    found = {name for row in counted for name in row["found"]}
    absent = [name for name in wanted if name not in found]
    if absent:
        check_first_line(shown, [_first_line(lines).decode("utf-8-sig", "replace")])
    _check_absent(absent, needs, shown)
    starts: dict[Block, Start] = {}
    rows, line, file = 0, 0, ""
    for row in sorted(counted, key=lambda row: (row["file"], row["block"])):
        line = line if row["file"] == file else 0
        file = row["file"]
        starts[file, row["block"]] = Start(rows, line)
        rows, line = rows + row["rows"], line + row["lines"]

    def number(batches: Batches) -> Batches:
        return number_rows(how, starts, batches)

    return lines.mapInArrow(telling(number), ROW_SCHEMA)


def _check_absent(absent: list[str], needs: dict[str, list[str]], shown: str) -> None:
    if absent:
        raise DataError(
            absent_message(absent, needs), file=shown, help="mind capital letters"
        )


def _lines(session: SparkSession, place: str, *, whole: bool) -> DataFrame:
    """The lines of text files, or each file as one."""
    separator = None if whole else "\n"
    text = session.read.text(place, wholetext=whole, lineSep=separator)
    return text.selectExpr(
        "_metadata.file_path as file",
        "_metadata.file_block_start as block",
        "cast(value as binary) as line",
    )


def _read_header(lines: DataFrame, shown: str) -> tuple[str, ...]:
    """The columns of the first of some CSV files."""
    return read_header(_first_line(lines), shown)


def _first_line(lines: DataFrame) -> bytes:
    """The first line of the first of some files; empty where there is none."""
    first = lines.where("block = 0").orderBy("file").limit(1).select("line").collect()
    return bytes(first[0]["line"]) if first else b""


def _has_open_lines(lines: DataFrame) -> bool:
    """Whether a cell goes on in another line: then a line has an odd number of quotes."""
    text = "cast(line as string)"
    quotes = f"length({text}) - length(replace({text}, '\"', ''))"
    return bool(lines.where(f"({quotes}) % 2 = 1").limit(1).count())
