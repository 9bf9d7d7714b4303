"""Metadata: what rules ask for besides the words, declared once under ``sending:``.

What is declared and empty is known to be lacking; what is not declared is unknown, and a
rule that asks for it is reported as not checked. ``by_market`` says what differs::

    sending:
      consent: opt_in
      provider: direct
      by_market: {US: {provider: twilio, sender: "12345"}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from copylab.channels.route import route_to

if TYPE_CHECKING:
    from copylab.lint.case import Words
    from copylab.source import Span

_BY_MARKET = "by_market"
_PROVIDER = "provider"
_GATEWAY = re.compile(r"(?:cn|us)-([a-z]{2,20})\Z")
"""The profiles that are a gateway's own, not a market's."""
_BRAND = "brand."
_EMPTY = (None, "", "none", "no", False)


class Absent:
    """Nothing was said: the value of a key that is not declared."""

    def __bool__(self) -> bool:
        """Never true."""
        return False


ABSENT = Absent()


def declared(words: Words, key: str, market: str = "") -> object:
    """What is declared under a key; ``ABSENT`` where nothing is.

    Where no ``provider`` is, the gateway whose profile short messages take is it.

    Args:
        words: The words that are sent.
        key: A key of ``sending:``, or ``brand.`` and a key of the brand.
        market: The market they go to; its own value comes first.
    """
    if key.startswith(_BRAND):
        return words.brand.get(key.removeprefix(_BRAND), ABSENT)
    sending = words.message.sending
    by_market = sending.get(_BY_MARKET)
    if isinstance(by_market, Mapping):
        own = by_market.get(market)
        if isinstance(own, Mapping) and key in own:
            return own[key]
    if key == _PROVIDER and key not in sending:
        return _gateway_of_profile(words, market)
    return sending.get(key, ABSENT)


def _gateway_of_profile(words: Words, market: str) -> object:
    """The gateway whose profile short messages take, such as ``cn-aliyun``."""
    if words.channel == "sms":
        route = route_to(words.message, words.locale, market)
        match = _GATEWAY.match(route.profile.name)
        if match is not None:
            return match[1]
    return ABSENT


def shown_key(key: str) -> str:
    """How a key is written for people: ``sending.consent``."""
    return key if key.startswith(_BRAND) else f"sending.{key}"


def is_empty(value: object) -> bool:
    """Whether a declared value says that there is nothing."""
    if isinstance(value, str):
        return value.strip().lower() in _EMPTY
    return value is None or value is False or value in ([], {})


def words_in(value: object) -> tuple[str, ...]:
    """A declared word or list of words, in small letters."""
    if isinstance(value, Absent) or is_empty(value):
        return ()
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(str(item).strip().lower() for item in items)


def place_of(words: Words, key: str, market: str = "") -> Span:
    """Where a key is declared, or where it would be: at the start of its file."""
    places, settings = words.message.places, words.catalog.config.places
    head = key if key.startswith(_BRAND) else f"sending.{key}"
    names = [
        f"sending.{_BY_MARKET}.{market}.{key}",
        head,
        head.split(".", maxsplit=1)[0],
    ]
    for known in (places, settings):
        for name in names:
            if name in known:
                return known[name]
    if key == _PROVIDER:
        profiles = words.message.sms.places
        for name in (f"profile.{market}", "profile.default", "profile"):
            if name in profiles:
                return profiles[name]
    file = words.message.file
    source = words.catalog.sources.get(file)
    if source is not None:
        return source.span(0, 0)
    return words.fields["body"].span


def providers(words: Words, market: str) -> tuple[str, ...]:
    """The gateways that send the words to a market, by declaration or by profile."""
    named = words_in(declared(words, "provider", market))
    if words.channel != "sms":
        return named
    profiles = (r.profile.name for r in words.routes if r.market in {market, ""})
    return tuple(dict.fromkeys((*named, *profiles)))
