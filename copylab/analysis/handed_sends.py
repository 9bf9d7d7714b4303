"""Sends as they were handed over: what was sent in each arm, where, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.engines.expressions import (
    MICROSECONDS_AN_HOUR,
    first,
    microseconds,
)
from copylab.analysis.results import HealthNote

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.analysis.engines.engine import Engine
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
    engine: Engine,
    exposures: Source,
    experiment: str,
    *,
    at: datetime | None,
) -> None:
    """Makes ``copylab_handed`` with a row per send, the first of its repeats.

    Args:
        engine: Where it is made.
        exposures: The exposures.
        experiment: The experiment whose rows count.
        at: What happened later is not looked at, None for everything.
    """
    until = "true" if at is None else f"ts <= {microseconds(at)}"
    columns = ", ".join(
        _read(exposures, name, kind) for name, kind in _OPTIONAL.items()
    )
    firsts = ", ".join(f"{first(name, 'ts')} AS {name}" for name in _OPTIONAL)
    engine.make(
        "copylab_handed",
        f"SELECT unit, min(arm) AS arm, min(ts) AS ts, {firsts} FROM ("  # noqa: S608 - names and values are literals
        f"SELECT {exposures.word('unit')} AS unit, {exposures.word('arm')} AS arm, "
        f"{exposures.time('ts')} AS ts, {exposures.word('send_id')} AS send_id, "
        f"{columns} FROM {exposures.relation} "
        f"WHERE {exposures.assigned(experiment)}) AS rows_of_ours "
        f"WHERE {until} GROUP BY unit, coalesce(send_id, CAST(ts AS VARCHAR))",
        exposures.path,
    )


def _read(exposures: Source, name: str, kind: str) -> str:
    """The SQL of a column that exposures may lack."""
    if name not in exposures.columns:
        return f"CAST(NULL AS {kind}) AS {name}"
    if kind == "VARCHAR":
        return f"{exposures.word(name)} AS {name}"
    return f"TRY_CAST({exposures.name(name)} AS {kind}) AS {name}"


def count_sends(engine: Engine) -> tuple[ArmSends, ...]:
    """What was sent, arm by arm, after ``gather_sends``; nothing sent is left out."""
    rows = engine.rows(
        "SELECT arm, channel, locale, count(*), sum(segments) FROM ("
        "SELECT arm, coalesce(channel, '') AS channel, coalesce(locale, '') AS locale, "
        "segments FROM copylab_handed WHERE arm <> 'none') AS named "
        "GROUP BY arm, channel, locale ORDER BY arm, channel, locale"
    )
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


def note_changed_copy(engine: Engine) -> list[HealthNote]:
    """A note for each arm whose words changed while it was sent, by its hashes.

    Above 0.1 % of an arm's sends in a channel and locale the result is not read: two
    wordings under one name are no arm.

    Args:
        engine: Where ``gather_sends`` has made its relation.
    """
    rows = engine.rows(
        "SELECT arm, channel, locale, count(*) AS texts, sum(sends) AS sends, "
        "sum(sends) - max(sends) AS others FROM ("
        "SELECT arm, coalesce(channel, '') AS channel, coalesce(locale, '') AS locale, "
        "template_hash, count(*) AS sends FROM copylab_handed "
        "WHERE template_hash IS NOT NULL GROUP BY 1, 2, 3, 4) AS texts "
        "GROUP BY arm, channel, locale HAVING count(*) > 1 "
        "ORDER BY arm, channel, locale"
    )
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


def note_repeats_after(engine: Engine, window_hours: float) -> list[HealthNote]:
    """A note on sends after the time in which their unit's outcomes count.

    Args:
        engine: Where ``gather_sends`` and ``gather_units`` have made theirs.
        window_hours: The longest time in which an outcome counts.
    """
    window = round(window_hours * MICROSECONDS_AN_HOUR)
    sends, units = one_row(
        engine,
        "SELECT count(*), count(DISTINCT unit) FROM copylab_handed "  # noqa: S608 - a number of ours
        f"JOIN copylab_assigned USING (unit) WHERE ts > start + {window}",
    )
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
