"""Checking one finished text: the same rules, without a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.catalog import Catalog
from copylab.channels.sms_profile import profile_names
from copylab.config import ByLocale, Config, Markets
from copylab.lint.case import Field, Words
from copylab.lint.linted import unchecked_rules
from copylab.lint.rule import all_rules
from copylab.message.model import FIELDS, Message, Passage
from copylab.sms_settings import ANY, SmsSettings
from copylab.source import SourceFile
from copylab.template.lower import Lowered, Template
from copylab.template.scope import Scope
from copylab.template.shape import Lit, Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from copylab.findings import Finding
    from copylab.lint.provision import Provision
    from copylab.lint.rule import Rule

_NOWHERE, _USUAL = Path(), Config()
NAME = "text"
"""How a bare text is called where a file name stands."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a finished text.

    Attributes:
        findings: In the order of the text.
        unchecked: Rules that were not checked: the key that is not declared, and the
            code; sorted, each once.
    """

    findings: tuple[Finding, ...]
    unchecked: tuple[tuple[str, str], ...]


def check_text(  # noqa: PLR0913 - what the call says
    text: str,
    *,
    channel: str,
    market: str,
    purpose: str = "marketing",
    industry: str = "",
    locale: str = "en",
    brand: Mapping[str, str] | str | None = None,
    metadata: Mapping[str, object] | None = None,
    as_of: date | None = None,
) -> list[Finding]:
    """What is wrong with a finished text.

    Args:
        text: The text as it would be sent; it is no template. For push and e-mail it
            is the body.
        channel: ``sms``, ``push`` or ``email``.
        market: Where it goes, ISO 3166.
        purpose: ``marketing``, ``transactional`` or ``otp``.
        industry: Such as ``lending``.
        locale: The language it is written in.
        brand: The brand's name, or a mapping with ``name``, ``signature`` and more.
        metadata: What rules ask for besides the text, as under ``sending:``; and
            ``sms_profile``, the profile of the gateway that sends the SMS, such as
            ``us-twilio``. Without it the SMS is counted as is usual in the market.
        as_of: The day whose rules apply; None: the day when their sources were read.

    Returns:
        The findings, in the order of the text.

    Raises:
        ValueError: There is no such channel or profile.
    """
    words = _words(
        text,
        channel=channel,
        market=market,
        purpose=purpose,
        industry=industry,
        locale=locale,
        brand=brand,
        metadata=metadata,
    )
    return _findings(words, _rules(words, as_of))


def examine_text(  # noqa: PLR0913 - what the call says
    text: str,
    *,
    channel: str,
    market: str,
    purpose: str = "marketing",
    industry: str = "",
    locale: str = "en",
    brand: Mapping[str, str] | str | None = None,
    metadata: Mapping[str, object] | None = None,
    as_of: date | None = None,
) -> Checked:
    """What is wrong with a finished text, and what was not checked.

    It takes what ``check_text`` takes, and raises what that raises.
    """
    words = _words(
        text,
        channel=channel,
        market=market,
        purpose=purpose,
        industry=industry,
        locale=locale,
        brand=brand,
        metadata=metadata,
    )
    rules = _rules(words, as_of)
    unchecked = sorted(set(unchecked_rules(words, rules)))
    return Checked(tuple(_findings(words, rules)), tuple(unchecked))


def _words(  # noqa: PLR0913 - what the call says
    text: str,
    *,
    channel: str,
    market: str,
    purpose: str,
    industry: str,
    locale: str,
    brand: Mapping[str, str] | str | None,
    metadata: Mapping[str, object] | None,
) -> Words:
    """A finished text as the words of a message without a workspace."""
    if channel not in FIELDS:
        raise ValueError(f"channel == {channel!r}, must be one of {', '.join(FIELDS)}")
    known = dict(metadata or {})
    sms = _settings(known.pop("sms_profile", None))
    names = {"name": brand, "signature": brand} if isinstance(brand, str) else brand
    message = Message(
        id=NAME,
        purpose=purpose,
        live=NAME,
        variants={NAME: {}},
        variables={},
        file=NAME,
        markets=Markets((market,)),
        brand=ByLocale(dict(names or {})),
        industry=ByLocale({"industry": industry.lower()} if industry else {}),
        sending=known,
        sms=sms,
    )
    scope = Scope({}, locale, brand=message.brand.at(locale))
    template = literal_template(text.replace("\r\n", "\n"), NAME, scope)
    return Words(
        _empty_catalog(template.passage.source),
        message,
        channel,
        locale,
        NAME,
        {"body": Field("body", template)},
        is_bare=True,
    )


def _rules(words: Words, as_of: date | None) -> tuple[Rule, ...]:
    """The rules about a text that are in force on a day."""
    market, purpose = words.markets[0], words.message.purpose
    return _rules_about(words.channel, market, purpose, words.industry, as_of)


def _findings(words: Words, rules: tuple[Rule, ...]) -> list[Finding]:
    """What the rules find; those whose words are not in the text do not run."""
    found = [
        item.in_field(None, None)
        for rule in rules
        if rule.check is not None
        and (rule.detection is None or rule.detection.may_find(words))
        for item in rule.check(words)
    ]
    return sorted(found, key=lambda item: (item.line or 0, item.column or 0, item.code))


@lru_cache(maxsize=256)
def _rules_about(
    channel: str, market: str, purpose: str, industry: str, as_of: date | None
) -> tuple[Rule, ...]:
    """The rules that may find something in a text: most bind elsewhere."""
    return tuple(
        rule
        for rule in all_rules()
        if rule.subject == "words"
        and rule.looks_at(channel, purpose)
        and (rule.provision is None or _binds(rule.provision, market, industry))
        and rule.is_in_force(as_of)
    )


def _binds(provision: Provision, market: str, industry: str) -> bool:
    return provision.is_about(industry) and provision.binds(market)


def _settings(profile: object) -> SmsSettings:
    """How the SMS leaves, from the name of a profile."""
    if profile is None:
        return SmsSettings()
    if profile not in profile_names():
        listed = ", ".join(profile_names())
        raise ValueError(f"sms_profile == {profile!r}, must be one of {listed}")
    return SmsSettings(profile={ANY: str(profile)})


def literal_template(text: str, name: str, scope: Scope) -> Template:
    """A text as words that are what they are: braces in it mean nothing.

    Args:
        text: The text.
        name: How it is called where a file name stands.
        scope: What surrounds it.
    """
    source = SourceFile(name, text)
    passage = Passage(source, source.text, ((0, 0),))
    shape = Lit(source.text, Place(passage, 0, len(source.text)))
    lowered = Lowered(shape, frozenset(), frozenset(), ())
    return Template(passage, lowered, scope)


def _empty_catalog(source: SourceFile) -> Catalog:
    return Catalog(
        root=_NOWHERE,
        config=_USUAL,
        messages={},
        templates={},
        layouts={},
        attributes={},
        audiences={},
        metrics={},
        experiments={},
        personas={},
        sources={source.name: source},
        partials={},
    )
