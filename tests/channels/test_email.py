"""Emails: headers, parts, octets."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.channels.composed import Email
from copylab.channels.email import build_email, format_mailbox, unsubscribe_headers

FORBIDDEN = (
    "\r\n\x00\x0b\x1f\x7f\x85\x9b\u061c\u200e\u202a\u202e\u2028\u2066\u2069\ud800"
)
HEADER_TEXT = st.lists(
    st.one_of(
        st.characters(
            exclude_categories=("Cc", "Cs", "Zl", "Zp"),
            exclude_characters=FORBIDDEN + "\u200f\u202b\u202c\u202d\u2067\u2068",
        ),
        st.sampled_from('=? _.,;:<>@"()\\'),
        st.sampled_from(["=?utf-8?q?Hi=0D=0ABcc=3A_x=40y?=", "=?", "?=", "您好", "  "]),
        st.text("abc", min_size=60),
    ),
    min_size=1,
    max_size=40,
).map("".join)
BODY = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)
HEADERS = {
    "From": "Example <hello@e.example>",
    **unsubscribe_headers("https://e.example/u/" + "x" * 150),
}


def parsed(message: EmailMessage) -> EmailMessage:
    """The message read back from its octets, as a receiver reads it."""
    read = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def content(message: EmailMessage, subtype: str) -> str:
    """The content of one part, without the line end that closes it."""
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).removesuffix("\n")


def lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@settings(deadline=None)  # the standard library parses long headers slowly
@given(HEADER_TEXT)
def test_subject_comes_back_and_adds_no_header(subject: str) -> None:
    message = build_email(subject, html="<p>a</p>", text="a", headers=HEADERS)
    read = parsed(message)
    assert [name for name, _ in read.items()] == [
        "From", "List-Unsubscribe", "List-Unsubscribe-Post", "Subject", "MIME-Version",
        "Content-Type",
    ]  # fmt: skip
    assert read["Subject"] == subject
    octets = message.as_bytes()
    assert octets.isascii()
    assert max(map(len, octets.split(b"\n"))) <= 998


@given(BODY, BODY)
def test_parts_come_back(html: str, text: str) -> None:
    message = build_email("s", html=html, text=text, headers=HEADERS)
    read = parsed(message)
    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert content(read, "plain") == lf(text).removesuffix("\n")
    assert content(read, "html") == lf(html).removesuffix("\n")
    _head, body = message.as_bytes().split(b"\n\n", 1)
    assert body.isascii()
    assert max(map(len, body.split(b"\n"))) <= 76


@pytest.mark.parametrize("text", ["a" * 5000, "您" * 5000, "é" * 3000, "a\n" * 500])
def test_long_lines_are_encoded_in_lines_of_76(text: str) -> None:
    message = build_email("s", html=text, text=text, headers=HEADERS)
    assert content(parsed(message), "html") == text.removesuffix("\n")
    _head, body = message.as_bytes().split(b"\n\n", 1)
    assert max(map(len, body.split(b"\n"))) <= 76


def test_same_parts_give_the_same_octets() -> None:
    octets = {
        build_email("s", html="<p>a</p>", text="a", headers=HEADERS).as_bytes()
        for _ in range(3)
    }
    assert len(octets) == 1
    assert b"Date:" not in octets.pop()
    other = build_email("s", html="<p>b</p>", text="a", headers=HEADERS)
    assert other.get_boundary() not in octets


@pytest.mark.parametrize(
    "subject",
    ["", " ", " a", "a ", "a  b   c" * 20, "word " * 40 + "x", "x " + "a" * 2000,
     "您" * 400, "=?utf-8?q?a?=", "=?", "a" * 66, "a" * 67, "a" * 68, "a" * 69],
)  # fmt: skip
def test_subject_of_any_shape_comes_back(subject: str) -> None:
    message = build_email(subject, html="h", text="t", headers=HEADERS)
    assert parsed(message)["Subject"] == subject
    for line in message.as_bytes().split(b"\n"):
        assert len(line) <= 76 or line.startswith(b"List-")


def test_list_headers_are_on_one_line_and_unencoded() -> None:
    octets = build_email("s", html="h", text="t", headers=HEADERS).as_bytes()
    lines = octets.split(b"\n")
    assert b"List-Unsubscribe: <https://e.example/u/" + b"x" * 150 + b">" in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_feedback_id_is_on_one_line() -> None:
    value = "campaign:" + "x" * 200 + ":winback:e.example"
    headers = {**HEADERS, "Feedback-ID": value}
    lines = (
        build_email("s", html="h", text="t", headers=headers).as_bytes().split(b"\n")
    )
    assert f"Feedback-ID: {value}".encode() in lines


@pytest.mark.parametrize("char", list(FORBIDDEN))
@pytest.mark.parametrize(
    "name", ["Subject", "From", "To", "List-Unsubscribe", "X-Note"]
)
def test_no_header_takes_a_control(char: str, name: str) -> None:
    value = f"a{char}Bcc: x@y.example"
    headers = HEADERS if name in {"Subject", "To"} else {**HEADERS, name: value}
    with pytest.raises(ValueError, match=f"^{name} holds U\\+"):
        build_email(
            value if name == "Subject" else "s",
            html="h",
            text="t",
            headers=headers,
            to=value if name == "To" else None,
        )


@given(st.text(st.characters(), max_size=60), st.sampled_from(["From", "To", "X-Note"]))
def test_any_header_value_is_refused_or_harmless(value: str, name: str) -> None:
    try:
        message = build_email(
            "s",
            html="h",
            text="t",
            headers=HEADERS if name == "To" else {**HEADERS, name: value},
            to=value if name == "To" else None,
        )
    except ValueError:
        return
    names = [header for header, _ in parsed(message).items()]
    assert sorted(names) == sorted(
        {*HEADERS, name, "Subject", "MIME-Version", "Content-Type"}
    )


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Bad Name": "x"}, "header name == 'Bad Name'"),
        ({"X:": "x"}, "header name == 'X:'"),
        ({"From": "nobody"}, "must be an address"),
        ({"From": ""}, "must be an address"),
        ({"From": ".:"}, "must be an address"),
        ({"From": "Zoë <zoë@e.example>"}, "must be an address"),
        ({"From": "Zoë <z@ë.example>"}, "must be ASCII"),
        ({"From": "a@e.example, <"}, "must be an address"),
        ({"From": "=?utf-8?q?a?= <a@e.example>"}, "must not be encoded"),
        ({"Subject": "x"}, "set from the message itself"),
        ({"Content-Type": "text/html"}, "set from the message itself"),
        ({"X-A": "1", "x-a": "2"}, "given twice"),
        ({"List-Unsubscribe": "<https://ü.example>"}, "must be ASCII"),
        ({"List-Unsubscribe": f"<https://e.example/{'x' * 999}>"}, "998 octets"),
    ],
)
def test_bad_headers_are_refused(headers: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_email("s", html="h", text="t", headers=headers)


@pytest.mark.parametrize("part", ["html", "text"])
def test_lone_surrogate_in_a_part_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=f"{part} holds a lone surrogate"):
        build_email("s", headers={}, **{"html": "h", "text": "t", part: "a\ud800"})


@pytest.mark.parametrize(
    "url",
    ["http://e.example", "https://e.example/a b", "https://e.example>", "mailto:a@b",
     "https://e.example\n", "https://ü.example"],
)  # fmt: skip
def test_one_click_needs_a_plain_https_address(url: str) -> None:
    with pytest.raises(ValueError, match="must be an https address"):
        unsubscribe_headers(url)


@pytest.mark.parametrize(
    "name", ["Example", "Example, Inc.", 'A "B" C', "示例分期", ""]
)
def test_mailbox_comes_back(name: str) -> None:
    headers = {"From": format_mailbox(name, "a@e.example")}
    message = build_email("s", html="h", text="t", headers=headers)
    (address,) = parsed(message)["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "a@e.example")


@pytest.mark.parametrize("address", ["", "a", "a@", "a b@c", "<a@b>"])
def test_mailbox_needs_an_address(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        format_mailbox("x", address)


def test_composed_email_becomes_a_message() -> None:
    composed = Email("您好 😀", "pre", "<p>您好</p>", "您好", HEADERS)
    read = parsed(composed.to_email_message("Zoë <z@e.example>"))
    assert read["Subject"] == composed.subject
    assert read["To"] == "Zoë <z@e.example>"
    assert content(read, "html") == composed.html
    assert content(read, "plain") == composed.text
    assert {name: read[name] for name in HEADERS} == HEADERS
    assert composed.to_email_message()["To"] is None
