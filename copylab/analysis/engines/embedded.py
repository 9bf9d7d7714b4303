"""DuckDB, built in: reads files and DuckDB's own tables, in this process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from copylab.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from duckdb import DuckDBPyConnection

    from copylab.analysis.engines.engine import EngineName


def connect() -> DuckDBPyConnection:
    """A database in memory, in UTC, that fetches nothing from the network."""
    import duckdb  # noqa: PLC0415 - a sending service never reads tables

    connection = duckdb.connect()
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET TimeZone = 'UTC'")  # times without a zone are UTC
    return connection


class Embedded:
    """DuckDB in this process.

    Args:
        connection: Somebody's connection, which stays open and is left as it was; None
            opens one in memory, which is closed in the end.
    """

    name: EngineName = "duckdb"

    def __init__(self, connection: DuckDBPyConnection | None = None) -> None:
        self.connection = connect() if connection is None else connection
        self._made: dict[str, str] = {}
        self._is_ours = connection is None
        self._zone = "UTC"
        if not self._is_ours:
            row = self.connection.execute(
                "SELECT current_setting('TimeZone')"
            ).fetchone()
            self._zone = str(row[0]) if row else "UTC"
            self.connection.execute("SET TimeZone = 'UTC'")

    def rows(self, query: str, place: str = "") -> list[tuple[Any, ...]]:
        """The rows of a query that sums up."""
        with translated_errors(place):
            return self.connection.execute(query).fetchall()

    def make(self, name: str, query: str, place: str = "") -> None:
        """Keep what a query gives under a name."""
        self._made[name] = "TABLE"
        with translated_errors(place):
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def run(self, statement: str, place: str = "") -> None:
        """Run a statement that gives nothing."""
        with translated_errors(place):
            self.connection.execute(statement)

    def view(self, name: str, query: str) -> None:
        """Give a query a name."""
        self._made[name] = "VIEW"
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def columns(self, relation: str, place: str = "") -> dict[str, str]:
        """The columns of a relation with the names of their types."""
        described = self.rows(f"DESCRIBE SELECT * FROM {relation}", place)  # noqa: S608 - of ours
        return {str(row[0]): str(row[1]) for row in described}

    def __enter__(self) -> Self:
        """The engine."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what was opened, and take away what was made."""
        if self._is_ours:
            self.connection.close()
            return
        for name, what in reversed(self._made.items()):
            self.connection.execute(f"DROP {what} IF EXISTS temp.{name}")
        zone = self._zone.replace("'", "''")
        self.connection.execute(f"SET TimeZone = '{zone}'")


@contextmanager
def translated_errors(place: str) -> Iterator[None]:
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
        said = _cause(str(error))
        is_coded = "utf-8" in said.lower() or isinstance(error, UnicodeDecodeError)
        raise UnreadableError(
            f"cannot be read: {said}",
            file=place or None,
            help="save the file as UTF-8"
            if is_coded
            else "check that the file is complete and is what its ending says",
        ) from error


def _cause(message: str) -> str:
    """What DuckDB found; of a row of CSV, its line and what is wrong with it."""
    first, *others = message.partition("\nPossible")[0].strip().splitlines()
    if "CSV Error on Line" not in first or not others:
        return first
    return f"{first}: {others[-1]}"
