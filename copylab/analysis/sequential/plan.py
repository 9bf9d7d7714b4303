"""A plan of looks, and the looks that were taken, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.analysis.sequential.spending import Spending

USUAL_UNITS = 5_000
"""Where intervals that stay valid at any time are narrowest, if no plan says it."""

Wish = Literal["due", "extra", "final", "recorded"]
"""What an analysis is asked for: the look that is due, one more, the last one; or, for
who only passes by, no look but a recorded one, until the plan's end is reached."""


@dataclass(frozen=True, slots=True)
class LookPlan:
    """When one looks, and how alpha is shared out.

    Attributes:
        at: The parts of the planned information at which looks are due, ascending, the
            last one 1; empty for looks at any time.
        spending: How alpha is spent over planned looks.
        alpha: The level over all looks.
        futility: A look may advise to stop where the chance of success, were the
            planned effect true, is below this; None for never.
        mde: The relative effect that is planned for, or None.
        is_sized: Whether the planned units are an end, or, with looks at any time, only
            where intervals are narrowest.
    """

    at: tuple[float, ...]
    spending: Spending
    alpha: float
    futility: float | None = None
    mde: float | None = None
    is_sized: bool = True

    def __post_init__(self) -> None:
        """Refuse looks out of order."""
        if self.at and (self.at[-1] != 1 or list(self.at) != sorted(set(self.at))):
            raise ValueError(f"at == {self.at}, must ascend to 1")

    @property
    def is_any(self) -> bool:
        """Whether one may look whenever one likes."""
        return not self.at


def equal_looks(count: int) -> tuple[float, ...]:
    """So many looks, the same amount of information apart."""
    return tuple(place / count for place in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class PastLook:
    """A look that was taken and recorded.

    Attributes:
        number: Its number, from 1.
        at: When it was recorded.
        units: The units through their windows.
        planned_units: The units that the plan asked for.
        information: ``units`` over ``planned_units``.
        time: The part of alpha's time that was over: 1 at the last look.
        alpha_spent: The alpha spent up to it.
        boundary: Its boundary.
        counts: The hash of the counts it read.
        action: Its verdict's action.
        arm: The arm of its verdict, or None.
        also: The arms its verdict names besides.
        statistics: The z of each arm.
        data_until: Rows later than this were not read; None where all were.
    """

    number: int
    at: datetime
    units: int
    planned_units: int
    information: float
    time: float
    alpha_spent: float
    boundary: float
    counts: str
    action: str
    arm: str | None = None
    also: tuple[str, ...] = ()
    statistics: Mapping[str, float] = field(default_factory=dict)
    data_until: datetime | None = None

    @property
    def is_last(self) -> bool:
        """Whether it spent all that was left."""
        return self.time >= 1

    @property
    def is_crossed(self) -> bool:
        """Whether it came to a decision, which stands whatever comes later."""
        return self.action in {"promote", "harm"}
