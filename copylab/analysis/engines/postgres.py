"""PostgreSQL: tables summed up by the server, in one transaction that is rolled back.

Exposures and outcomes are read as of one moment. What is made for the time of an
analysis lies in the session's temporary schema, and is gone with the transaction.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from copylab.analysis.engines.dialect import NUMBER, SPACES, TIME, translate
from copylab.analysis.engines.engine import plain
from copylab.analysis.engines.expressions import literal
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from psycopg import Connection

    from copylab.analysis.engines.engine import EngineName

_KINDS = {
    "text": "VARCHAR",
    "varchar": "VARCHAR",
    "bpchar": "VARCHAR",
    "name": "VARCHAR",
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float4": "FLOAT",
    "float8": "DOUBLE",
    "numeric": "DECIMAL",
    "bool": "BOOLEAN",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
}
# A cast that fails ends a statement there, so that texts are looked at before they are
# cast. Beyond the range of floats, a text is infinite or 0, as DuckDB has it.
_FUNCTIONS = (
    """
CREATE FUNCTION pg_temp.copylab_number(said text) RETURNS double precision
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE number numeric;
BEGIN
  said := btrim(said, {spaces});
  IF said !~ {looks} THEN RETURN NULL; END IF;
  IF said ~* '[nf]' THEN RETURN CAST(said AS double precision); END IF;
  number := CAST(said AS numeric);
  IF abs(number) > 1.797693134862315708e308 THEN
    RETURN sign(number) * double precision 'Infinity';
  END IF;
  IF abs(number) < 2.4703282292062328e-324 THEN RETURN 0; END IF;
  RETURN CAST(number AS double precision);
EXCEPTION WHEN data_exception THEN RETURN NULL;
END $$""",
    """
CREATE FUNCTION pg_temp.copylab_whole(said text) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  RETURN CAST(pg_temp.copylab_number(said) AS bigint);
EXCEPTION WHEN data_exception THEN RETURN NULL;
END $$""",
    """
CREATE FUNCTION pg_temp.copylab_time(said text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  said := btrim(said, {spaces});
  IF said !~ {time} THEN RETURN NULL; END IF;
  RETURN CAST(regexp_replace(said, '(\\.[0-9]{{6}})[0-9]+', '\\1') AS timestamptz);
EXCEPTION WHEN data_exception THEN RETURN NULL;
END $$""",
    """
CREATE FUNCTION pg_temp.copylab_lower(said text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$ SELECT lower(said COLLATE {collation}) $$""",
)
_CURES = {
    "42P01": ("there is no such table", "write table: schema.table, capitals as there"),
    "3F000": (
        "there is no such schema",
        "write table: schema.table, capitals as there",
    ),
    "42501": (
        "may not be read",
        "the user needs SELECT on the table and TEMPORARY on the database",
    ),
    "25006": (
        "lies on a server that takes no temporary tables",
        "read from the primary server, not from a standby",
    ),
    "22003": (
        "holds values that are too large to be squared and summed",
        "check the units of its columns",
    ),
    "57014": ("took longer than the server allows", "raise statement_timeout"),
}


class Postgres:
    """A server, for the time of an analysis.

    Args:
        connection: A connection of psycopg; it is left as it was.
        is_ours: Whether it is closed in the end.
    """

    name: EngineName = "postgres"

    def __init__(self, connection: Connection[Any], *, is_ours: bool = False) -> None:
        self.connection = connection
        self._is_ours = is_ours
        self._made: dict[str, str] = {}
        self._open = ExitStack()

    def rows(self, query: str, place: str = "") -> list[tuple[Any, ...]]:
        """The rows of a query that sums up."""
        said = translate(query, "postgres")
        with _translated_errors(place):
            return [plain(row) for row in self._run(said).fetchall()]

    def make(self, name: str, query: str, place: str = "") -> None:
        """Keep what a query gives under a name."""
        said = translate(query, "postgres")
        with _translated_errors(place):
            self._drop(name)
            self._run(f"CREATE TEMPORARY TABLE {name} AS {said}")
            self._run(f"ANALYZE pg_temp.{name}")
        self._made[name] = "TABLE"

    def view(self, name: str, query: str) -> None:
        """Give a query a name."""
        said = translate(query, "postgres")
        self._drop(name)
        self._run(f"CREATE TEMPORARY VIEW {name} AS {said}")
        self._made[name] = "VIEW"

    def columns(self, relation: str, place: str = "") -> dict[str, str]:
        """The columns of a relation with DuckDB's names of their types."""
        said = translate(f"SELECT * FROM {relation} LIMIT 0", "postgres")  # noqa: S608 - of ours
        with _translated_errors(place):
            described = self._run(said).description or ()
            listed = ", ".join({str(int(column.type_code)) for column in described})
            query = f"SELECT oid, typname FROM pg_type WHERE oid IN ({listed or 0})"  # noqa: S608 - numbers
            types = {int(oid): str(name) for oid, name in self._run(query).fetchall()}
        return {
            column.name: _KINDS.get(
                types[column.type_code], types[column.type_code].upper()
            )
            for column in described
        }

    def _run(self, said: str) -> Any:  # noqa: ANN401 - a cursor of psycopg
        # Without parameters a percent sign is one.
        return self.connection.execute(said.encode())

    def _drop(self, name: str) -> None:
        if name in self._made:
            self._run(f"DROP {self._made[name]} IF EXISTS pg_temp.{name} CASCADE")

    def __enter__(self) -> Self:
        """The engine, its transaction begun."""
        from psycopg.pq import TransactionStatus  # noqa: PLC0415 - the extra

        is_idle = self.connection.info.transaction_status == TransactionStatus.IDLE
        with _translated_errors(""), ExitStack() as stack:
            if self._is_ours:
                stack.callback(self.connection.close)
            stack.enter_context(self.connection.transaction(force_rollback=True))
            if is_idle:
                self._run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self._run("SET LOCAL TIME ZONE 'UTC'")
            self._run("SET LOCAL standard_conforming_strings = on")
            self._run("SET LOCAL client_min_messages = warning")
            self._make_functions()
            self._open = stack.pop_all()
        return self

    def _make_functions(self) -> None:
        """The functions that read texts, in the session's temporary schema."""
        encoding = self._run("SHOW server_encoding").fetchone()[0]
        spaces = SPACES if encoding == "UTF8" else " "
        known = self._run(
            "SELECT count(*) FROM pg_collation WHERE collname = 'und-x-icu' "
            "AND collencoding = -1"
        ).fetchone()[0]
        collation = '"und-x-icu"' if known and encoding == "UTF8" else '"default"'
        for function in _FUNCTIONS:
            made = function.format(
                spaces=literal(spaces),
                looks=literal(NUMBER),
                time=literal(TIME),
                collation=collation,
            )
            self._run(made)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back, so that nothing stays."""
        import psycopg  # noqa: PLC0415 - the extra

        with suppress(psycopg.Error):  # a lost connection needs no rolling back
            self._open.close()


@contextmanager
def _translated_errors(place: str) -> Iterator[None]:
    """Turns what the server says into an error for its user.

    Raises:
        DataError: The server refuses, or the connection is lost.
    """
    import psycopg  # noqa: PLC0415 - the extra

    try:
        yield
    except psycopg.errors.SyntaxError:  # our own SQL, not their table
        raise
    except psycopg.Error as error:
        told = _CURES.get(error.sqlstate or "")
        first = (str(error).strip().splitlines() or ["no reason is given"])[0]
        message, cure = told or (
            f"cannot be read: {first}",
            "check the table, and that the server still answers",
        )
        raise DataError(message, file=place or None, help=cure) from None
