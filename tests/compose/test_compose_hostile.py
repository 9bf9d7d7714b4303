"""No value of a variable adds a header, a tag, a link or an expression to a message."""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.channels.composed import Email, Push, Sms

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.workspace import Workspace

HOSTILE = [
    "{{ 7*7 }}",
    "{% raw %}",
    "{{ self }}",
    "<script>alert(1)</script>",
    "<img src=x onerror=a>",
    "a](https://evil.example)",
    "[x](https://evil.example)",
    "![x](//evil.example)",
    "<https://evil.example>",
    "https://evil.example",
    "www.evil.example",
    "a\r\nBcc: all@evil.example",
    "a\nb",
    "a\u2028b",
    "a\x00b",
    "a\x1bb",
    "\u202eevil",
    "\u2066a\u2069",
    "a\u200bb",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "**bold** _it_ `code`",
    "# heading",
    "- item",
    "```",
    "| a | b |",
    "\\",
    "%s %(x)s %%",
    "{0} {name}",
    "=?utf-8?b?QmNj?=",
    '" onclick="x',
    "javascript:alert(1)",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [
            v or "" for k, v in attrs if k in {"href", "src"} or k[:2] == "on"
        ]


def tags_of(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    parser.close()
    return parser


@pytest.fixture(scope="session")
def usual_email(quiet_shop: Workspace, at: datetime) -> Tags:
    return tags_of(compose(quiet_shop, at, "email", "plain", "plain").html)


def compose(shop: Workspace, at: datetime, channel: str, name: str, note: str) -> Any:
    user = {"user_id": "u", "name": name, "note": note, "amount": 1, "link": "a"}
    user |= {"leave": "b", "goods": [{"title": note, "price": 1}]}
    return shop.compose("news", user, channel=channel, locale="en-US", at=at)


def check_email(email: Email, usual: Tags) -> None:
    found = tags_of(email.html)
    if "Tea" not in email.html:  # a list whose item is out of bounds is left out
        usual_tags = [tag for tag in usual.tags if tag not in {"ul", "li"}]
        found_tags = [tag for tag in found.tags if tag not in {"ul", "li"}]
        assert found_tags == usual_tags
    assert found.links == usual.links
    message = email.to_email_message("someone@shop.example")
    parsed = BytesParser(policy=policy.default).parsebytes(message.as_bytes())
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == email.subject
    assert parsed["To"] == "someone@shop.example"
    assert len(list(parsed.iter_parts())) == 2


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_inert_in_every_channel(
    quiet_shop: Workspace, usual_email: Tags, at: datetime, value: str
) -> None:
    email = compose(quiet_shop, at, "email", value, value)
    assert isinstance(email, Email)
    check_email(email, usual_email)
    sms = compose(quiet_shop, at, "sms", value, value)
    assert isinstance(sms, Sms)
    assert not re.search(
        "[\x00-\x1f\x7f\u200b\u2028\u202a-\u202e\u2066-\u2069<]", sms.text
    )
    assert "49" not in sms.text
    assert re.findall("https?://[^ ]*", sms.text) == ["https://shop.example/a"]
    push = compose(quiet_shop, at, "push", value, f"x {value}")
    assert not isinstance(push, Push) or "\n" not in push.title + push.body


@pytest.mark.parametrize(
    "link", ["//evil.example", "../x", "a\\b", "https://evil.example", "a b", "@e.x"]
)
def test_a_hostile_link_stays_on_its_host(
    quiet_shop: Workspace, at: datetime, link: str
) -> None:
    user = {"user_id": "u", "name": "A", "amount": 1, "link": link}
    sms = quiet_shop.compose("news", user, channel="sms", locale="en-US", at=at)
    if isinstance(sms, Sms):
        (address,) = re.findall("https?://[^ ]*", sms.text)
        assert address.startswith("https://shop.example/")
        assert not re.search(r"[^!-~]|//.*//|@", address)


@settings(max_examples=150, deadline=None)
@given(
    value=st.text(
        st.sampled_from("<>[]()!*_`#&;{}%\\/\"'= \n\r\t:.-|~^ab1中é\u202e\u200b\u2028"),
        max_size=24,
    )
)
def test_no_text_adds_a_tag_a_link_or_a_header(
    quiet_shop: Workspace, usual_email: Tags, at: datetime, value: str
) -> None:
    email = compose(quiet_shop, at, "email", value, value)
    assert isinstance(email, Email)
    check_email(email, usual_email)
