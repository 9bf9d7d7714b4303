"""``channel``: a way to people that is closed to an industry, unless something opens it.

Carriers, gateways and laws close channels to whole industries. That comes before every
question of wording, so it is one finding for a workspace, where the industry or the
gateway is declared, and not one for each text. A channel that is closed to a content is
told of where that stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.detect.detection import compile_words
from copylab.lint.detect.needed import needed_words
from copylab.lint.sending import ABSENT, declared, is_empty, place_of, words_in

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.rule import Rule
    from copylab.source import Span

_OF_INDUSTRY = ("industry", "markets")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that is closed.

    Attributes:
        telling: How it is told; ``{match}`` is what is declared, or the content.
        key: The key that can open it, such as ``provider``; empty where nothing can.
        accept: The words that open it; empty is any but an empty one.
        content: The words it is closed to; None is all of the industry's.
    """

    telling: Telling
    key: str
    accept: frozenset[str]
    content: re.Pattern[str] | None

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Channel:
        """The detection of an entry."""
        patterns = entry.get("patterns", ())
        return cls(
            telling,
            entry.get("key", ""),
            frozenset(map(str.lower, entry.get("accept", ()))),
            compile_words("|".join(patterns)) if patterns else None,
        )

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """The finding, where nothing opens the channel.

        What is not declared opens nothing, and is a warning only: it may be so.
        """
        if self.content is not None and not any(
            item.find(self.content) for item in words.shown
        ):
            return
        told: set[Span] = set()
        for market in markets or ("",):
            value = declared(words, self.key, market) if self.key else ABSENT
            if value is not ABSENT and self._opens(value):
                continue
            is_silent = bool(self.key) and value is ABSENT
            shown = ", ".join(words_in(value)) or "nothing"
            if is_silent:
                what = "gateway" if self.key == "provider" else self.key
                shown = f"no declared {what}"
            severity: Severity | None = None
            if is_silent and rule.severity == "error":
                severity = "warning"
            if self.content is not None:
                yield from self._content(rule, words, told, severity)
                continue
            yield rule.finding(
                self.telling.about(shown),
                self._place(words, market, is_silent=is_silent),
                help=self.telling.help,
                severity=severity,
            )

    def _content(
        self, rule: Rule, words: Words, told: set[Span], severity: Severity | None
    ) -> Iterator[Finding]:
        """A finding for each place of the content that was not told of."""
        assert self.content is not None
        for item in words.shown:
            for written, match, span in item.find(self.content):
                if span in told:
                    continue
                told.add(span)
                yield words.finding(
                    rule,
                    item,
                    self.telling.about(match),
                    span=span,
                    written=written,
                    help=self.telling.help,
                    severity=severity,
                )

    def lacks(self, words: Words, markets: Markets) -> str:
        """Nothing: what is not declared opens nothing."""
        del words, markets
        return ""

    def needed(self) -> Needed | None:
        """The words that it is closed to."""
        return needed_words(self.content)

    def _opens(self, value: object) -> bool:
        if is_empty(value):
            return False
        return not self.accept or bool(self.accept.intersection(words_in(value)))

    def _place(self, words: Words, market: str, *, is_silent: bool) -> Span:
        if self.key and not is_silent:
            return place_of(words, self.key, market)
        message, config = words.message.places, words.catalog.config.places
        for name in _OF_INDUSTRY:
            for places in (message, config):
                if name in places and (name != "markets" or places is config):
                    return places[name]
        return place_of(words, self.key or "provider", market)
