"""Routes: the way a short message takes, and so what of it is sent and billed.

A gateway may put a signature before the text, an opt-out behind it and another address
in place of each link. What a phone receives and an operator bills is the text with all
of that, so that is what is measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.channels.caps import Excess, find_excesses, free_size
from copylab.channels.own_profile import resolve_profile
from copylab.channels.sms import SmsLength, UnsendableError, measure
from copylab.channels.sms_profile import (
    GSM,
    load_profile,
    profile_names,
    usual_profile,
)
from copylab.sms_settings import ANY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.channels.sms_profile import SmsProfile
    from copylab.message.model import Message
    from copylab.sms_settings import Price, SmsSettings

# A full stop or bracket after an address is not part of it.
LINK = re.compile(r"https?://[!-;=?-~]*[0-9A-Za-z/?#&=_~%+-]", re.IGNORECASE)
"""What a gateway that rewrites links takes for one."""
_SCHEME = "https://"
_CHINESE = "【{}】"


@dataclass(frozen=True, slots=True)
class Route:
    """The way the short messages of a market take.

    Attributes:
        market: The market, ISO 3166; empty where none is declared.
        profile: How the gateway encodes and counts.
        signature: What the gateway puts before the text: its prefix and the signature,
            brackets included.
        suffix: What the gateway puts after it.
        prices: The price of a part by product, or for any; empty where unknown.
    """

    market: str
    profile: SmsProfile
    signature: str
    suffix: str
    prices: Mapping[str, Price]

    @property
    def changes_text(self) -> bool:
        """Whether what is sent differs from what is handed over."""
        rewrites = self.profile.link_characters is not None
        return rewrites or bool(self.signature or self.suffix)

    def as_sent(self, text: str) -> str:
        """The text with what the gateway adds; a rewritten link is shown as dots."""
        size = self.profile.link_characters
        if size is not None:
            link = _SCHEME.ljust(size, ".")[:size]
            text = LINK.sub(link, text)
        return f"{self.signature}{text}{self.suffix}"

    def measure(self, text: str) -> SmsLength:
        """The length of `text` as it is sent.

        Args:
            text: The text as it is handed to the gateway.

        Raises:
            UnsendableError: As `copylab.channels.sms.measure`; the index is that in
                `text`, or its length where the gateway adds the character.
            ValueError: Nothing is sent.
        """
        try:
            return measure(self.as_sent(text), self.profile)
        except UnsendableError as error:
            index = text.find(error.char)
            index = len(text) if index < 0 else index
            raise UnsendableError(error.char, index, error.encoding) from None

    def excesses(
        self, text: str, length: SmsLength | None = None
    ) -> tuple[Excess, ...]:
        """The caps of the gateway that `text` exceeds as it is sent; usually none.

        Args:
            text: The text as it is handed to the gateway.
            length: What `measure` gave for it, where that is known.

        Raises:
            ValueError: As `measure`.
        """
        known = self.measure(text) if length is None else length
        return find_excesses(self.as_sent(text), known, self.profile)

    def price(self, product: str) -> Price | None:
        """The price of a part of a product such as `SMS`, or None where unknown."""
        return self.prices.get(product) or self.prices.get(ANY)


def routes_of(message: Message, locale: str) -> tuple[Route, ...]:
    """The routes of a message's short messages in a locale, without repetition.

    There is one a market; markets whose messages leave in the same way share one. A
    profile that does not exist is taken for the market's usual one: `check_routes`
    tells it.

    Args:
        message: The message.
        locale: The locale of its words.
    """
    brand = brand_signature(message, locale)
    routes: dict[tuple[object, ...], Route] = {}
    for market in message.markets.at(locale) or ("",):
        route = _route(message, market, brand)
        prices = tuple(sorted(route.prices.items()))
        routes.setdefault((route.profile, route.signature, prices), route)
    return tuple(routes.values())


def route_to(message: Message, locale: str, market: str) -> Route:
    """The route of a message's short messages to one market.

    Args:
        message: The message.
        locale: The locale of its words.
        market: ISO 3166; empty where none is declared.
    """
    return _route(message, market, brand_signature(message, locale))


def brand_signature(message: Message, locale: str) -> str:
    """The signature of the brand, without its brackets; empty where there is none."""
    return message.brand.at(locale).get("signature", "").strip("【】")


def signature_style(message: Message, profile: SmsProfile) -> str | None:
    """How the gateway writes the signature it adds, with `{}`; None where it adds none.

    `sending: {signature_added: …}` says it for one message; else the profile does.
    """
    added = message.sending.get("signature_added")
    if added is False:
        return None
    return profile.signature_format or (_CHINESE if added is True else None)


def _route(message: Message, market: str, brand: str) -> Route:
    profile = find_profile(message.sms, market)
    style = signature_style(message, profile)
    signature = style.replace("{}", brand) if style is not None and brand else ""
    return Route(
        market=market,
        profile=profile,
        signature=profile.prefix + signature,
        suffix=profile.suffix,
        prices=message.sms.prices_at(market),
    )


def find_profile(settings: SmsSettings, market: str) -> SmsProfile:
    """The profile of a market: the one that is named, or the market's usual one."""
    name = settings.profile_at(market)
    if name is not None:
        if name in settings.profiles:
            own = resolve_profile(name, settings.profiles)
            return usual_profile(market) if own is None else own
        if name == GSM.name:
            return GSM
        if name in profile_names():
            return load_profile(name)
    return usual_profile(market)


def measurer(routes: tuple[Route, ...]) -> Callable[[str], SmsLength]:
    """A function that measures a text on the dearest of the routes.

    Where a message goes to markets that count differently, and nobody says which user
    is in which, it is measured where it needs most parts.

    Args:
        routes: One or more.
    """
    if len(routes) > 1:
        return lambda text: max((route.measure(text) for route in routes), key=_size)
    route = routes[0]
    if route.changes_text:
        return route.measure
    if route.profile == GSM:
        return measure
    return lambda text: measure(text, route.profile)


def _size(length: SmsLength) -> tuple[int, bool, int, int]:
    """Parts, then a long product before a short one, then what fills them."""
    is_long = length.product != "SMS"
    return length.segments_max, is_long, length.segments, length.units


def capless_size(routes: tuple[Route, ...]) -> tuple[int, int]:
    """The units and parts by `measurer` up to which no gateway refuses a text.

    With several routes the length is that of one of them, so nothing is sure.
    """
    return free_size(routes[0].profile) if len(routes) == 1 else (0, 0)
