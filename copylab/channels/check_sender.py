"""Checking ``email: {from, reply_to, feedback_id, unsubscribe}``, with places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.findings import report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.config import Config
    from copylab.findings import Finding
    from copylab.message.model import Message
    from copylab.source import Span

_CURES = {
    "from": "write: Brand <hello@example.com>, with your own",
    "reply_to": "write: Brand <hello@example.com>, with your own",
    "feedback_id": "write words of ASCII with colons between: campaign:brand:mail:id",
}


def check_sender(config: Config) -> list[Finding]:
    """What of the workspace's sender no message can be built with."""
    return list(_check_values(config.email, config.email_places))


def check_message_sender(message: Message) -> list[Finding]:
    """What of a message's own sender no message can be built with."""
    places = {
        key.removeprefix("email."): span
        for key, span in message.places.items()
        if key.startswith("email.")
    }
    return [*_check_values(message.email, places), *_check_opt_out(message, places)]


def _check_values(
    email: Mapping[str, str], places: Mapping[str, Span]
) -> Iterator[Finding]:
    for key, cure in _CURES.items():
        if key not in places or key not in email:
            continue
        from copylab.channels.sender import write_sender  # noqa: PLC0415 - e-mail only

        try:
            write_sender(key, email[key])
        except ValueError as error:
            text = f"email.{key} cannot be sent: {error}"
            yield report("bad-value", text, places[key], help=cure)


def _check_opt_out(message: Message, places: Mapping[str, Span]) -> Iterator[Finding]:
    """A message that names a variable itself has to have it.

    Of marketing, a rule says more: list-unsubscribe-missing.
    """
    name = message.email.get("unsubscribe")
    if "unsubscribe" not in places or name is None or name in message.variables:
        return
    if message.purpose != "marketing" and "email" in message.channels:
        text = f"email.unsubscribe names '{name}', which is not declared"
        cure = suggest(name, message.variables) or f"declare {name}: {{type: url, …}}"
        yield report("undeclared-variable", text, places["unsubscribe"], help=cure)
