"""The report's words in a language, found by key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.report import words_en, words_zh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.analysis.results import HealthNote

LOCALES = ("en-US", "zh-CN")
"""The locales a report can be written in."""

_TABLES: Mapping[str, Mapping[str, str]] = {
    "en-US": words_en.WORDS,
    "zh-CN": words_zh.WORDS,
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a report.

    Attributes:
        locale: ``en-US`` or ``zh-CN``.
    """

    locale: str = "en-US"

    def __post_init__(self) -> None:
        """Refuse a locale without words."""
        if self.locale not in _TABLES:
            raise ValueError(f"locale == {self.locale!r}, must be one of {LOCALES}")

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with the values put in; numbers are grouped."""
        shown = {
            name: f"{value:,}" if isinstance(value, int) else value
            for name, value in values.items()
        }
        return _TABLES[self.locale][key].format(**shown)

    @property
    def is_english(self) -> bool:
        """Whether sentences that the analysis holds in English can be used."""
        return self.locale == "en-US"

    def join(self, names: list[str]) -> str:
        """Names in a row."""
        return ("、" if self.locale == "zh-CN" else ", ").join(names)

    def listed(self, clauses: list[str]) -> str:
        """Clauses in a row, which may hold commas themselves."""
        return ("；" if self.locale == "zh-CN" else "; ").join(clauses)

    def sentences(self, lines: list[str]) -> str:
        """Whole sentences one behind the other."""
        return ("" if self.locale == "zh-CN" else " ").join(lines)

    def pair(self, name: str, value: str) -> str:
        """A name with what belongs to it: ``hook: discount``."""
        return (
            f"{name}：{value}"
            if self.locale == "zh-CN"
            else f"{name}: {value}".rstrip()
        )

    def method(self, name: str) -> str:
        """The name of a method; each part of it in the language of the report."""
        table = _TABLES[self.locale]
        parts = [table.get(f"method:{part}", part) for part in name.split(", ")]
        return self.join(parts)

    def reason(self, reason: str) -> str:
        """A reason that an estimate gives, in the language where it has words for it."""
        if self.is_english:
            return reason
        for pattern, shown in words_zh.REASONS:
            found = re.fullmatch(pattern, reason, re.DOTALL)
            if found is not None:
                return shown.format(*found.groups())
        return reason

    def health(self, note: HealthNote) -> str:
        """What a note says; in English where it has no other words."""
        template = _TABLES[self.locale].get(f"health.{note.name}")
        if template is None or ("{" in template and not note.facts):
            return note.message
        facts = {
            name: self.reason(fact) if isinstance(fact, str) else fact
            for name, fact in note.facts.items()
        }
        return self(f"health.{note.name}", **facts)

    def cure(self, note: HealthNote) -> str:
        """What to do about a note; empty where there is nothing to do."""
        return _TABLES[self.locale].get(f"cure.{note.name}") or note.cure
