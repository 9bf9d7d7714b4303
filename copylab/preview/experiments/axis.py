"""An axis of lifts on which half as much and twice as much lie equally far from zero."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, log1p
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_AIR = 0.06
_LEAST = 0.05
_MOST_TICKS = 7
_TICKS = (
    0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0, 9.0, 19.0, 49.0, 99.0,
)  # fmt: skip
"""Round lifts above zero; below zero their mirrors on the axis are rounded likewise."""
_BELOW = (-0.01, -0.02, -0.05, -0.1, -0.2, -0.3, -0.5, -0.7, -0.8, -0.9, -0.95, -0.99)


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on the axis.

    Attributes:
        left: Where it is, in percent of the length.
        label: The lift, such as ``+20%``.
    """

    left: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis.

    Attributes:
        low: Its lower end, as ``log(1 + lift)``, 0 at most.
        high: Its upper end, 0 at least.
    """

    low: float
    high: float

    def left(self, log_ratio: float) -> float:
        """Where a value is, in percent of the length, within its ends."""
        part = (log_ratio - self.low) / (self.high - self.low)
        return round(100 * min(max(part, 0.0), 1.0), 2)

    @property
    def zero(self) -> float:
        """Where no difference is."""
        return self.left(0.0)

    def ticks(self) -> tuple[Tick, ...]:
        """Round lifts on the axis, zero among them, not too near to each other."""
        kept: list[float] = [0.0]
        room = (self.high - self.low) / _MOST_TICKS
        for side in (_TICKS, _BELOW):
            last = 0.0
            for lift in side:
                at = log1p(lift)
                if abs(at - last) >= room and self.low <= at <= self.high:
                    kept.append(lift)
                    last = at
        return tuple(
            Tick(self.left(log1p(lift)), _label(lift)) for lift in sorted(kept)
        )


def find_axis(log_ratios: Iterable[float]) -> Axis:
    """An axis that holds zero and all of the values, with some air.

    Args:
        log_ratios: Estimates and bounds, as ``log(1 + lift)``.
    """
    known = [0.0, *log_ratios]
    low, high = min(known), max(known)
    air = max((high - low) * _AIR, _LEAST)
    return Axis(low - air, high + air)


def _label(lift: float) -> str:
    return "0" if not lift else f"{100 * lift:+.0f}%"


def lift_text(log_ratio: float) -> str:
    """A lift in words: ``+12.3%``."""
    return f"{100 * expm1(log_ratio):+.1f}%"
