"""Sends as they were handed over: what was sent in each arm, where, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.exposed_units import microseconds, time_sql
from copylab.analysis.results import HealthNote
from copylab.analysis.sources import literal, translated_errors

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from copylab.analysis.sources import Source

MOST_OTHER_WORDS = 0.001
"""The share of an arm's sends with other words above which a result is not read."""

_OPTIONAL = {
    "channel": "VARCHAR",
    "locale": "VARCHAR",
    "segments": "BIGINT",
    "template_hash": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class ArmSends:
    """The sends of an arm in one channel and locale.

    Attributes:
        arm: The arm.
        channel: The channel, empty where the exposures do not say it.
        locale: The locale, empty where the exposures do not say it.
        sends: How many messages were handed over.
        parts: The parts of short messages that were paid for; None for other channels,
            or where the exposures do not say it.
    """

    arm: str
    channel: str
    locale: str
    sends: int
    parts: int | None


def gather_sends(
    connection: DuckDBPyConnection,
    exposures: Source,
    experiment: str,
    *,
    at: datetime | None,
) -> None:
    """Makes the table ``handed`` with a row per send, the first of its repeats.

    Args:
        connection: Where the table is made.
        exposures: The exposures.
        experiment: The experiment whose rows count.
        at: What happened later is not looked at, None for everything.
    """
    until = "true" if at is None else f"ts <= {microseconds(at)}"
    columns = ", ".join(
        f"TRY_CAST({name} AS {kind}) AS {name}"
        if name in exposures.columns
        else f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in _OPTIONAL.items()
    )
    firsts = ", ".join(f"arg_min({name}, ts) AS {name}" for name in _OPTIONAL)
    with translated_errors(exposures.path):
        connection.execute(
            f"CREATE TEMP TABLE handed AS SELECT unit, min(arm) AS arm, min(ts) AS ts, "  # noqa: S608 - names and values are literals
            f"{firsts} FROM (SELECT CAST(unit AS VARCHAR) AS unit, "
            f"CAST(arm AS VARCHAR) AS arm, {time_sql('ts')} AS ts, "
            f"CAST(send_id AS VARCHAR) AS send_id, {columns} "
            f"FROM {exposures.relation} "
            f"WHERE experiment = {literal(experiment)} AND reason = 'assigned') "
            f"WHERE {until} GROUP BY unit, coalesce(send_id, CAST(ts AS VARCHAR))"
        )


def count_sends(connection: DuckDBPyConnection) -> tuple[ArmSends, ...]:
    """What was sent, arm by arm, after ``gather_sends``; nothing sent is left out."""
    rows = connection.execute(
        "SELECT arm, coalesce(channel, ''), coalesce(locale, ''), count(*), "
        "sum(segments) FROM handed WHERE arm <> 'none' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(
        ArmSends(
            str(arm),
            str(channel),
            str(locale),
            int(sends),
            None if parts is None else int(parts),
        )
        for arm, channel, locale, sends, parts in rows
    )


def note_changed_copy(connection: DuckDBPyConnection) -> list[HealthNote]:
    """A note for each arm whose words changed while it was sent, by its hashes.

    Above 0.1 % of an arm's sends in a channel and locale the result is not read: two
    wordings under one name are no arm.

    Args:
        connection: Where ``gather_sends`` has made its table.
    """
    rows = connection.execute(
        "SELECT arm, coalesce(channel, ''), coalesce(locale, ''), count(*), "
        "sum(sends), sum(sends) - max(sends) FROM ("
        "SELECT arm, channel, locale, template_hash, count(*) AS sends FROM handed "
        "WHERE template_hash IS NOT NULL GROUP BY ALL) "
        "GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL"
    ).fetchall()
    notes = []
    for arm, channel, locale, texts, sends, others in rows:
        place = ".".join(part for part in (channel, locale) if part)
        where = f" ({place})" if place else ""
        facts: dict[str, str | int | float] = {
            "arm": str(arm),
            "where": where,
            "texts": int(texts),
            "others": int(others),
            "sends": int(sends),
        }
        notes.append(
            HealthNote(
                "copy-changed",
                ok=others <= MOST_OTHER_WORDS * sends,
                message=f'the words of "{arm}"{where} changed in mid-test: '
                f"{others:,} of {sends:,} sends had other words than most",
                cure="new words are a new epoch: restore them, or run copylab start "
                "--new-epoch and read what is sent from then on",
                facts=facts,
            )
        )
    return notes


def note_repeats_after(
    connection: DuckDBPyConnection, window_hours: float
) -> list[HealthNote]:
    """A note on sends after the time in which their unit's outcomes count.

    Args:
        connection: Where ``gather_sends`` and ``gather_units`` have made their tables.
        window_hours: The longest time in which an outcome counts.
    """
    window = round(window_hours * 3_600_000_000)
    row = connection.execute(
        "SELECT count(*), count(DISTINCT unit) FROM handed JOIN assigned USING (unit) "  # noqa: S608 - a number of ours
        f"WHERE handed.ts > start + {window}"
    ).fetchone()
    sends, units = row or (0, 0)
    if not sends:
        return []
    return [
        HealthNote(
            "sends-after-window",
            ok=True,
            message=f"{sends:,} sends went to {units:,} units after the "
            f"{window_hours:g} hours in which their outcomes count",
            cure="what they brought is not counted: end the sending with the plan, or "
            "lengthen the window before the start",
            facts={"sends": int(sends), "units": int(units), "hours": window_hours},
        )
    ]
