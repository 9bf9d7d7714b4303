"""``send_window``: the hours and days on which a message may be sent, in local time.

What the message's ``sequence:`` says for the channel is compared, or else
``sending.window``; ``sending.days`` and ``sending.holidays`` say on which days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.sending import ABSENT, declared, place_of, shown_key, words_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.rule import Rule
    from copylab.source import Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)\Z")
"""``HH:MM-HH:MM``; a window that ends before it starts runs over midnight."""

_CLOSED = frozenset(("closed", "no", "skip", "none"))
_DAY_MINUTES = 24 * 60
_SEVERAL = 2

Minutes = tuple[int, int]
"""From the first minute of a day up to, not including, the last."""

_Whom = tuple[frozenset[str], frozenset[str]]
"""Parts of a country and gateways."""


@dataclass(frozen=True, slots=True)
class Table:
    """The hours of some parts of a country, or of some gateways.

    Attributes:
        regions: Which parts, in small letters; empty is those that no table names.
        open: By day, the hours; a day without any is closed.
        providers: Which gateways; empty is those that no table names.
    """

    regions: frozenset[str]
    open: Mapping[str, tuple[Minutes, ...]]
    providers: frozenset[str] = frozenset()

    def holds(self, day: str, window: str) -> bool:
        """Whether a window lies in the hours of a day."""
        return all(
            any(start <= first and last <= end for start, end in self.open[day])
            for first, last in minutes_of(window)
        )


@dataclass(frozen=True, slots=True)
class Hours:
    """When a message may be sent.

    Attributes:
        tables: The hours, by parts of the country.
        telling: How it is told; ``{match}`` is the window that is too wide, with the
            parts where there are several tables.
        closed_on_holidays: Whether public holidays are closed.
    """

    tables: tuple[Table, ...]
    telling: Telling
    closed_on_holidays: bool

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Hours:
        """The detection of an entry."""
        by_whom: dict[_Whom, dict[str, list[Minutes]]] = {}
        for window in entry["windows"]:
            listed = window.get("regions") or entry.get("regions", ())
            regions = frozenset(map(str.lower, listed))
            gateways = frozenset(map(str.lower, window.get("providers", ())))
            found = by_whom.setdefault((regions, gateways), {day: [] for day in DAYS})
            for day in window.get("days", DAYS):
                found[day] += minutes_of(window["hours"])
        tables = (
            Table(regions, {day: merge(each) for day, each in found.items()}, gateways)
            for (regions, gateways), found in by_whom.items()
        )
        return cls(tuple(tables), telling, entry.get("closed_on_holidays", False))

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding for each declared window that is open when the rule is not."""
        for market in markets or ("",):
            tables = self.asked(words, market)
            days = sending_days(words, market)
            for window, span in planned(words, market):
                closed = [table for table in tables if is_closed(table, days, window)]
                if closed:
                    yield rule.finding(
                        self.telling.about(self._shown(window, closed)),
                        span,
                        help=self.telling.help,
                    )
            is_open = words_in(declared(words, "holidays", market)) == ("open",)
            if tables and self.closed_on_holidays and is_open:
                yield rule.finding(
                    self.telling.about("public holidays"),
                    place_of(words, "holidays", market),
                    help=self.telling.help,
                )

    def lacks(self, words: Words, markets: Markets) -> str:
        """The window, the days or the holidays, where they are not declared."""
        for market in markets or ("",):
            tables = self.asked(words, market)
            if not tables:
                continue
            windows = [window for window, _ in planned(words, market)]
            if not windows:
                return shown_key("window")
            differs = any(
                not table.holds(day, window)
                for table in tables
                for day in DAYS
                for window in windows
            )
            if differs and not sending_days(words, market):
                return shown_key("days")
            if self.closed_on_holidays and _is_silent(words, "holidays", market):
                return shown_key("holidays")
        return ""

    def needed(self) -> Needed | None:
        """Nothing: it is not found by words."""
        return None

    def asked(self, words: Words, market: str) -> list[Table]:
        """The tables of the declared parts of the country and of the declared gateways.

        Where either is not declared, all of them count, so that the strictest decides.

        Args:
            words: What is sent.
            market: The market whose rule it is.
        """
        states = declared(words, "states", market)
        gateways = declared(words, "provider", market)
        tables = _of(self.tables, states, lambda table: table.regions)
        return _of(tables, gateways, lambda table: table.providers)

    def _shown(self, window: str, closed: Sequence[Table]) -> str:
        """A window, with where it is closed."""
        regions = sorted(region.upper() for table in closed for region in table.regions)
        if len(self.tables) < _SEVERAL or not regions:
            return window
        return f"{window} ({', '.join(regions)})"


def _of(
    tables: Sequence[Table], said: object, named_by: Callable[[Table], frozenset[str]]
) -> list[Table]:
    """The tables that name what is declared; those that name nothing for all others."""
    named = frozenset().union(*map(named_by, tables))
    words = frozenset(() if said is ABSENT else words_in(said))
    if not words or not named:
        return list(tables)
    return [
        table
        for table in tables
        if (named_by(table) & words if named_by(table) else words - named)
    ]


def is_closed(table: Table, days: Sequence[str], window: str) -> bool:
    """Whether a window is open when a table is not, on a declared day or on every one.

    Args:
        table: The hours.
        days: The days on which it is sent, as in ``DAYS``; empty where that is not said.
        window: The window, ``HH:MM-HH:MM``.
    """
    closed = [day for day in days or DAYS if not table.holds(day, window)]
    return bool(closed) and (bool(days) or len(closed) == len(DAYS))


def minutes_of(window: str) -> list[Minutes]:
    """The minutes of a day that a window covers; nothing where it is none."""
    match = HOURS.match(window.strip())
    if match is None:
        return []
    hours = [int(part) for part in match.groups()]
    first, last = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if first < last:
        return [(first, last)]
    return [part for part in ((first, _DAY_MINUTES), (0, last)) if part[0] < part[1]]


def merge(windows: Sequence[Minutes]) -> tuple[Minutes, ...]:
    """The windows in order, those that touch as one."""
    found: list[Minutes] = []
    for first, last in sorted(windows):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def planned(words: Words, market: str) -> list[tuple[str, Span]]:
    """The windows in which the channel is sent, with the place of each."""
    steps = [step for step in words.message.sequence if step.channel == words.channel]
    found = [(step.window, step.span) for step in steps if step.window]
    if found and len(found) == len(steps):
        return found
    usual = declared(words, "window", market)
    if isinstance(usual, str) and HOURS.match(usual.strip()):
        found.append((usual.strip(), place_of(words, "window", market)))
    elif steps:
        return []
    return found


def sending_days(words: Words, market: str) -> tuple[str, ...]:
    """The days on which it is sent, or nothing where that is not said."""
    said = (day[:3] for day in words_in(declared(words, "days", market)))
    return tuple(day for day in said if day in DAYS)


def _is_silent(words: Words, key: str, market: str) -> bool:
    value = declared(words, key, market)
    return value is ABSENT or not (
        value is False or words_in(value) or str(value).lower() in _CLOSED
    )
