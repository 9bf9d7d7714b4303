"""Exposures and outcomes, put together to a table with a row per assigned unit.

A row of exposures counts if it belongs to the experiment and its reason is
``assigned``; rows with the same unit and send are one send, the first of them. The
clock of a unit starts with its first send. Units seen in more than one arm are set
aside: what they did cannot be given to either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.engines.expressions import (
    MICROSECONDS_AN_HOUR,
    literal,
    microseconds,
)
from copylab.analysis.metrics import EXPOSURE
from copylab.analysis.sources import Source
from copylab.analysis.table_metrics import TableMetric
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.metrics import MetricSpec

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
    engine: Engine,
    exposures: Source,
    experiment: str,
    *,
    at: datetime | None,
    window_hours: float,
    closed_only: bool = False,
) -> Assigned:
    """Makes ``copylab_sends`` and ``copylab_assigned``; returns what was noticed.

    Args:
        engine: Where the relations are made.
        exposures: The exposures, with their columns by their standard names.
        experiment: The experiment whose rows count.
        at: What happened later is not looked at, None for everything.
        window_hours: The longest time in which an outcome counts.
        closed_only: Whether units that can still have an outcome are left out of
            ``copylab_assigned``, if there are others; they are counted all the same.

    Raises:
        DataError: A column is missing, no row belongs to the experiment, or a row has
            no unit or no readable time.
    """
    exposures.check_columns(["ts", "send_id", "experiment", "unit", "arm", "reason"])
    _make_sends(engine, exposures, experiment, at)
    engine.make(
        "copylab_units",
        "SELECT unit, min(arm) AS arm, min(ts) AS start, "
        "CASE WHEN min(arm) = max(other) THEN 1 ELSE 2 END AS arms "
        "FROM copylab_sends GROUP BY unit",
        exposures.path,
    )
    window = round(window_hours * MICROSECONDS_AN_HOUR)
    is_open = "false" if at is None else f"start + {window} > {microseconds(at)}"
    units, mixed, still_open = one_row(
        engine,
        f"SELECT count(*), count_if(arms > 1), count_if({is_open}) FROM copylab_units",  # noqa: S608 - numbers of ours
        exposures.path,
    )
    if not units:
        raise DataError(
            f'no unit was assigned to experiment "{experiment}"',
            file=exposures.path,
            help="check the experiment's name and the time",
        )
    examples = engine.rows(
        "SELECT unit FROM copylab_units WHERE arms > 1 "  # noqa: S608 - a number of ours
        f"ORDER BY unit LIMIT {_EXAMPLES}",
        exposures.path,
    )
    left_out = is_open if closed_only and still_open < units else "false"
    kept = f"SELECT * FROM copylab_units WHERE NOT ({left_out})"  # noqa: S608 - as above
    engine.view("copylab_assigned", kept)
    return Assigned(units, mixed, tuple(str(row[0]) for row in examples), still_open)


def _make_sends(
    engine: Engine, exposures: Source, experiment: str, at: datetime | None
) -> None:
    """Makes ``copylab_sends``, a row per send with its first time."""
    until = "true" if at is None else f"(ts <= {microseconds(at)} OR ts IS NULL)"
    engine.make(
        "copylab_sends",
        "SELECT unit, min(arm) AS arm, max(arm) AS other, min(ts) AS ts FROM ("  # noqa: S608 - names and values are literals
        f"SELECT {exposures.word('unit')} AS unit, {exposures.time('ts')} AS ts, "
        f"{exposures.word('arm')} AS arm, {exposures.word('send_id')} AS send_id "
        f"FROM {exposures.relation} WHERE {exposures.assigned(experiment)}"
        f") AS rows_of_ours WHERE {until} "
        "GROUP BY unit, coalesce(send_id, CAST(ts AS VARCHAR))",
        exposures.path,
    )
    shown = {name: name for name in ("unit", "ts", "arm")}
    _refuse_gaps(engine, "copylab_sends", exposures.path, shown)


def measure_outcomes(
    engine: Engine,
    outcomes: Source,
    metrics: Sequence[MetricSpec],
    *,
    at: datetime | None,
    columns: Mapping[str, str],
) -> tuple[Source, tuple[TableMetric, ...], tuple[str, ...]]:
    """Makes ``copylab_measured`` with a row per unit in one arm.

    Args:
        engine: Where ``gather_units`` has made its relations.
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
    _load_events(engine, outcomes, metrics, at=at, columns=columns)
    found = tuple(
        TableMetric(metric.name, f"m{i}", metric.kind, f"d{i}" if metric.per else None)
        for i, metric in enumerate(metrics)
    )
    engine.make("copylab_summed", _measured(metrics), outcomes.path)
    engine.view("copylab_measured", _winsorised(engine, metrics, outcomes.path))
    source = Source(
        outcomes.path,
        "copylab_measured",
        engine.columns("copylab_measured", outcomes.path),
    )
    seen = engine.rows("SELECT DISTINCT event FROM copylab_events", outcomes.path)
    happened = {str(row[0]) for row in seen}
    silent = tuple(name for name in _events(metrics) if name not in happened)
    return source, found, silent


