"""Exposures and outcomes, put together to a table with a row per assigned unit.

A row of exposures counts if it belongs to the experiment and its reason is
``assigned``; rows with the same unit and send are one send, the first of them. The
clock of a unit starts with its first send. Units seen in more than one arm are set
aside: what they did cannot be given to either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from copylab.analysis.metrics import EXPOSURE
from copylab.analysis.sources import Source, literal, quote, translated_errors
from copylab.analysis.table_metrics import TableMetric
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from copylab.analysis.metrics import MetricSpec

MICROSECONDS_AN_HOUR = 3_600_000_000
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Assigned:
    """The units of an experiment.

    Attributes:
        units: How many units were assigned, those set aside included.
        mixed: How many of them were seen in more than one arm.
        examples: A few of those, by name.
        still_open: How many units can still have an outcome that counts.
    """

    units: int
    mixed: int
    examples: tuple[str, ...]
    still_open: int


def gather_units(
    connection: DuckDBPyConnection,
    exposures: Source,
    experiment: str,
    *,
    at: datetime | None,
    window_hours: float,
    closed_only: bool = False,
) -> Assigned:
    """Makes the tables ``sends`` and ``assigned``; returns what was noticed.

    Args:
        connection: Where the tables are made.
        exposures: The exposures, with their columns by their standard names.
        experiment: The experiment whose rows count.
        at: What happened later is not looked at, None for everything.
        window_hours: The longest time in which an outcome counts.
        closed_only: Whether units that can still have an outcome are left out of
            ``assigned``, if there are others; they are counted all the same.

    Raises:
        DataError: A column is missing, no row belongs to the experiment, or a row has
            no unit or no readable time.
    """
    needed = ["ts", "send_id", "experiment", "unit", "arm", "reason"]
    exposures.check_columns(needed)
    until = "true" if at is None else f"ts <= {microseconds(at)}"
    with translated_errors(exposures.path):
        connection.execute(
            "CREATE TEMP TABLE sends AS SELECT unit, "  # noqa: S608 - names and values are literals
            "min(arm) AS arm, max(arm) AS other, min(ts) AS ts FROM ("
            f"SELECT CAST(unit AS VARCHAR) AS unit, {time_sql('ts')} AS ts, "
            "CAST(arm AS VARCHAR) AS arm, CAST(send_id AS VARCHAR) AS send_id "
            f"FROM {exposures.relation} "
            f"WHERE experiment = {literal(experiment)} AND reason = 'assigned') "
            f"WHERE {until} OR ts IS NULL "
            "GROUP BY unit, coalesce(send_id, CAST(ts AS VARCHAR))"
        )
        shown = {name: name for name in ("unit", "ts", "arm")}
        _refuse_gaps(connection, "sends", exposures.path, shown)
        connection.execute(
            "CREATE TEMP TABLE assigned AS SELECT unit, min(arm) AS arm, "
            "min(ts) AS start, CASE WHEN min(arm) = max(other) THEN 1 ELSE 2 END AS arms "
            "FROM sends GROUP BY unit"
        )
    closing = 0 if at is None else microseconds(at)
    window = round(window_hours * MICROSECONDS_AN_HOUR)
    units, mixed, still_open = _row(
        connection,
        "SELECT count(*), count_if(arms > 1), "  # noqa: S608 - numbers of ours
        f"count_if({closing} > 0 AND start + {window} > {closing}) FROM assigned",
    )
    if not units:
        raise DataError(
            f'no unit was assigned to experiment "{experiment}"',
            file=exposures.path,
            help="check the experiment's name and the time",
        )
    examples = connection.execute(
        f"SELECT unit FROM assigned WHERE arms > 1 ORDER BY unit LIMIT {_EXAMPLES}"  # noqa: S608 - a number of ours
    ).fetchall()
    names = tuple(str(row[0]) for row in examples)
    if closed_only and 0 < still_open < units:
        with translated_errors(exposures.path):
            connection.execute(
                f"DELETE FROM assigned WHERE start + {window} > {closing}"  # noqa: S608 - numbers of ours
            )
    return Assigned(units, mixed, names, still_open)


def measure_outcomes(
    connection: DuckDBPyConnection,
    outcomes: Source,
    metrics: Sequence[MetricSpec],
    *,
    at: datetime | None,
    columns: Mapping[str, str],
) -> tuple[Source, tuple[TableMetric, ...], tuple[str, ...]]:
    """Makes the table ``measured`` with a row per unit in one arm.

    Args:
        connection: Where ``gather_units`` has made its tables.
        outcomes: The table of events.
        metrics: What to measure.
        at: What happened later is not looked at, None for everything.
        columns: What ``unit``, ``event``, ``at`` and the value columns are called in
            the outcomes, where it is not the same.

    Returns:
        The table as a source, each metric with its column in it, and the events that
        never happened to any unit in time.

    Raises:
        DataError: A column is missing, or a row has no unit or no readable time, or a
            value that counts is no number.
    """
    _load_events(connection, outcomes, metrics, at=at, columns=columns)
    found = tuple(
        TableMetric(metric.name, f"m{i}", metric.kind, f"d{i}" if metric.per else None)
        for i, metric in enumerate(metrics)
    )
    with translated_errors(outcomes.path):
        connection.execute(_measured(metrics))
        for place, metric in enumerate(metrics):
            if metric.winsorise is not None:
                connection.execute(
                    f"UPDATE measured SET m{place} = least(m{place}, (SELECT "  # noqa: S608 - numbers of ours
                    f"quantile_cont(m{place}, {metric.winsorise!r}) "
                    f"FROM measured WHERE m{place} > 0)) WHERE m{place} > 0"
                )
        seen = connection.execute("SELECT DISTINCT event FROM events").fetchall()
        described = connection.execute("DESCRIBE measured").fetchall()
    source = Source(
        outcomes.path, "measured", {str(row[0]): str(row[1]) for row in described}
    )
    happened = {str(row[0]) for row in seen}
    silent = tuple(name for name in _events(metrics) if name not in happened)
    return source, found, silent


def _load_events(
    connection: DuckDBPyConnection,
    outcomes: Source,
    metrics: Sequence[MetricSpec],
    *,
    at: datetime | None,
    columns: Mapping[str, str],
) -> None:
    """Makes ``events``: outcomes of assigned units, in time."""
    names = {name: columns.get(name, name) for name in ("unit", "event", "at")}
    values = list(dict.fromkeys(metric.value for metric in metrics if metric.value))
    names |= {name: columns.get(name, name) for name in values}
    outcomes.check_columns([*names.values()])
    wanted = ", ".join(literal(event) for event in _events(metrics)) or "''"
    numbers = "".join(
        f", {outcomes.number(names[name])} AS {quote(f'v{i}')}"
        for i, name in enumerate(values)
    )
    longest = round(max(m.within_hours for m in metrics) * MICROSECONDS_AN_HOUR)
    until = "true" if at is None else f"moment <= {microseconds(at)}"
    with translated_errors(outcomes.path):
        connection.execute(
            "CREATE TEMP TABLE raw AS SELECT "  # noqa: S608 - names are quoted, values are literals
            f"CAST({quote(names['unit'])} AS VARCHAR) AS unit, "
            f"CAST({quote(names['event'])} AS VARCHAR) AS event, "
            f"{time_sql(names['at'])} AS moment{numbers} FROM {outcomes.relation} "
            f"WHERE {quote(names['event'])} IN ({wanted})"
        )
        shown = {"unit": names["unit"], "moment": names["at"]}
        _refuse_gaps(connection, "raw", outcomes.path, shown)
        connection.execute(
            "CREATE TEMP TABLE events AS "  # noqa: S608 - numbers of ours
            "SELECT raw.*, moment - start AS after FROM raw JOIN assigned USING (unit) "
            f"WHERE moment BETWEEN start AND start + {longest} AND {until}"
        )
    for metric in metrics:
        if metric.value is not None:
            slot = f"v{values.index(metric.value)}"
            _refuse_values(connection, outcomes.path, metric, slot)
    _name_values(connection, values)


def _name_values(connection: DuckDBPyConnection, values: Sequence[str]) -> None:
    """Gives the value columns of ``events`` the names that metrics use."""
    for i, name in enumerate(values):
        connection.execute(
            f"ALTER TABLE events RENAME COLUMN v{i} TO {quote('value ' + name)}"
        )


def _measured(metrics: Sequence[MetricSpec]) -> str:
    """The SQL that makes ``measured``: a metric's columns are ``m`` and ``d``."""
    from_events: list[str] = []
    from_sends: list[str] = []
    selected = ["unit", "arm"]
    for i, metric in enumerate(metrics):
        window = f"after <= {round(metric.within_hours * MICROSECONDS_AN_HOUR)}"
        hit = f"FILTER (WHERE event = {literal(metric.event)} AND {window})"
        value = quote("value " + metric.value) if metric.value else "1"
        summed = "max(1)" if metric.kind == "share" else f"sum({value})"
        from_events.append(f"{summed} {hit} AS m{i}")
        selected.append(f"coalesce(m{i}, 0)::DOUBLE AS m{i}")
        if metric.per is not None:
            selected.append(f"coalesce(d{i}, 0)::DOUBLE AS d{i}")
        if metric.per == EXPOSURE:
            from_sends.append(f"count(*) FILTER (WHERE {window}) AS d{i}")
        elif metric.per is not None:
            against = f"event = {literal(metric.per)} AND {window}"
            from_events.append(f"count(*) FILTER (WHERE {against}) AS d{i}")
    joined = (
        f"LEFT JOIN (SELECT unit, {', '.join(from_events)} FROM events "  # noqa: S608 - values are literals
        "GROUP BY unit) USING (unit)"
    )
    if from_sends:
        joined += (
            f" LEFT JOIN (SELECT unit, {', '.join(from_sends)} FROM "  # noqa: S608 - numbers of ours
            "(SELECT unit, ts - start AS after FROM sends JOIN assigned USING (unit)) "
            "GROUP BY unit) USING (unit)"
        )
    return (
        f"CREATE TEMP TABLE measured AS SELECT {', '.join(selected)} "  # noqa: S608 - as above
        f"FROM assigned {joined} WHERE arms = 1"
    )


