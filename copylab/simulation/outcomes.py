"""Outcomes: events after exposures, drawn by a known truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from copylab.simulation.funnel import Truth

    Column = NDArray[Any]

OUTSIDE = 0.1
"""Units with an event out of time, as a share of those with one in time."""

_MICROSECONDS = 1_000_000
LATEST_SECONDS = 2 * 86_400
"""How long after its time, or before the send, an event out of time lies at most."""

_AMOUNT_MEDIAN, _AMOUNT_SPREAD = 8_000.0, 0.6
_AMOUNT_LEAST, _AMOUNT_MOST = 500.0, 200_000.0


@dataclass(frozen=True, slots=True)
class Window:
    """How long events count.

    Attributes:
        inside_seconds: The time within which every metric counts the event.
        outside_seconds: The time after which none does.
    """

    inside_seconds: int
    outside_seconds: int


@dataclass(frozen=True, slots=True)
class Sends:
    """Who was in which arm, from when.

    Attributes:
        units: The units.
        arms: For each unit its arm.
        times: For each unit its first send, microseconds since 1970.
    """

    units: Sequence[str]
    arms: Sequence[str]
    times: Sequence[int]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Events in the order of their times, a column each.

    Attributes:
        units: Who.
        events: What.
        times: When, in microseconds since 1970.
        values: How much; NaN for events without a value.
    """

    units: Column
    events: Column
    times: Column
    values: Column


def draw_outcomes(
    sends: Sends,
    truth: Truth,
    windows: Mapping[str, Window],
    valued: frozenset[str],
    rng: Generator,
) -> Outcomes:
    """The outcomes of units.

    Every unit draws the same numbers whatever its arm, so that two truths with one
    seed differ in what differs between them alone.

    Args:
        sends: Who was in which arm.
        truth: What happens in each arm.
        windows: By event, how long it counts.
        valued: The events that have a value.
        rng: The randomness.
    """
    import numpy as np  # noqa: PLC0415 - slow to import

    count = len(sends.units)
    start = np.array(sends.times, np.int64)
    arms = list(truth.arms)
    place_of = {arm: place for place, arm in enumerate(arms)}
    arm = np.array([place_of[name] for name in sends.arms], np.int64)
    found: list[tuple[str, Column, Column]] = []
    reached, delay = np.zeros(count, bool), np.zeros(count, np.int64)
    for place, step in enumerate(truth.arms[arms[0]]):
        window = windows[step.event]
        own = np.array([truth.arms[name][place].own for name in arms])[arm]
        follow = np.array([truth.arms[name][place].step for name in arms])[arm]
        followed = reached & (rng.random(count) < follow)
        happened = followed | (rng.random(count) < own)
        from_ = np.where(followed & (delay < window.inside_seconds), delay, 0)
        # Most events come soon: the square of an even number.
        spread = (window.inside_seconds - from_) * rng.random(count) ** 2
        delay = np.clip(from_ + spread.astype(np.int64), 1, window.inside_seconds)
        reached = happened
        found.append((step.event, np.flatnonzero(happened), delay[happened]))
        rate = np.array([truth.rates(name)[step.event] for name in arms])[arm]
        found.append(_outside(step.event, happened, rate, window, rng))
    amounts = np.exp(np.log(_AMOUNT_MEDIAN) + _AMOUNT_SPREAD * rng.normal(size=count))
    amounts = np.clip(amounts.round(-2), _AMOUNT_LEAST, _AMOUNT_MOST)
    return _collect(found, np.array(sends.units, object), start, valued, amounts)


def _outside(
    event: str, happened: Column, rate: Column, window: Window, rng: Generator
) -> tuple[str, Column, Column]:
    """Units with the event out of time only: too late, or before the send."""
    import numpy as np  # noqa: PLC0415 - slow to import

    count = len(happened)
    picked = ~happened & (rng.random(count) < OUTSIDE * rate)
    away = rng.integers(60, LATEST_SECONDS, size=count)
    late = rng.random(count) < 0.5  # noqa: PLR2004 - half of them
    when = np.where(late, window.outside_seconds + away, -away)
    return event, np.flatnonzero(picked), when[picked]


def _collect(
    found: Sequence[tuple[str, Column, Column]],
    units: Column,
    start: Column,
    valued: frozenset[str],
    amounts: Column,
) -> Outcomes:
    """All events in one table, in the order of their times."""
    import numpy as np  # noqa: PLC0415 - slow to import

    places = np.concatenate([rows for _, rows, _ in found])
    times = start[places] + np.concatenate([t for _, _, t in found]) * _MICROSECONDS
    events = np.concatenate([np.full(len(r), name, object) for name, r, _ in found])
    has_value = np.isin(events.astype(str), sorted(valued))
    order = np.lexsort((events.astype(str), places, times))
    return Outcomes(
        units[places][order],
        events[order],
        times[order],
        np.where(has_value, amounts[places], np.nan)[order],
    )
