"""What short messages cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.cost import (
    MIXED_PRICES,
    NO_PRICE,
    billed_parts,
    merge_sold,
    message_cost,
    show_amount,
    sold_on,
    total_by_currency,
)
from copylab.channels.route import Route, measurer
from copylab.channels.sms import SmsLength
from copylab.channels.sms_profile import load_profile
from copylab.sms_settings import ANY, Price

if TYPE_CHECKING:
    from collections.abc import Mapping

CNY = Price(Decimal("0.045"), "CNY")
USD = Price(Decimal("0.0079"), "USD")
KOREA = {"SMS": Price(Decimal(9), "KRW"), "LMS": Price(Decimal(27), "KRW")}
CLUSTERS = SmsLength("UCS-2", 134, 2, 3, (67, 67))


def route(name: str, prices: Mapping[str, Price], signature: str = "") -> Route:
    return Route("", load_profile(name), signature, "", prices)


def test_the_larger_count_is_billed_unless_the_profile_says_otherwise() -> None:
    assert billed_parts(CLUSTERS, load_profile("gsm")) == 3
    assert billed_parts(CLUSTERS, load_profile("us-twilio")) == 3
    assert billed_parts(CLUSTERS, load_profile("cn")) == 2


def test_a_message_costs_its_parts_exactly() -> None:
    way = route("cn-aliyun", {ANY: CNY}, "【示例】")
    length = way.measure("中" * 100)
    assert message_cost(length, way) == Decimal("0.090")
    assert message_cost(length, route("cn", {})) is None


def test_a_long_product_has_a_price_of_its_own() -> None:
    way = route("kr", KOREA)
    assert message_cost(way.measure("가" * 45), way) == 9
    assert message_cost(way.measure("가" * 46), way) == 27
    assert message_cost(way.measure("가" * 46), route("kr", {"SMS": CNY})) is None


def test_the_example_of_a_campaign() -> None:
    lengths = {("SMS", 1, 1): 1_789, ("SMS", 2, 2): 48_211}
    (sold,) = sold_on((route("cn", {ANY: CNY}),), lengths)
    assert (sold.messages, sold.parts) == (50_000, 98_211)
    assert sold.amount == Decimal("4419.495")
    assert not sold.is_most


def test_products_are_sold_apart() -> None:
    lengths = {("SMS", 1, 1): 3, ("LMS", 1, 1): 2}
    sold = sold_on((route("kr", KOREA),), lengths)
    assert [(one.product, one.messages, one.amount) for one in sold] == [
        ("SMS", 3, Decimal(27)),
        ("LMS", 2, Decimal(54)),
    ]
    assert total_by_currency(sold) == {"KRW": Decimal(81)}


def test_without_a_price_the_parts_are_still_counted() -> None:
    (sold,) = sold_on((route("gsm", {}),), {("SMS", 2, 3): 10})
    assert (sold.parts, sold.amount, sold.problem) == (30, None, NO_PRICE)
    assert total_by_currency([sold]) == {}


def test_markets_that_cost_differently_cost_at_most_the_dearest() -> None:
    low, high = Price(Decimal("0.01"), "USD"), Price(Decimal("0.03"), "USD")
    ways = (route("gsm", {ANY: high}), route("gsm", {ANY: low}))
    (sold,) = sold_on(ways, {("SMS", 1, 1): 5})
    assert (sold.price, sold.is_most) == (high, True)
    (sold,) = sold_on((*ways, route("cn", {ANY: CNY})), {("SMS", 1, 1): 5})
    assert (sold.price, sold.problem) == (None, MIXED_PRICES)
    (sold,) = sold_on((*ways, route("cn", {})), {("SMS", 1, 1): 5})
    assert sold.problem == NO_PRICE


def test_the_layout_that_one_of_the_routes_bills_is_counted() -> None:
    ways = (route("gsm", {ANY: CNY}), route("cn", {ANY: CNY}))
    assert sold_on(ways, {("SMS", 2, 3): 1})[0].parts == 3
    assert sold_on(ways[1:], {("SMS", 2, 3): 1})[0].parts == 2


def test_the_same_product_at_the_same_price_is_one_entry() -> None:
    one = sold_on((route("cn", {ANY: CNY}),), {("SMS", 1, 1): 2})
    other = sold_on((route("gsm", {ANY: USD}),), {("SMS", 1, 1): 4})
    merged = merge_sold([*one, *other, *one])
    assert [(sold.messages, sold.price) for sold in merged] == [(4, CNY), (4, USD)]


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=30),
    st.decimals("0.0001", "9", places=4),
)
def test_the_total_is_the_sum_over_messages(sizes: list[int], amount: Decimal) -> None:
    way = route("kr", {ANY: Price(amount, "KRW")})
    lengths = [measurer((way,))("가" * size) for size in sizes]
    counted: dict[tuple[str, int, int], int] = {}
    for length in lengths:
        key = (length.product, length.segments, length.segments_max)
        counted[key] = counted.get(key, 0) + 1
    total = total_by_currency(sold_on((way,), counted))["KRW"]
    costs = [message_cost(length, way) for length in lengths]
    assert total == sum(cost for cost in costs if cost is not None)


@pytest.mark.parametrize("name", ["gsm", "cn", "aws-sns", "kr"])
@given(size=st.integers(1, 900), more=st.integers(1, 200))
def test_a_longer_message_is_never_cheaper(name: str, size: int, more: int) -> None:
    price = {ANY: CNY, **KOREA}
    way = route(name, price)
    short = message_cost(way.measure("a" * size), way)
    long = message_cost(way.measure("a" * (size + more)), way)
    assert short is not None
    assert long is not None
    assert long >= short


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("0", "CNY", "0.00 CNY"),
        ("0.0083", "USD", "0.0083 USD"),
        ("7.5", "JPY", "7.5 JPY"),
        ("99.999", "USD", "99.999 USD"),
        ("100.005", "USD", "100.01 USD"),
        ("810000", "KRW", "810,000 KRW"),
        ("1E+3", "USD", "1,000.00 USD"),
        ("33.3333333333333333", "EUR", "33.333333333 EUR"),
        ("12345.6785", "KWD", "12,345.679 KWD"),
    ],
)
def test_small_amounts_are_exact_and_large_ones_as_money(
    amount: str, currency: str, shown: str
) -> None:
    assert show_amount(Decimal(amount), currency) == shown
