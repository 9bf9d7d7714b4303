"""Tables to read: a file becomes a relation inside DuckDB, never rows in Python."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.errors import DataError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

# Nothing is guessed but the delimiter: no lines skipped, no comments, no types.
_CSV = "all_varchar = true, header = true, skip = 0, comment = '', quote = '\"', escape = '\"'"
_READERS = {
    "csv": "read_csv({path}, " + _CSV + ")",
    "tsv": "read_csv({path}, delim = '\t', " + _CSV + ")",
    "parquet": "read_parquet({path})",
    "jsonl": "read_json({path}, format = 'newline_delimited')",
    "ndjson": "read_json({path}, format = 'newline_delimited')",
}
_COMPRESSED = {".gz", ".zst"}
_NUMERIC = {"DOUBLE", "FLOAT", "DECIMAL", "BOOLEAN", "HUGEINT", "UHUGEINT", "BIGNUM"}
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Source:
    """A file that DuckDB can read.

    Attributes:
        path: The file, as it was named.
        relation: The SQL that stands after FROM.
        columns: The columns with DuckDB's names of their types.
        repeated: The names that stand over more than one column.
    """

    path: str
    relation: str
    columns: Mapping[str, str]
    repeated: Collection[str] = ()

    def check_columns(self, names: Sequence[str]) -> None:
        """Pass if all columns are there, once.

        Raises:
            DataError: One is not, and the message lists those that are; or its name
                stands over several columns.
        """
        for name in names:
            if name in self.repeated:
                raise DataError(
                    f'there is more than one column "{name}"',
                    file=self.path,
                    help="give each column a name of its own",
                )
            if name not in self.columns:
                there = ", ".join(f'"{column}"' for column in [*self.columns][:_SHOWN])
                cure = f"the columns are {there}"
                if len(self.columns) == 1:
                    cure = f"there is only {there}; do all rows have as many cells?"
                raise DataError(
                    f'there is no column "{name}"', file=self.path, help=cure
                )

    def number(self, column: str) -> str:
        """The SQL for a column's values as floats, NULL where they are none.

        Raises:
            DataError: The column's type does not hold numbers.
        """
        kind, name = self.columns[column], quote(column)
        if kind == "VARCHAR":
            return (
                f"CASE lower(trim({name})) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 "
                f"ELSE TRY_CAST(trim({name}) AS DOUBLE) END"
            )
        if kind.split("(")[0] not in _NUMERIC and not kind.endswith(("INT", "INTEGER")):
            raise DataError(
                f'column "{column}" holds {kind.lower()} values, not numbers',
                file=self.path,
                help="name a column of numbers as the metric",
            )
        return f"CAST({name} AS DOUBLE)"

    def text(self, column: str) -> str:
        """The SQL for a column's values as text, NULL where there is nothing in it."""
        name = f"CAST({quote(column)} AS VARCHAR)"
        return f"CASE WHEN lower(trim({name})) IN ('', 'nan') THEN NULL ELSE {name} END"


def find_files(patterns: Sequence[str | Path]) -> list[str]:
    """The files that the paths and patterns name, in order and without repeats.

    Raises:
        UnreadableError: One names no file.
    """
    found: dict[str, None] = {}
    for pattern in map(str, patterns):
        matches = [pattern] if Path(pattern).exists() else sorted(glob(pattern))  # noqa: PTH207 - Path.glob takes no absolute patterns
        if not matches:
            raise UnreadableError(
                "names no file", file=pattern, help="check the path or the pattern"
            )
        found |= dict.fromkeys(matches)
    return [*found]


def quote(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def connect() -> DuckDBPyConnection:
    """A database in memory, in UTC, that fetches nothing from the network."""
    import duckdb  # noqa: PLC0415 - a sending service never reads tables

    connection = duckdb.connect()
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET TimeZone = 'UTC'")  # times without a zone are UTC
    return connection


def open_source(connection: DuckDBPyConnection, *paths: str | Path) -> Source:
    """The file, or several of one kind as one table, with its columns looked up.

    Args:
        connection: Where it will be queried.
        paths: CSV, TSV or JSON lines (each also as .gz or .zst), or Parquet.

    Raises:
        UnreadableError: There is no such file, or it is not what its name says.
        DataError: It is empty.
    """
    shown = str(paths[0])
    kinds = {_check_file(Path(path)) for path in paths}
    if len(kinds) > 1:
        raise DataError(
            f"is read together with files of another kind: {', '.join(sorted(kinds))}",
            file=shown,
            help="keep files of one kind in one place",
        )
    listed = ", ".join(literal(_escape_glob(str(path))) for path in paths)
    reader = _READERS[kinds.pop()]
    relation = reader.format(path=f"[{listed}], union_by_name = true")
    with translated_errors(shown):
        rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608 - the path is a literal
        repeated = [
            name for path in paths for name in _find_repeats(connection, reader, path)
        ]
    return Source(
        shown, relation, {str(row[0]): str(row[1]) for row in rows}, frozenset(repeated)
    )


def _find_repeats(
    connection: DuckDBPyConnection, reader: str, path: str | Path
) -> list[str]:
    """The names that stand in a header more than once, which DuckDB would rename."""
    if "header = true" not in reader:
        return []
    bare = reader.replace("header = true", "header = false").format(
        path=literal(_escape_glob(str(path)))
    )
    header = connection.execute(f"SELECT * FROM {bare} LIMIT 1").fetchone() or ()  # noqa: S608 - the path is a literal
    return [name for name in header if name and header.count(name) > 1]


@contextmanager
def translated_errors(path: str) -> Iterator[None]:
    """Turns what DuckDB raises about a file into an error for its user.

    Raises:
        UnreadableError: The file could not be read.
    """
    import duckdb  # noqa: PLC0415 - a sending service never reads tables

    try:
        yield
    except duckdb.ParserException:  # our own SQL, not their file
        raise
    except (duckdb.Error, UnicodeDecodeError) as error:
        first = str(error).strip().splitlines()[0]
        raise UnreadableError(
            f"cannot be read: {first}",
            file=path,
            help="check that the file is complete and is what its ending says",
        ) from error


def _check_file(path: Path) -> str:
    """The kind of the file by its ending."""
    shown = str(path)
    if path.is_dir():
        raise UnreadableError(
            "is a directory, not a file", file=shown, help="name a file inside it"
        )
    if not path.exists():
        raise UnreadableError("does not exist", file=shown, help="check the path")
    name = Path(path.stem) if path.suffix.lower() in _COMPRESSED else path
    kind = name.suffix.lower().lstrip(".")
    if kind not in _READERS:
        raise UnreadableError(
            f'has the ending "{"".join(path.suffixes[-2:])}", which is not known',
            file=shown,
            help="use .csv, .tsv, .jsonl (also .gz, .zst) or .parquet",
        )
    if not path.stat().st_size:
        raise DataError("is empty", file=shown, help="export the table again")
    return kind


def _escape_glob(path: str) -> str:
    """The path with the characters that DuckDB would take for a pattern taken apart."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)
