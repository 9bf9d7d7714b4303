"""Time line: when the steps of a message's ``sequence:`` reach a person, day by day.

Times are the recipient's own. The day of the first step is the one its ``after`` says,
mostly day 0. A step is due so long after the first; where its window is over by then, it
goes out in the next day's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from copylab.lint.case import Words
from copylab.lint.detect.hours import DAYS, is_closed, merge, minutes_of, sending_days
from copylab.lint.open_hours import open_hours
from copylab.lint.push_limits import MINUTES_A_DAY, minutes_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from copylab.catalog import Catalog
    from copylab.lint.detect.hours import Minutes, Table
    from copylab.lint.open_hours import OpenHours
    from copylab.lint.rule import Rule
    from copylab.message.model import Message, Step

_USUAL_DAY = DAYS[2]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a day.

    Attributes:
        first: Its first minute, 0 to 1439.
        last: The minute after its last, up to 1440.
        is_daily: Whether it is so on each day of the week.
    """

    first: int
    last: int
    is_daily: bool = True

    @property
    def hours(self) -> str:
        """As people write it: ``20:00-24:00``."""
        return f"{_clock(self.first)}-{_clock(self.last)}"

    @property
    def start(self) -> str:
        """Where it starts on the strip of a day, in per cent."""
        return f"{100 * self.first / MINUTES_A_DAY:.4g}"

    @property
    def width(self) -> str:
        """How long it is on the strip of a day, in per cent."""
        return f"{100 * (self.last - self.first) / MINUTES_A_DAY:.4g}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The hours of one rule, as a reader is told.

    Attributes:
        market: The market, or an empty text.
        regions: The parts of the country, in capitals; empty where for all of it.
        code: The code of the rule.
        hours: The hours on most days of the week.
        other_days: Days with other hours, and these; empty where it is closed.
        is_broken: Whether the step's window leaves them.
        closed_days: The days it may be sent on, by what is declared, on which the
            window leaves them.
    """

    market: str
    regions: str
    code: str
    hours: tuple[Stretch, ...]
    other_days: tuple[tuple[str, tuple[Stretch, ...]], ...]
    is_broken: bool
    closed_days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A step on the line.

    Attributes:
        channel: What is sent.
        unless: The event that makes it unnecessary, or an empty text.
        delay_minutes: How long after the first step it is due.
        day: The first day on which it can go out.
        last_day: The last such day.
        times: When it goes out on that day; empty where at any time.
        is_windowed: Whether the times are a window that is written.
        waits: Whether its window is over when it is due, so that it goes a day later.
        closed: When rules do not let it be sent.
        allowed: The hours of each rule.
        has_words: Whether the message has words for the channel.
    """

    channel: str
    unless: str
    delay_minutes: int
    day: int
    last_day: int
    times: tuple[Stretch, ...]
    is_windowed: bool
    waits: bool
    closed: tuple[Stretch, ...]
    allowed: tuple[Allowed, ...]
    has_words: bool

    @property
    def broken(self) -> tuple[str, ...]:
        """The codes of the rules whose hours it leaves."""
        return tuple(dict.fromkeys(a.code for a in self.allowed if a.is_broken))

    @property
    def doubtful(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The days on which a rule closes its window, and the codes of these rules."""
        found = [item for item in self.allowed if item.closed_days]
        days = {day for item in found for day in item.closed_days}
        codes = tuple(dict.fromkeys(item.code for item in found))
        return tuple(day for day in DAYS if day in days), codes


class Timelines:
    """The time lines of messages; messages that are sent alike share theirs.

    Args:
        catalog: The workspace.
        rules: Its rules.
        as_of: The day on which rules must be in force; None is when they were read.
    """

    def __init__(
        self, catalog: Catalog, rules: Iterable[Rule], as_of: date | None = None
    ) -> None:
        self._catalog = catalog
        self._rules = tuple(rule for rule in rules if rule.hours is not None)
        self._as_of = as_of
        self._found: dict[object, tuple[Placed, ...]] = {}

    def of(self, message: Message) -> tuple[Placed, ...]:
        """The steps of a message's sequence, by when they are due.

        Args:
            message: A message of the workspace.
        """
        if not message.sequence:
            return ()
        by_file = self._catalog.config.lint.overrides
        key: object = (
            tuple((s.after, s.channel, s.window, s.unless) for s in message.sequence),
            tuple(sorted(message.copies)),
            message.purpose,
            repr((message.markets, message.industry, message.sending)),
            message.id if by_file else "",
        )
        if key not in self._found:
            self._found[key] = self._make(message)
        return self._found[key]

    def _make(self, message: Message) -> tuple[Placed, ...]:
        steps = sorted(message.sequence, key=minutes_after)
        first = minutes_after(steps[0])
        start, end = _span_of(_window(message, steps[0])) or (0, MINUTES_A_DAY)
        base = first - first % MINUTES_A_DAY
        begin = base + start, base + end
        return tuple(
            self._place(message, step, begin, minutes_after(step) - first)
            for step in steps
        )

    def _place(
        self, message: Message, step: Step, begin: tuple[int, int], delay: int
    ) -> Placed:
        window = _window(message, step)
        times = merge(minutes_of(window))
        early, late = begin[0] + delay, begin[1] + delay - 1
        day, at = _next_opening(early, times)
        last_day, until = _next_opening(late, times)
        found = [
            (words, item)
            for words in self._words(message, step.channel)
            for item in open_hours(words, self._rules, as_of=self._as_of)
        ]
        is_open = not times and begin[1] - begin[0] >= MINUTES_A_DAY
        reckoned = () if is_open else _from_to(at, until, is_same=day == last_day)
        return Placed(
            channel=step.channel,
            unless=step.unless,
            delay_minutes=delay,
            day=day,
            last_day=last_day,
            times=tuple(Stretch(*part) for part in times) or reckoned,
            is_windowed=bool(times),
            waits=bool(times) and day > early // MINUTES_A_DAY,
            closed=_closed([item.table for _, item in found]),
            allowed=tuple(dict.fromkeys(_allowed(*pair, window) for pair in found)),
            has_words=step.channel in message.channels,
        )

    def _words(self, message: Message, channel: str) -> Iterator[Words]:
        """The words of a channel, one variant of each locale."""
        for (written, locale), copy in message.copies.items():
            for variant in tuple(copy.variants)[:1] if written == channel else ():
                key = (message.id, channel, locale, variant)
                if key in self._catalog.templates:
                    yield Words.of(self._catalog, key, None)


def _window(message: Message, step: Step) -> str:
    """The window of a step: its own, or the usual one of the message."""
    if step.window:
        return step.window
    usual = message.sending.get("window")
    return usual.strip() if isinstance(usual, str) else ""


def _span_of(window: str) -> Minutes | None:
    """The minutes of a window, the end beyond the day where it runs over midnight."""
    parts = minutes_of(window)
    if not parts:
        return None
    first, last = parts[0]
    return first, last if len(parts) == 1 else last + parts[1][1]


def _next_opening(minute: int, times: Sequence[Minutes]) -> Minutes:
    """The day, and the minute of it, at which what is due at a minute goes out."""
    day, at = divmod(minute, MINUTES_A_DAY)
    if not times:
        return day, at
    for first, last in times:
        if at < last:
            return day, max(at, first)
    return day + 1, times[0][0]


def _from_to(first: int, last: int, *, is_same: bool) -> tuple[Stretch, ...]:
    """From a minute to another, which may be one of the next day."""
    if is_same:
        return (Stretch(first, last + 1),)
    return (Stretch(0, last + 1), Stretch(first, MINUTES_A_DAY))


def _closed(tables: Sequence[Table]) -> tuple[Stretch, ...]:
    """The parts of a day in which one of some tables is closed, on all days or on some."""
    every = {
        minute
        for table in tables
        for parts in table.open.values()
        for part in parts
        for minute in part
    }
    ends = sorted({0, MINUTES_A_DAY, *every})
    found: list[Stretch] = []
    for first, last in pairwise(ends):
        shut = [_closed_days(table, first, last) for table in tables]
        if not any(shut):
            continue
        stretch = Stretch(first, last, is_daily=max(shut) == len(DAYS))
        before = found[-1] if found else None
        if (
            before is not None
            and before.last == first
            and before.is_daily == stretch.is_daily
        ):
            found[-1] = Stretch(before.first, last, is_daily=stretch.is_daily)
        else:
            found.append(stretch)
    return tuple(found)


def _closed_days(table: Table, first: int, last: int) -> int:
    """On how many days of the week a part of the day is closed."""
    return sum(
        not any(start <= first and last <= end for start, end in table.open[day])
        for day in DAYS
    )


def _allowed(words: Words, item: OpenHours, window: str) -> Allowed:
    table = item.table
    usual = table.open[_USUAL_DAY]
    days = sending_days(words, item.market)
    return Allowed(
        market=item.market,
        regions=", ".join(sorted(region.upper() for region in table.regions)),
        code=item.rule.code,
        hours=tuple(Stretch(*part) for part in usual),
        other_days=tuple(
            (day, tuple(Stretch(*part) for part in table.open[day]))
            for day in DAYS
            if table.open[day] != usual
        ),
        is_broken=bool(minutes_of(window)) and is_closed(table, days, window),
        closed_days=tuple(day for day in days or DAYS if not table.holds(day, window)),
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
