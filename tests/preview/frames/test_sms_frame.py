"""A short message as each of its routes delivers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.route import routes_of
from copylab.channels.sms import measure
from copylab.preview.frames.pieces import Mark
from copylab.preview.frames.sms import SmsFrame, sms_frame
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.frames.sms import Gateway

    Draw = Callable[..., SmsFrame]

CONFIG = """
brand: {{name: Acme, signature: Acme}}
locales: {{default: en-US}}
markets: [{markets}]
{sms}
"""
MESSAGE = "purpose: marketing\nlive: plain\nvariants: {plain: {}}\n"


@pytest.fixture
def draw(make_files: Callable[..., Path]) -> Draw:
    """Draws a text as a workspace with these settings sends it."""

    def make(
        text: str, sms: str = "", markets: str = "US", marks: tuple[Mark, ...] = ()
    ) -> SmsFrame:
        root = make_files(
            {
                "copylab.yaml": CONFIG.format(markets=markets, sms=sms),
                "templates/hello/message.yaml": MESSAGE,
                "templates/hello/sms.en-US.md": "Hello",
            }
        )
        message = open_workspace(root).messages["hello"]
        routes = routes_of(message, "en-US")
        return sms_frame(message, "en-US", text, routes, marks=marks)

    return make


def words_of(gateway: Gateway, kind: str) -> list[str]:
    """The pieces with a mark, over all parts."""
    return [
        piece.text
        for part in gateway.parts
        for piece in part.pieces
        if kind in piece.kinds
    ]


def text_of(gateway: Gateway) -> str:
    return "".join(piece.text for part in gateway.parts for piece in part.pieces)


def test_a_short_text_is_one_part_that_says_what_is_left(draw: Draw) -> None:
    (gateway,) = draw("Hello").gateways
    assert (len(gateway.parts), gateway.encoding, gateway.units) == (1, "GSM-7", 5)
    assert (gateway.counted, gateway.spare) == ("septets", 155)
    assert gateway.parts[0].room == 160
    assert (gateway.cost, gateway.price) == ("", "")


def test_parts_end_where_the_gateway_cuts(draw: Draw) -> None:
    (gateway,) = draw("x" * 152 + "€" + "y" * 30).gateways
    # The euro sign takes two septets, which stay together.
    first, second = gateway.parts
    assert "".join(piece.text for piece in first.pieces) == "x" * 152
    assert (first.units, second.units, second.room) == (152, 32, 153)
    assert gateway.spare == 121


def test_what_it_costs_is_said_with_the_price_of_a_part(draw: Draw) -> None:
    frame = draw("x" * 200, "sms: {price: {US: 0.0083 USD}}")
    assert frame.gateways[0].cost == "0.0166 USD"
    assert frame.gateways[0].price == "0.0083 USD"


def test_characters_out_of_gsm_are_marked_with_their_cure(draw: Draw) -> None:
    (gateway,) = draw("It’s “it”, isn’t it").gateways
    assert gateway.encoding == "UCS-2"
    assert words_of(gateway, "foreign") == ["’", "“", "”", "’"]
    assert [(item.char, item.count, item.substitute) for item in gateway.foreign] == [
        ("’", 2, "'"),
        ("“", 1, '"'),
        ("”", 1, '"'),
    ]
    assert gateway.foreign_total == 4
    assert gateway.plain_parts == 1
    note = next(p.note for p in gateway.parts[0].pieces if "foreign" in p.kinds)
    assert note == "U+2019 RIGHT SINGLE QUOTATION MARK"


def test_a_character_without_a_substitute_promises_nothing(draw: Draw) -> None:
    (gateway,) = draw("Zoë, ç is a letter").gateways
    assert gateway.plain_parts is None
    assert gateway.foreign[0].substitute is None


def test_another_script_is_no_accident(draw: Draw) -> None:
    (gateway,) = draw("مرحبا يا").gateways
    assert gateway.foreign == ()
    assert gateway.foreign_total == 7
    assert words_of(gateway, "foreign") == []


def test_what_a_gateway_adds_is_shown_as_added(draw: Draw) -> None:
    sms = """
