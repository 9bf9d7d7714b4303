"""Linting one finished text from standard input."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from copylab.locales import normalise_locale
from copylab.sms_settings import NOT_MARKETS

if TYPE_CHECKING:
    from datetime import date

    from copylab.lint.report import Report
    from copylab.lint.text import Checked


_NAMES = ("name", "signature")
_BRAND, _SENDING = "brand.", "sending."
_KEY = re.compile(r"(?:brand\.)?[a-z][a-z0-9_]*")
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of a text besides its words, as the user wrote it.

    Attributes:
        channel: Its channel, or None where it was not said.
        markets: Where it goes, each item a code or several with commas.
        purpose: What it is for.
        industry: The industry, or an empty text.
        locale: Its language.
        brand: The sender's name, or None.
        metadata: What rules ask for besides the words, each as ``KEY=VALUE``.
    """

    channel: str | None
    markets: tuple[str, ...]
    purpose: str
    industry: str
    locale: str
    brand: str | None
    metadata: tuple[str, ...] = ()


def lint_text(about: Text, select: tuple[str, ...], as_of: date) -> Report:
    """The report about the text on standard input.

    Args:
        about: What is known of it.
        select: Names and codes of rules; without any, all.
        as_of: The day whose rules apply.
    """
    from copylab.cli.linting import select_rules
    from copylab.document import decode_source
    from copylab.lint.report import Report
    from copylab.lint.rule import all_rules
    from copylab.lint.text import NAME

    chosen = select_rules(select, all_rules())
    tag = normalise_locale(about.locale)
    if tag is None:
        raise click.UsageError(
            f"'{about.locale}' is not a locale; write a tag such as zh-CN"
        )
    markets = _markets(about.markets)
    data = sys.stdin.buffer.read()
    source, findings = decode_source(data, NAME)
    unchecked: set[tuple[str, str]] = set()
    if source is not None:
        text = source.text.strip("\n")
        if not text.strip():
            raise click.UsageError("standard input holds no text")
        for market in markets:
            checked = _examine(text, about, market, tag, as_of)
            findings += [item for item in checked.findings if item not in findings]
            unchecked |= set(checked.unchecked)
    kept = [item for item in findings if not chosen or item.rule in chosen]
    sources = {} if source is None else {NAME: source}
    rules = len(chosen) or sum(rule.subject == "words" for rule in all_rules())
    codes = {rule.code for rule in all_rules() if not chosen or rule.name in chosen}
    return Report(
        tuple(kept),
        messages=1,
        rules=rules,
        sources=sources,
        told=tuple(r for r in all_rules() if any(r.name == i.rule for i in kept)),
        unchecked=tuple(pair for pair in sorted(unchecked) if pair[1] in codes),
    )


def _examine(text: str, about: Text, market: str, locale: str, as_of: date) -> Checked:
    """What is wrong with a text in a market, and what was not checked."""
    from copylab.lint.text import examine_text

    brand, metadata = _declared(about)
    assert about.channel is not None
    try:
        return examine_text(
            text,
            channel=about.channel,
            market=market,
            purpose=about.purpose,
            industry=about.industry,
            locale=locale,
            brand=brand,
            metadata=metadata,
            as_of=as_of,
        )
    except ValueError as error:  # no such sms_profile
        raise click.UsageError(str(error)) from error


def _markets(written: tuple[str, ...]) -> tuple[str, ...]:
    """The markets, each once.

    Raises:
        click.UsageError: One is none.
    """
    found = [code.strip().upper() for item in written for code in item.split(",")]
    for code in found:
        if not re.fullmatch("[A-Z]{2}", code) or code in NOT_MARKETS:
            cure = NOT_MARKETS.get(code, "write ISO 3166, such as CN")
            raise click.UsageError(f"'{code}' is not a market; {cure}")
    return tuple(dict.fromkeys(found))


def _declared(about: Text) -> tuple[dict[str, str], dict[str, object]]:
    """The brand and the metadata, as a workspace would declare them.

    Raises:
        click.UsageError: Something is not written as ``KEY=VALUE``.
    """
    brand = {} if about.brand is None else dict.fromkeys(_NAMES, about.brand)
    metadata: dict[str, object] = {}
    for written in about.metadata:
        key, equals, value = written.partition("=")
        key = key.strip().removeprefix(_SENDING)
        if not equals or not _KEY.fullmatch(key):
            raise click.UsageError(
                f"'{written}' is no metadata; write KEY=VALUE, such as consent=opt_in"
            )
        if key.startswith(_BRAND):
            brand[key.removeprefix(_BRAND)] = value.strip()
        else:
            metadata[key] = _value(value.strip())
    return brand, metadata


def _value(written: str) -> object:
    """A declared value: a list where it has commas or brackets, else a flag or a text."""
    inner = written.removeprefix("[").removesuffix("]")
    if inner != written or "," in inner:
        return [item.strip() for item in inner.split(",") if item.strip()]
    return _FLAGS.get(written.lower(), written)
