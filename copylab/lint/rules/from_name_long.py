"""The sender's name is too long to be shown.

What: The name before the address in `email: {from: …}`: more than 30 columns, a Han
character being two.

Why: Telephones show about 25 to 30 characters and cut the rest.

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
email: {layout: main, unsubscribe: unsubscribe_url, from: "Example Consumer Finance of North America Ltd <hello@example.com>"}
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

Source: Device tests of e-mail clients; approximate.
"""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from copylab.channels.width import display_width
from copylab.lint.rule import Rule
from copylab.lint.sender import email_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase


LONGEST = 30


def check(case: MessageCase) -> Iterator[Finding]:
    """The finding about the name."""
    if "email" not in case.message.channels:
        return
    name = parseaddr(case.message.email.get("from", ""))[0]
    columns = display_width(name)
    if columns > LONGEST:
        message = (
            f"the sender's name takes {columns} columns, about {LONGEST} are shown"
        )
        cure = "write the brand's short name"
        yield RULE.finding(message, email_place(case, "from"), help=cure)


RULE = Rule(
    "from-name-long",
    "EM110",
    "warning",
    "message",
    check,
    channels=("email",),
    module=__name__,
)
