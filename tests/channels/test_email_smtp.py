"""A message through a real SMTP server."""

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
    from collections.abc import Iterator


class Sink:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the name aiosmtpd calls
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Controller, Sink]]:
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free_port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=free_port)
    controller.start()
    yield controller, sink
    controller.stop()


def test_message_arrives_as_it_was_built(server: tuple[Controller, Sink]) -> None:
    controller, sink = server
    composed = Email(
        subject="您的可借额度有更新 =?utf-8?q?not_encoded?=",
        preheader="",
        html="<p>您好</p>\n" + "<p>long</p>" * 800,
        text=".\n.a leading dot\n您好\nFrom here",
        headers={
            "From": "示例分期 <hello@e.example>",
            **unsubscribe_headers("https://e.example/u?t=" + "x" * 300),
        },
    )
    with smtplib.SMTP("127.0.0.1", controller.port) as client:
        client.send_message(composed.to_email_message("z@e.example"))
    (envelope,) = sink.envelopes
    octets = envelope.content.replace(b"\r\n", b"\n")
    assert octets.isascii()
    assert (
        f"\nList-Unsubscribe: {composed.headers['List-Unsubscribe']}\n".encode()
        in octets
    )
    read = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert read["Subject"] == composed.subject
    assert read["From"] == composed.headers["From"]
    html, text = read.get_body(("html",)), read.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert html.get_content().removesuffix("\n") == composed.html
    assert text.get_content().removesuffix("\n") == composed.text
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "hello@e.example",
        ["z@e.example"],
    )