def _events(metrics: Sequence[MetricSpec]) -> list[str]:
    """The events that the metrics are made of, each once."""
    others = [m.per for m in metrics if m.per is not None and m.per != EXPOSURE]
    return list(dict.fromkeys([*(metric.event for metric in metrics), *others]))


def _refuse_gaps(
    connection: DuckDBPyConnection, table: str, path: str, shown: Mapping[str, str]
) -> None:
    """Pass if no row lacks one of the columns, which have other names outside."""
    counted = ", ".join(f"count_if({column} IS NULL)" for column in shown)
    gaps = _row(connection, f"SELECT {counted} FROM {table}")  # noqa: S608 - names of ours
    for column, gap in zip(shown.values(), gaps, strict=True):
        if gap:
            raise DataError(
                f'column "{column}" is empty or unreadable in {gap:,} row(s)',
                file=path,
                help="every row needs its unit, and times as ISO 8601 in UTC",
            )


def _refuse_values(
    connection: DuckDBPyConnection, path: str, metric: MetricSpec, slot: str
) -> None:
    """Pass if every value that counts is a finite number."""
    (bad,) = _row(
        connection,
        f"SELECT count(*) FROM events WHERE event = {literal(metric.event)} "  # noqa: S608 - a literal
        f"AND ({slot} IS NULL OR NOT isfinite({slot}))",
    )
    if bad:
        raise DataError(
            f'column "{metric.value}" has {bad:,} empty, NaN, infinite or unreadable '
            f'value(s) for the event "{metric.event}"',
            file=path,
            help="give every such event its value",
        )


def _row(connection: DuckDBPyConnection, query: str) -> list[int]:
    row = connection.execute(query).fetchone()
    return [int(number or 0) for number in row or ()]


def time_sql(column: str) -> str:
    """The SQL of a time as microseconds of the epoch, NULL where it is none."""
    return f"epoch_us(TRY_CAST({quote(column)} AS TIMESTAMPTZ))"


def microseconds(at: datetime) -> int:
    """The time as microseconds of the epoch.

    Raises:
        ValueError: It has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"at == {at!r}, must have a time zone")
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
