"""Which rows of the data counted, and which were set aside, and by which rule."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.engines.expressions import MICROSECONDS_AN_HOUR, microseconds

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.analysis.engines.engine import Engine
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
    engine: Engine,
    exposures: Source,
    experiment: str,
    *,
    at: datetime | None,
    window_hours: float,
) -> RowCounts:
    """What became of every row.

    Args:
        engine: Where ``gather_units`` and ``measure_outcomes`` have made theirs.
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
        until = f"{exposures.time('ts')} <= {microseconds(at)}"
    (rows,) = one_row(
        engine,
        f"SELECT count(*) FROM {exposures.relation} "  # noqa: S608 - names are quoted, values are literals
        f"WHERE {until} AND {exposures.assigned(experiment)}",
        exposures.path,
    )
    (kept,) = one_row(engine, "SELECT count(*) FROM copylab_sends", exposures.path)
    found = one_row(
        engine,
        "SELECT count(*), count_if(start IS NULL), count_if(moment < start), "  # noqa: S608 - numbers of ours
        f"count_if(moment >= start AND {late}) "
        "FROM copylab_raw LEFT JOIN copylab_assigned USING (unit)",
        exposures.path,
    )
    return RowCounts(rows, rows - kept, *found)
