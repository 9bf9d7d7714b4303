"""The sender of e-mails: what ``email: {from, reply_to, feedback_id}`` become.

The settings are read here when a workspace is read and again when its e-mails are
built, so that what can be read can be sent.
"""

from __future__ import annotations

import re

from copylab.channels.header_policy import COPY_POLICY
from copylab.channels.headers import format_mailbox

SENDER_HEADERS = {
    "from": "From",
    "reply_to": "Reply-To",
    "feedback_id": "Feedback-ID",
}
"""The header of each setting."""

_MAILBOX = re.compile(r"\s*(?P<name>[^\"<>]*?)\s*<(?P<address>[^\s<>]+)>\s*")
_SPECIAL = re.compile(r"[()\[\]:;@\\,.]")  # RFC 5322 section 3.2.3, without the quotes
_SEPARATOR = re.compile(r"[,;:]")
_TAG = re.compile(r"\{[{%#]")


def write_sender(key: str, text: str) -> str:
    """The value of the header that a setting becomes.

    A name that needs quotes and has none gets them, where it can be one name only.

    Args:
        key: ``from``, ``reply_to`` or ``feedback_id``.
        text: The setting as written.

    Raises:
        ValueError: No message can be built with it; why is said, without the key.
    """
    tag = _TAG.search(text)
    if tag is not None:
        raise ValueError(f"it holds {tag[0]}, and is sent as it stands")
    if not text.strip():
        raise ValueError("it is empty")
    value = text if key == "feedback_id" else _quoted(text)
    name = SENDER_HEADERS[key]
    COPY_POLICY.header_store_parse(name, value)
    if key == "from" and len(COPY_POLICY.header_factory(name, value).addresses) > 1:
        raise ValueError("it names several senders, and a message has one")
    return value


def can_be_sent(key: str, text: str) -> bool:
    """Whether a message can be built with a setting."""
    try:
        write_sender(key, text)
    except ValueError:
        return False
    return True


def _quoted(text: str) -> str:
    """Addresses with the name in quotes, where there is one that lacks them."""
    found = _MAILBOX.fullmatch(text)
    if found is None or not _SPECIAL.search(found["name"]):
        return text
    if "@" in found["name"] and _SEPARATOR.search(found["name"]):
        return text  # an address of its own may stand before the comma
    return format_mailbox(found["name"], found["address"])
