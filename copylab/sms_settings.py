"""How short messages leave: the gateway's profile, what it adds and what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from copylab.document import Section
from copylab.findings import report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.document import Node, Scalar
    from copylab.source import Span

ANY = "*"
"""The key of what holds for every market, or for every kind of message."""

_PRICE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ([A-Z]{3})\Z")
_MARKET = re.compile(r"[A-Z]{2}\Z")
_PRODUCT = re.compile(r"[A-Z]{3,10}\Z")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_OTHERS = "default"
# Taken as they are written: a date or a number of a contract is a text here.
_TEXT_KEYS = frozenset(("extends", "about", "source", "as_of"))

NOT_MARKETS = {"UK": "write GB"}
"""Reserved in ISO 3166-1 and written by habit, with the cure."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Price:
    """What one part of a short message costs.

    Attributes:
        amount: The amount, 0 or more.
        currency: ISO 4217.
    """

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """How short messages leave.

    Attributes:
        profile: By market, or for `ANY`, the name of a profile.
        price: By market, or for `ANY`, the price of a part by product (`SMS`, `LMS`),
            or for `ANY`.
        profiles: The workspace's own profiles: by name, the values as written.
        places: Where each is written: `profile.CN`, `price.*`, `price.KR.LMS`,
            `profiles.ours` and, a key of it, `profiles.ours.source`.
    """

    profile: Mapping[str, str] = field(default_factory=dict)
    price: Mapping[str, Mapping[str, Price]] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)

    def profile_at(self, market: str) -> str | None:
        """The name of the profile for a market; None where none is named."""
        return self.profile.get(market) or self.profile.get(ANY)

    def prices_at(self, market: str) -> Mapping[str, Price]:
        """The prices for a market, by product or for `ANY`; empty where unknown."""
        return self.price.get(market) or self.price.get(ANY) or {}

    def over(self, other: SmsSettings) -> SmsSettings:
        """These settings laid over others, market by market.

        What is named for every market hides what the others name for single ones.

        Args:
            other: The settings of the workspace.
        """
        return SmsSettings(
            profile=_lay_over(self.profile, other.profile),
            price=_lay_over(self.price, other.price),
            profiles={**other.profiles, **self.profiles},
            places={**other.places, **self.places},
        )


def _lay_over(
    mine: Mapping[str, Value], others: Mapping[str, Value]
) -> dict[str, Value]:
    return dict(mine) if ANY in mine else {**others, **mine}


def read_sms(section: Section, *, with_profiles: bool = False) -> SmsSettings:
    """The `sms` settings of a workspace or a message.

    Args:
        section: The mapping that may hold the key `sms`.
        with_profiles: Whether profiles can be declared here.
    """
    part = section.take_section("sms")
    if part is None:
        return SmsSettings()
    places: dict[str, Span] = {}
    profile = _read_profile(part, places)
    price = _read_price_list(part, places)
    profiles = {}
    if with_profiles:
        profiles = _read_profiles(part, places)
    elif part.take("profiles") is not None:
        message = "a message declares no SMS profiles"
        cure = "declare it in copylab.yaml, and name it here: profile: …"
        span = part.span("profiles")
        part.findings.append(report("unknown-key", message, span, help=cure))
    part.finish()
    return SmsSettings(profile, price, profiles, places)


def _read_profile(part: Section, places: dict[str, Span]) -> dict[str, str]:
    """The name of a profile, or one for each market."""
    node = part.take("profile")
    if node is None:
        return {}
    names = {}
    is_one = not isinstance(node.value, dict)
    for market, named in [(ANY, node)] if is_one else _by_market(part, node, "profile"):
        if isinstance(named.value, dict | tuple) or not named.text.strip():
            cure = "write one such as gsm, or one for each market: {CN: cn, US: gsm}"
            part.wrong(named, f"a profile is a name, not {named.kind}", cure)
        else:
            names[market] = named.text
            places[f"profile.{market}"] = named.span
    return names


