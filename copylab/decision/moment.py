"""The moment of an analysis: which rows are read, and whose time for outcomes is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.engines.expressions import microseconds
from copylab.analysis.engines.opening import open_tables
from copylab.decision.data_places import data_places

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source
    from copylab.catalog import Catalog
    from copylab.decision.data_places import Files


def find_moment(
    catalog: Catalog,
    asked: datetime | None,
    *,
    now: datetime,
    exposures: Files = None,
    outcomes: Files = None,
    connection: object | None = None,
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
        connection: As for ``analyze_workspace``.

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
    seen = data_places(catalog, "exposures", exposures)
    events = data_places(catalog, "outcomes", outcomes)
    with open_tables(seen, events, connection=connection, root=catalog.root) as opened:
        engine, tables = opened
        columns = ("ts", str(named or "at"))
        latest = [
            _latest(engine, source, column)
            for source, column in zip(tables, columns, strict=True)
        ]
    later = any(moment > microseconds(now) for moment in latest)
    return None if later else now


def _latest(engine: Engine, source: Source, column: str) -> int:
    """The latest time in a column, in microseconds of the epoch; 0 for none."""
    source.check_columns([column])
    query = f"SELECT max({source.time(column)}) FROM {source.relation}"  # noqa: S608 - quoted
    (moment,) = one_row(engine, query, source.path)
    return moment
