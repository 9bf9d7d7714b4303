"""A marketing e-mail cannot carry the header of one-click opt-out.

What: `email.unsubscribe` is missing, names no declared variable, or names one that is no
url with an https base.

Why: Mailbox providers ask senders of bulk mail for List-Unsubscribe with one click; what
comes without it goes to spam.

Bad:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 20, missing: there}
  unsubscribe_url: {type: url, base: "http://example.com/u/", max: 60}
=== email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, nothing is to do.
```

Good:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 20, missing: there}
  unsubscribe_url: {type: url, base: "https://example.com/u/", max: 60}
=== email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, nothing is to do.
```

Source: RFC 8058 section 3.1; Gmail's sender guidelines (answer 81126).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase


def check(case: MessageCase) -> Iterator[Finding]:
    """The finding about a message with marketing e-mail."""
    message = case.message
    if message.purpose != "marketing" or "email" not in message.channels:
        return
    name = message.email.get("unsubscribe")
    span = message.places.get("email") or message.places["purpose"]
    if name is None:
        text = "the e-mail has no opt-out address for its List-Unsubscribe header"
        cure = (
            "declare a url variable, and name it: email: {unsubscribe: unsubscribe_url}"
        )
        yield RULE.finding(text, span, help=cure)
        return
    variable = message.variables.get(name)
    if variable is None:
        text = f"email.unsubscribe names '{name}', which is not declared"
        cure = suggest(name, message.variables) or f"declare {name}: {{type: url, …}}"
        yield RULE.finding(text, span, help=cure)
    elif variable.type != "url" or not variable.base.startswith("https://"):
        text = (
            f"'{name}' is not sure to be an https address, as one-click opt-out needs"
        )
        cure = "declare {type: url, base: https://…, max: …}"
        yield RULE.finding(text, variable.span, help=cure)


RULE = Rule(
    "list-unsubscribe-missing",
    "EM202",
    "error",
    "message",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
