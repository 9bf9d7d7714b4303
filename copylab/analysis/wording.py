"""Numbers as an analyst reads them: enough digits to tell, no more."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.analysis.comparison import Interval
    from copylab.analysis.table_metrics import Kind

NOTHING = "–"
_BORDERLINE = (0.04, 0.06)
_MOST_DECIMALS = 9
_MORE_DECIMALS = 2
_SMALLEST_POINTS = 0.001
_LEAST_CHANCE = 0.001
_SMALLEST_P = 0.0001


def word_p(p_value: float) -> str:
    """The p-value with two digits, three where it is close to the usual levels.

    Below 0.0001 the bound alone is shown: a normal tail is no measure of how sure one
    is. JSON has all digits.
    """
    if p_value < _SMALLEST_P:
        return f"<{_SMALLEST_P}"
    low, high = _BORDERLINE
    return f"{p_value:.{3 if low < p_value < high else 2}g}"


def say_p(p_value: float) -> str:
    """The p-value in a sentence: ``p = 0.012``, ``p < 0.0001``."""
    shown = word_p(p_value)
    return f"p < {shown[1:]}" if shown.startswith("<") else f"p = {shown}"


def word_value(kind: Kind, value: float | None) -> str:
    """The value of a metric: percent for a share, plain for a mean or a ratio."""
    if value is None:
        return NOTHING
    if kind == "share":
        return f"{100 * value:.{max(_decimals(100 * value, 3), 2)}f}%"
    return _plain(value)


def word_diff(kind: Kind, diff: Interval) -> str:
    """The difference with its interval: points of percent for a share."""
    return _word_interval(diff, 100 if kind == "share" else 1, "")


def word_lift(lift: Interval) -> str:
    """The relative difference with its interval, in percent."""
    return _word_interval(lift, 100, "%")


def word_amount(kind: Kind, number: float) -> str:
    """A difference without its interval, with its sign and unit."""
    if kind == "share":
        return f"{100 * number:+.{_decimals(100 * number, 3)}f} points"
    return f"{number:+.4g}"


def word_size(kind: Kind, number: float) -> str:
    """The size of a difference, without sign and unit: points of percent for a share.

    Two digits, and none beyond a thousandth of a point: ``0.2``, ``1.5``, ``<0.001``.
    """
    size = abs(100 * number) if kind == "share" else abs(number)
    if kind == "share" and 0 < size < _SMALLEST_POINTS:
        return f"<{_SMALLEST_POINTS}"
    shown = f"{size:,.{_decimals(size, 2)}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def word_chance(chance: float) -> str:
    """A probability in percent; never 0 or 100, which no data can say."""
    if chance < _LEAST_CHANCE:
        return "<0.1%"
    if chance > 1 - _LEAST_CHANCE:
        return ">99.9%"
    return f"{chance:.1%}"


def word_bounds(kind: Kind, diff: Interval) -> tuple[str, str]:
    """The bounds of a difference with the digits of ``word_diff``, without a unit."""
    scale = 100 if kind == "share" else 1
    places = _places(diff, scale)
    low = "-∞" if diff.low is None else f"{scale * diff.low:+,.{places}f}"
    high = "∞" if diff.high is None else f"{scale * diff.high:+,.{places}f}"
    return low, high


def _word_interval(interval: Interval, scale: float, sign: str) -> str:
    numbers = [interval.value, interval.low, interval.high]
    if all(number is None for number in numbers):
        return NOTHING
    places = _places(interval, scale)
    value, low, high = (
        NOTHING if number is None else f"{scale * number:+,.{places}f}{sign}"
        for number in numbers
    )
    low = "-∞" if interval.low is None else low
    high = "∞" if interval.high is None else high
    if interval.low is None and interval.high is None:
        return f"{value} [no bounds]"
    return f"{value} [{low}, {high}]"


def _places(interval: Interval, scale: float) -> int:
    """The decimals of an interval: two digits of its half width, or a few more.

    A bound beside zero shows on which side of it it lies: it says what p says.
    """
    numbers = (interval.value, interval.low, interval.high)
    known = [scale * number for number in numbers if number is not None]
    spread = (max(known) - min(known)) / 2 if len(known) > 1 else abs(known[0])
    bounds = [scale * end for end in (interval.low, interval.high) if end]
    usual = places = _decimals(spread, 2)
    while (
        any(round(bound, places) == 0 for bound in bounds)
        and places < usual + _MORE_DECIMALS
    ):
        places += 1
    return places


def _decimals(size: float, digits: int) -> int:
    """The decimals that show so many digits of a number of this size."""
    if not size:
        return digits - 1
    return min(max(digits - 1 - floor(log10(abs(size))), 0), _MOST_DECIMALS)


def _plain(value: float) -> str:
    if not value:
        return "0"
    return f"{value:,.{_decimals(value, 4)}f}"
