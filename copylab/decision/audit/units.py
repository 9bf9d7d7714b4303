"""Units and sends over all rows: sample ratios, two arms at once, rows that repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from copylab.decision.audit.table import rows_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.engines.embedded import Embedded
    from copylab.analysis.sources import Source
    from copylab.decision.audit.expected import Expected

Counts = dict[tuple[int, str | None], dict[str, int]]
"""Units by arm, by the key of an epoch and a channel; None is all channels."""

_EXAMPLES = 3


class Mixed(NamedTuple):
    """Units that rows of one epoch have in more than one arm."""

    experiment: str
    epoch: int
    units: int
    examples: tuple[str, ...]


class Repeats(NamedTuple):
    """Rows of an experiment that a reader counts once.

    Attributes:
        experiment: The experiment, or None.
        rows: How many rows are there beyond the first of each send.
        disagreeing: How many sends have rows that say different things.
        example: A unit with such a send, or None.
    """

    experiment: str | None
    rows: int
    disagreeing: int
    example: str | None


def count_units(
    engine: Embedded, source: Source, present: Sequence[Expected]
) -> Counts:
    """The assigned units of each epoch, by channel and together, each in its first arm.

    Makes the table ``units``. Units are told apart by 64 bits of their hash there, so
    that ten million of them fit: two in ten million units being taken for one has a
    probability of 3 in a million, and moves a count by one.
    """
    engine.make(
        "units",
        "SELECT key, coalesce(channel, '') AS channel, "  # noqa: S608 - names of ours
        "h, min(place) AS place, max(place) AS other FROM ("
        "SELECT key, channel, hash(unit) AS h, list_position(arms, arm) AS place "
        f"FROM ({rows_sql(source)}) JOIN known USING (experiment, epoch) "
        "WHERE reason = 'assigned' AND unit <> '') GROUP BY ALL",
        source.path,
    )
    by_channel = engine.rows(
        "SELECT key, channel, place, count(*) FROM units GROUP BY ALL ORDER BY ALL"
    )
    together = engine.rows(
        "SELECT key, NULL, place, count(*) FROM ("
        "SELECT key, h, min(place) AS place FROM units GROUP BY ALL) "
        "GROUP BY ALL ORDER BY ALL"
    )
    counts: Counts = {}
    for key, channel, place, units in (*together, *by_channel):
        arms = [*present[key].arms]
        arm = arms[place - 1] if place else ""
        counts.setdefault((key, channel), {})[arm] = units
    return counts


def find_mixed(
    engine: Embedded, source: Source, present: Sequence[Expected]
) -> list[Mixed]:
    """The units in two arms of an epoch, told apart exactly; after ``count_units``."""
    engine.make(
        "suspects",
        "SELECT key, h FROM units GROUP BY ALL HAVING min(place) <> max(other)",
    )
    if engine.rows("SELECT count(*) FROM suspects") == [(0,)]:
        return []
    rows = engine.rows(
        "SELECT key, count(*), list(unit ORDER BY unit)[:3] FROM ("  # noqa: S608 - as above
        "SELECT key, unit FROM ("
        "SELECT known.key, unit, arm, hash(unit) AS h "
        f"FROM ({rows_sql(source)}) JOIN known USING (experiment, epoch) "
        "WHERE reason = 'assigned' AND unit <> '') SEMI JOIN suspects USING (key, h) "
        "GROUP BY ALL HAVING count(DISTINCT arm) > 1) GROUP BY key ORDER BY key",
        source.path,
    )
    return [
        Mixed(present[key].experiment, present[key].epoch, units, tuple(examples))
        for key, units, examples in rows
    ]


def find_repeats(engine: Embedded, source: Source) -> list[Repeats]:
    """Rows with the experiment, unit and send of another, by experiment.

    A row without a send is told apart by its time, as readers do. Rows of no
    experiment that nobody was held out by are not read, and not looked at.
    """
    keyed = (
        "SELECT experiment, unit, coalesce(send_id, CAST(ts AS VARCHAR)) AS send, "  # noqa: S608 - as above
        "concat_ws(chr(31), coalesce(CAST(epoch AS VARCHAR), ''), coalesce(arm, ''), "
        "coalesce(reason, ''), coalesce(variant, ''), coalesce(template_hash, ''), "
        "coalesce(channel, '')) AS said "
        f"FROM ({rows_sql(source)}) "
        "WHERE unit IS NOT NULL AND (experiment IS NOT NULL OR reason = 'holdout')"
    )
    engine.make(
        "again",
        f"SELECT h FROM (SELECT hash(experiment, unit, send) AS h FROM ({keyed})) "  # noqa: S608 - as above
        "GROUP BY h HAVING count(*) > 1",
        source.path,
    )
    rows = engine.rows(
        "SELECT experiment, sum(n - 1), count_if(ways > 1), "  # noqa: S608 - as above
        "min(CASE WHEN ways > 1 THEN unit END) FROM ("
        "SELECT experiment, unit, count(*) AS n, count(DISTINCT said) AS ways FROM ("
        f"SELECT *, hash(experiment, unit, send) AS h FROM ({keyed})) "
        "SEMI JOIN again USING (h) GROUP BY experiment, unit, send "
        "HAVING count(*) > 1) GROUP BY experiment ORDER BY experiment",
        source.path,
    )
    return [Repeats(name, int(n), int(ways), unit) for name, n, ways, unit in rows]
