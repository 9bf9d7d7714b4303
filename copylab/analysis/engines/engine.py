"""What an engine has to do: answer a query with few rows, and keep a relation."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

EngineName = Literal["duckdb", "postgres", "spark"]
OURS = "copylab_"
"""What the names of relations begin with that an analysis makes for its time."""


class Engine(Protocol):
    """A place where tables are queried, for the time of an analysis.

    Queries are written in DuckDB's SQL. Relations that are made carry names that begin
    with ``copylab_``, hide no table of anybody's, and are gone when the engine is left.
    Leaving it also puts back whatever of a session was changed.

    Attributes:
        name: Which engine it is.
    """

    name: EngineName

    def rows(self, query: str, place: str = "") -> list[tuple[Any, ...]]:
        """The rows of a query that sums up: few, never a table's own.

        Args:
            query: A SELECT.
            place: The table that the user knows, for errors.

        Raises:
            DataError: The engine refuses the table or its values.
            UnreadableError: A file breaks off or is not what it seems.
        """

    def make(self, name: str, query: str, place: str = "") -> None:
        """Keep what a query gives under a name; one of that name is replaced.

        Args:
            name: Begins with ``copylab_``.
            query: A SELECT.
            place: The table that the user knows, for errors.

        Raises:
            DataError: As for ``rows``.
            UnreadableError: As for ``rows``.
        """

    def view(self, name: str, query: str) -> None:
        """Give a query a name, without keeping anything.

        Args:
            name: Begins with ``copylab_``.
            query: A SELECT from relations made before.
        """

    def columns(self, relation: str, place: str = "") -> dict[str, str]:
        """The columns of a relation with DuckDB's names of their types.

        Args:
            relation: What stands after FROM.
            place: The table that the user knows, for errors.

        Raises:
            DataError: There is no such table, or it may not be read.
            UnreadableError: A file is not what it seems.
        """

    def __enter__(self) -> Self:
        """The engine, ready."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing behind."""


def plain(row: Iterable[Any]) -> tuple[Any, ...]:
    """The row with decimals as whole numbers or floats: sums of integers are such."""
    return tuple(map(_plain, row))


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    if not isinstance(value, Decimal):
        return value
    is_whole = value.is_finite() and value == value.to_integral_value()
    return int(value) if is_whole else float(value)


def one_row(engine: Engine, query: str, place: str = "") -> list[int]:
    """The whole numbers of a query that gives one row; nothing is 0."""
    rows = engine.rows(query, place)
    return [int(number or 0) for number in rows[0]] if rows else []
