"""Raw values of variables: what a user record holds, inside the declared bounds."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from copylab.message.model import NUMBER_TYPES, TEXT_TYPES
from copylab.message.values import MISSING, reader
from copylab.simulation.names import chinese_name, english_name, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from copylab.message.model import Variable

TRIES = 40
"""How often a value is drawn anew until every variable can read it."""

_TOKEN = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105 - letters of links
_TOKEN_LENGTH = 6
_ROUND_FROM = 1000
_COMING_DAYS = 60


def draw_value(
    variables: Sequence[Variable], rng: Generator, at: datetime, language: str
) -> object:
    """A raw value that all the variables can read, if one is found.

    Args:
        variables: The variables that are taken from one key of a user, one at least.
        rng: The randomness.
        at: The time around which dates lie.
        language: The language of names, such as ``zh``.
    """
    readers = [reader(variable) for variable in variables]
    value: object = None
    for attempt in range(TRIES):
        variable = variables[attempt % len(variables)]
        value = _draw(variable, rng, at, language)
        if all(read(value) is not MISSING for read in readers):
            return value
    return value


def _draw(variable: Variable, rng: Generator, at: datetime, language: str) -> object:
    kind = variable.type
    if kind in TEXT_TYPES:
        return _draw_text(variable, rng, language)
    if kind in NUMBER_TYPES:
        return _draw_number(variable, rng)
    if kind in {"date", "datetime"}:
        return _draw_time(variable, rng, at)
    if kind == "url":
        return _draw_url(variable, rng)
    if kind == "enum":
        return variable.values[int(rng.integers(len(variable.values)))]
    if kind == "bool":
        return bool(rng.random() < 0.5)  # noqa: PLR2004 - a coin
    return _draw_list(variable, rng, at, language)


def _draw_text(variable: Variable, rng: Generator, language: str) -> str:
    limit = variable.max_length or 1
    if variable.charset == "digits":
        return "".join(map(str, rng.integers(0, 10, size=min(limit, 6))))
    chinese = language == "zh" and variable.charset in {"any", "zh"}
    if variable.type != "person_name":
        return words(rng, limit, chinese=chinese)
    return chinese_name(rng) if chinese else english_name(rng)


def _draw_number(variable: Variable, rng: Generator) -> float | int | None:
    """A number, small ones more often than large ones."""
    if variable.low is None or variable.high is None:
        return None
    low, high = float(variable.low), float(variable.high)  # type: ignore[arg-type]
    if low > 0:
        number = math.exp(rng.uniform(math.log(low), math.log(high)))
    else:
        number = rng.uniform(low, high)
    if variable.type == "money" and number >= _ROUND_FROM:
        number = round(number, -2)  # limits and loans are round
    number = min(max(round(number, variable.decimals), low), high)
    return number if variable.decimals else round(number)


def _draw_time(variable: Variable, rng: Generator, at: datetime) -> object:
    """A day, or a time, in the weeks to come where the bounds allow it."""
    low, high = variable.low, variable.high
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)
    start = min(max(low, at + timedelta(days=1)), high)
    end = max(min(high, at + timedelta(days=_COMING_DAYS)), start)
    seconds = int((end - start).total_seconds())
    drawn = start + timedelta(seconds=int(rng.integers(seconds + 1)))
    drawn = drawn.astimezone(UTC).replace(microsecond=0)
    return drawn if variable.type == "datetime" else drawn.date()


def _draw_url(variable: Variable, rng: Generator) -> str:
    """The rest of an address, or a whole one where there is no base."""
    base = variable.base or "https://example.com/"
    room = max(1, min(_TOKEN_LENGTH, (variable.max_length or 0) - len(base)))
    token = "".join(
        _TOKEN[int(place)] for place in rng.integers(len(_TOKEN), size=room)
    )
    return token if variable.base else base + token


def _draw_list(
    variable: Variable, rng: Generator, at: datetime, language: str
) -> list[dict[str, object]]:
    count = 1 + int(rng.integers(variable.max_items or 1))
    return [
        {
            item.source: draw_value([item], rng, at, language)
            for item in variable.items.values()
        }
        for _ in range(count)
    ]
