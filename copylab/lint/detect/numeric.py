"""``numeric``: a number in the text, compared with a limit.

A number that a value prints is compared with all that the value can be. With a ``key`` the
numbers in the copy are those that are declared under it, as ``7.2``, ``7.2-24`` or a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from copylab.lint.detect.detection import compile_optional, compile_words
from copylab.lint.detect.needed import needed_words
from copylab.lint.sending import ABSENT, declared, is_empty, shown_key
from copylab.template.choices import START
from copylab.template.domains import numbers_of
from copylab.template.expression import NUMERIC, Filtered
from copylab.template.phrases import VALUE
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.field import Field, Written
    from copylab.lint.rule import Rule
    from copylab.source import Span

NUMBER = rf"(\d{{1,9}}(?:[.,]\d{{1,6}})?|{VALUE})"
"""What a pattern's group for the number is written as: ``{number}`` stands for it."""

_SPAN = re.compile(
    r"(\d{1,6}(?:[.,]\d{1,4})?)\s?%?(?:\s?[-–—~]\s?(\d{1,6}(?:[.,]\d{1,4})?)\s?%?)?"
)
"""A declared number, or two with a dash between."""

Spans = list[tuple[Decimal, Decimal]]
"""Numbers that are declared, each from and to."""


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number that is too high or too low.

    Attributes:
        pattern: The words around it; its first group is the number.
        telling: How it is told; ``{match}`` is the number.
        above: The finding is a number above this; None is no such limit.
        below: The finding is a number below this; None is no such limit.
        unless: Words that, anywhere in the text, make it harmless.
        key: A key of ``sending:`` that says which numbers there are; empty is none.
    """

    pattern: re.Pattern[str]
    telling: Telling
    above: Decimal | None
    below: Decimal | None
    unless: re.Pattern[str] | None
    key: str = ""

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Numeric:
        """The detection of an entry."""
        limits = (entry.get("above"), entry.get("below"))
        above, below = (None if n is None else Decimal(str(n)) for n in limits)
        pattern = "|".join(entry["patterns"]).replace("{number}", NUMBER)
        unless = compile_optional(entry.get("unless"))
        key = entry.get("key", "")
        return cls(compile_words(pattern), telling, above, below, unless, key)

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding for each number that is, or can be, beyond the limit."""
        declared_spans = self._declared(words, markets)
        for item, written, match, span in self._hits(words):
            for ends in self._numbers(item, written, match):
                found = self._wrong_of(ends, declared_spans)
                if found is None:
                    continue
                message = self.telling.about(f"{found.normalize():f}")
                yield words.finding(
                    rule,
                    item,
                    message,
                    span=span,
                    written=written,
                    help=self.telling.help,
                )

    def _hits(
        self, words: Words
    ) -> Iterator[tuple[Field, Written, re.Match[str], Span]]:
        for item in words.shown:
            for written, match, span in item.find(self.pattern):
                if self.unless is None or not self.unless.search(match.string):
                    yield item, written, match, span

    def _declared(self, words: Words, markets: Markets) -> list[Spans | None]:
        """The numbers that are declared, by market; None where none is understood."""
        if not self.key:
            return []
        return [spans_of(declared(words, self.key, m)) for m in markets or ("",)]

    def _wrong_of(
        self, ends: tuple[Decimal, ...], declared_spans: list[Spans | None]
    ) -> Decimal | None:
        """Of the ends of what a number can be, the one that is wrong; None if none is."""
        for number in ends:
            if self.above is not None and number > self.above:
                return number
            if self.below is not None and number < self.below:
                return number
        for spans in declared_spans:
            if spans is None or not ends:
                continue
            if not any(low <= min(ends) and max(ends) <= high for low, high in spans):
                inside = (n for n in ends if any(a <= n <= b for a, b in spans))
                return next((n for n in ends if n not in set(inside)), ends[0])
        return None

    def lacks(self, words: Words, markets: Markets) -> str:
        """The key, where a number stands in the words and it says none."""
        if not self.key or not any(self._hits(words)):
            return ""
        return shown_key(self.key) if None in self._declared(words, markets) else ""

    def needed(self) -> Needed | None:
        """The words around the number."""
        return needed_words(self.pattern)

    def _numbers(
        self, item: Field, written: Written, match: re.Match[str]
    ) -> Iterator[tuple[Decimal, ...]]:
        """What each number of a hit can be; without a key, the first number alone."""
        groups = [n for n in range(1, match.re.groups + 1) if match[n]] or [0]
        for group in groups if self.key else groups[:1]:
            yield _numbers(item, written, match.span(group), match.group(group))


def spans_of(said: object) -> Spans | None:
    """The numbers that are declared, each from and to; None where none is understood.

    Args:
        said: A number, two with a dash between, or a list of these. What is empty says
            that there are none.
    """
    if said is ABSENT or isinstance(said, bool):
        return None
    if is_empty(said):
        return []
    found: Spans = []
    for one in said if isinstance(said, list | tuple) else [said]:
        match = _SPAN.fullmatch(str(one).strip())
        if match is None:
            return None
        ends = (part or match[1] for part in match.groups())
        low, high = (Decimal(end.replace(",", ".")) for end in ends)
        if low > high:
            return None
        found.append((low, high))
    return found


def _numbers(
    item: Field, written: Written, span: tuple[int, int], text: str
) -> tuple[Decimal, ...]:
    """What a number can be: itself, or the ends of what a value is."""
    if text != VALUE:
        try:
            return (Decimal(text.replace(",", ".")),)
        except InvalidOperation:
            return ()
    for piece in written.skeleton.pieces_in(*span):
        if not isinstance(piece.leaf, Hole):
            continue
        expression = piece.leaf.expression
        while isinstance(expression, Filtered):
            expression = expression.operand
        if expression.type not in NUMERIC:
            continue
        domain = numbers_of(expression, item.template.scope, START)
        return () if domain is None else (domain.high, domain.low)
    return ()
