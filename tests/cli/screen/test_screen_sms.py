"""A short message as a phone shows it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from copylab.channels.composed import Sms
from copylab.channels.route import Route
from copylab.channels.sms import load_profile
from copylab.cli.screen.sms import show_sms
from copylab.sms_settings import ANY, Price


def show(text: str, *routes: Route) -> str:
    routes = routes or (Route("", load_profile("gsm"), "", "", {}),)
    length = max((item.measure(text) for item in routes), key=lambda it: it.segments)
    sent = Sms(
        text, length.encoding, length.units, length.segments, length.segments_max
    )
    return "\n".join(show_sms(sent, routes))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello", "1 part · GSM-7 · 5 septets · 155 to spare before it is 2 parts"),
        (
            "a" * 160,
            "1 part · GSM-7 · 160 septets · full: one character more and it is 2 parts",
        ),
        (
            "a" * 161,
            "2 parts · GSM-7 · 161 septets · 145 to spare before it is 3 parts",
        ),
        ("好" * 70, "1 part · UCS-2 · 70 UTF-16 units · full"),
        ("好" * 71, "units by part: 67, 4 (of 67 each)"),
        ("a" * 152 + "€" + "b" * 10, "units by part: 152, 12 (of 153 each)"),
    ],
)
def test_parts_units_and_what_is_left_are_told(text: str, says: str) -> None:
    assert says in show(text)


def test_each_part_stands_below_its_own_rule() -> None:
    shown = show("好" * 67 + "世界" * 4)
    assert "╭─ part 1 ─" in shown
    assert shown.split("├─ part 2 ─")[1].count("世界") == 4


def test_characters_to_blame_are_named_with_the_cheaper_ones() -> None:
    shown = show("we’ve kept it for you, and it is yours until Sunday " * 2)
    assert "'’' U+2019 RIGHT SINGLE QUOTATION MARK: write \"'\"" in shown
    assert "written so: 1 part" in shown
    assert "out of GSM-7 because of 2 characters:" in shown


def test_nobody_is_blamed_for_writing_in_another_script() -> None:
    assert "because" not in show("欢迎回来，您的资料已经保存好了，请点开看看")


def test_what_the_gateway_adds_is_shown_and_counted() -> None:
    profile = load_profile("gsm")
    shown = show("Hello", Route("CN", profile, "【示例】", " STOP=out", {}))
    assert "【示例】Hello STOP=out" in shown
    assert "the gateway adds before '【示例】', after ' STOP=out'" in shown
    assert "18 UTF-16 units" in shown


def test_the_price_counts_every_part() -> None:
    prices = {ANY: Price(Decimal("0.045"), "CNY")}
    shown = show("好" * 140, Route("CN", load_profile("cn"), "", "", prices))
    assert "cost: 0.135 CNY (0.045 a part)" in shown


def test_a_korean_text_becomes_one_long_message_at_its_own_price() -> None:
    prices = {"SMS": Price(Decimal(9), "KRW"), "LMS": Price(Decimal(27), "KRW")}
    route = Route("KR", load_profile("kr"), "", "", prices)
    short = show("안녕하세요", route)
    assert "1 part · cp949 · 10 octets · 80 to spare before it is an LMS" in short
    assert "cost: 9 KRW (9 a part)" in short
    long = show("안" * 46, route)
    assert "1 LMS · cp949 · 92 octets · 1908 to spare before it is refused" in long
    assert "cost: 27 KRW (27 each)" in long


def test_of_several_routes_the_dearest_is_shown() -> None:
    text = "a" * 100
    cn, gsm = (
        Route(m, load_profile(p), "", "", {}) for m, p in [("CN", "cn"), ("US", "gsm")]
    )
    assert "route: cn (CN)" in show(text, gsm, cn)


def test_the_layout_that_is_billed_is_the_one_that_is_shown() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    text = "好" * 60 + family + "好" * 62
    prices = {ANY: Price(Decimal("0.01"), "USD")}
    shown = show(text, Route("US", load_profile("gsm"), "", "", prices))
    assert "3 parts · UCS-2 · 133 UTF-16 units · 61 to spare before it is 4" in shown
    assert "units by part: 60, 67, 6 (of 67 each)" in shown
    assert "2 parts where a gateway cuts what readers see as one character" in shown
    assert "cost: 0.03 USD" in shown
    assert family in shown


def test_a_gateway_that_cuts_elsewhere_is_said_to() -> None:
    shown = show("a" * 200, Route("US", load_profile("aws-sns"), "", "", {}))
    assert "billed as up to 3 parts: this gateway cuts elsewhere" in shown