sms:
  profile: ours
  profiles:
    ours: {extends: gsm, signature_format: "[{}] ", suffix: " STOP to end",
           about: a, source: b, as_of: 2026-01-01}
"""
    (gateway,) = draw("Hello", sms).gateways
    assert gateway.text == "[Acme] Hello STOP to end"
    assert words_of(gateway, "added") == ["[Acme] ", " STOP to end"]
    assert gateway.added == (("before", "[Acme] "), ("after", " STOP to end"))


def test_a_link_that_is_replaced_is_shown_as_it_is_sent(draw: Draw) -> None:
    sms = """
sms:
  profile: short
  profiles:
    short: {extends: gsm, link_characters: 16, about: a, source: b, as_of: 2026-01-01}
"""
    text = "See https://example.com/a/long/way now!"
    mark = Mark(text.index("now"), len(text), "changed")
    (gateway,) = draw(text, sms, marks=(mark,)).gateways
    assert gateway.text == "See https://........ now!"
    assert words_of(gateway, "added") == ["https://........"]
    assert words_of(gateway, "changed") == ["now!"]
    assert gateway.added == (("link", "16"),)


def test_a_link_may_run_over_the_end_of_a_part(draw: Draw) -> None:
    (gateway,) = draw("x" * 150 + " https://example.com/abc" + "y" * 20).gateways
    assert "".join(words_of(gateway, "link")).startswith("https://example.com/abc")
    assert len(words_of(gateway, "link")) == 2


def test_markets_with_the_same_route_share_it_and_others_have_their_own(
    draw: Draw,
) -> None:
    frame = draw("Hello", "sms: {price: {CN: 0.045 CNY}}", "US, GB, CN")
    assert [(g.profile, g.markets) for g in frame.gateways] == [
        ("gsm", ("US", "GB")),
        ("cn", ("CN",)),
    ]


def test_what_is_sold_whole_is_no_part(draw: Draw) -> None:
    (gateway,) = draw("안녕하세요" * 12, "", "KR").gateways
    assert (gateway.product, gateway.long_product) == ("LMS", "LMS")
    assert len(gateway.parts) == 1
    assert gateway.parts[0].room == 2000
    assert gateway.counted == "octets"


def test_what_a_gateway_refuses_is_said(draw: Draw) -> None:
    (gateway,) = draw("x" * 2000, "sms: {profile: us-twilio}").gateways
    assert any("us-twilio takes" in text for text in gateway.excesses)


def test_nothing_cannot_be_drawn(draw: Draw) -> None:
    with pytest.raises(ValueError, match="at least one character"):
        draw("")


@pytest.fixture(scope="module")
def send(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], SmsFrame]:
    """Draws on the route of the standard itself."""
    root = tmp_path_factory.mktemp("plain")
    (root / "templates/hello").mkdir(parents=True)
    (root / "copylab.yaml").write_text(CONFIG.format(markets="US", sms=""))
    (root / "templates/hello/message.yaml").write_text(MESSAGE)
    (root / "templates/hello/sms.en-US.md").write_text("Hello")
    message = open_workspace(root).messages["hello"]
    routes = routes_of(message, "en-US")
    return lambda text: sms_frame(message, "en-US", text, routes)


@given(text=st.text("ab€[ 额’👩\u200d👧", min_size=1, max_size=400))
def test_the_parts_are_what_is_sent_and_none_is_overfull(
    send: Callable[[str], SmsFrame], text: str
) -> None:
    (gateway,) = send(text).gateways
    assert text_of(gateway) == text
    length = measure(text)
    assert gateway.units == length.units
    assert len(gateway.parts) == length.segments_max
    assert all(0 < part.units <= part.room for part in gateway.parts)
    assert sum(part.units for part in gateway.parts) == length.units
    assert gateway.spare >= 0
