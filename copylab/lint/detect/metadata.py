"""``metadata``: what has to be declared besides the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.detect.detection import compile_optional, compile_words
from copylab.lint.detect.needed import needed_words
from copylab.lint.sending import (
    ABSENT,
    declared,
    is_empty,
    place_of,
    shown_key,
    words_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Markets, Record, Telling
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.rule import Rule

_JOINTS = re.compile(r"[\s_-]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """A key of ``sending:`` or of the brand, and what it must say.

    Attributes:
        key: The key, such as ``consent`` or ``brand.legal_name``.
        telling: How it is told; ``{match}`` is what is declared.
        accept: The words that it may say; empty is any.
        refuse: The words that it may not say.
        all_of: The words that it must say, each of them; ``{match}`` is those it lacks.
        form: What it must look like; None is anything.
        when: Words in the text without which nothing is asked; None asks always.
    """

    key: str
    telling: Telling
    accept: frozenset[str]
    refuse: frozenset[str]
    all_of: tuple[str, ...]
    form: re.Pattern[str] | None
    when: re.Pattern[str] | None

    @classmethod
    def read(cls, entry: Record, telling: Telling) -> Metadata:
        """The detection of an entry."""
        form = entry.get("form")
        return cls(
            entry["key"],
            telling,
            frozenset(map(str.lower, entry.get("accept", ()))),
            frozenset(map(str.lower, entry.get("refuse", ()))),
            tuple(map(str.lower, entry.get("all_of", ()))),
            None if form is None else compile_words(form),
            compile_optional(entry.get("when")),
        )

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """A finding where what is declared is empty, or says what it may not."""
        if not self._is_asked(words):
            return
        for market in markets or ("",):
            value = declared(words, self.key, market)
            if value is ABSENT or self._is_good(value):
                continue
            shown = "nothing" if is_empty(value) else ", ".join(words_in(value))
            if self.all_of:
                shown = ", ".join(self._missing(value))
            yield rule.finding(
                self.telling.about(shown),
                place_of(words, self.key, market),
                help=self.telling.help,
            )

    def lacks(self, words: Words, markets: Markets) -> str:
        """The key, where it is not declared for a market."""
        if not self._is_asked(words):
            return ""
        absent = (declared(words, self.key, m) is ABSENT for m in markets or ("",))
        return shown_key(self.key) if any(absent) else ""

    def needed(self) -> Needed | None:
        """The words that make it necessary."""
        return needed_words(self.when)

    def _is_asked(self, words: Words) -> bool:
        if self.when is None:
            return True
        return any(
            self.when.search(written.text)
            for item in words.shown
            for written in item.written
        )

    def _is_good(self, value: object) -> bool:
        if is_empty(value):
            return bool(self.accept & {"none", "no", ""})
        said = words_in(value)
        if self.accept and not self.accept.intersection(said):
            return False
        if self.refuse.intersection(said) or self._missing(value):
            return False
        return self.form is None or all(map(self.form.fullmatch, said))

    def _missing(self, value: object) -> list[str]:
        """The words that it must say and does not, however they are joined."""
        said = {_JOINTS.sub("", word) for word in words_in(value)}
        return [word for word in self.all_of if _JOINTS.sub("", word) not in said]
