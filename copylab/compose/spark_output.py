"""Where Spark writes: folders of files, complete or not there at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from copylab.compose.output import output_paths
from copylab.compose.spark_users import local_address
from copylab.errors import DataError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from copylab.compose.batch import Part
    from copylab.compose.spark_frame import SparkComposed

PARTS: tuple[Part, ...] = ("rejects", "exposures", "messages")
"""The tables in the order in which they get their names: the messages come last."""

_DONE = "_SUCCESS"
_TIME = (
    "concat(date_format(ts, \"yyyy-MM-dd'T'HH:mm:ss\"),"
    " if(unix_micros(ts) % 1000000 = 0, '', date_format(ts, '.SSSSSS')), 'Z') as ts"
)
_CSV: dict[str, Any] = {
    "emptyValue": "",
    "encoding": "UTF-8",
    "escape": '"',
    "header": True,
    "ignoreLeadingWhiteSpace": False,
    "ignoreTrailingWhiteSpace": False,
    "lineSep": "\n",
    "nullValue": "",
    "quoteAll": True,
}


class SparkOutput(NamedTuple):
    """The folders of one run.

    Attributes:
        shown: By table, the folder as people name it.
        places: By table, the folder as Spark names it.
        staging: A folder beside them for what is not whole yet.
        ending: How the tables are written: ``.parquet``, ``.csv``, ``.jsonl``.
    """

    shown: dict[Part, str]
    places: dict[Part, str]
    staging: str
    ending: str


def check_spark_output(session: SparkSession, users: str, output: str) -> SparkOutput:
    """The folders of an output that can be written without harm.

    They are named as the files of the local engine: ``out.parquet`` is a folder of that
    name. An address such as ``s3a://…`` goes to Spark as it is.

    Raises:
        DataError: The ending is not known, the folder around is not there, or something
            else stands where a table would be written.
    """
    remote = "://" in output
    head, _, name = output.rstrip("/").rpartition("/")
    shown = {part: str(path) for part, path in output_paths(name).items()}
    if remote:
        base = head
        named = {part: f"{head}/{text}" for part, text in shown.items()}
    else:
        folder = Path(output).parent
        if not folder.is_dir():
            reason = "is not a folder" if folder.exists() else "is not there"
            raise DataError(
                f"the folder of the output {reason}",
                file=str(folder),
                help="make it, or name another one",
            )
        base = local_address(folder)
        named = {part: str(folder / text) for part, text in shown.items()}
    places = {part: f"{base}/{text}" for part, text in shown.items()}
    for part, place in places.items():
        _check_place(session, place, users, named[part], part)
    staging = f"{base}/.{name}.{os.getpid()}.part"
    ending = Path(name).suffix.lower()
    return SparkOutput(named, places, staging, ending)


def _check_place(
    session: SparkSession, place: str, users: str, shown: str, part: Part
) -> None:
    """Refuse what is no table that Spark wrote, and the users themselves."""
    if users.rstrip("/") == shown or (
        "://" not in users and local_address(Path(users)) == place
    ):
        raise DataError(
            f"holds the users; the {part} would replace them",
            file=shown,
            help="name another --output",
        )
    path, files = _hadoop(session, place)
    if not files.exists(path):
        return
    written = files.exists(_hadoop(session, f"{place}/{_DONE}")[0])
    if not files.getFileStatus(path).isDirectory() or not written:
        raise DataError(
            f"is there, and is no folder that Spark wrote; the {part} would replace it",
            file=shown,
            help="name another --output, or remove it",
        )


def write_results(
    session: SparkSession, composed: SparkComposed, place: str
) -> DataFrame:
    """The results, composed once and written; what is read from there on is the file.

    Args:
        session: Spark.
        composed: What becomes of the users.
        place: A folder that is not there yet.
    """
    schema = composed.results.schema
    composed.results.write.parquet(place)
    return session.read.schema(schema).parquet(place)


def write_table(frame: DataFrame, place: str, ending: str) -> None:
    """Write a table as a folder of files.

    Args:
        frame: The table.
        place: The folder.
        ending: ``.parquet``, ``.csv``, ``.jsonl`` or ``.ndjson``.
    """
    if ending == ".parquet":
        frame.write.parquet(place)
        return
    if "ts" in frame.columns:
        kept = [f"`{name}`" for name in frame.columns if name != "ts"]
        frame = frame.selectExpr(_TIME, *kept)
    if ending == ".csv":
        frame.write.options(**_CSV).csv(place)
    else:
        frame.write.option("ignoreNullFields", "false").json(place)


def publish(session: SparkSession, output: SparkOutput) -> None:
    """Give the tables in the staging folder their names, the messages last.

    The messages of a run before are taken away first: where there are messages, the
    exposures and rejects beside them are of the same run.
    """
    old = f"{output.staging}/old"
    _hadoop(session, old)[1].mkdirs(_hadoop(session, old)[0])
    for part in reversed(PARTS):
        _move(session, output.places[part], f"{old}/{part}")
    for part in PARTS:
        _drop_checksums(f"{output.staging}/{part}")
        if not _move(session, f"{output.staging}/{part}", output.places[part]):
            raise DataError("cannot be written", file=output.shown[part])


def remove(session: SparkSession, place: str) -> None:
    """Take a folder away, if it is there."""
    path, files = _hadoop(session, place)
    files.delete(path, True)  # noqa: FBT003 - with all that is in it


def _move(session: SparkSession, source: str, target: str) -> bool:
    path, files = _hadoop(session, source)
    moved = files.exists(path) and files.rename(path, _hadoop(session, target)[0])
    return bool(moved)


def _drop_checksums(place: str) -> None:
    """On a disk of this machine, Hadoop puts a hidden file beside each: nobody reads it."""
    parts = urlsplit(place)
    if parts.scheme != "file":
        return
    for path in Path(place.removeprefix("file://")).glob(".*.crc"):
        with suppress(OSError):
            path.unlink()


def _hadoop(session: SparkSession, place: str) -> tuple[Any, Any]:
    """A path and its file system, of Hadoop: they know every storage that Spark knows."""
    jvm: Any = session.sparkContext._jvm  # noqa: SLF001 - the only way to them
    settings = session.sparkContext._jsc.hadoopConfiguration()  # noqa: SLF001 - as above
    path = jvm.org.apache.hadoop.fs.Path(place)
    return path, path.getFileSystem(settings)
