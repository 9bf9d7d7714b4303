"""The moment of an analysis: which rows are read, and whose time for outcomes is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.exposed_units import microseconds, time_sql
from copylab.analysis.sources import connect, open_source, translated_errors
from copylab.decision.results import data_files

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from copylab.catalog import Catalog
    from copylab.decision.results import Files


def find_moment(
    catalog: Catalog,
    asked: datetime | None,
    *,
    now: datetime,
    exposures: Files = None,
    outcomes: Files = None,
) -> datetime | None:
    """The time of an analysis.

    Data that hold rows from later than now were made up for a time to come, by
    ``copylab simulate`` for one: they are taken as complete.

    Args:
        catalog: The workspace.
        asked: The time that a person names, which is taken.
        now: The present.
        exposures: As for ``analyze_workspace``.
        outcomes: As for ``analyze_workspace``.

    Returns:
        The time named, else now, or None to take the data as complete.

    Raises:
        DataError: The settings name no data, or a column is missing.
        UnreadableError: A file cannot be read.
    """
    if asked is not None:
        return asked
    mapped = catalog.config.data.get("columns")
    named = mapped.get("at") if isinstance(mapped, dict) else None
    seen = data_files(catalog, "exposures", exposures)
    events = data_files(catalog, "outcomes", outcomes)
    with connect() as connection:
        latest = [
            _latest(connection, seen, "ts"),
            _latest(connection, events, str(named or "at")),
        ]
    later = any(moment > microseconds(now) for moment in latest)
    return None if later else now


def _latest(connection: DuckDBPyConnection, files: list[str], column: str) -> int:
    """The latest time in a column, in microseconds of the epoch; 0 for none."""
    source = open_source(connection, *files)
    source.check_columns([column])
    with translated_errors(source.path):
        row = connection.execute(
            f"SELECT max({time_sql(column)}) FROM {source.relation}"  # noqa: S608 - quoted
        ).fetchone()
    return int(row[0] or 0) if row else 0
