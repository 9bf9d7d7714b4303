"""Linting one finished text from standard input."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from copylab.locales import normalise_locale

if TYPE_CHECKING:
    from copylab.lint.report import Report


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of a text besides its words, as the user wrote it.

    Attributes:
        channel: Its channel, or None where it was not said.
        market: Where it goes, or None where it was not said.
        purpose: What it is for.
        industry: The industry, or an empty text.
        locale: Its language.
        brand: The sender's name, or None.
    """

    channel: str | None
    market: str | None
    purpose: str
    industry: str
    locale: str
    brand: str | None


def lint_text(about: Text, select: tuple[str, ...]) -> Report:
    """The report about the text on standard input."""
    from copylab.cli.linting import select_rules
    from copylab.document import decode_source
    from copylab.lint.report import Report
    from copylab.lint.rule import all_rules
    from copylab.lint.text import NAME, check_text

    assert about.channel is not None
    assert about.market is not None
    chosen = select_rules(select, all_rules())
    tag = normalise_locale(about.locale)
    if tag is None:
        raise click.UsageError(
            f"'{about.locale}' is not a locale; write a tag such as zh-CN"
        )
    if not re.fullmatch("[A-Za-z]{2}", about.market):
        raise click.UsageError(
            f"'{about.market}' is not a market; write ISO 3166, such as CN"
        )
    data = sys.stdin.buffer.read()
    source, findings = decode_source(data, NAME)
    if source is not None:
        text = source.text.strip("\n")
        if not text.strip():
            raise click.UsageError("standard input holds no text")
        findings += check_text(
            text,
            channel=about.channel,
            market=about.market.upper(),
            purpose=about.purpose,
            industry=about.industry,
            locale=tag,
            brand=about.brand,
        )
    kept = [item for item in findings if not chosen or item.rule in chosen]
    sources = {} if source is None else {NAME: source}
    rules = len(chosen) or sum(rule.subject == "words" for rule in all_rules())
    told = tuple(r for r in all_rules() if any(r.name == item.rule for item in kept))
    return Report(tuple(kept), messages=1, rules=rules, sources=sources, told=told)
