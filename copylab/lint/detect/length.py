"""``length``: no more characters than a limit, over every branch and value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.rule import Rule


@dataclass(frozen=True, slots=True)
class Length:
    """The most characters of a field.

    Attributes:
        max_characters: Code points.
        telling: How it is told; ``{match}`` is how many there can be.
        field: The field.
    """

    max_characters: int
    telling: Telling
    field: str

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Length:
        """The detection of an entry."""
        field = next(iter(entry.get("fields", ())), "body")
        return cls(entry["max_characters"], telling, field)

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """The finding, where the field can be longer."""
        item = words.fields.get(self.field)
        if item is None:
            return
        if words.channel == "sms" and self.field == "body":
            bodies = words.bodies
            item = next((bodies[m] for m in markets if m in bodies), item)
        most, path, worst = item.longest
        if most <= self.max_characters:
            return
        message = self.telling.about(f"{most:,}")
        yield words.finding(
            rule, item, message, path=path, worst=worst, help=self.telling.help
        )

    def lacks(self, words: Words, markets: Markets) -> str:
        """Nothing: the words decide."""
        del words, markets
        return ""

    def needed(self) -> Needed | None:
        """Nothing: it is not found by words."""
        return None
