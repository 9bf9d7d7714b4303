"""Filters of dates and times: ``date time``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from copylab.template.contract import Call, Domain, Filter, takes_nothing
from copylab.template.formats import format_clock, format_day
from copylab.template.ranges import Range, Words
from copylab.template.scope import TimeDomain

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PATTERN = 100
"""The longest date pattern, in characters."""
_PATTERN = re.compile(r"(?:[yMLdEQ]+|'[^']*'|[^A-Za-z'])+\Z")
_MONTH_DAYS = 31
_NOON = time(12)


def _pattern_of(call: Call) -> str:
    return str(call.args[0]) if call.args else "medium"


def _apply_date(call: Call, _domain: Domain) -> Callable[[object], str]:
    pattern, locale, zone = _pattern_of(call), call.locale, call.timezone
    return lambda value: format_day(value, pattern, locale, zone)


def _apply_time(call: Call, _domain: Domain) -> Callable[[object], str]:
    locale, zone = call.locale, call.timezone
    return lambda value: format_clock(value, locale, zone)


def sample_days(first: date, last: date, *, weekdays: bool = False) -> list[date]:
    """Days among whose prints are the longest and the shortest from first to last.

    A print depends on the month's name, on how many digits the day has and, with
    ``weekdays``, on the weekday's name; years have four digits. So every month that
    is whole in the range gives days of one and of two digits, seven in a row where
    weekdays matter, and both ends give all days of a month.
    """
    span = (last - first).days
    near = range(min(span, _MONTH_DAYS) + 1)
    days = {first + timedelta(days=n) for n in near}
    days |= {last - timedelta(days=n) for n in near}
    numbers = (*range(1, 8), *range(20, 27)) if weekdays else (1, 20)
    for month in range(1, 13):
        for year in (last.year, last.year - 1):
            found = [date(year, month, number) for number in numbers]
            inside = [day for day in found if first <= day <= last]
            days.update(inside)
            if len(inside) == len(found):
                break
    return sorted(days)


def _bound_date(call: Call, domain: Domain) -> Range:
    assert isinstance(domain, TimeDomain)
    function = _apply_date(call, domain)
    weekdays = "E" in _pattern_of(call)
    if domain.kind == "date":
        first, last = domain.low.date(), domain.high.date()
        values: list[object] = list(sample_days(first, last, weekdays=weekdays))
    else:
        zone = ZoneInfo(call.timezone)
        first = domain.low.astimezone(zone).date()
        last = domain.high.astimezone(zone).date()
        noons = (
            datetime.combine(day, _NOON, zone).astimezone(UTC)
            for day in sample_days(first, last, weekdays=weekdays)
            if first < day < last
        )
        values = [domain.low, *noons, domain.high]
    return Words(tuple((value, function(value)) for value in values))


def _bound_time(call: Call, domain: Domain) -> Range:
    """Every hour of a day, the minutes with two digits as always."""
    assert isinstance(domain, TimeDomain)
    function = _apply_time(call, domain)
    start = domain.high - timedelta(days=2)
    values: list[object] = [start + timedelta(minutes=30 * n) for n in range(48)]
    return Words(tuple((value, function(value)) for value in values), exact=False)


def _check_date(call: Call) -> str | None:
    if (
        call.kwargs
        or len(call.args) > 1
        or not all(isinstance(pattern, str) for pattern in call.args)
    ):
        return 'date takes nothing, or a pattern such as "d MMMM"'
    pattern = _pattern_of(call)
    if pattern == "medium":
        return None
    if len(pattern) > MAX_PATTERN or not _PATTERN.match(pattern):
        return "a date pattern holds y M L d E Q, punctuation, and words in '…'"
    try:
        format_day(date(2000, 1, 1), pattern, call.locale, call.timezone)
    except (ValueError, KeyError, AttributeError):
        return f"the date pattern '{pattern}' has a letter too often in a row"
    return None


_DAYS = frozenset(("date", "datetime"))
_TIMES = frozenset(("datetime",))

TIME_FILTERS = (
    Filter("date", _DAYS, _apply_date, _bound_date, _check_date),
    Filter("time", _TIMES, _apply_time, _bound_time, takes_nothing),
)
