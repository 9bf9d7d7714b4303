"""Which rows of the data counted, and which were set aside, and by which rule."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from copylab.analysis.exposed_units import MICROSECONDS_AN_HOUR, microseconds
from copylab.analysis.sources import literal, translated_errors

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from copylab.analysis.sources import Source


@dataclass(frozen=True, slots=True)
class RowCounts:
    """The rows of an experiment's data, each counted once.

    Attributes:
        exposures: Rows of the experiment with the reason ``assigned``, up to the time
            of the analysis.
        exposures_repeated: Those that log a unit's send once more: the first counts.
        outcomes: Rows with an event that some metric uses.
        outcomes_not_assigned: Those of units without an exposure: set aside.
        outcomes_before: Those before the unit's first exposure, by either clock: set
            aside.
        outcomes_late: Those after the longest window, or after the time of the
            analysis: set aside.
    """

    exposures: int
    exposures_repeated: int
    outcomes: int
    outcomes_not_assigned: int
    outcomes_before: int
    outcomes_late: int

    def to_dict(self) -> dict[str, int]:
        """All attributes, and ``outcomes_counted``, what is left of the outcomes."""
        aside = (self.outcomes_not_assigned, self.outcomes_before, self.outcomes_late)
        return {**asdict(self), "outcomes_counted": self.outcomes - sum(aside)}


def count_rows(
    connection: DuckDBPyConnection,
    exposures: Source,
    experiment: str,
    *,
    at: datetime | None,
    window_hours: float,
) -> RowCounts:
    """What became of every row.

    Args:
        connection: Where ``gather_units`` and ``measure_outcomes`` have made their
            tables.
        exposures: The exposures.
        experiment: The experiment.
        at: What happened later is not looked at, None for everything.
        window_hours: The longest time in which an outcome counts.
    """
    reach = round(window_hours * MICROSECONDS_AN_HOUR)
    late = f"moment > start + {reach}"
    until = "true"
    if at is not None:
        late = f"({late} OR moment > {microseconds(at)})"
        until = f"epoch_us(TRY_CAST(ts AS TIMESTAMPTZ)) <= {microseconds(at)}"
    with translated_errors(exposures.path):
        logged = connection.execute(
            f"SELECT count(*) FROM {exposures.relation} WHERE {until} "  # noqa: S608 - a literal
            f"AND experiment = {literal(experiment)} AND reason = 'assigned'"
        ).fetchone()
        sends = connection.execute("SELECT count(*) FROM sends").fetchone()
        found = connection.execute(
            "SELECT count(*), count_if(start IS NULL), count_if(moment < start), "  # noqa: S608 - numbers of ours
            f"count_if(moment >= start AND {late}) FROM raw LEFT JOIN assigned USING (unit)"
        ).fetchone()
    rows, kept = int((logged or (0,))[0]), int((sends or (0,))[0])
    return RowCounts(
        rows, rows - kept, *(int(count or 0) for count in found or (0,) * 4)
    )
