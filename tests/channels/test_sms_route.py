"""Routes: what is sent, measured where it is dearest."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.route import (
    Route,
    capless_size,
    find_profile,
    measurer,
    routes_of,
)
from copylab.channels.sms import UnsendableError, measure
from copylab.channels.sms_profile import GSM, load_profile, profile_names
from copylab.config import ByLocale, Markets
from copylab.message.model import Message
from copylab.sms_settings import ANY, Price, SmsSettings

if TYPE_CHECKING:
    from copylab.channels.sms_profile import SmsProfile

SENDABLE = st.characters(codec="cp949", exclude_characters="\x00\x1b")
MIXED = st.one_of(SENDABLE, st.sampled_from(sorted("aZ 09{}[]|~^.,/:가중文")))
TEXTS = st.text(MIXED, min_size=1, max_size=300)
ADDED = st.text(st.sampled_from("aZ 【】가[]"), max_size=12)
PROFILES = st.sampled_from(profile_names())


def make_route(
    profile: str | SmsProfile, signature: str = "", suffix: str = ""
) -> Route:
    how = load_profile(profile) if isinstance(profile, str) else profile
    return Route("CN", how, signature, suffix, {})


def make_message(
    markets: tuple[str, ...],
    *,
    sms: SmsSettings | None = None,
    signature: str = "示例",
) -> Message:
    return Message(
        id="hi", purpose="marketing", live="plain", variants={"plain": {}},
        variables={}, file="templates/hi/message.yaml", markets=Markets(markets),
        brand=ByLocale({"signature": signature}),
        sms=sms or SmsSettings(),
    )  # fmt: skip


@given(TEXTS, ADDED, ADDED, PROFILES)
def test_what_is_sent_is_the_text_between_what_is_added(
    text: str, signature: str, suffix: str, profile: str
) -> None:
    sent = make_route(profile, signature, suffix).as_sent(text)
    assert sent == signature + text + suffix
    length = make_route(profile, signature, suffix).measure(text)
    assert length == measure(sent, profile)
    assert length.units >= measure(text, profile).units


@given(TEXTS, ADDED, ADDED, PROFILES)
def test_what_is_added_never_makes_a_message_cheaper(
    text: str, signature: str, suffix: str, profile: str
) -> None:
    bare = make_route(profile).measure(text)
    full = make_route(profile, signature, suffix).measure(text)
    assert full.segments >= bare.segments
    # Whole clusters may fall otherwise, and one part fewer, where text stands before.
    assert full.segments_max >= bare.segments


@given(TEXTS, st.lists(PROFILES, min_size=1, max_size=4, unique=True))
def test_several_routes_are_measured_where_most_parts_are_needed(
    text: str, names: list[str]
) -> None:
    routes = tuple(make_route(name) for name in names)
    dearest = measurer(routes)(text)
    lengths = [route.measure(text) for route in routes]
    assert dearest in lengths
    assert dearest.segments_max == max(length.segments_max for length in lengths)


def test_a_long_product_is_dearer_than_a_short_one() -> None:
    routes = (make_route("gsm"), make_route("kr"))
    assert measurer(routes)("a" * 100).product == "LMS"
    assert measurer(routes)("a" * 300).segments == 2


LINKS = [
    ("https://s.example/a1", "https://............"),
    ("HTTP://S.EXAMPLE/", "https://............"),
    ("(https://s.example/a?b=c#d)", "(https://............)"),
    ("看https://s.example/a1。详情", "看https://............。详情"),
    (
        "https://a.example/x https://b.example/y",
        "https://............ https://............",
    ),
    ("http and https:// alone", "http and https:// alone"),
    ("s.example/a1", "s.example/a1"),
]


@pytest.mark.parametrize(("text", "sent"), LINKS)
def test_links_are_rewritten_to_their_length(text: str, sent: str) -> None:
    route = make_route(replace(GSM, link_characters=20))
    assert route.changes_text
    assert route.as_sent(text) == sent


def test_a_full_stop_after_a_link_stays() -> None:
    route = make_route(replace(GSM, link_characters=30))
    assert len(route.as_sent("see https://s.example/a1.")) == len("see .") + 30


@given(st.lists(st.text(st.sampled_from("ab c中"), max_size=5), max_size=5),
       st.integers(8, 60))  # fmt: skip
def test_each_link_has_the_length_of_the_gateway(words: list[str], size: int) -> None:
    text = " ".join(
        f"{word} https://s.example/{number}" for number, word in enumerate(words)
    )
    sent = make_route(replace(GSM, link_characters=size)).as_sent(text)
    assert [len(link) for link in re.findall(r"https:\S+", sent)] == [size] * len(words)


def test_a_character_is_placed_in_the_text_as_it_is_handed_over() -> None:
    route = make_route("kr", "[Web발신]\n")
    with pytest.raises(UnsendableError) as caught:
        route.measure("가나😀")
    assert (caught.value.char, caught.value.index) == ("😀", 2)
    assert caught.value.encoding == "cp949"
    with pytest.raises(UnsendableError) as caught:
        make_route("kr", "é").measure("가나")
    assert caught.value.index == 2


@pytest.mark.parametrize("name", profile_names())
def test_a_route_that_adds_nothing_measures_as_its_profile(name: str) -> None:
    text = "가나다 abc {}" * 30
    assert measurer((make_route(name),))(text) == measure(text, name)


def test_each_market_has_its_route_and_the_same_way_is_one() -> None:
    routes = routes_of(make_message(("US", "GB", "CN", "KR", "JP", "IN")), "en")
    assert [(r.market, r.profile.name) for r in routes] == [
        ("US", "gsm"), ("CN", "cn"), ("KR", "kr"), ("JP", "jp"), ("IN", "in-dlt"),
    ]  # fmt: skip
    assert [r.profile.name for r in routes_of(make_message(()), "en")] == ["gsm"]


def test_a_price_of_its_own_makes_a_route_of_its_own() -> None:
    prices = {"GB": {ANY: Price(Decimal("0.04"), "GBP")}}
    settings = SmsSettings(price=prices)
    routes = routes_of(make_message(("US", "GB", "FR"), sms=settings), "en")
    assert [route.market for route in routes] == ["US", "GB"]
    assert routes[1].price("SMS") == prices["GB"][ANY]
    assert routes[0].price("SMS") is None


@pytest.mark.parametrize(
    ("profile", "added", "signature"),
    [
        ("cn", None, ""), ("cn", True, "【示例】"), ("cn", False, ""),
        ("cn-aliyun", None, "【示例】"), ("cn-aliyun", False, ""),
        ("aliyun-intl", None, "[示例]"), ("gsm", None, ""),
    ],
)  # fmt: skip
def test_who_adds_the_signature(
    profile: str,
    added: bool | None,  # noqa: FBT001 - drawn
    signature: str,
) -> None:
    sms = SmsSettings(profile={ANY: profile})
    message = make_message(("CN",), sms=sms)
    if added is not None:
        message = replace(message, sending={"signature_added": added})
    (route,) = routes_of(message, "zh-CN")
    assert route.signature == signature


def test_brackets_of_the_brand_are_not_doubled() -> None:
    sms = SmsSettings(profile={ANY: "cn-huawei"})
    (route,) = routes_of(make_message(("CN",), sms=sms, signature="【示例】"), "zh-CN")
    assert route.as_sent("您好") == "【示例】您好"
    (route,) = routes_of(make_message(("CN",), sms=sms, signature=""), "zh-CN")
    assert route.as_sent("您好") == "您好"


def test_a_profile_of_ones_own_is_taken_and_its_prefix_stands_first() -> None:
    own = {"extends": "cn-aliyun", "prefix": "!", "suffix": "拒收请回复R"}
    sms = SmsSettings(profile={"CN": "ours"}, profiles={"ours": own})
    (route,) = routes_of(make_message(("CN",), sms=sms), "zh-CN")
    assert route.as_sent("您好") == "!【示例】您好拒收请回复R"
    assert route.measure("您好").units == 1 + 4 + 2 + 6


def test_what_does_not_exist_is_the_usual_way() -> None:
    broken = {"ours": {"extends": "nowhere"}}
    for name in ("nowhere", "ours"):
        settings = SmsSettings(profile={ANY: name}, profiles=broken)
        assert find_profile(settings, "KR") is load_profile("kr")
        assert find_profile(settings, "US") is GSM


def test_caps_are_looked_for_only_where_one_can_be_exceeded() -> None:
    assert capless_size((make_route("cn"),))[0] == 500
    assert capless_size((make_route("gsm"),))[1] == 255
    assert capless_size((make_route("cn"), make_route("gsm"))) == (0, 0)
