"""The answer of a plan: units, effect and power of a metric, looks, days, and words."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from copylab.analysis.planning import detectable_effect, power_at, required_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.planning import Design

LONGEST_DAYS = 90
"""Who has to send for longer than this cannot decide by the metric, if no limit is set."""


@dataclass(frozen=True, slots=True)
class Supply:
    """The users that an experiment can have.

    Attributes:
        per_day: How many of the audience come each day; None where it is not known.
        audience: How many there are at once; None where they were not counted.
        coverage: The part of them that takes part, above 0, at most 1.
        days: The longest time of sending; None for ``LONGEST_DAYS``.
        window_days: How long outcomes count after the last send.
    """

    per_day: float | None = None
    audience: int | None = None
    coverage: float = 1.0
    days: int | None = None
    window_days: float = 0.0

    @property
    def available(self) -> int | None:
        """The units there can be; None where nothing says so."""
        if self.audience is not None:
            return int(self.audience * self.coverage)
        if self.per_day is None:
            return None
        return int(self.per_day * self.coverage * (self.days or LONGEST_DAYS))

    def days_for(self, units: int) -> int | None:
        """The days of sending that so many units take; None without users a day."""
        if self.per_day is None:
            return None
        return ceil(units / (self.per_day * self.coverage) * (1 - 1e-12))


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """What a plan comes to for one metric.

    Attributes:
        metric: Its name.
        design: The experiment with this metric deciding.
        mde: The relative effect; the one asked for, or the smallest that is found.
        units: The units of all arms together; None where there cannot be enough.
        power: The chance of finding the effect with the units.
        available: The units there can be, or None.
        days: The days of sending, or None.
    """

    metric: str
    design: Design
    mde: float | None
    units: int | None
    power: float | None
    available: int | None = None
    days: int | None = None

    @property
    def is_decidable(self) -> bool | None:
        """Whether the units suffice; None where nothing says how many there are."""
        if self.units is None or self.mde is None:
            return False
        return None if self.available is None else self.units <= self.available

    def to_dict(self) -> dict[str, object]:
        """The answer as JSON-ready values."""
        base = self.design.baseline
        return {
            "metric": self.metric,
            "kind": base.kind,
            "value": base.value,
            "sd": base.sd,
            "better": self.design.better,
            "mde": self.mde,
            "units": self.units,
            "power": self.power,
            "level": self.design.level,
            "inflation": self.design.inflation,
            "days": self.days,
            "available": self.available,
            "decidable": self.is_decidable,
        }


def answer_metric(
    metric: str,
    design: Design,
    supply: Supply,
    *,
    mde: float | None,
    units: int | None,
) -> MetricAnswer:
    """What a plan comes to for one metric: whichever of effect and units is missing.

    Args:
        metric: Its name.
        design: The experiment with this metric deciding.
        supply: The users there can be.
        mde: The relative effect to find; None asks for the smallest that is found.
        units: The units; None asks for as many as are needed.

    Raises:
        ValueError: Neither is given.
    """
    power: float | None = design.power
    if mde is not None and units is not None:
        power = power_at(design, mde, units)
    elif mde is not None:
        units = required_units(design, mde)
    elif units is not None:
        mde = detectable_effect(design, units)
    else:
        raise ValueError("mde == None, units == None, one must be given")
    days = None if units is None else supply.days_for(units)
    return MetricAnswer(metric, design, mde, units, power, supply.available, days)


def find_nearer(
    answer: MetricAnswer, others: Sequence[MetricAnswer]
) -> MetricAnswer | None:
    """The metric nearest to one that cannot be decided, among those that can.

    Nearest is the one that needs the most units of those that need fewer: in a funnel,
    the last step before it that there are users enough for.
    """
    fit = [
        other
        for other in others
        if other.units is not None
        and other.is_decidable
        and (answer.units is None or other.units < answer.units)
    ]
    return max(fit, key=lambda other: other.units or 0, default=None)
