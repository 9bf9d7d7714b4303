"""Candidates: columns of attributes, drawn by their types and the audience's hints."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from copylab.audience.attributes import Attribute
    from copylab.simulation.hints import Hints

    Column = NDArray[Any]

NULLS = 0.3
"""The share of users who lack a nullable attribute."""

_USUAL_AGE = timedelta(days=180)
_MICROSECONDS_A_DAY = 86_400_000_000
_FROM_HINTS = 0.5
_WORDS = ("alpha", "beta", "gamma", "delta")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def draw_columns(
    attributes: Mapping[str, Attribute],
    hints: Hints,
    rng: Generator,
    count: int,
    at: datetime,
    fixed: Mapping[str, Sequence[object]],
) -> dict[str, tuple[Column, Column]]:
    """By attribute, values and whether each is null.

    Times are microseconds since 1970, days are days since then. The first timestamp
    that cannot be null is when a user came; no other time lies before it.

    Args:
        attributes: Attributes of users by name.
        hints: What the audience compares them with.
        rng: The randomness.
        count: How many users.
        at: The time that ages are counted from.
        fixed: By attribute, the only values it takes.
    """
    import numpy as np  # noqa: PLC0415 - slow to import

    came: Column | None = None
    columns: dict[str, tuple[Column, Column]] = {}
    for name, attribute in attributes.items():
        null = np.zeros(count, bool)
        if attribute.nullable and name not in fixed:
            null = rng.random(count) < NULLS
        if name in fixed:
            values = np.array(list(fixed[name]), object)
            columns[name] = values[rng.integers(len(values), size=count)], null
            continue
        drawn = _draw(attribute, hints, rng, count, at)
        if attribute.type == "timestamp":
            if came is not None:
                since = (_microseconds(at) - came) * rng.random(count)
                later = came + (since // 10**6 * 10**6).astype(np.int64)
                drawn = np.where(drawn < came, later, drawn)
            elif not attribute.nullable:
                came = drawn
        columns[name] = drawn, null
    return columns


def _draw(
    attribute: Attribute, hints: Hints, rng: Generator, count: int, at: datetime
) -> Column:
    name = attribute.name
    match attribute.type:
        case "timestamp":
            return _microseconds(at) - _draw_ages(hints, name, rng, count, at)
        case "date":
            days = _draw_ages(hints, name, rng, count, at) // _MICROSECONDS_A_DAY
            return _days(at.date()) - days
        case "bool":
            return rng.random(count) < 0.6  # noqa: PLR2004 - more often than not
        case "int":
            known = [int(str(value)) for value in hints.constants.get(name, ())]
            usual = rng.geometric(0.45, size=count) - 1
            return _mix(usual, [k + d for k in known for d in (-1, 0, 1)], rng)
        case "decimal":
            known_numbers = [float(str(v)) for v in hints.constants.get(name, ())]
            amounts = rng.lognormal(4.0, 1.5, size=count).round(2)
            near = [k * f for k in known_numbers for f in (0.5, 1.0, 1.5)]
            return _mix(amounts, near, rng)
        case "string":
            return _draw_texts(hints, name, rng, count)


def _mix(usual: Column, special: Sequence[Any], rng: Generator) -> Column:
    """The usual values, half of them replaced by special ones where there are any."""
    import numpy as np  # noqa: PLC0415 - slow to import

    if not special:
        return usual
    chosen = np.array(special, usual.dtype)[rng.integers(len(special), size=len(usual))]
    return np.where(rng.random(len(usual)) < _FROM_HINTS, chosen, usual)


def _draw_texts(hints: Hints, name: str, rng: Generator, count: int) -> Column:
    import numpy as np  # noqa: PLC0415 - slow to import

    known = [str(value) for value in hints.constants.get(name, ())]
    known += [
        pattern.replace("%", "x").replace("_", "x")
        for pattern in hints.patterns.get(name, ())
    ]
    usual = np.array(_WORDS, object)[rng.integers(len(_WORDS), size=count)]
    return _mix(usual, known, rng)


def _draw_ages(
    hints: Hints, name: str, rng: Generator, count: int, at: datetime
) -> Column:
    """How long ago, in microseconds: even over twice the longest time that matters.

    A tenth lies in the last days, and half around each fixed time of a condition.
    """
    import numpy as np  # noqa: PLC0415 - slow to import

    longest = max([*hints.ages.get(name, ()), _USUAL_AGE])
    top = 2 * longest / timedelta(microseconds=1)
    ages = rng.uniform(10**6, top, size=count)
    recent = rng.uniform(10**6, 3 * _MICROSECONDS_A_DAY, size=count)
    ages = np.where(rng.random(count) < 0.1, recent, ages)  # noqa: PLR2004 - a tenth
    fixed = [
        _microseconds(at) - _microseconds(value)
        for value in hints.constants.get(name, ())
        if isinstance(value, date)
    ]
    if fixed:
        near = np.array(fixed, float)[rng.integers(len(fixed), size=count)]
        near = near + rng.normal(0.0, 10.0 * _MICROSECONDS_A_DAY, size=count)
        ages = np.where(rng.random(count) < _FROM_HINTS, near, ages)
    # Whole seconds, as systems store them.
    return (ages // 10**6 * 10**6).astype(np.int64)


def _microseconds(at: date) -> int:
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, tzinfo=UTC)
    return (at - _EPOCH) // timedelta(microseconds=1)


def _days(day: date) -> int:
    return (day - _EPOCH.date()).days


def to_python(attribute: Attribute, values: Column, null: Column) -> list[object]:
    """A column as the values that a user record holds."""
    import numpy as np  # noqa: PLC0415 - slow to import

    match attribute.type:
        case "timestamp":
            plain = [
                value.replace(tzinfo=UTC)
                for value in values.astype("datetime64[us]").astype(object)
            ]
        case "date":
            plain = list(values.astype("datetime64[D]").astype(object))
        case "decimal":
            plain = [Decimal(repr(round(float(value), 2))) for value in values]
        case _:
            plain = list(values.tolist() if values.dtype != np.object_ else values)
    return [None if gone else value for value, gone in zip(plain, null, strict=True)]
