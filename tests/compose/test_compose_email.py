"""E-mails composed for hostile users: headers, links and octets."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copylab.channels.composed import Email, Push, Sms
from copylab.compose.result import Rejected
from copylab.message.autolinks import find_autolink
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

COPY = """\
# plain
## subject
{{ note }}, {{ name }}: {{ story }}
## preheader
{{ story }} {{ note }} for {{ name }}
## body
# {{ name }}

{{ story }}

- {{ note }}

[Open {{ note }}]({{ link }})
# coupon
## subject
A coupon
## body
{{ amount | money }}
"""
POLICIES = (None, policy.default, policy.SMTP, policy.SMTPUTF8, policy.compat32)
NAMES = ["From", "List-Unsubscribe", "List-Unsubscribe-Post", "Subject", "MIME-Version",
         "Content-Type"]  # fmt: skip
LINKS = {
    "https://shop.example/a",
    "https://shop.example/out/b",
    "(https://shop.example/a)",
}
PIECES = st.sampled_from(
    ["evil.com", "https://evil.test", "www.", "evil", ".", "com", "@", "=?utf-8?q?", "=0D=0A",
     "?=", "\r\n", "\n", "Bcc: x", "\x00", "\u202e", "\u2028", "\x85", "javascript:", "x", " ",
     "[a](b)", "<a href=x>", "。", "您好", "://", "{{ 7 }}", "%s", "&#46;", "&period;",
     "\\.", "#", "-"]
)  # fmt: skip
VALUES = st.one_of(
    st.lists(PIECES, max_size=8).map("".join), st.text(st.characters(), max_size=30)
)


@pytest.fixture(scope="session")
def hostile_shop(
    shop_files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    files = {**shop_files, "templates/news/email.en-US.md": COPY}
    message = files["templates/news/message.yaml"]
    files["templates/news/message.yaml"] = message.replace(
        "  goods:",
        '  story:  {type: text, max: 60, multiline: true, missing: ""}\n  goods:',
    )
    del files["experiments/hook.yaml"]
    root = tmp_path_factory.mktemp("hostile")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return load(root)


def compose(shop: Workspace, at: datetime, channel: str, **values: object) -> Any:
    user = {"user_id": "u", "amount": 1, "link": "a", "leave": "b", **values}
    return shop.compose("news", user, channel=channel, locale="en-US", at=at)


def linked(text: str) -> set[str]:
    """The words of a text that a reader would link."""
    return {word for word in text.split() if find_autolink(word)}


@settings(max_examples=120, deadline=None)
@given(name=VALUES, note=VALUES, story=VALUES)
@example("A", "=?utf-8?q?Hi=0D=0ABcc=3A_x?=", "b")
@example("A", "evil.com", "a\nevil.com\nb")
def test_no_value_reaches_a_header_or_adds_a_link(
    hostile_shop: Workspace, at: datetime, name: str, note: str, story: str
) -> None:
    composed = compose(hostile_shop, at, "email", name=name, note=note, story=story)
    assert isinstance(composed, Email)
    message = composed.to_email_message()
    for each in POLICIES:
        octets = message.as_bytes(policy=each)
        parsed = email.message_from_bytes(octets, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        assert octets.isascii()
        assert [header for header, _ in parsed.items()] == NAMES
        assert parsed["Subject"] == composed.subject
        assert [part.get_content_type() for part in parsed.iter_parts()] == [
            "text/plain", "text/html",
        ]  # fmt: skip
    for text in (composed.subject, composed.preheader, composed.text):
        assert linked(text) <= LINKS


@settings(max_examples=120, deadline=None)
@given(name=VALUES, note=VALUES)
def test_no_value_adds_a_link_to_a_short_message_or_a_notification(
    hostile_shop: Workspace, at: datetime, name: str, note: str
) -> None:
    sms = compose(hostile_shop, at, "sms", name=name, note=note)
    assert isinstance(sms, Sms)
    assert linked(sms.text) <= LINKS
    push = compose(hostile_shop, at, "push", name=name, note=note)
    if isinstance(push, Push):  # without a note there is nothing to send
        assert linked(push.title) == linked(push.body) == set()


@pytest.mark.parametrize("rest", ["x" * 960, "a<b>", "é"])
def test_an_opt_out_that_no_header_takes_rejects_the_user(
    write_shop: Callable[..., Path], shop_files: dict[str, str], at: datetime, rest: str
) -> None:
    message = shop_files["templates/news/message.yaml"].replace(
        'leave:  {type: url, base: "https://shop.example/out/", max: 60,',
        "leave:  {type: url, max: 2000,",
    )
    shop = load(write_shop({"templates/news/message.yaml": message}))
    user = {
        "user_id": "u",
        "amount": 1,
        "link": "a",
        "leave": f"https://shop.example/out/{rest}",
    }
    found = shop.compose("news", user, channel="email", locale="en-US", at=at)
    assert isinstance(found, Rejected)
    assert found.problems[0].startswith("leave: ")


def test_a_wide_blank_stays_in_a_subject(
    write_shop: Callable[..., Path], shop_files: dict[str, str], at: datetime
) -> None:
    words = shop_files["templates/news/email.zh-CN.md"].replace(
        "{{ name }}", "您好　{{ name }}  好"
    )
    shop = load(
        write_shop(
            {"templates/news/email.zh-CN.md": words, "experiments/hook.yaml": None}
        )
    )
    user = {"user_id": "u", "amount": 1, "link": "a", "leave": "b", "note": "n"}
    found = shop.compose("news", user, channel="email", locale="zh-CN", at=at)
    assert isinstance(found, Email)
    assert found.subject == "您好　您 好"


def test_the_size_of_the_html_part_is_counted_in_octets(
    hostile_shop: Workspace, at: datetime
) -> None:
    plain = compose(hostile_shop, at, "email", name="A", note="b", story="c")
    wide = compose(hostile_shop, at, "email", name="A", note="您好", story="c")
    for each in (plain, wide):
        assert each.html_bytes == len(each.html.encode())
    assert wide.html_bytes > len(wide.html)
