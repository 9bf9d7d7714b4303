"""Cost: the parts that are paid for, and what they come to in each currency."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copylab.channels.route import Route
    from copylab.channels.sms import SmsLength
    from copylab.channels.sms_profile import SmsProfile
    from copylab.sms_settings import Price

    Lengths = Mapping[tuple[str, int, int], int]
    """By product, parts and most parts, the messages that are so long."""

NO_PRICE = "no price in copylab.yaml: sms.price"
MIXED_PRICES = "its markets pay in different currencies"

_EXACT_BELOW = 100
"""Amounts below are shown to their last digit: a few messages cost less than a cent."""


@dataclass(frozen=True, slots=True)
class Sold:
    """Messages of one product and one price.

    Attributes:
        product: What they are sold as: `SMS`, or a long product such as `LMS`.
        messages: How many there are.
        parts: The parts that are paid for.
        price: The price of a part, or None where it is not known.
        problem: Why it is not known; empty where it is.
        is_most: Whether this is only the most they can be: they go to markets that
            count or cost differently, and nobody says which of them to which.
    """

    product: str
    messages: int
    parts: int
    price: Price | None
    problem: str = ""
    is_most: bool = False

    @property
    def amount(self) -> Decimal | None:
        """What all parts cost, exactly; None where the price is not known."""
        return None if self.price is None else self.price.amount * self.parts


def billed_parts(length: SmsLength, profile: SmsProfile) -> int:
    """The parts of a message that its gateway bills.

    Args:
        length: What the message measures.
        profile: The profile that measured it.
    """
    by_code_points = profile.bills == "code-points"
    return length.segments if by_code_points else length.segments_max


def message_cost(length: SmsLength, route: Route) -> Decimal | None:
    """What a message costs on a route, in the currency of `route.price`.

    Args:
        length: What `route.measure` gave.
        route: The route.
    """
    price = route.price(length.product)
    return None if price is None else price.amount * billed_parts(length, route.profile)


def sold_on(routes: tuple[Route, ...], lengths: Lengths) -> list[Sold]:
    """What messages are sold as and for, one entry a product.

    Args:
        routes: The routes of the messages, one or more.
        lengths: The messages by length, as `measurer(routes)` gives it.
    """
    messages: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    by_code_points = all(route.profile.bills == "code-points" for route in routes)
    for (product, least, most), count in lengths.items():
        messages[product] += count
        parts[product] += count * (least if by_code_points else most)
    found = []
    for product in sorted(messages, reverse=True):
        price, problem = _dearest_price(routes, product)
        found.append(
            Sold(
                product,
                messages[product],
                parts[product],
                price,
                problem,
                is_most=len(routes) > 1,
            )
        )
    return found


def _dearest_price(routes: tuple[Route, ...], product: str) -> tuple[Price | None, str]:
    """The highest price among routes, or why there is none."""
    prices = [price for route in routes if (price := route.price(product))]
    if len(prices) < len(routes):
        return None, NO_PRICE
    if len({price.currency for price in prices}) > 1:
        return None, MIXED_PRICES
    return max(prices, key=lambda price: price.amount), ""


def merge_sold(sold: Iterable[Sold]) -> list[Sold]:
    """The entries with those of the same product and price added up, in order."""
    merged: dict[tuple[object, ...], Sold] = {}
    for one in sold:
        key = (one.product, one.price, one.problem, one.is_most)
        other = merged.get(key)
        messages = one.messages + (other.messages if other else 0)
        parts = one.parts + (other.parts if other else 0)
        merged[key] = Sold(
            one.product, messages, parts, one.price, one.problem, is_most=one.is_most
        )
    return list(merged.values())


def total_by_currency(sold: Iterable[Sold]) -> dict[str, Decimal]:
    """What everything with a price comes to, exactly, by currency."""
    totals: dict[str, Decimal] = {}
    for one in sold:
        if one.price is not None and one.amount is not None:
            currency = one.price.currency
            totals[currency] = totals.get(currency, Decimal(0)) + one.amount
    return totals


def show_amount(amount: Decimal, currency: str) -> str:
    """An amount with its currency: exact where it is small, else as money is written.

    Args:
        amount: The amount, 0 or more.
        currency: ISO 4217.
    """
    from babel.numbers import (  # noqa: PLC0415 - only who shows a price needs it
        get_currency_precision,
    )

    digits = get_currency_precision(currency)
    if amount < _EXACT_BELOW:
        written = max(-int(amount.normalize().as_tuple().exponent), digits)
        digits = min(written, 9)
    rounded = amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{rounded:,f} {currency}"
