"""What was known of the units before their first exposure: covariates and strata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.cells import Layout
from copylab.analysis.engines.expressions import (
    MICROSECONDS_AN_HOUR,
    first,
    literal,
)
from copylab.analysis.exposed_units import value_slots
from copylab.analysis.sources import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.metrics import MetricSpec


def add_before(
    engine: Engine,
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
        engine: Where the units were measured.
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
    selected, joins, aliases = ["units.*"], [], {}
    if past:
        joins.append(f"LEFT JOIN ({_past(metrics)}) AS past USING (unit)")
        for name, i in past.items():
            aliases[named[name]] = f"b{i}"
            selected.append(f"coalesce(before{i}, 0)::DOUBLE AS b{i}")
    if noted or strata is not None:
        wanted = [*noted.values(), *([strata] if strata is not None else [])]
        slots = {name: f"n{i}" for i, name in enumerate(dict.fromkeys(wanted))}
        exposures.check_columns(wanted)
        query = _noted(exposures, experiment, slots, {*noted.values()})
        joins.append(f"LEFT JOIN ({query}) AS noted USING (unit)")
        aliases |= slots
        selected += slots.values()
    engine.make(
        "copylab_before",
        f"SELECT {', '.join(selected)} FROM {measured.relation} AS units "  # noqa: S608 - names of ours
        + " ".join(joins),
        exposures.path,
    )
    there = engine.columns("copylab_before", measured.path)
    columns = there | {name: there[slot] for name, slot in aliases.items()}
    source = Source(measured.path, "copylab_before", columns, aliases=aliases)
    return source, Layout(named, strata)


def _past(metrics: Sequence[MetricSpec]) -> str:
    """The query of each unit's events before its first exposure."""
    values = value_slots(metrics)
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
            slot = values[metric.value]
            summed, hit = f"sum({slot})", f"{hit} AND isfinite({slot})"
        parts.append(f"{summed} FILTER (WHERE {hit}) AS before{i}")
    return (
        f"SELECT unit, {', '.join(parts)} FROM copylab_raw "  # noqa: S608 - values are literals
        "JOIN copylab_assigned USING (unit) GROUP BY unit"
    )


def _noted(
    exposures: Source,
    experiment: str,
    slots: Mapping[str, str],
    covariates: Collection[str],
) -> str:
    """The query of the columns of each unit's first exposure."""
    read = {
        name: exposures.number(name) if name in covariates else exposures.text(name)
        for name in slots
    }
    parts = ", ".join(f"{sql} AS {slots[name]}" for name, sql in read.items())
    firsts = ", ".join(f"{first(slot, 'ts')} AS {slot}" for slot in slots.values())
    return (
        f"SELECT unit, {firsts} FROM (SELECT {exposures.word('unit')} AS unit, "  # noqa: S608 - names are quoted
        f"{exposures.time('ts')} AS ts, {parts} FROM {exposures.relation} "
        f"WHERE {exposures.assigned(experiment)}) AS rows_of_ours GROUP BY unit"
    )
