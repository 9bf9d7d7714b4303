"""Events that machines made: links opened by scanners and prefetchers, not by people.

A team says how to know them: by how soon they follow a send, and by what the program
calls itself. They are taken out before anything is measured, in every arm alike, and
counted by arm, since a wording that scanners like more than people is news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.engines.expressions import literal
from copylab.analysis.exposed_units import value_slots
from copylab.analysis.results import HealthNote
from copylab.analysis.sources import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.metrics import MetricSpec
    from copylab.data_settings import MachineRules

# Columns of ours, whose names no table of outcomes has.
_BY_MACHINE, _LOOKED_AT = '"copylab by machine"', '"copylab looked at"'
_UNIT, _MOMENT = '"copylab unit"', '"copylab moment"'


def drop_machine_events(
    engine: Engine,
    outcomes: Source,
    rules: MachineRules,
    *,
    metrics: Sequence[MetricSpec],
    columns: Mapping[str, str],
) -> tuple[Source, list[HealthNote]]:
    """The outcomes without what machines made, and a note on how much that was.

    Args:
        engine: Where ``gather_units`` and ``gather_sends`` have made their relations.
        outcomes: The table of events.
        rules: How machines are known.
        metrics: What will be measured: their columns are kept.
        columns: What ``unit``, ``event``, ``at`` and values are called in the outcomes.

    Raises:
        DataError: A column is missing.
    """
    names = [columns.get(name, name) for name in ("unit", "event", "at")]
    values = [columns.get(name, name) for name in value_slots(metrics)]
    agent = [columns.get(rules.column, rules.column)] if rules.agents else []
    outcomes.check_columns([*names, *values, *agent])
    kept = list(dict.fromkeys([*names, *values]))
    judged = _judged(outcomes, rules, names, agent, kept)
    engine.make("copylab_judged", judged, outcomes.path)
    counts = engine.rows(
        f"SELECT arm, count(*), count_if({_BY_MACHINE}) "  # noqa: S608 - names of ours
        f"FROM copylab_judged JOIN copylab_assigned AS sent ON sent.unit = {_UNIT} "
        f"WHERE {_LOOKED_AT} GROUP BY arm ORDER BY arm",
        outcomes.path,
    )
    people = Source(
        outcomes.path,
        f"(SELECT * FROM copylab_judged WHERE NOT {_BY_MACHINE}) AS by_people",  # noqa: S608 - as above
        {name: outcomes.columns[name] for name in kept},
    )
    return people, _note(counts, rules)


def _judged(
    outcomes: Source,
    rules: MachineRules,
    names: Sequence[str],
    agent: Sequence[str],
    kept: Sequence[str],
) -> str:
    """The query of outcomes that says of each whether a machine made it."""
    unit, event, at = names
    tests = []
    for column in agent:
        said = f"lower(coalesce({outcomes.word(column)}, ''))"
        tests += [f"contains({said}, {literal(name.lower())})" for name in rules.agents]
    if rules.within_seconds is not None:
        span = round(rules.within_seconds * 1_000_000)
        tests.append(
            "EXISTS (SELECT 1 FROM copylab_handed AS handed "  # noqa: S608 - numbers and names of ours
            f"WHERE handed.unit = happened.{_UNIT} AND handed.ts <= happened.{_MOMENT} "
            f"AND happened.{_MOMENT} - handed.ts <= {span})"
        )
    events = " OR ".join(outcomes.equals(event, name) for name in rules.events)
    looked_at = f"coalesce({events}, false)"
    listed = ", ".join(outcomes.name(name) for name in kept)
    return (
        f"SELECT {listed}, {_UNIT}, {looked_at} AS {_LOOKED_AT}, "  # noqa: S608 - names are quoted, values are literals
        f"({looked_at} AND ({' OR '.join(tests)})) AS {_BY_MACHINE} FROM (SELECT *, "
        f"{outcomes.word(unit)} AS {_UNIT}, {outcomes.time(at)} AS {_MOMENT} "
        f"FROM {outcomes.relation}) AS happened"
    )


def _note(
    counts: Sequence[tuple[str, int, int]], rules: MachineRules
) -> list[HealthNote]:
    found = [(str(arm), int(n), int(machine)) for arm, n, machine in counts]
    total, machine = sum(n for _, n, _ in found), sum(hits for _, _, hits in found)
    if not machine:
        return []
    named = ", ".join(f"{arm} {hits / n:.1%}" for arm, n, hits in found if n)
    events = ", ".join(rules.events)
    return [
        HealthNote(
            "machine-events",
            ok=True,
            message=f"{machine:,} of {total:,} events ({events}) were made by machines "
            f"and are left out: {named}",
            facts={
                "machine": machine,
                "total": total,
                "events": events,
                "by_arm": named,
            },
        )
    ]
