"""``numeric``: a number in the text, compared with a limit.

A number that a value prints is compared with all that the value can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from copylab.lint.detect.detection import compile_optional, compile_words
from copylab.lint.detect.needed import needed_words
from copylab.template.choices import START
from copylab.template.domains import numbers_of
from copylab.template.expression import NUMERIC, Filtered
from copylab.template.phrases import VALUE
from copylab.template.shape import Hole

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.field import Field, Written
    from copylab.lint.rule import Rule

NUMBER = rf"(\d{{1,9}}(?:[.,]\d{{1,6}})?|{VALUE})"
"""What a pattern's group for the number is written as: ``{number}`` stands for it."""


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number that is too high or too low.

    Attributes:
        pattern: The words around it; its first group is the number.
        telling: How it is told; ``{match}`` is the number.
        above: The finding is a number above this; None is no such limit.
        below: The finding is a number below this; None is no such limit.
        unless: Words that, anywhere in the text, make it harmless.
    """

    pattern: re.Pattern[str]
    telling: Telling
    above: Decimal | None
    below: Decimal | None
    unless: re.Pattern[str] | None

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Numeric:
        """The detection of an entry."""
        limits = (entry.get("above"), entry.get("below"))
        above, below = (None if n is None else Decimal(str(n)) for n in limits)
        pattern = "|".join(entry["patterns"]).replace("{number}", NUMBER)
        unless = compile_optional(entry.get("unless"))
        return cls(compile_words(pattern), telling, above, below, unless)

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding for each number that is, or can be, beyond the limit."""
        del markets
        for item in words.shown:
            for written, match, span in item.find(self.pattern):
                if self.unless is not None and self.unless.search(match.string):
                    continue
                found = self._worst(item, written, match)
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

    def lacks(self, words: Words, markets: Markets) -> str:
        """Nothing: the words decide."""
        del words, markets
        return ""

    def needed(self) -> Needed | None:
        """The words around the number."""
        return needed_words(self.pattern)

    def _worst(
        self, item: Field, written: Written, match: re.Match[str]
    ) -> Decimal | None:
        """The number of a hit that is furthest beyond the limit; None where none is."""
        group = next((n for n in range(1, match.re.groups + 1) if match[n]), 0)
        numbers = _numbers(item, written, match.span(group), match.group(group))
        for number in numbers:
            if self.above is not None and number > self.above:
                return number
            if self.below is not None and number < self.below:
                return number
        return None


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
