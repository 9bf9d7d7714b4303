"""The sender has no name that people can trust.

What: The name before the address in `email: {from: …}`: none at all, an address or a
link in its place, or a control or direction character. For marketing also a no-reply
address, as information.

Why: The sender's name is the first thing people look at. An address in its place is
what phishing does, and clients warn of it.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== copylab.yaml
brand: {name: Example, signature: Example, legal_name: Example Inc., postal_address: "500 Example St, Austin, TX 78701"}
locales: {default: en-US}
markets: [US]
email: {layout: main, unsubscribe: unsubscribe_url, from: "hello@example.com"}
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== copylab.yaml
brand: {name: Example, signature: Example, legal_name: Example Inc., postal_address: "500 Example St, Austin, TX 78701"}
locales: {default: en-US}
markets: [US]
email: {layout: main, unsubscribe: unsubscribe_url, from: "deals@example.com <hello@example.com>"}
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== copylab.yaml
brand: {name: Example, signature: Example, legal_name: Example Inc., postal_address: "500 Example St, Austin, TX 78701"}
locales: {default: en-US}
markets: [US]
email: {layout: main, unsubscribe: unsubscribe_url, from: "Example <hello@example.com>"}
```

Source: RFC 5322, section 3.4; advice of mail services on sender names.
"""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule
from copylab.lint.sender import email_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import MessageCase

_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|net|org|cn)\b", re.IGNORECASE)
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069<>]"
)
_NO_REPLY = re.compile(r"(?:no|do-?not)[-_.]?reply", re.IGNORECASE)


def check(case: MessageCase) -> Iterator[Finding]:
    """The findings about the name and the address."""
    sender = case.message.email.get("from")
    if sender is None or "email" not in case.message.channels:
        return
    from copylab.channels.sender import (  # noqa: PLC0415 - e-mail only
        can_be_sent,
        write_sender,
    )

    if not can_be_sent("from", sender):
        return  # that was told where it is read
    name, address = parseaddr(write_sender("from", sender))
    found = _problem(name, address)
    if found is not None:
        message, severity = found
        cure = "write: Brand <hello@example.com>, with your own"
        place = email_place(case, "from")
        yield RULE.finding(message, place, help=cure, severity=severity)
    elif case.message.purpose == "marketing" and _NO_REPLY.match(address):
        message = f"nobody can answer {address}"
        cure = "write an address that somebody reads, or set email: {reply_to: …}"
        if "reply_to" not in case.message.email:
            place = email_place(case, "from")
            yield RULE.finding(message, place, help=cure, severity="info")


def _problem(name: str, address: str) -> tuple[str, Severity] | None:
    if not name.strip():
        return f"the sender is {address} without a name", "warning"
    if _CONTROL.search(name):
        return "the sender's name holds a character that prints nothing", "error"
    if _ADDRESS.search(name):
        return f"the sender's name '{name}' looks like an address", "warning"
    return None


RULE = Rule(
    "from-name-invalid",
    "EM110B",
    "warning",
    "message",
    check,
    channels=("email",),
    module=__name__,
)