def _winsorised(engine: Engine, metrics: Sequence[MetricSpec], path: str) -> str:
    """The query of measured units, sums cut to their quantile where that is asked."""
    asked = [i for i, metric in enumerate(metrics) if metric.winsorise is not None]
    if not asked:
        return "SELECT * FROM copylab_summed"
    caps = ", ".join(
        f"quantile_cont(m{i}, {metrics[i].winsorise!r}) FILTER (WHERE m{i} > 0)"
        for i in asked
    )
    (row,) = engine.rows(f"SELECT {caps} FROM copylab_summed", path)  # noqa: S608 - numbers of ours
    cut = {
        f"m{i}": f"CASE WHEN m{i} > {float(cap)!r} THEN {float(cap)!r} ELSE m{i} END"
        for i, cap in zip(asked, row, strict=True)
        if cap is not None
    }
    columns = engine.columns("copylab_summed", path)
    listed = ", ".join(f"{cut.get(name, name)} AS {name}" for name in columns)
    return f"SELECT {listed} FROM copylab_summed"  # noqa: S608 - names of ours


def value_slots(metrics: Sequence[MetricSpec]) -> dict[str, str]:
    """The columns of ``copylab_events`` with values, by what metrics call them."""
    values = dict.fromkeys(metric.value for metric in metrics if metric.value)
    return {str(name): f"v{i}" for i, name in enumerate(values)}


def _load_events(
    engine: Engine,
    outcomes: Source,
    metrics: Sequence[MetricSpec],
    *,
    at: datetime | None,
    columns: Mapping[str, str],
) -> None:
    """Makes ``copylab_raw``, outcomes with a known event, and ``copylab_events``.

    The latter are those of assigned units, in time.
    """
    unit, event, moment = (columns.get(name, name) for name in ("unit", "event", "at"))
    values = value_slots(metrics)
    named = {name: columns.get(name, name) for name in values}
    outcomes.check_columns([unit, event, moment, *named.values()])
    wanted = " OR ".join(outcomes.equals(event, name) for name in _events(metrics))
    numbers = "".join(
        f", {outcomes.number(named[name])} AS {slot}" for name, slot in values.items()
    )
    engine.make(
        "copylab_raw",
        f"SELECT {outcomes.word(unit)} AS unit, {outcomes.word(event)} AS event, "  # noqa: S608 - names are quoted, values are literals
        f"{outcomes.time(moment)} AS moment{numbers} FROM {outcomes.relation} "
        f"WHERE {wanted or 'false'}",
        outcomes.path,
    )
    shown = {"unit": unit, "moment": moment}
    _refuse_gaps(engine, "copylab_raw", outcomes.path, shown)
    longest = round(max(m.within_hours for m in metrics) * MICROSECONDS_AN_HOUR)
    until = "true" if at is None else f"moment <= {microseconds(at)}"
    engine.make(
        "copylab_events",
        "SELECT happened.*, moment - start AS after "  # noqa: S608 - numbers of ours
        "FROM copylab_raw AS happened JOIN copylab_assigned USING (unit) "
        f"WHERE moment BETWEEN start AND start + {longest} AND {until}",
        outcomes.path,
    )
    for metric in metrics:
        if metric.value is not None:
            _refuse_values(engine, outcomes.path, metric, values[metric.value])


def _measured(metrics: Sequence[MetricSpec]) -> str:
    """The query of measured units: a metric's columns are ``m`` and ``d``."""
    from_events: list[str] = []
    from_sends: list[str] = []
    values = value_slots(metrics)
    selected = ["unit", "arm"]
    for i, metric in enumerate(metrics):
        window = f"after <= {round(metric.within_hours * MICROSECONDS_AN_HOUR)}"
        hit = f"FILTER (WHERE event = {literal(metric.event)} AND {window})"
        value = values[metric.value] if metric.value else "1"
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
        f"LEFT JOIN (SELECT unit, {', '.join(from_events)} FROM copylab_events "  # noqa: S608 - values are literals
        "GROUP BY unit) AS happened USING (unit)"
    )
    if from_sends:
        joined += (
            f" LEFT JOIN (SELECT unit, {', '.join(from_sends)} FROM "  # noqa: S608 - numbers of ours
            "(SELECT unit, ts - start AS after FROM copylab_sends "
            "JOIN copylab_assigned USING (unit)) AS clocked "
            "GROUP BY unit) AS sent USING (unit)"
        )
    return (
        f"SELECT {', '.join(selected)} "  # noqa: S608 - as above
        f"FROM copylab_assigned {joined} WHERE arms = 1"
    )


def _events(metrics: Sequence[MetricSpec]) -> list[str]:
    """The events that the metrics are made of, each once."""
    others = [m.per for m in metrics if m.per is not None and m.per != EXPOSURE]
    return list(dict.fromkeys([*(metric.event for metric in metrics), *others]))


def _refuse_gaps(
    engine: Engine, table: str, path: str, shown: Mapping[str, str]
) -> None:
    """Pass if no row lacks one of the columns, which have other names outside."""
    counted = ", ".join(f"count_if({column} IS NULL)" for column in shown)
    gaps = one_row(engine, f"SELECT {counted} FROM {table}", path)  # noqa: S608 - names of ours
    for column, gap in zip(shown.values(), gaps, strict=True):
        if gap:
            raise DataError(
                f'column "{column}" is empty or unreadable in {gap:,} row(s)',
                file=path,
                help="every row needs its unit, and times as ISO 8601 in UTC",
            )


def _refuse_values(engine: Engine, path: str, metric: MetricSpec, slot: str) -> None:
    """Pass if every value that counts is a finite number."""
    (bad,) = one_row(
        engine,
        f"SELECT count(*) FROM copylab_events WHERE event = {literal(metric.event)} "  # noqa: S608 - a literal
        f"AND ({slot} IS NULL OR NOT isfinite({slot}))",
        path,
    )
    if bad:
        raise DataError(
            f'column "{metric.value}" has {bad:,} empty, NaN, infinite or unreadable '
            f'value(s) for the event "{metric.event}"',
            file=path,
            help="give every such event its value",
        )
