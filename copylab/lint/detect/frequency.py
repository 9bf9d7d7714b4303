"""``frequency``: how many messages a person may get in a time.

``sending.frequency`` says how many there are at most, as ``2/24h`` or ``3/7d``; what the
message's own ``sequence:`` sends on the channel is counted too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.sending import ABSENT, declared, place_of, shown_key, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.rule import Rule

FREQUENCY = re.compile(r"(\d{1,4})\s?/\s?(\d{0,4})\s?([hdw])\Z", re.IGNORECASE)
_AFTER = re.compile(r"(\d{1,6})\s?([mhdw])\Z", re.IGNORECASE)
_HOURS = {"m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}


@dataclass(frozen=True, slots=True)
class Frequency:
    """The most messages in a time.

    Attributes:
        max_messages: How many a person may get.
        per_hours: In how many hours.
        telling: How it is told; ``{match}`` is what is planned.
        regions: The parts of the country it is for, as for hours.
    """

    max_messages: int
    per_hours: float
    telling: Telling
    regions: frozenset[str]

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Frequency:
        """The detection of an entry."""
        regions = frozenset(map(str.lower, entry.get("regions", ())))
        return cls(entry["max_messages"], entry["per_hours"], telling, regions)

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding where more may be sent, by declaration or by the sequence."""
        for market in markets or ("",):
            if not self._is_asked(words, market):
                continue
            said = declared(words, "frequency", market)
            most = most_in(str(said), self.per_hours) if said is not ABSENT else None
            if most is not None and most > self.max_messages:
                yield rule.finding(
                    self.telling.about(str(said)),
                    place_of(words, "frequency", market),
                    help=self.telling.help,
                )
        steps = [s for s in words.message.sequence if s.channel == words.channel]
        times = sorted(
            ((hours_of(s.after), s) for s in steps), key=lambda pair: pair[0]
        )
        for (first, _), (last, step) in zip(
            times, times[self.max_messages :], strict=False
        ):
            if last - first < self.per_hours:
                count = f"{self.max_messages + 1} steps in {last - first:g} hours"
                yield rule.finding(
                    self.telling.about(count), step.span, help=self.telling.help
                )
                return

    def lacks(self, words: Words, markets: Markets) -> str:
        """The frequency, where it is not declared as one."""
        for market in markets or ("",):
            if not self._is_asked(words, market):
                continue
            said = declared(words, "frequency", market)
            if said is ABSENT or most_in(str(said), self.per_hours) is None:
                return shown_key("frequency")
        return ""

    def needed(self) -> Needed | None:
        """Nothing: it is not found by words."""
        return None

    def _is_asked(self, words: Words, market: str) -> bool:
        if not self.regions:
            return True
        said = declared(words, "states", market)
        return said is ABSENT or bool(self.regions.intersection(words_in(said)))


def most_in(frequency: str, hours: float) -> int | None:
    """The most messages in some hours at a frequency; None where it is none."""
    match = FREQUENCY.match(frequency.strip())
    if match is None:
        return None
    count, every = int(match[1]), float(match[2] or 1) * _HOURS[match[3].lower()]
    if every <= 0:
        return None
    whole = int(hours // every)
    return count * max(1, whole + (hours > whole * every))


def hours_of(after: str) -> float:
    """The hours of a step's ``after``; 0 where it is none."""
    match = _AFTER.match(after.strip())
    return 0.0 if match is None else int(match[1]) * _HOURS[match[2].lower()]
