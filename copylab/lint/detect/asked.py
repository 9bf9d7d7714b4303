"""``must_contain``: words that stand on every branch, always or when others do.

``position`` is the same at the start or the end of the message as it is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.detect.detection import Telling, compile_optional, compile_words
from copylab.lint.detect.needed import needed_words
from copylab.lint.field import agree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.lint.detect.detection import Markets, Record
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.field import Written
    from copylab.lint.rule import Rule

PLACES = {"first": r"\A\s*(?:{})", "last": r"(?:{})\s*\Z"}
"""Where words have to stand, and the pattern of that."""
_CLAUSE_END = re.compile(r"[,，。;；\n]|\.\s")
_FIGURE = re.compile(r"\d{1,9}(?:\.\d{1,6})?[%‰]?")
_SAID = frozenset(("",))
"""What is disclosed where no figure stands with the words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that are said on every branch.

    Attributes:
        patterns: Each must be there.
        telling: How it is told.
        when: What makes them necessary; None is always.
        unless: Words that, anywhere the reader sees, make them unnecessary, as the
            message is sent: what the gateway adds counts.
    """

    patterns: tuple[re.Pattern[str], ...]
    telling: Telling
    when: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Asked:
        """The detection of an entry."""
        patterns = ("|".join(entry["patterns"]), *entry.get("also", ()))
        when, unless = (compile_optional(entry.get(k)) for k in ("when", "unless"))
        return cls(tuple(map(compile_words, patterns)), telling, when, unless)

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding for each branch, or each reason for it, that lacks the words."""
        if self.when is not None and not _is_said(self.when, words):
            return
        told: set[tuple[str, object]] = set()
        for item, written, match in self._lacking(words, markets):
            span = item.span
            if match is not None:
                span = written.skeleton.span(*match.span())
            if (item.name, span) in told:
                continue
            told.add((item.name, span))
            message = self.telling.about(match)
            yield words.finding(
                rule, item, message, span=span, written=written, help=self.telling.help
            )

    def _lacking(
        self, words: Words, markets: Markets
    ) -> Iterator[tuple[Field, Written, re.Match[str] | None]]:
        """What makes the words necessary on a branch that lacks some of them."""
        for shown in words.as_sent(markets):
            for pattern in self.patterns:
                for item, written, match in words.lacking(pattern, self.when, shown):
                    if not self._is_excused(item, written, shown):
                        yield item, written, match

    def _is_excused(self, item: Field, own: Written, shown: Sequence[Field]) -> bool:
        """Whether the words that make it unnecessary stand on a branch, in any field."""
        unless = self.unless
        if unless is None:
            return False
        if unless.search(own.text):
            return True
        others = (
            [w for w in o.written if agree(own, w)] for o in shown if o is not item
        )
        return any(ways and all(unless.search(w.text) for w in ways) for ways in others)

    def lacks(self, words: Words, markets: Markets) -> str:
        """Nothing: the words decide."""
        del words, markets
        return ""

    def needed(self) -> Needed | None:
        """The words that make it necessary."""
        return needed_words(self.when)

    def disclosed(self, words: Words) -> frozenset[str] | None:
        """The figures that stand with the words, in any branch.

        None where nothing makes the words necessary; nothing in it where some branch
        lacks them.
        """
        if self.when is not None and not _is_said(self.when, words):
            return None
        if any(self._lacking(words, ())):
            return frozenset()
        clauses = (
            _CLAUSE_END.split(match.string[match.start() :])[0]
            for item in words.shown
            for pattern in self.patterns
            for _, match, _ in item.find(pattern)
        )
        return frozenset(f for clause in clauses for f in _FIGURE.findall(clause)) or (
            _SAID
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """Words that stand first or last in a message, as it leaves the gateway.

    Attributes:
        pattern: The words at their place.
        telling: How it is told.
        fields: The fields; of those that the channel has, the first counts.
        when: Words without which nothing is asked; None asks always.
    """

    pattern: re.Pattern[str]
    telling: Telling
    fields: tuple[str, ...]
    when: re.Pattern[str] | None

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Placed:
        """The detection of an entry."""
        whole = PLACES[entry["place"]].format("|".join(entry["patterns"]))
        fields = tuple(entry.get("fields", ())) or ("body",)
        return cls(
            compile_words(whole), telling, fields, compile_optional(entry.get("when"))
        )

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding for the first branch on which the words stand elsewhere."""
        field = next((name for name in self.fields if name in words.fields), None)
        if field is None:
            return
        items = [words.fields[field]]
        if words.channel == "sms" and field == "body":
            bodies = words.bodies
            items = [bodies[m] for m in markets if m in bodies] or list(bodies.values())
        for item in items:
            for written in item.lacking(self.pattern):
                if self.when is not None and not self.when.search(written.text):
                    continue
                yield words.finding(
                    rule,
                    item,
                    self.telling.about(None),
                    written=written,
                    help=self.telling.help,
                )
                return

    def lacks(self, words: Words, markets: Markets) -> str:
        """Nothing: the words decide."""
        del words, markets
        return ""

    def needed(self) -> Needed | None:
        """Nothing: it looks at what gateways add, too."""
        return None


def _is_said(pattern: re.Pattern[str], words: Words) -> bool:
    return any(
        pattern.search(written.text) for item in words.shown for written in item.written
    )
