"""What was known of the units before their first exposure: covariates and strata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.cells import Layout
from copylab.analysis.exposed_units import MICROSECONDS_AN_HOUR, time_sql
from copylab.analysis.sources import Source, literal, quote, translated_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from copylab.analysis.metrics import MetricSpec


def add_before(
    connection: DuckDBPyConnection,
    measured: Source,
    exposures: Source,
    experiment: str,
    metrics: Sequence[MetricSpec],
    *,
    strata: str | None,
) -> tuple[Source, Layout]:
    """The table of measured units with what was known of them, and which columns say it.

    A metric's ``before_hours`` is the same measure in so many hours before the unit's
    first exposure: whether the event happened for a share, else the sum; 0 without an
    event. Columns of the exposures are taken from a unit's first row.

    Args:
        connection: Where the units were measured.
        measured: The table of units.
        exposures: The exposures.
        experiment: The experiment whose rows count.
        metrics: The metrics, as they were measured.
        strata: The column of the exposures that holds strata, None without.

    Raises:
        DataError: The exposures lack a column, or it holds no numbers.
        UnreadableError: A file breaks off.
    """
    past = {m.name: i for i, m in enumerate(metrics) if m.before_hours is not None}
    noted = {m.name: m.covariate for m in metrics if m.covariate is not None}
    if not past and not noted and strata is None:
        return measured, Layout({})
    named = {name: f"{name} before" for name in past} | noted
    selected, joins = [f"{measured.relation}.*"], []
    if past:
        joins.append(_past(metrics))
        selected += [
            f"coalesce(before{i}, 0)::DOUBLE AS {quote(named[name])}"
            for name, i in past.items()
        ]
    if noted or strata is not None:
        wanted = [*noted.values(), *([strata] if strata is not None else [])]
        exposures.check_columns(wanted)
        joins.append(_noted(exposures, experiment, [*noted.values()], strata))
        selected += [quote(name) for name in dict.fromkeys(wanted)]
    with translated_errors(exposures.path):
        connection.execute(
            f"CREATE TEMP TABLE measured_before AS SELECT {', '.join(selected)} "  # noqa: S608 - names are quoted
            f"FROM {measured.relation} "
            + " ".join(f"LEFT JOIN ({join}) USING (unit)" for join in joins)
        )
        described = connection.execute("DESCRIBE measured_before").fetchall()
    columns = {str(row[0]): str(row[1]) for row in described}
    return Source(measured.path, "measured_before", columns), Layout(named, strata)


def _past(metrics: Sequence[MetricSpec]) -> str:
    """The query of each unit's events before its first exposure."""
    values = list(dict.fromkeys(metric.value for metric in metrics if metric.value))
    parts = []
    for i, metric in enumerate(metrics):
        if metric.before_hours is None:
            continue
        reach = round(metric.before_hours * MICROSECONDS_AN_HOUR)
        hit = (
            f"event = {literal(metric.event)} AND moment < start "
            f"AND moment >= start - {reach}"
        )
        summed = "max(1)" if metric.kind == "share" else "sum(1)"
        if metric.value is not None:
            slot = f"v{values.index(metric.value)}"
            summed, hit = f"sum({slot})", f"{hit} AND isfinite({slot})"
        parts.append(f"{summed} FILTER (WHERE {hit}) AS before{i}")
    return (
        f"SELECT unit, {', '.join(parts)} FROM raw JOIN assigned USING (unit) "  # noqa: S608 - values are literals
        "GROUP BY unit"
    )


def _noted(
    exposures: Source, experiment: str, covariates: Sequence[str], strata: str | None
) -> str:
    """The query of the columns of each unit's first exposure."""
    ts = time_sql("ts")
    parts = [
        f"arg_min({exposures.number(name)}, {ts}) AS {quote(name)}"
        for name in dict.fromkeys(covariates)
    ]
    if strata is not None and strata not in covariates:
        parts.append(f"arg_min({exposures.text(strata)}, {ts}) AS {quote(strata)}")
    return (
        f"SELECT CAST(unit AS VARCHAR) AS unit, {', '.join(parts)} "  # noqa: S608 - names are quoted
        f"FROM {exposures.relation} WHERE experiment = {literal(experiment)} "
        "AND reason = 'assigned' GROUP BY 1"
    )
