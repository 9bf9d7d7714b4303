"""Open hours: when rules let a message be sent, by the recipient's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint_settings import OFF

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from copylab.lint.case import Words
    from copylab.lint.detect.hours import Table
    from copylab.lint.rule import Rule


@dataclass(frozen=True)
class OpenHours:
    """The hours of one rule in one market.

    Attributes:
        rule: The rule.
        market: The market, or an empty text where none is declared.
        table: The hours, and the parts of the country they are for.
    """

    rule: Rule
    market: str
    table: Table


def open_hours(
    words: Words, rules: Iterable[Rule], *, as_of: date | None = None
) -> tuple[OpenHours, ...]:
    """The hours in which each rule lets words be sent; nothing where none says any.

    A rule that the workspace has switched off for the file says nothing.

    Args:
        words: What is sent, by the message, the channel and the locale.
        rules: The rules of the workspace.
        as_of: The day on which rules must be in force; None is when they were read.
    """
    settings = words.catalog.config.lint
    file = words.message.copies[words.channel, words.locale].source.name
    found = []
    for rule in rules:
        if rule.hours is None or not rule.looks_at(
            words.channel, words.message.purpose
        ):
            continue
        off = settings.severity_at(file, rule.name, rule.code) == OFF
        if off or not rule.is_in_force(as_of):
            continue
        found += [
            OpenHours(rule, market, table)
            for market, tables in rule.hours(words).items()
            for table in tables
        ]
    return tuple(found)
