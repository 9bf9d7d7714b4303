"""Outcomes that are missing: a table that ends too early, or an arm without events."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from copylab.analysis.exposed_units import time_sql
from copylab.analysis.results import HealthNote
from copylab.analysis.sample_ratio import ALARM_BELOW
from copylab.analysis.sources import quote, translated_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from copylab.analysis.sources import Source

_FEW = 10


def note_missing_outcomes(
    connection: DuckDBPyConnection, outcomes: Source, columns: Mapping[str, str]
) -> list[HealthNote]:
    """What is missing in the outcomes, as far as the data can tell.

    Args:
        connection: Where ``gather_units`` and ``measure_outcomes`` have made their
            tables.
        outcomes: The table of events.
        columns: What ``unit``, ``event`` and ``at`` are called in the outcomes.
    """
    return [
        *_note_strangers(connection, outcomes, columns),
        *_note_early_end(connection, outcomes, columns),
        *_note_silent_arms(connection),
    ]


def _note_strangers(
    connection: DuckDBPyConnection, outcomes: Source, columns: Mapping[str, str]
) -> list[HealthNote]:
    """A fault if there are outcomes and none is of an assigned unit: a broken join."""
    unit = quote(columns.get("unit", "unit"))
    with translated_errors(outcomes.path):
        row = connection.execute(
            "SELECT count(*), count(assigned.unit), any_value(raw.unit) FROM "  # noqa: S608 - a name is quoted
            f"(SELECT CAST({unit} AS VARCHAR) AS unit FROM {outcomes.relation}) AS raw "
            "LEFT JOIN assigned USING (unit)"
        ).fetchone()
    events, matched, example = row or (0, 0, "")
    if not events or matched or events < _FEW:
        return []
    return [
        HealthNote(
            "no-outcome-matches",
            ok=False,
            message=f"none of {events:,} outcomes belongs to a unit that was assigned "
            f'(such as "{example}")',
            cure="check that both tables name units in the same way",
            facts={"events": int(events), "example": str(example)},
        )
    ]


def _note_early_end(
    connection: DuckDBPyConnection, outcomes: Source, columns: Mapping[str, str]
) -> list[HealthNote]:
    """A fault if units were sent to after the last outcome, and more than by chance.

    With so many units, at the rate of those before, some event would have happened; a
    silence of a chance below 0.001 (Poisson) says that the table ends too early.
    """
    at = time_sql(columns.get("at", "at"))
    with translated_errors(outcomes.path):
        row = connection.execute(
            f"WITH last AS (SELECT max({at}) AS moment FROM {outcomes.relation}) "  # noqa: S608 - a name is quoted
            "SELECT count_if(start > moment), count(*), "
            "(SELECT count(DISTINCT unit) FROM events), "
            "strftime(make_timestamp(any_value(moment)), '%Y-%m-%d %H:%M') "
            "FROM assigned, last WHERE moment IS NOT NULL AND arm <> 'none'"
        ).fetchone()
    late, units, active, last = row or (0, 0, 0, None)
    if not late or late == units:
        return []
    expected = late * active / (units - late)
    if exp(-expected) >= ALARM_BELOW:
        return []
    return [
        HealthNote(
            "outcomes-end-early",
            ok=False,
            message=f"{late:,} of {units:,} units were sent to after the last outcome "
            f"({last} UTC), where about {expected:,.0f} would have had one",
            cure="export the outcomes again, up to the end of the window",
            facts={
                "late": int(late),
                "units": int(units),
                "last": str(last),
                "expected": f"{expected:,.0f}",
            },
        )
    ]


def _note_silent_arms(connection: DuckDBPyConnection) -> list[HealthNote]:
    """A warning for an arm that sends and has no event that the other arms have."""
    rows = connection.execute(
        "WITH sizes AS (SELECT arm, count(*) AS n FROM assigned "
        "WHERE arms = 1 AND arm <> 'none' GROUP BY arm), "
        "hits AS (SELECT arm, event, count(DISTINCT events.unit) AS k FROM events "
        "JOIN assigned USING (unit) WHERE arms = 1 AND arm <> 'none' GROUP BY ALL), "
        "totals AS (SELECT event, sum(k) AS k FROM hits GROUP BY event) "
        "SELECT sizes.arm, totals.event, totals.k * sizes.n / "
        "((SELECT sum(n) FROM sizes) - sizes.n) AS expected FROM sizes, totals "
        "WHERE (SELECT sum(n) FROM sizes) > sizes.n AND NOT EXISTS ("
        "SELECT 1 FROM hits WHERE hits.arm = sizes.arm AND hits.event = totals.event) "
        "ORDER BY ALL"
    ).fetchall()
    return [
        HealthNote(
            "silent-arm",
            ok=True,
            message=f'no unit of "{arm}" has the event "{event}", where the other arms '
            f"let expect {expected:,.0f}",
            cure="check its link and its tracking before it is read as a failure",
            facts={
                "arm": str(arm),
                "event": str(event),
                "expected": f"{expected:,.0f}",
            },
        )
        for arm, event, expected in rows
        if exp(-expected) < ALARM_BELOW
    ]
