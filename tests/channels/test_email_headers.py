"""Headers come back equal whatever serialises the message, and none can be added."""

from __future__ import annotations

import copy
import email
import pickle
from email import policy
from email.generator import BytesGenerator
from email.header import decode_header, make_header
from email.message import EmailMessage
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copylab.channels.email import build_email, format_mailbox, unsubscribe_headers
from copylab.channels.header_policy import COPY_POLICY, WrittenHeader

if TYPE_CHECKING:
    from email.message import Message

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CHARACTERS = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=BIDI
)
WORDS = st.lists(
    st.one_of(
        CHARACTERS,
        st.sampled_from('=? _.,;:<>@"()\\'),
        st.sampled_from([
            "=?utf-8?q?Hi=0D=0ABcc=3A_x=40y?=", "=?utf-8?b?QQ==?=", "=?", "?=", "您好", "  ",
            "=?us-ascii?Q?a?= =?us-ascii?Q?b?=", "From ", "é" * 50,
        ]),
        st.text("abc", min_size=60),
    ),
    max_size=30,
).map("".join)  # fmt: skip
URL = "https://e.example/u/" + "x" * 150
FIXED = {"From": "Example <hello@e.example>", **unsubscribe_headers(URL)}
NAMES = ["From", "List-Unsubscribe", "List-Unsubscribe-Post", "Subject", "MIME-Version",
         "Content-Type"]  # fmt: skip
POLICIES = {
    "own": None,
    "default": policy.default,
    "SMTP": policy.SMTP,
    "SMTPUTF8": policy.SMTPUTF8,
    "HTTP": policy.HTTP,
    "strict": policy.strict,
    "refolds all": policy.default.clone(refold_source="all", max_line_length=40),
    "compat32": policy.compat32,
}


def build(subject: str = "s", **headers: str) -> EmailMessage:
    return build_email(subject, html="<p>a</p>", text="a", headers={**FIXED, **headers})


def read(octets: bytes) -> EmailMessage:
    message = email.message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def decoded(octets: bytes, name: str) -> str:
    """A header as a reader decodes it that knows nothing but RFC 2047."""
    old: Message = email.message_from_bytes(octets, policy=policy.compat32)
    raw = str(old[name]).replace("\r\n", "").replace("\n", "")
    return str(make_header(decode_header(raw)))


@pytest.mark.parametrize("name", POLICIES)
@settings(deadline=None, max_examples=60)
@given(subject=WORDS)
@example("=?utf-8?q?Your_account=0D=0Ais_closed?=")
@example("a =?utf-8?b?SGk=?= b")
@example("")
def test_subject_comes_back_from_every_policy(name: str, subject: str) -> None:
    octets = build(subject).as_bytes(policy=POLICIES[name])
    assert octets.isascii()
    message = read(octets)
    assert [header for header, _ in message.items()] == NAMES
    assert message["Subject"] == subject
    # The old reader takes white space at the ends of a header for none.
    assert decoded(octets, "Subject").strip() == subject.strip()
    for line in octets.splitlines():
        whole = line.startswith((b"List-", b"Content-Type:"))  # HTTP never folds
        assert len(line) <= 76 or whole or b"<https" in line


