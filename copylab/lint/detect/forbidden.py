"""``must_not_contain``: words that stand in no branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.detect.detection import Telling, compile_optional, compile_words
from copylab.lint.field import value_free

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.lint.detect.detection import Markets, Record
    from copylab.lint.rule import Rule

_GUARD_WINDOW = 12
"""How many characters before a hit may hold what turns its sense round."""
_CLAUSE_END = re.compile(r"[,，。.!?;:；\n]")


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Words that are not said.

    Attributes:
        pattern: The words.
        telling: How it is told.
        when: Words that make them forbidden; None is always.
        allow: Longer phrases that make a hit inside of them harmless.
        unless: Words that, anywhere in the text, make a hit harmless.
        not_after: Words that, shortly before, make a hit harmless: a negation in the
            same clause.
        fields: The fields it looks at; empty means all.
        values: Whether a hit may hold values, as an amount does.
    """

    pattern: re.Pattern[str]
    telling: Telling
    when: re.Pattern[str] | None
    allow: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    fields: frozenset[str]
    values: bool

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Forbidden:
        """The detection of an entry."""
        return cls(
            compile_words("|".join(entry["patterns"])),
            telling,
            when=compile_optional(entry.get("when")),
            allow=compile_optional(entry.get("allow")),
            unless=compile_optional(entry.get("unless")),
            not_after=compile_optional(entry.get("not_after")),
            fields=frozenset(entry.get("fields", ())),
            values=entry.get("values", False),
        )

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding for each place of a hit that is not harmless."""
        del markets
        for item in _fields(self.fields, words):
            for written, match, span in item.find(self.pattern):
                if self.is_harmless(match):
                    continue
                message = self.telling.about(match)
                yield words.finding(
                    rule,
                    item,
                    message,
                    span=span,
                    written=written,
                    help=self.telling.help,
                )

    def lacks(self, words: Words, markets: Markets) -> str:
        """Nothing: the words decide."""
        del words, markets
        return ""

    def is_harmless(self, match: re.Match[str]) -> bool:
        """Whether a hit is no use of the words that the rule is about."""
        text, start = match.string, match.start()
        if not self.values and not value_free(match):
            return True
        if self.when is not None and not self.when.search(text):
            return True
        if self.unless is not None and self.unless.search(text):
            return True
        before = _CLAUSE_END.split(text[max(0, start - _GUARD_WINDOW) : start])[-1]
        if self.not_after is not None and self.not_after.search(before):
            return True
        return self.allow is not None and any(
            longer.start() <= start and match.end() <= longer.end()
            for longer in self.allow.finditer(text)
        )


def _fields(names: frozenset[str], words: Words) -> Iterator[Field]:
    for item in words.shown:
        if not names or item.name in names:
            yield item
