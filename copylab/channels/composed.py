"""What compose hands to a sender: one finished message of one channel.

These are made for every user, so they hold finished text and compute nothing until
asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from copylab.channels.push import payload_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage

    from copylab.channels.push import Serializer


@runtime_checkable
class Recorded(Protocol):
    """A record that knows its JSON form, such as an exposure."""

    def to_dict(self) -> dict[str, object]:
        """The record as JSON-ready values."""


@dataclass(frozen=True, slots=True)
class Sms:
    """One short message.

    Attributes:
        text: The text to send.
        encoding: `GSM-7`, `UCS-2` or a byte codec.
        units: Septets, UTF-16 units or octets.
        segments: The least number of parts.
        segments_max: The number of parts where user-perceived characters stay whole.
        exposure: The record to log when it is sent, or None.
        product: What it is sold as: `SMS`, or a long product of its route such as
            `LMS`, which the sender may have to hand over elsewhere.
    """

    text: str
    encoding: str
    units: int
    segments: int
    segments_max: int
    exposure: object | None = None
    product: str = "SMS"

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values, with `channel`."""
        return {
            "channel": "sms",
            "text": self.text,
            "encoding": self.encoding,
            "units": self.units,
            "segments": self.segments,
            "segments_max": self.segments_max,
            "product": self.product,
            "exposure": _recorded(self.exposure),
        }


@dataclass(frozen=True, slots=True)
class Push:
    """One push notification.

    Attributes:
        title: The title.
        body: The text.
        payload: The payloads by service: `apns` and `fcm` unless others are named.
        exposure: The record to log when it is sent, or None.
        headers: The headers of the requests by service, where pushes are set up.
    """

    title: str
    body: str
    payload: Mapping[str, Mapping[str, object]]
    exposure: object | None = None
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def payload_bytes(self, service: str, serializer: Serializer = "compact") -> int:
        """The octets of the payload for one service.

        Args:
            service: A key of `payload`, such as `apns` or `fcm`.
            serializer: How the sender writes JSON.

        Raises:
            ValueError: There is no payload for that service.
        """
        if service not in self.payload:
            known = ", ".join(self.payload)
            raise ValueError(f"service == {service!r}, must be one of {known}")
        return payload_bytes(self.payload[service], serializer)

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values, with `channel`; headers if there are."""
        record: dict[str, object] = {
            "channel": "push",
            "title": self.title,
            "body": self.body,
            "payload": {name: dict(entry) for name, entry in self.payload.items()},
            "exposure": _recorded(self.exposure),
        }
        if self.headers:
            record["headers"] = {k: dict(entry) for k, entry in self.headers.items()}
        return record


@dataclass(frozen=True, slots=True)
class Email:
    """One email.

    Attributes:
        subject: The subject.
        preheader: The line shown after the subject in a list of messages.
        html: The HTML part, with the preheader where the layout puts it.
        text: The text part.
        headers: Further headers by name, `From` and `List-Unsubscribe` among them.
        exposure: The record to log when it is sent, or None.
    """

    subject: str
    preheader: str
    html: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    exposure: object | None = None

    @property
    def html_bytes(self) -> int:
        """The octets of the HTML part in UTF-8, as mail readers count that cut it."""
        if self.html.isascii():
            return len(self.html)
        return len(self.html.encode(errors="surrogatepass"))

    def to_email_message(self, to: str | None = None) -> EmailMessage:
        """The message as a sender's library takes it.

        Args:
            to: The addressee, if the sender does not fill it in.

        Raises:
            ValueError: A header holds what no header may hold; its name is said.
        """
        from copylab.channels.email import build_email  # noqa: PLC0415 - rarely asked

        return build_email(
            self.subject, html=self.html, text=self.text, headers=self.headers, to=to
        )

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values, with `channel`."""
        return {
            "channel": "email",
            "subject": self.subject,
            "preheader": self.preheader,
            "html": self.html,
            "text": self.text,
            "headers": dict(self.headers),
            "exposure": _recorded(self.exposure),
        }


def _recorded(exposure: object | None) -> object | None:
    """The JSON form of an exposure, None for none."""
    return exposure.to_dict() if isinstance(exposure, Recorded) else exposure