def _by_market(part: Section, node: Node, key: str) -> list[tuple[str, Node]]:
    """The nodes of a mapping from markets; `default` is for all others."""
    found = []
    for entry in Section(node, part.findings, key).entries():
        if entry.key == _OTHERS:
            found.append((ANY, entry.node))
        elif _MARKET.match(entry.key) and entry.key not in NOT_MARKETS:
            found.append((entry.key, entry.node))
        else:
            message = f"'{entry.key}' is not a market"
            cure = "write ISO 3166 codes (CN, US) or default"
            cure = NOT_MARKETS.get(entry.key, cure)
            finding = report("bad-value", message, entry.key_span, help=cure)
            part.findings.append(finding)
    return found


def _read_price_list(
    part: Section, places: dict[str, Span]
) -> dict[str, dict[str, Price]]:
    """One price, one for each market, and each of them one or by product."""
    node = part.take("price")
    if node is None:
        return {}
    by_product = isinstance(node.value, dict) and any(map(_PRODUCT.match, node.value))
    if by_product or not isinstance(node.value, dict):
        markets = [(ANY, node)]
    else:
        markets = _by_market(part, node, "price")
    prices = {}
    for market, priced in markets:
        places[f"price.{market}"] = priced.span
        prices[market] = _read_prices(part, priced, f"price.{market}", places)
    return {market: found for market, found in prices.items() if found}


def _read_prices(
    part: Section, node: Node, key: str, places: dict[str, Span]
) -> dict[str, Price]:
    """The price of a part: one for all, or by product."""
    if not isinstance(node.value, dict):
        price = _read_price(part, node)
        return {} if price is None else {ANY: price}
    prices = {}
    for entry in Section(node, part.findings, "price").entries():
        if not _PRODUCT.match(entry.key):
            message = f"'{entry.key}' is not a product"
            cure = "write {SMS: 9 KRW, LMS: 27 KRW}; markets stand above products"
            finding = report("bad-value", message, entry.key_span, help=cure)
            part.findings.append(finding)
            continue
        places[f"{key}.{entry.key}"] = entry.key_span
        price = _read_price(part, entry.node)
        if price is not None:
            prices[entry.key] = price
    return prices


def _read_price(part: Section, node: Node) -> Price | None:
    match = _PRICE.match(node.text)
    if match is None:
        shown = f"'{node.text}'" if node.text else node.kind
        cure = "write an amount and a currency: 0.045 CNY"
        part.wrong(node, f"{shown} is not a price", cure)
        return None
    if not _currency_known(match[2]):
        cure = "write an ISO 4217 code such as CNY, USD, EUR"
        part.wrong(node, f"'{match[2]}' is not an ISO 4217 currency", cure)
        return None
    return Price(Decimal(match[1]), match[2])


def _currency_known(currency: str) -> bool:
    from babel.core import get_global  # noqa: PLC0415 - only a price needs it

    return currency in get_global("all_currencies")


def _read_profiles(
    part: Section, places: dict[str, Span]
) -> dict[str, dict[str, Scalar]]:
    """The workspace's own profiles, as written; what they mean is checked later."""
    declared = part.take_section("profiles")
    profiles: dict[str, dict[str, Scalar]] = {}
    for entry in declared.entries() if declared is not None else ():
        where = f"profiles.{entry.key}"
        places[where] = entry.key_span
        if not _NAME.match(entry.key):
            message = f"'{entry.key}' cannot be the name of a profile"
            cure = "use small letters, digits and -, such as our-smpp"
            finding = report("bad-value", message, entry.key_span, help=cure)
            part.findings.append(finding)
            continue
        values: dict[str, Scalar] = {}
        for item in Section(entry.node, part.findings, f"sms.{where}").entries():
            places[f"{where}.{item.key}"] = item.key_span
            if isinstance(item.node.value, dict | tuple):
                message = f"{item.key} must be one value, not {item.node.kind}"
                part.wrong(item.node, message, "write a word, a number or true")
            elif item.key in _TEXT_KEYS and item.node.value is not None:
                values[item.key] = item.node.text
            else:
                values[item.key] = item.node.value
        profiles[entry.key] = values
    return profiles
