"""Short messages are composed for the route they take."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.composed import Sms
from copylab.compose import Rejected, compose_table
from copylab.errors import RenderError
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Open = Callable[..., Workspace]

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
VARIABLES = """\
  name: {type: person_name, max: 8, missing: 고객}
  note: {type: text, max: 1500, missing: ""}
"""


@pytest.fixture
def open_shop(tmp_path: Path) -> Open:
    def open_shop(
        sms: str = "{}",
        market: str = "KR",
        words: str = "{{ name }}님 {{ note }}",
        variables: str = VARIABLES,
    ) -> Workspace:
        root = tmp_path / "shop"
        files = {
            "copylab.yaml": f"brand: {{signature: 상점}}\nmarkets: [{market}]\n"
            f"locales: {{default: ko-KR}}\nsms: {sms}\n",
            "templates/hi/message.yaml": "purpose: transactional\nlive: plain\n"
            f"variables:\n{variables}",
            "templates/hi/sms.ko-KR.md": words,
        }
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return load(root)

    return open_shop


def compose(workspace: Workspace, **values: object) -> Any:
    user = {"user_id": "u1", "locale": "ko-KR", **values}
    return workspace.compose("hi", user, channel="sms", at=AT)


def test_a_short_message_says_what_it_is_sold_as(open_shop: Open) -> None:
    shop = open_shop()
    short = compose(shop, name="김하늘", note="안녕")
    assert isinstance(short, Sms)
    assert (short.encoding, short.units, short.product) == ("cp949", 13, "SMS")
    long = compose(shop, name="김하늘", note="가" * 45)
    assert (long.units, long.segments, long.product) == (99, 1, "LMS")
    assert long.to_dict()["product"] == "LMS"


def test_a_value_that_cannot_be_sent_names_itself_and_the_cure(open_shop: Open) -> None:
    sent = compose(open_shop(), name="김하늘", note="안녕😀")
    assert isinstance(sent, Rejected)
    assert sent.reason == "unsendable"
    assert sent.problems == (
        (
            "body: '😀' (U+1F600), character 8 of the text, is not in cp949; "
            "declare charset: ko for note, so that missing: applies"
        ),
    )


def test_the_cure_works(open_shop: Open) -> None:
    bounded = VARIABLES.replace("max: 1500", "max: 1500, charset: ko")
    sent = compose(open_shop(variables=bounded), name="김하늘", note="안녕😀")
    assert isinstance(sent, Sms)
    assert sent.text == "김하늘님"


def test_words_that_cannot_be_sent_are_told_apart_from_values(open_shop: Open) -> None:
    shop = open_shop(words="{{ name }}님 ✨")
    (problem,) = compose(shop, name="김").problems
    assert problem == (
        "body: '✨' (U+2728), character 4 of the text, is not in cp949; "
        "write another character"
    )
    with pytest.raises(RenderError, match="is not in cp949"):
        shop.render("hi", {"name": "김"}, channel="sms", locale="ko-KR")


def test_a_gateway_of_gsm7_alone_asks_for_charset_gsm7(open_shop: Open) -> None:
    ours = (
        "{profile: ours, profiles: {ours: {encoding: GSM-7, gsm7_single_units: 160, "
        "gsm7_part_units: 153, source: a contract, as_of: 2026-01-01}}}"
    )
    shop = open_shop(ours, words="Hi {{ name }}", market="US")
    (problem,) = compose(shop, name="Zoë").problems
    assert problem.endswith("declare charset: gsm7 for name, so that missing: applies")
    assert compose(shop, name="Zoe").encoding == "GSM-7"


def test_what_the_gateway_adds_and_cannot_send_is_not_blamed_on_the_text(
    open_shop: Open,
) -> None:
    shop = open_shop("{profile: aliyun-intl}", words="{{ name }}")
    assert compose(shop, name="kim").encoding == "UCS-2"
    chinese = open_shop("{profile: cn-aliyun}", words="{{ name }}")
    assert compose(chinese, name="kim").units == len("【상점】kim")


def test_more_than_the_gateway_takes_is_not_sent(open_shop: Open) -> None:
    shop = open_shop()
    assert compose(shop, name="김", note="가" * 997).units == 2 + 2 + 1 + 1994
    sent = compose(shop, name="김", note="가" * 998)
    assert isinstance(sent, Rejected)
    assert sent.problems == (
        (
            "body: 2,001 octets are sent, and kr takes 2,000; "
            "shorten the words, or lower max of the variables"
        ),
    )


def test_what_is_sent_is_measured_but_the_text_stays_as_written(
    open_shop: Open,
) -> None:
    shop = open_shop("{profile: cn-aliyun}", words="{{ note }}")
    sent = compose(shop, note="中" * 67)
    assert (sent.text, sent.units, sent.segments) == ("中" * 67, 71, 2)


def test_markets_that_differ_are_measured_where_it_is_dearest(open_shop: Open) -> None:
    shop = open_shop(market="KR, US, CN", words="{{ note }}")
    assert compose(shop, note="a" * 80).segments == 2
    assert compose(shop, note="a" * 60).segments == 1
    assert compose(shop, note="é").reason == "unsendable"


def test_a_table_says_what_its_messages_cost(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop("{price: {SMS: 9 KRW, LMS: 27.5 KRW}}")
    users = tmp_path / "users.csv"
    rows = [f"u{n},ko-KR,김,{'가' * (60 if n % 3 == 0 else 3)}" for n in range(30)]
    rows.append("u30,ko-KR,김,😀")
    users.write_text("user_id,locale,name,note\n" + "\n".join(rows), "utf-8")
    out = tmp_path / "out.csv"
    summary = compose_table(shop, "hi", users, out, channel="sms", at=AT)
    assert summary.tally.composed == 30
    assert summary.tally.without == {("rejected", "unsendable"): 1}
    assert [(one.product, one.messages, one.parts) for one in summary.sold] == [
        ("SMS", 20, 20),
        ("LMS", 10, 10),
    ]
    assert summary.cost == {"KRW": Decimal(20 * 9) + Decimal("27.5") * 10}
    header, first, second = out.read_text("utf-8").splitlines()[:3]
    assert header.endswith("segments,segments_max,product")
    assert first.endswith(",1,1,LMS")
    assert second.endswith(",1,1,SMS")
