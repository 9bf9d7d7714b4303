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
    from collections.abc import Iterator, Mapping, Sequence

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.rule import Rule
    from copylab.source import Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)\Z")
"""``HH:MM-HH:MM``; a window that ends before it starts runs over midnight."""

_CLOSED = frozenset(("closed", "no", "skip", "none"))
_DAY_MINUTES = 24 * 60

Minutes = tuple[int, int]
"""From the first minute of a day up to, not including, the last."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a message may be sent.

    Attributes:
        open: By day, the hours; a day without any is closed.
        telling: How it is told; ``{match}`` is the window that is too wide.
        regions: The parts of the country it is for, under ``sending.states``; where none
            is declared it counts, for the strictest window wins. Empty is all.
        closed_on_holidays: Whether public holidays are closed.
    """

    open: Mapping[str, tuple[Minutes, ...]]
    telling: Telling
    regions: frozenset[str]
    closed_on_holidays: bool

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Hours:
        """The detection of an entry."""
        found: dict[str, list[Minutes]] = {day: [] for day in DAYS}
        for window in entry["windows"]:
            for day in window.get("days", DAYS):
                found[day] += minutes_of(window["hours"])
        return cls(
            {day: merge(windows) for day, windows in found.items()},
            telling,
            frozenset(map(str.lower, entry.get("regions", ()))),
            entry.get("closed_on_holidays", False),
        )

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding for each declared window that is open when the rule is not."""
        for market in markets or ("",):
            if not self._is_asked(words, market):
                continue
            days = _days(words, market)
            for window, span in planned(words, market):
                closed = [d for d in days or DAYS if not self._holds(d, window)]
                if not closed or (not days and len(closed) < len(DAYS)):
                    continue
                yield rule.finding(
                    self.telling.about(window), span, help=self.telling.help
                )
            if self.closed_on_holidays and words_in(
                declared(words, "holidays", market)
            ) == ("open",):
                yield rule.finding(
                    self.telling.about("public holidays"),
                    place_of(words, "holidays", market),
                    help=self.telling.help,
                )

    def lacks(self, words: Words, markets: Markets) -> str:
        """The window, the days or the holidays, where they are not declared."""
        for market in markets or ("",):
            if not self._is_asked(words, market):
                continue
            windows = [window for window, _ in planned(words, market)]
            if not windows:
                return shown_key("window")
            differs = any(
                not self._holds(day, window) for day in DAYS for window in windows
            )
            if differs and not _days(words, market):
                return shown_key("days")
            if self.closed_on_holidays and _is_silent(words, "holidays", market):
                return shown_key("holidays")
        return ""

    def _is_asked(self, words: Words, market: str) -> bool:
        if not self.regions:
            return True
        said = declared(words, "states", market)
        return said is ABSENT or bool(self.regions.intersection(words_in(said)))

    def _holds(self, day: str, window: str) -> bool:
        """Whether a window lies in the hours of a day."""
        return all(
            any(start <= first and last <= end for start, end in self.open[day])
            for first, last in minutes_of(window)
        )


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


def _days(words: Words, market: str) -> tuple[str, ...]:
    """The days on which it is sent, or nothing where that is not said."""
    said = (day[:3] for day in words_in(declared(words, "days", market)))
    return tuple(day for day in said if day in DAYS)


def _is_silent(words: Words, key: str, market: str) -> bool:
    value = declared(words, key, market)
    return value is ABSENT or not (
        value is False or words_in(value) or str(value).lower() in _CLOSED
    )
