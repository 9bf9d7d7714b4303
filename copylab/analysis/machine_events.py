"""Events that machines made: links opened by scanners and prefetchers, not by people.

A team says how to know them: by how soon they follow a send, and by what the program
calls itself. They are taken out before anything is measured, in every arm alike, and
counted by arm, since a wording that scanners like more than people is news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.exposed_units import time_sql
from copylab.analysis.results import HealthNote
from copylab.analysis.sources import Source, literal, quote, translated_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from copylab.data_settings import MachineRules

# Columns of ours, whose names no table of outcomes has.
_BY_MACHINE, _LOOKED_AT = '"copylab by machine"', '"copylab looked at"'
_UNIT, _MOMENT = '"copylab unit"', '"copylab moment"'
_SENT_TO = '"copylab sent to"'


def drop_machine_events(
    connection: DuckDBPyConnection,
    outcomes: Source,
    rules: MachineRules,
    *,
    columns: Mapping[str, str],
) -> tuple[Source, list[HealthNote]]:
    """The outcomes without what machines made, and a note on how much that was.

    Args:
        connection: Where ``gather_units`` and ``gather_sends`` have made their tables.
        outcomes: The table of events.
        rules: How machines are known.
        columns: What ``unit``, ``event`` and ``at`` are called in the outcomes.

    Raises:
        DataError: A column is missing.
    """
    names = {name: columns.get(name, name) for name in ("unit", "event", "at")}
    column = columns.get(rules.column, rules.column)
    outcomes.check_columns([*names.values(), *([column] if rules.agents else [])])
    with translated_errors(outcomes.path):
        connection.execute(_judged(outcomes, rules, names, column))
        kept = ", ".join(quote(name) for name in outcomes.columns)
        connection.execute(
            f"CREATE TEMP VIEW by_people AS SELECT {kept} FROM judged "  # noqa: S608 - names are quoted
            f"WHERE NOT {_BY_MACHINE}"
        )
        counts = connection.execute(
            f"SELECT assigned.arm, count(*), count_if({_BY_MACHINE}) "  # noqa: S608 - names of ours
            f"FROM judged JOIN assigned ON assigned.unit = {_UNIT} "
            f"WHERE {_LOOKED_AT} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return Source(outcomes.path, "by_people", outcomes.columns), _note(counts, rules)


def _judged(
    outcomes: Source, rules: MachineRules, names: Mapping[str, str], column: str
) -> str:
    """The SQL that makes ``judged``: the outcomes, and whether a machine made each."""
    said = f"lower(coalesce(CAST({quote(column)} AS VARCHAR), ''))"
    tests = [f"contains({said}, {literal(agent.lower())})" for agent in rules.agents]
    if rules.within_seconds is not None:
        # The last send before the event; there is none after another's.
        span = round(rules.within_seconds * 1_000_000)
        tests.append(f"coalesce({_MOMENT} - handed.ts <= {span}, false)")
    events = ", ".join(literal(event) for event in rules.events)
    looked_at = f"coalesce({quote(names['event'])} IN ({events}), false)"
    return (
        f"CREATE TEMP TABLE judged AS SELECT o.*, ({looked_at}) AS {_LOOKED_AT}, "  # noqa: S608 - names are quoted, values are literals
        f"({looked_at} AND ({' OR '.join(tests)})) AS {_BY_MACHINE} FROM (SELECT *, "
        f"CAST({quote(names['unit'])} AS VARCHAR) AS {_UNIT}, "
        f"{time_sql(names['at'])} AS {_MOMENT} FROM {outcomes.relation}) AS o "
        f"ASOF LEFT JOIN (SELECT unit AS {_SENT_TO}, ts FROM handed) AS handed "
        f"ON o.{_UNIT} = handed.{_SENT_TO} AND o.{_MOMENT} >= handed.ts"
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
