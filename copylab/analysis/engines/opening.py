"""Where tables lie, opened: files, DuckDB's own tables, PostgreSQL, Spark.

Nothing of a user or a password of an address stands in an error: a table is shown by
its server, its database and its name.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit
from urllib.parse import quote as escape

from copylab.analysis.engines.embedded import Embedded
from copylab.analysis.engines.expressions import literal, quote
from copylab.analysis.sources import Source, find_files, open_source
from copylab.data_settings import TableAt, read_table_at
from copylab.errors import CopylabError, DataError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from urllib.parse import SplitResult

    from copylab.analysis.engines.engine import Engine

    Data = str | Path | TableAt | Sequence[str | Path]

_SERVERS = {
    "postgres": "postgres",
    "postgresql": "postgres",
    "pyspark": "spark",
    "spark": "spark",
    "duckdb": "duckdb",
}
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PART = re.compile(r'"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([^."`]+)')
_NAME = re.compile(rf"(?:{_PART.pattern})(?:\.(?:{_PART.pattern}))*")
_SECONDS_TO_ANSWER = "10"


@contextmanager
def open_tables(
    *tables: Data, connection: object | None = None, root: Path | None = None
) -> Iterator[tuple[Engine, tuple[Source, ...]]]:
    """The engine that holds all of the tables, and the tables.

    Args:
        tables: Files, patterns, or tables of a database. With a connection, a text is
            the name of a table there, such as ``crm.exposures``.
        connection: An open connection to use: of Ibis (PostgreSQL, Spark, DuckDB), of
            psycopg or DuckDB, or a Spark session. It is left open and as it was.
        root: The folder from which the paths of DuckDB's files are taken.

    Raises:
        DataError: The tables lie in different places, an address cannot be used or does
            not answer, a driver is not installed, or there is no such table.
        TypeError: The connection is of another kind.
        UnreadableError: A file is not there or is not what its name says.
    """
    if connection is not None:
        with adopt(connection) as engine:
            yield engine, tuple(_named(engine, table) for table in tables)
        return
    tables = tuple(_read(table) for table in tables)
    kinds = {_kind(table) for table in tables}
    if kinds <= {"files", "duckdb"}:
        with Embedded() as engine:
            yield engine, tuple(_open_here(engine, table, root) for table in tables)
        return
    addresses = {t.url for t in tables if isinstance(t, TableAt)}
    if len(addresses) > 1 or len(kinds) > 1:
        shown = [_shown(table) for table in tables]
        raise DataError(
            f"is read together with {shown[1]}, and one engine cannot see both",
            file=shown[0],
            help="keep exposures and outcomes on one server, at one address, or export "
            "both to files",
        )
    with connect_to(addresses.pop(), _shown(tables[0])) as engine:
        yield (
            engine,
            tuple(_in_database(engine, t) for t in tables if isinstance(t, TableAt)),
        )


def _read(data: Data) -> Data:
    """A text with an address as the table it names."""
    return (read_table_at(data) or data) if isinstance(data, str) else data


def adopt(connection: object) -> Engine:
    """The engine over somebody's open connection.

    Args:
        connection: Of Ibis (PostgreSQL, Spark, DuckDB), of psycopg or DuckDB, or a
            Spark session.

    Raises:
        TypeError: It is none of these.
    """
    inner: Any = connection
    kind = type(connection).__module__
    if kind.startswith("ibis.backends"):
        inner = getattr(connection, "_session", None) or getattr(
            connection, "con", None
        )
        kind = type(inner).__module__
    if kind.startswith("pyspark.sql"):
        from copylab.analysis.engines.spark import Spark  # noqa: PLC0415 - the extra

        return Spark(inner)
    if kind.split(".")[0] == "psycopg":
        from copylab.analysis.engines.postgres import Postgres  # noqa: PLC0415 - as above

        return Postgres(inner)
    if kind.split(".")[0] in {"duckdb", "_duckdb"}:
        return Embedded(inner)
    raise TypeError(
        f"connection == {type(connection).__name__}, must be of Ibis (postgres, "
        "pyspark, duckdb), psycopg or duckdb, or a Spark session"
    )


def connect_to(url: str, place: str) -> Engine:
    """The engine at an address.

    Args:
        url: ``postgres://…`` or ``pyspark://…``; ``${NAME}`` is a variable of the
            environment.
        place: The table, for errors.

    Raises:
        DataError: It does not answer, or its driver is not installed.
    """
    try:
        parts = urlsplit(_fill_in(url, os.environ, place))
        if _SERVERS.get(parts.scheme) == "spark":
            return _connect_spark(parts, place)
        return _connect_postgres(parts, place)
    except ValueError:  # a port that is none, a host in brackets; it may hold secrets
        raise DataError(
            "its address cannot be read",
            file=place,
            help="write postgres://user@host:5432/database",
        ) from None


def _connect_postgres(parts: SplitResult, place: str) -> Engine:
    from copylab.analysis.engines.postgres import Postgres  # noqa: PLC0415 - the extra

    named = {
        "host": parts.hostname,
        "port": parts.port,
        "user": parts.username and unquote(parts.username),
        "password": parts.password and unquote(parts.password),
        "database": unquote(parts.path.lstrip("/")),
    }
    asked: dict[str, str | int] = {
        "connect_timeout": _SECONDS_TO_ANSWER,
        **dict(parse_qsl(parts.query)),
        **{key: value for key, value in named.items() if value},
    }
    with _needs_extra("postgres", place):
        import ibis  # type: ignore[import-untyped]  # noqa: PLC0415 - the extra
        import psycopg  # noqa: PLC0415 - as above

        backend = ibis.postgres
    try:
        opened = backend.connect(**asked)
    except (psycopg.Error, UnicodeError) as error:
        lines = str(error).strip().splitlines() or ["no reason is given"]
        told = lines[0].strip()
        for secret in (parts.password, asked.get("password")):
            told = told.replace(str(secret), "…") if secret else told
        raise DataError(
            f"the server cannot be reached: {told}",
            file=place,
            help="check host, port and user; a password comes from ${PGPASSWORD} in "
            "the address, from PGPASSWORD, or from ~/.pgpass",
        ) from None
    return Postgres(opened.con, is_ours=True)


def _connect_spark(parts: SplitResult, place: str) -> Engine:
    """Spark's session: the one there is, or one that is made and stopped again."""
    with _needs_extra("spark", place):
        import ibis  # noqa: PLC0415 - the extra
        from pyspark.sql import SparkSession  # noqa: PLC0415 - as above

        backend = ibis.pyspark
    from pyspark.errors import PySparkException  # noqa: PLC0415 - as above

    from copylab.analysis.engines.spark import Spark  # noqa: PLC0415 - as above

    is_new = SparkSession.getActiveSession() is None
    try:
        # Ibis would set what only a start can set once more; the session comes first.
        builder = SparkSession.builder.appName("copylab")
        warehouse = unquote(parts.path[1:])
        if warehouse:
            builder = builder.config(
                "spark.sql.warehouse.dir", str(Path("/", warehouse))
            )
        for key, value in parse_qsl(parts.query):
            builder = builder.config(key, value)
        if parts.scheme == "spark" and parts.netloc:
            builder = builder.master(f"spark://{parts.netloc}")
        opened = backend.connect(builder.getOrCreate())
    except (PySparkException, RuntimeError, OSError) as error:
        first = (str(error).strip().splitlines() or ["no reason is given"])[0]
        raise DataError(
            f"Spark cannot be started: {first}",
            file=place,
            help="check JAVA_HOME and the settings behind the ? of the address",
        ) from None
    return Spark(opened._session, is_ours=is_new)  # noqa: SLF001 - it has no other name


