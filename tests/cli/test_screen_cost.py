"""What short messages cost, in sentences."""

from __future__ import annotations

from decimal import Decimal

from copylab.channels.cost import Sold
from copylab.cli.screen.cost import cost_lines, scaled_line
from copylab.sms_settings import Price

CNY = Price(Decimal("0.045"), "CNY")


def test_a_campaign_in_one_line() -> None:
    assert cost_lines([Sold("SMS", 50_000, 98_211, CNY)]) == [
        "50,000 messages, 98,211 parts, 4,419.50 CNY at 0.045 CNY a part"
    ]


def test_markets_that_differ_cost_at_most() -> None:
    (line,) = cost_lines([Sold("SMS", 2, 3, CNY, is_most=True)])
    assert line == "2 messages, at most 3 parts, at most 0.135 CNY at 0.045 CNY a part"


def test_products_are_named_where_there_are_two() -> None:
    sold = [
        Sold("SMS", 1, 1, Price(Decimal(9), "KRW")),
        Sold("LMS", 2, 2, Price(Decimal("27.5"), "KRW")),
    ]
    assert cost_lines(sold) == [
        "1 message as SMS, 1 part, 9 KRW at 9 KRW a part",
        "2 messages as LMS, 2 parts, 55 KRW at 27.5 KRW a part",
        "together 3 messages, 3 parts, 64 KRW",
    ]
    assert scaled_line(sold, rows=4, audience_size=1) == (
        "for 1 user about 1 message, 1 part, 16 KRW"
    )
