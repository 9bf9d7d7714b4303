"""Email: a finished message from its parts.

The message is `multipart/alternative`, text first, in ASCII octets whatever the words
are. The same parts give the same octets: there is no date, no message id and no random
boundary unless the caller adds them.

Lines end with LF, as in every message of the standard library: `smtplib`'s
`send_message` makes CRLF of them, and `as_bytes(policy=email.policy.SMTP)` gives the
octets of the wire. Send octets as they are: the standard library, where it parses them
and writes them again, folds a long List-Unsubscribe into encoded words (cpython 85725).
"""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from typing import TYPE_CHECKING

from copylab.channels.header_policy import COPY_POLICY, CopyPolicy
from copylab.channels.headers import (
    check_header,
    check_unique,
    format_mailbox,
    unsubscribe_headers,
)
from copylab.channels.layout import compile_layout
from copylab.channels.markdown import (
    escape_markdown,
    markdown_to_html,
    markdown_to_text,
    render_body,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

__all__ = [
    "COPY_POLICY",
    "CopyPolicy",
    "build_email",
    "check_header",
    "compile_layout",
    "escape_markdown",
    "format_mailbox",
    "markdown_to_html",
    "markdown_to_text",
    "render_body",
    "unsubscribe_headers",
]

_FROM = re.compile("^From ", re.MULTILINE)
_OWN_HEADERS = frozenset({"subject", "to", "mime-version"})


def build_email(
    subject: str,
    *,
    html: str,
    text: str,
    headers: Mapping[str, str],
    to: str | None = None,
) -> EmailMessage:
    """The message as `smtplib` and mail services take it.

    Args:
        subject: The subject.
        html: The HTML part, a whole document.
        text: The text part.
        headers: Further headers in order: `From`, `List-Unsubscribe` and the like.
        to: The addressee, or None where the sender fills it in.

    Raises:
        ValueError: A header holds a line break, a control or a bidirectional control,
            names no address where it must, is given twice or belongs to the message
            itself; or a part holds a lone surrogate. The name is said.
    """
    check_unique(headers, _OWN_HEADERS)
    message = EmailMessage(policy=COPY_POLICY)
    addressed = {} if to is None else {"To": to}
    for name, value in {**headers, **addressed, "Subject": subject}.items():
        message[name] = value
    message.set_content(_body("text", text), subtype="plain")
    message.add_alternative(_body("html", html), subtype="html")
    for part in message.iter_parts():
        _protect_from(part)
        del part["MIME-Version"]  # belongs to the message alone, RFC 2045 section 4
    message.set_boundary(_boundary(text, html))
    return message


def _protect_from(part: Message) -> None:
    """Encode a part that mailers would change: `From ` at a line's start gets a `>`."""
    if _FROM.search(str(part.get_payload())):
        assert isinstance(part, EmailMessage)
        subtype = part.get_content_subtype()
        part.set_content(part.get_content(), subtype=subtype, cte="base64")


def _body(name: str, content: str) -> str:
    """The content with LF line ends, refused where UTF-8 cannot carry it."""
    try:
        content.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{name} holds a lone surrogate (U+{ord(content[error.start]):04X})"
        ) from None
    return content.replace("\r\n", "\n").replace("\r", "\n")


def _boundary(text: str, html: str) -> str:
    """A line that marks the parts: the same for the same parts, in none of them."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{len(text)}:".encode())
    digest.update((text + html).encode())
    return f"=_{digest.hexdigest()}"