@contextmanager
def _needs_extra(extra: str, place: str) -> Iterator[None]:
    try:
        yield
    except (ImportError, AttributeError) as error:
        missing = getattr(error, "name", None) or extra
        raise DataError(
            f"cannot be read: {missing} is not installed",
            file=place,
            help=f"pip install 'copylab[{extra}]'",
        ) from None


def _fill_in(url: str, environment: Mapping[str, str], place: str) -> str:
    """The address with the variables of the environment put in."""

    def value(match: re.Match[str]) -> str:
        found = environment.get(match[1])
        if not found:
            raise DataError(
                f"its address needs {match[1]}, which the environment does not have",
                file=place,
                help=f"set it: export {match[1]}=…",
            )
        # A password may hold any sign, an address alone says what its signs mean.
        return found if match[0] == url else escape(found, safe="")

    return _VARIABLE.sub(value, url)


def _kind(data: Data) -> str:
    """``files``, or the engine of a table.

    Raises:
        DataError: No engine here goes by that name.
    """
    if not isinstance(data, TableAt):
        return "files"
    whole = _VARIABLE.fullmatch(data.url)
    known = os.environ.get(whole[1], "") if whole else data.url
    scheme = known.partition("://")[0].lower()
    if scheme not in _SERVERS:
        if whole:
            _fill_in(data.url, os.environ, data.place)
        raise DataError(
            "its address names no engine that is known here",
            file=data.place,
            help="use postgres://, pyspark:// or duckdb://, or export to files",
        )
    return _SERVERS[scheme]


