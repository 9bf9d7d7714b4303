"""Spark: tables summed up by a cluster, through a session that is left as it was."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from copylab.analysis.engines.dialect import translate
from copylab.analysis.engines.engine import OURS, plain
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from pyspark.sql import DataFrame, SparkSession

    from copylab.analysis.engines.engine import EngineName

_KINDS = {
    "string": "VARCHAR",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
    "date": "DATE",
}
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",  # times without a zone are UTC
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
}


class Spark:
    """A session, for the time of an analysis.

    What is made is a temporary view over cached rows, under a name that no other
    analysis in the session has.

    Args:
        session: The session.
        is_ours: Whether it is stopped in the end.
    """

    name: EngineName = "spark"

    def __init__(self, session: SparkSession, *, is_ours: bool = False) -> None:
        self.session = session
        self._is_ours = is_ours
        self._mark = f"_{id(self):x}"
        self._made: dict[str, DataFrame] = {}
        self._before: dict[str, str | None] = {}

    def rows(self, query: str, place: str = "") -> list[tuple[Any, ...]]:
        """The rows of a query that sums up."""
        with _translated_errors(place):
            return [plain(row) for row in self._frame(query).collect()]

    def make(self, name: str, query: str, place: str = "") -> None:
        """Keep what a query gives under a name."""
        with _translated_errors(place):
            kept = self._frame(query).persist()
            if name in self._made:
                self._made[name].unpersist()
            kept.createOrReplaceTempView(self._own(name))
        self._made[name] = kept

    def view(self, name: str, query: str) -> None:
        """Give a query a name."""
        frame = self._frame(query)
        frame.createOrReplaceTempView(self._own(name))
        self._made[name] = frame

    def columns(self, relation: str, place: str = "") -> dict[str, str]:
        """The columns of a relation with DuckDB's names of their types."""
        with _translated_errors(place):
            fields = self._frame(f"SELECT * FROM {relation}").schema.fields  # noqa: S608 - of ours
        return {field.name: _kind(field.dataType.simpleString()) for field in fields}

    def _frame(self, query: str) -> DataFrame:
        return self.session.sql(translate(query, "spark", names=self._own))

    def _own(self, name: str) -> str:
        return name + self._mark if name.startswith(OURS) else name

    def __enter__(self) -> Self:
        """The engine, the session set to what the queries expect."""
        with _translated_errors(""):
            for name, value in _SETTINGS.items():
                before = self.session.conf.get(name, None)
                if before != value:
                    self._before[name] = before
                    self.session.conf.set(name, value)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take away what was made, and put the settings back."""
        if self._is_ours:
            self.session.stop()
            return
        for name, frame in self._made.items():
            self.session.catalog.dropTempView(self._own(name))
            if frame.is_cached:
                frame.unpersist()
        for name, value in self._before.items():
            if value is None:
                self.session.conf.unset(name)
            else:
                self.session.conf.set(name, value)


def _kind(said: str) -> str:
    return "DECIMAL" if said.startswith("decimal") else _KINDS.get(said, said.upper())


@contextmanager
def _translated_errors(place: str) -> Iterator[None]:
    """Turns what Spark raises into an error for its user.

    Raises:
        DataError: There is no such table, or it cannot be read.
    """
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]  # noqa: PLC0415 - the extra
    from pyspark.errors import ParseException, PySparkException  # noqa: PLC0415 - as above

    try:
        yield
    except ParseException:  # our own SQL, not their table
        raise
    except (PySparkException, Py4JError) as error:
        first = (str(error).strip().splitlines() or ["no reason is given"])[0]
        if "TABLE_OR_VIEW_NOT_FOUND" in first or "SCHEMA_NOT_FOUND" in first:
            message, cure = "there is no such table", "check its name and its schema"
        else:
            message = f"cannot be read: {first}"
            cure = "check the table, and that the session still runs"
        raise DataError(message, file=place or None, help=cure) from None
