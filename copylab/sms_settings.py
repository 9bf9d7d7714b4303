"""How short messages leave: the gateway's profile, what it adds and what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from copylab.document import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.document import Node, Scalar
    from copylab.source import Span

ANY = "*"
"""The key of what holds for every market, or for every kind of message."""

_PRICE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ([A-Z]{3})\Z")
_MARKET = re.compile(r"[A-Z]{2}\Z")
_OTHERS = "default"

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
        places: Where each key stands, such as `profile.CN` or `profiles.ours.source`.
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
    profile = {}
    for market, node in _by_market(part, "profile", places):
        if node.text:
            profile[market] = node.text
        else:
            part.wrong(node, "a profile is a name", "write one such as gsm or cn")
    price = {
        market: read_prices(part, node)
        for market, node in _by_market(part, "price", places)
    }
    profiles = _read_profiles(part, places) if with_profiles else {}
    part.finish()
    return SmsSettings(profile, price, profiles, places)


def _by_market(
    part: Section, key: str, places: dict[str, Span]
) -> list[tuple[str, Node]]:
    """The nodes behind a key: one for all markets, or a mapping from market to node."""
    node = part.take(key)
    if node is None:
        return []
    places[key] = node.span
    if not isinstance(node.value, dict) or not any(
        _MARKET.match(name) or name == _OTHERS for name in node.value
    ):
        return [(ANY, node)]
    found = []
    for entry in Section(node, part.findings, key).entries():
        if _MARKET.match(entry.key):
            places[f"{key}.{entry.key}"] = entry.node.span
            found.append((entry.key, entry.node))
        elif entry.key == _OTHERS:
            found.append((ANY, entry.node))
        else:
            message = f"'{entry.key}' is not a market"
            part.wrong(entry.node, message, "write ISO 3166 codes (CN, US) or default")
    return found


def read_prices(part: Section, node: Node) -> dict[str, Price]:
    """The price of a part: one for all, or by product."""
    if not isinstance(node.value, dict):
        price = _read_price(part, node)
        return {} if price is None else {ANY: price}
    entries = Section(node, part.findings, "price").entries()
    prices = {entry.key: _read_price(part, entry.node) for entry in entries}
    return {product: price for product, price in prices.items() if price is not None}


def _read_price(part: Section, node: Node) -> Price | None:
    match = _PRICE.match(node.text)
    if match is None:
        cure = "write an amount and a currency: 0.045 CNY"
        part.wrong(node, f"'{node.text or node.kind}' is not a price", cure)
        return None
    return Price(Decimal(match[1]), match[2])


def _read_profiles(
    part: Section, places: dict[str, Span]
) -> dict[str, dict[str, Scalar]]:
    """The workspace's own profiles, as written."""
    declared = part.take_section("profiles")
    profiles: dict[str, dict[str, Scalar]] = {}
    for entry in declared.entries() if declared is not None else ():
        inner = Section(entry.node, part.findings, f"sms.profiles.{entry.key}")
        places[f"profiles.{entry.key}"] = entry.key_span
        values: dict[str, Scalar] = {}
        for item in inner.entries():
            places[f"profiles.{entry.key}.{item.key}"] = item.node.span
            if isinstance(item.node.value, dict | tuple):
                part.wrong(item.node, f"{item.key} must be one value", "write a word")
            else:
                values[item.key] = item.node.value
        profiles[entry.key] = values
    return profiles