def _shown(data: Data) -> str:
    if isinstance(data, TableAt):
        return data.place
    return str(data if isinstance(data, str | Path) else data[0])


def _open_here(engine: Embedded, data: Data, root: Path | None) -> Source:
    """A file, or a table of one of DuckDB's files, in the engine that is built in."""
    if not isinstance(data, TableAt):
        paths = [data] if isinstance(data, str | Path) else find_files(data)
        return open_source(engine, *paths)
    parts = urlsplit(_fill_in(data.url, os.environ, data.place))
    path = (root or Path()) / unquote(parts.netloc + parts.path)
    if not path.is_file():
        raise UnreadableError(
            "does not exist",
            file=data.place,
            help="duckdb://data/file.duckdb is a path from the workspace, "
            "duckdb:///data/file.duckdb one from the root of the disk",
        )
    name = f"copylab_{path.resolve().as_posix()}"
    attached = engine.rows("SELECT database_name FROM duckdb_databases()")
    if (name,) not in attached:
        engine.run(
            f"ATTACH {literal(str(path))} AS {quote(name)} (READ_ONLY)", data.place
        )
    return _look_up(engine, data.table, data.place, inside=name)


def _in_database(engine: Engine, table: TableAt) -> Source:
    return _look_up(engine, table.table, table.place)


def _named(engine: Engine, table: Data) -> Source:
    """A table of a connection by its name.

    Raises:
        TypeError: It is no name.
    """
    name = table.table if isinstance(table, TableAt) else table
    if not isinstance(name, str):
        raise TypeError(f"{name!r} must be the name of a table in the connection")
    return _look_up(engine, name, name)


def _look_up(engine: Engine, table: str, place: str, *, inside: str = "") -> Source:
    """The table by its name as people write it: parts, each of which may be quoted."""
    parts = [
        (a or b or c).replace('""', '"').replace("``", "`")
        for a, b, c in _PART.findall(table)
    ]
    if _NAME.fullmatch(table) is None:
        raise DataError(
            f'"{table}" is not the name of a table',
            file=place,
            help='write table, schema.table, or "quoted.part".table',
        )
    names = [inside, *parts] if inside else parts
    relation = ".".join(map(quote, names))
    try:
        columns = engine.columns(relation, place)
    except UnreadableError as error:
        raise _no_table(error) from None
    return Source(place, relation, columns)


def _no_table(error: CopylabError) -> CopylabError:
    """DuckDB's word that there is no table, as one about a table and not a file."""
    if "Catalog Error" not in error.message:
        return error
    return DataError(
        "there is no such table",
        file=error.file,
        help="write table: name, or schema.table",
    )
