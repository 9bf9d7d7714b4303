"""Tables to read: a relation inside an engine, never rows in Python."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.analysis.engines.expressions import literal, quote
from copylab.errors import DataError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from copylab.analysis.engines.embedded import Embedded

# Nothing is guessed but the delimiter: no lines skipped, no comments, no types.
_CSV = "all_varchar = true, header = true, skip = 0, comment = '', quote = '\"', escape = '\"'"
_READERS = {
    "csv": "read_csv({path}, " + _CSV + ")",
    "tsv": "read_csv({path}, delim = '\t', " + _CSV + ")",
    "parquet": "read_parquet({path})",
    "jsonl": "read_json({path}, format = 'newline_delimited', {typed})",
    "ndjson": "read_json({path}, format = 'newline_delimited', {typed})",
}
_ALL_NAMES = "maximum_depth = 1, sample_size = -1"
"""The option to look for JSON's keys in every row, and not into what they hold."""
_COMPRESSED = {".gz", ".zst"}
_NUMERIC = {"DOUBLE", "FLOAT", "DECIMAL", "BOOLEAN", "HUGEINT", "UHUGEINT", "BIGNUM"}
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Source:
    """A table that an engine can query.

    Attributes:
        path: The file or table, as it was named.
        relation: The SQL that stands after FROM, in DuckDB's words.
        columns: The columns with DuckDB's names of their types.
        repeated: The names that stand over more than one column.
        aliases: What columns are called in the relation, where it is not the same.
    """

    path: str
    relation: str
    columns: Mapping[str, str]
    repeated: Collection[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

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

    def keep(self, condition: str) -> Source:
        """The rows for which an SQL condition is true."""
        kept = f"(SELECT * FROM {self.relation} WHERE {condition})"  # noqa: S608 - of ours
        return replace(self, relation=kept)

    def name(self, column: str) -> str:
        """The SQL for a column as it is."""
        return quote(self.aliases.get(column, column))

    def number(self, column: str) -> str:
        """The SQL for a column's values as floats, NULL where they are none.

        Raises:
            DataError: The column's type does not hold numbers.
        """
        kind, name = self.columns[column], self.name(column)
        if kind == "VARCHAR":
            return (
                f"CASE lower(trim({name})) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 "
                f"ELSE TRY_CAST(trim({name}) AS DOUBLE) END"
            )
        if kind == "BOOLEAN":
            return f"CAST(CAST({name} AS INT) AS DOUBLE)"
        if not _is_number(kind):
            raise DataError(
                f'column "{column}" holds {kind.lower()} values, not numbers',
                file=self.path,
                help="name a column of numbers as the metric",
            )
        return f"CAST({name} AS DOUBLE)"

    def word(self, column: str) -> str:
        """The SQL for a column's values as text, whatever they are."""
        name = self.name(column)
        if self.columns[column] == "DOUBLE":  # engines write floats differently
            name = f"CAST({name} AS DOUBLE)"
        return f"CAST({name} AS VARCHAR)"

    def text(self, column: str) -> str:
        """The SQL for a column's values as text, NULL where there is nothing in it."""
        word = self.word(column)
        return f"CASE WHEN lower(trim({word})) IN ('', 'nan') THEN NULL ELSE {word} END"

    def key(self, column: str) -> tuple[str, Source]:
        """The SQL to group rows by a column, and the groups with that as their ``key``.

        Rows with one key have one text, which is then written for each group alone:
        one for each row would cost more than all sums.
        """
        kind = self.columns[column]
        if kind == "BOOLEAN" or kind.endswith(("INT", "INTEGER")):
            return self.name(column), replace(self, columns={"key": kind}, aliases={})
        return self.word(column), replace(self, columns={"key": "VARCHAR"}, aliases={})

    def time(self, column: str) -> str:
        """The SQL for a column's times as microseconds of the epoch, NULL for none.

        Raises:
            DataError: The column's type holds numbers, not times.
        """
        kind = self.columns[column]
        if _is_number(kind):
            raise DataError(
                f'column "{column}" holds {kind.lower()} values, not times',
                file=self.path,
                help="write times as ISO 8601 in UTC, or as a type of times",
            )
        is_time = kind.startswith(("TIMESTAMP", "DATE"))
        cast = "CAST" if is_time else "TRY_CAST"
        return f"epoch_us({cast}({self.name(column)} AS TIMESTAMPTZ))"

    def equals(self, column: str, text: str) -> str:
        """The SQL condition that a column's value is this text."""
        is_text = self.columns[column] == "VARCHAR"
        value = self.name(column) if is_text else self.word(column)
        return f"{value} = {literal(text)}"

    def assigned(self, experiment: str) -> str:
        """The SQL condition on exposures that a row assigns a unit to an experiment."""
        belongs = self.equals("experiment", experiment)
        return f"{belongs} AND {self.equals('reason', 'assigned')}"


def _is_number(kind: str) -> bool:
    return kind.split("(", maxsplit=1)[0] in _NUMERIC or kind.endswith(
        ("INT", "INTEGER")
    )


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


def open_source(engine: Embedded, *paths: str | Path) -> Source:
    """The file, or several of one kind as one table, with its columns looked up.

    Args:
        engine: Where it will be queried.
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
    relation = reader.format(path=f"[{listed}], union_by_name = true", typed=_ALL_NAMES)
    columns = engine.columns(relation, shown)
    if "{typed}" in reader:
        columns = dict.fromkeys(columns, "VARCHAR")
        relation = relation.replace(_ALL_NAMES, _as_written(columns))
    repeated = [name for path in paths for name in _find_repeats(engine, reader, path)]
    return Source(shown, relation, columns, frozenset(repeated))


def _as_written(names: Iterable[str]) -> str:
    """The option to read JSON's values as they are written.

    DuckDB would take a text that looks like a UUID or a date for one, and write it in
    another way: a unit would be another one.
    """
    typed = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return f"columns = {{{typed}}}"


def _find_repeats(engine: Embedded, reader: str, path: str | Path) -> list[str]:
    """The names that stand in a header more than once, which DuckDB would rename."""
    if "header = true" not in reader:
        return []
    bare = reader.replace("header = true", "header = false").format(
        path=literal(_escape_glob(str(path)))
    )
    rows = engine.rows(f"SELECT * FROM {bare} LIMIT 1", str(path))  # noqa: S608 - the path is a literal
    header = rows[0] if rows else ()
    return [name for name in header if name and header.count(name) > 1]


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
