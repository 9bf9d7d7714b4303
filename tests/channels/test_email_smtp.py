"""Messages through a real SMTP server: what arrives is what was composed."""

from __future__ import annotations

import email
import email.policy
import smtplib
import socket
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

from copylab.channels.composed import Email
from copylab.channels.email import unsubscribe_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADERS = {
    "From": "示例分期 <hello@e.example>",
    **unsubscribe_headers("https://e.example/u?t=" + "x" * 300),
    "Feedback-ID": "winback:" + "x" * 120 + ":e.example",
}
PARTS = {  # subject, HTML part, text part
    "plain": ("Your limit", "<p>Hello</p>", "Hello\n"),
    "subject in Chinese": ("您的可借额度有更新" * 12, "<p>您好</p>", "您好\n"),
    "subject that looks encoded": ("A =?utf-8?q?not_encoded?= b", "<p>a</p>", "a"),
    "long lines": ("s" * 900, "<p>" + "x" * 5000 + "é</p>", "word " * 2000 + "\n"),
    "dots": ("...", ".\n..\n.<p>a</p>\n.", ".\n.a leading dot\n..\n.\n"),
    "From at the start of a line": (
        "From",
        "<p>\nFrom here\n</p>",
        "From you\n>From\n",
    ),
    "line ends": ("s", "<p>a</p>\r\n<p>b</p>\r\n\r\n", "a\r\nb\rc\n\n\nd\n"),
    "wide characters": (
        "😀 Zoë",
        "<p>😀 👨\u200d👩 \u200fשלום\u200e</p>",
        "😀 Grüße\n",
    ),
    "equals signs and tabs": ("a=b", "<p a='=3D'>=\t= \n</p>", "=20=\n\t x \n= =\n"),
    "nothing": ("-", "", ""),
}
MESSAGES = {
    name: Email(subject, "", html, text, HEADERS)
    for name, (subject, html, text) in PARTS.items()
}
SERVERS = {
    "8BITMIME and SMTPUTF8": {"enable_SMTPUTF8": True},
    "8BITMIME": {"enable_SMTPUTF8": False},
    "neither": {"enable_SMTPUTF8": False, "decode_data": True},
}


class Sink:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the name aiosmtpd calls
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[tuple[Controller, Sink]]:
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free_port = probe.getsockname()[1]
    controller = Controller(
        sink, hostname="127.0.0.1", port=free_port, **SERVERS[request.param]
    )
    controller.start()
    yield controller, sink
    controller.stop()


def send_message(client: smtplib.SMTP, message: EmailMessage) -> None:
    client.send_message(message)


def send_octets(client: smtplib.SMTP, message: EmailMessage) -> None:
    # smtplib sends octets as they are, so they need the line ends of the wire.
    octets = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    client.sendmail("hello@e.example", ["z@e.example"], octets)


def send_octets_of_the_smtp_policy(client: smtplib.SMTP, message: EmailMessage) -> None:
    octets = message.as_bytes(policy=email.policy.SMTP)
    client.sendmail("hello@e.example", ["z@e.example"], octets)


def send_text(client: smtplib.SMTP, message: EmailMessage) -> None:
    client.sendmail("hello@e.example", ["z@e.example"], message.as_string())


def lf(text: str) -> str:
    """As a message holds it: LF line ends, and one that closes the last line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize(
    "send", [send_message, send_octets, send_octets_of_the_smtp_policy, send_text]
)
def test_what_arrives_is_what_was_composed(
    server: tuple[Controller, Sink],
    send: Callable[[smtplib.SMTP, EmailMessage], None],
    name: str,
) -> None:
    controller, sink = server
    composed = MESSAGES[name]
    message = composed.to_email_message("z@e.example")
    with smtplib.SMTP("127.0.0.1", controller.port) as client:
        send(client, message)
    envelope = sink.envelopes.pop()
    assert sink.envelopes == []
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "hello@e.example",
        ["z@e.example"],
    )
    content = envelope.content
    octets = content.encode("ascii") if isinstance(content, str) else content
    assert octets.isascii()
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    assert b"\n" not in octets.replace(b"\r\n", b"")
    opt_out = f"\r\nList-Unsubscribe: {composed.headers['List-Unsubscribe']}\r\n"
    assert opt_out.encode() in octets
    read = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert {header: read[header] for header in composed.headers} == composed.headers
    assert read["Subject"] == composed.subject
    assert read["To"] == "z@e.example"
    assert len(read) == len(composed.headers) + 4
    for subtype, expected in (("plain", composed.text), ("html", composed.html)):
        part = read.get_body((subtype,))
        assert part is not None
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert payload.replace(b"\r\n", b"\n") == lf(expected).encode()


def test_servers_offer_what_they_are_named_for(server: tuple[Controller, Sink]) -> None:
    controller, _sink = server
    with smtplib.SMTP("127.0.0.1", controller.port) as client:
        client.ehlo()
        offers = {name for name in ("8bitmime", "smtputf8") if client.has_extn(name)}
    assert offers in ({"8bitmime", "smtputf8"}, {"8bitmime"}, set())