@pytest.mark.parametrize(
    "subject", ["=?utf-8?q?Bcc=3A?=", "您好 =?utf-8?q?a?=", "x" * 300]
)
def test_subject_survives_a_bare_generator_and_a_copy(subject: str) -> None:
    first = build(subject)
    for message in (first, copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        for generator_policy in (None, policy.SMTP, policy.compat32):
            stream = BytesIO()
            BytesGenerator(stream, policy=generator_policy).flatten(
                message, linesep="\r\n"
            )
            assert read(stream.getvalue())["Subject"] == subject
        assert message["Subject"] == subject
        assert message.as_string() == build(subject).as_string()


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("length", [10, 60, 200, 900])
def test_opt_out_stays_whole_under_every_policy(name: str, length: int) -> None:
    url = "https://e.example/u?t=" + "x" * length
    message = build(**unsubscribe_headers(url), **{"Feedback-ID": "a" * length})
    octets = message.as_bytes(policy=POLICIES[name])
    assert b"=?" not in octets
    head = octets.replace(b"\r\n", b"\n").split(b"\n\n")[0] + b"\n"
    assert f"\nList-Unsubscribe: <{url}>\n".encode() in b"\n" + head
    assert f"\nFeedback-ID: {'a' * length}\n".encode() in head
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in head
    parsed = read(octets)
    assert str(parsed["List-Unsubscribe"]).strip() == f"<{url}>"
    assert max(map(len, octets.splitlines())) <= 998


def test_opt_out_is_never_an_encoded_word() -> None:
    url = "https://e.example/u=?a=?utf-8?q?=41?="
    value = unsubscribe_headers(url)["List-Unsubscribe"]
    assert value == "<https://e.example/u=?a=%3Futf-8%3Fq%3F=41%3F=>"
    assert (
        decoded(build(**unsubscribe_headers(url)).as_bytes(), "List-Unsubscribe")
        == value
    )


@pytest.mark.parametrize("name", POLICIES)
@settings(deadline=None, max_examples=60)
@given(display=WORDS.map(lambda text: " ".join(text.replace("=?", "=").split())))
@example("Söhne, Müller & Co. " + "very " * 30 + "long")
@example("Example, Inc. " + "x" * 80)
@example('A "quoted" \\ (name)')
def test_sender_comes_back_from_every_policy(name: str, display: str) -> None:
    try:
        mailbox = format_mailbox(display, "hello@e.example")
        message = build(From=mailbox)
    except ValueError:
        return  # what an address header cannot hold is refused, not changed
    octets = message.as_bytes(policy=POLICIES[name])
    assert octets.isascii()
    parsed = read(octets)
    assert [header for header, _ in parsed.items()] == NAMES
    (address,) = parsed["From"].addresses
    assert address.addr_spec == "hello@e.example"
    (own,) = message["From"].addresses
    assert own.addr_spec == "hello@e.example"
    squeezed = "".join(display.split())
    shown = decoded(octets, "From").rpartition("<")[0]
    if display.isascii():
        shown = address.display_name
    assert "".join(shown.split()) == squeezed


def test_many_addresses_are_folded_between_them() -> None:
    people = [f'"Person, number {n}" <p{n}@e.example>' for n in range(30)]
    message = build_email("s", html="h", text="t", headers={}, to=", ".join(people))
    octets = message.as_bytes()
    assert max(map(len, octets.splitlines())) <= 76
    assert [str(each) for each in read(octets)["To"].addresses] == people


@pytest.mark.parametrize(
    "value", ["team: a@b.example;", "undisclosed:;", "a@b.example, ,"]
)
def test_a_group_or_a_hole_is_no_address(value: str) -> None:
    with pytest.raises(ValueError, match="must be an address"):
        build_email("s", html="h", text="t", headers={}, to=value)


@pytest.mark.parametrize(
    "value", ["a\r\nBcc: x@y.example", "a\x00b", "a\u202eb", "a\ud800"]
)
@pytest.mark.parametrize("name", ["X-Note", "Reply-To", "Subject", "List-Id", "Date"])
def test_what_a_caller_adds_later_is_checked_as_well(name: str, value: str) -> None:
    message = build()
    del message["Subject"]
    with pytest.raises(ValueError, match=f"^{name} "):
        message[name] = value


def test_a_caller_may_add_a_date_an_id_and_a_header() -> None:
    message = build()
    message["Date"] = "Sun, 22 Nov 2026 11:00:00 +0000"
    message["Message-ID"] = "<1@e.example>"
    message["X-Campaign"] = "您好 " * 30
    parsed = read(message.as_bytes(policy=policy.SMTP))
    assert parsed["Date"].datetime.year == 2026
    assert parsed["Message-ID"] == "<1@e.example>"
    assert parsed["X-Campaign"] == "您好 " * 30


def test_a_stored_header_is_written_once() -> None:
    stored = dict(build("您好" * 30).raw_items())["Subject"]
    assert isinstance(stored, WrittenHeader)
    assert "\n =?utf-8?" in stored.lines
    assert stored.fold(policy=COPY_POLICY) == f"Subject: {stored}\n"
