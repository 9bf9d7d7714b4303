"""Metrics of an experiment: events after an exposure, measured per unit.

Every unit assigned counts, whether or not it received or opened anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.analysis.guardrails import Better
    from copylab.analysis.results import Role
    from copylab.analysis.table_metrics import Kind

EXPOSURE = "exposure"
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """A metric by its definition.

    Attributes:
        name: What it is called.
        event: The event that is counted.
        kind: ``share`` of units with the event, ``mean`` per unit (of the event's
            value, or of the number of events without one), or ``ratio`` of the same
            sum to what ``per`` names.
        within_hours: How long after a unit's first exposure an event counts, the last
            moment included.
        value: The outcome column a mean or ratio sums, None to count events.
        per: What a ratio is divided by: ``exposure``, the sends to the unit within the
            same time, or the name of another event.
        winsorise: The quantile, such as 0.999, above which a unit's sum is cut to it;
            taken over the units with the event in all arms together.
        covariate: The column of the exposures with a number from before the
            assignment, whose part in the metric is subtracted (CUPED).
        before_hours: The same measure in so many hours before the first exposure is
            the covariate.
        better: Which direction is good.
        margin: For a guardrail, how much worse is tolerated, in the metric's units.
        role: What the metric is for.
    """

    name: str
    event: str
    kind: Kind = "share"
    within_hours: float = 7 * _HOURS_A_DAY
    value: str | None = None
    per: str | None = None
    winsorise: float | None = None
    better: Better = "higher"
    margin: float | None = None
    role: Role = "secondary"
    covariate: str | None = None
    before_hours: float | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.within_hours <= 0:
            raise ValueError(f"within_hours == {self.within_hours}, must be above 0")
        if (self.kind == "ratio") != (self.per is not None):
            raise ValueError(f"per == {self.per!r}, must be given for a ratio alone")
        if self.kind == "share" and (self.value or self.winsorise):
            raise ValueError("value and winsorise must not be given for a share")
        if self.winsorise is not None and not 0 < self.winsorise <= 1:
            raise ValueError(
                f"winsorise == {self.winsorise}, must be above 0, at most 1"
            )
        if self.before_hours is not None and self.before_hours <= 0:
            raise ValueError(f"before_hours == {self.before_hours}, must be above 0")
        if self.covariate is not None and self.before_hours is not None:
            raise ValueError("covariate and before_hours must not both be given")
        if self.margin is not None and self.margin < 0:
            raise ValueError(f"margin == {self.margin}, must be 0 or more")
