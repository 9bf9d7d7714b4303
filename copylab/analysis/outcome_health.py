"""Outcomes that are missing: a table that ends too early, or an arm without events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import exp
from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.results import HealthNote
from copylab.analysis.sample_ratio import ALARM_BELOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source

_FEW = 10


def note_missing_outcomes(
    engine: Engine, outcomes: Source, columns: Mapping[str, str]
) -> list[HealthNote]:
    """What is missing in the outcomes, as far as the data can tell.

    Args:
        engine: Where ``gather_units`` and ``measure_outcomes`` have made theirs.
        outcomes: The table of events.
        columns: What ``unit``, ``event`` and ``at`` are called in the outcomes.
    """
    return [
        *_note_strangers(engine, outcomes, columns),
        *_note_early_end(engine, outcomes, columns),
        *_note_silent_arms(engine),
    ]


def _note_strangers(
    engine: Engine, outcomes: Source, columns: Mapping[str, str]
) -> list[HealthNote]:
    """A fault if there are outcomes and none is of an assigned unit: a broken join."""
    unit = outcomes.word(columns.get("unit", "unit"))
    ((events, matched, example),) = engine.rows(
        "SELECT count(*), count(assigned.unit), min(happened.unit) FROM "  # noqa: S608 - a name is quoted
        f"(SELECT {unit} AS unit FROM {outcomes.relation}) AS happened "
        "LEFT JOIN copylab_assigned AS assigned ON happened.unit = assigned.unit",
        outcomes.path,
    )
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
    engine: Engine, outcomes: Source, columns: Mapping[str, str]
) -> list[HealthNote]:
    """A fault if units were sent to after the last outcome, and more than by chance.

    With so many units, at the rate of those before, some event would have happened; a
    silence of a chance below 0.001 (Poisson) says that the table ends too early.
    """
    at = outcomes.time(columns.get("at", "at"))
    ((last,),) = engine.rows(
        f"SELECT max({at}) FROM {outcomes.relation}",  # noqa: S608 - a name is quoted
        outcomes.path,
    )
    if last is None:
        return []
    late, units = one_row(
        engine,
        f"SELECT count_if(start > {int(last)}), count(*) FROM copylab_assigned "  # noqa: S608 - a number
        "WHERE arm <> 'none'",
    )
    if not late or late == units:
        return []
    (active,) = one_row(engine, "SELECT count(DISTINCT unit) FROM copylab_events")
    expected = late * active / (units - late)
    if exp(-expected) >= ALARM_BELOW:
        return []
    return [
        HealthNote(
            "outcomes-end-early",
            ok=False,
            message=f"{late:,} of {units:,} units were sent to after the last outcome "
            f"({_minute(last)} UTC), where about {expected:,.0f} would have had one",
            cure="export the outcomes again, up to the end of the window",
            facts={
                "late": int(late),
                "units": int(units),
                "last": _minute(last),
                "expected": f"{expected:,.0f}",
            },
        )
    ]


def _note_silent_arms(engine: Engine) -> list[HealthNote]:
    """A warning for an arm that sends and has no event that the other arms have."""
    sizes = {
        str(arm): int(n)
        for arm, n in engine.rows(
            "SELECT arm, count(*) FROM copylab_assigned "
            "WHERE arms = 1 AND arm <> 'none' GROUP BY arm ORDER BY arm"
        )
    }
    hits: dict[str, dict[str, int]] = {}
    for arm, event, units in engine.rows(
        "SELECT arm, event, count(DISTINCT unit) FROM copylab_events "
        "JOIN copylab_assigned USING (unit) WHERE arms = 1 AND arm <> 'none' "
        "GROUP BY arm, event ORDER BY arm, event"
    ):
        hits.setdefault(str(event), {})[str(arm)] = int(units)
    whole = sum(sizes.values())
    silent = [
        (arm, event, sum(found.values()) * n / (whole - n))
        for arm, n in sizes.items()
        for event, found in sorted(hits.items())
        if whole > n and arm not in found
    ]
    return [
        HealthNote(
            "silent-arm",
            ok=True,
            message=f'no unit of "{arm}" has the event "{event}", where the other arms '
            f"let expect {expected:,.0f}",
            cure="check its link and its tracking before it is read as a failure",
            facts={"arm": arm, "event": event, "expected": f"{expected:,.0f}"},
        )
        for arm, event, expected in silent
        if exp(-expected) < ALARM_BELOW
    ]


def _minute(moment: int) -> str:
    """A time in microseconds of the epoch, for people."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(moment))
    return f"{at:%Y-%m-%d %H:%M}"
