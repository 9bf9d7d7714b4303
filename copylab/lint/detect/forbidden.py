"""``must_not_contain``: words that stand in no branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.detect.detection import Telling, compile_optional, compile_words
from copylab.lint.detect.needed import needed_words
from copylab.lint.detect.negation import clause_before
from copylab.lint.field import value_free
from copylab.lint.links import declared_links
from copylab.lint.unmask import Unmasked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.lint.detect.detection import Markets, Record
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.field import Written
    from copylab.lint.rule import Rule
    from copylab.source import Span

_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A hit that is written to pass a filter.

    Attributes:
        written: The words.
        match: The hit in the words as they are meant.
        span: Where it stands.
        as_written: How it is written.
    """

    written: Written
    match: re.Match[str]
    span: Span
    as_written: str


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
        pinyin: The words in pinyin, without tones, as they are hidden in Chinese text.
        links: Whether the addresses of url variables are hits, too.
    """

    pattern: re.Pattern[str]
    telling: Telling
    when: re.Pattern[str] | None
    allow: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    fields: frozenset[str]
    values: bool
    pinyin: re.Pattern[str] | None
    links: bool

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
            pinyin=_spelt(entry.get("pinyin", ())),
            links=entry.get("links", False),
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
            for hidden in self.find_hidden(item):
                message = self.telling.about(hidden.match)
                yield words.finding(
                    rule,
                    item,
                    f"{message}; it is written '{hidden.as_written}'",
                    span=hidden.span,
                    written=hidden.written,
                    help=self.telling.help,
                )

        if self.links:
            for link in declared_links(words):
                message = self.telling.about(link.host)
                yield words.finding(
                    rule, link.item, message, span=link.span, help=self.telling.help
                )

    def find_hidden(self, item: Field) -> Iterator[Hidden]:
        """The hits in a field that are written to pass a filter, each place once."""
        told = set()
        for written in item.written:
            seen = self._meant(written)
            if seen is None:
                continue
            open_hits = [m.span() for m in self.pattern.finditer(written.text)]
            for match in self._hits(seen.text):
                start, end = seen.span(*match.span())
                if any(first < end and start < last for first, last in open_hits):
                    continue
                span = written.skeleton.span(start, end)
                if span in told or self.is_harmless(match):
                    continue
                told.add(span)
                yield Hidden(written, match, span, written.text[start:end])

    def _meant(self, written: Written) -> Unmasked | None:
        """The words as they are meant; as they are, where pinyin is to be found."""
        if written.unmasked is None and self.pinyin is not None:
            return Unmasked(written.text, tuple(range(len(written.text))))
        return written.unmasked

    def _hits(self, text: str) -> Iterator[re.Match[str]]:
        yield from self.pattern.finditer(text)
        if self.pinyin is not None and _HAN.search(text):
            yield from self.pinyin.finditer(text)

    def lacks(self, words: Words, markets: Markets) -> str:
        """Nothing: the words decide."""
        del words, markets
        return ""

    def needed(self) -> Needed | None:
        """The words, or their pinyin."""
        if self.links:
            return None
        found = needed_words(self.pattern)
        if found is None or self.pinyin is None:
            return found
        spelt = needed_words(self.pinyin)
        return None if spelt is None else found | spelt

    def is_harmless(self, match: re.Match[str]) -> bool:
        """Whether a hit is no use of the words that the rule is about."""
        text, start = match.string, match.start()
        if not self.values and not value_free(match):
            return True
        if self.when is not None and not self.when.search(text):
            return True
        if self.unless is not None and self.unless.search(text):
            return True
        if self.not_after is not None and self.not_after.search(
            clause_before(text, start)
        ):
            return True
        return self.allow is not None and any(
            longer.start() <= start and match.end() <= longer.end()
            for longer in self.allow.finditer(text)
        )


def _spelt(words: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of pinyin, its syllables apart or together; None for no words."""
    if not words:
        return None
    spelt = "|".join(r"\s?".join(map(re.escape, word.split())) for word in words)
    return compile_words(rf"(?<![A-Za-z])(?:{spelt})(?![A-Za-z])")


def _fields(names: frozenset[str], words: Words) -> Iterator[Field]:
    for item in words.shown:
        if not names or item.name in names:
            yield item
