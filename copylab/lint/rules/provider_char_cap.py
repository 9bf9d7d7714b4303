"""A short message can be longer than its gateway takes.

What: The most characters, units or parts a text can have as it is sent, over every branch
and every allowed value, against what the profile of its route says the gateway takes at
most. Markets with a rule of their own on length (total-500, kr-bytes, jp-670) speak
instead, and so does optout-cut-off where the opt-out is what is lost.

Why: The gateway refuses the message or cuts it, for the people with the longest values.

Bad:
```sms.en-GB.md repeat=30
Example: your parcel is at the depot until Friday at noon, come and collect it.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-GB}
markets: [GB]
sms: {profile: govuk}
lint: {sms: {max_segments: {transactional: {warning: 20, error: 30}}}}
=== message.yaml
purpose: transactional
live: plain
```

Good:
```sms.en-GB.md
Example: your parcel is at the depot until Friday at noon, come and collect it.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-GB}
markets: [GB]
sms: {profile: govuk}
=== message.yaml
purpose: transactional
live: plain
```

Source: The profile names the source of each limit and its day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.caps import OWN_RULES, caps_exceeded, name_counted
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding a route."""
    item = words.fields["body"]
    for capped in caps_exceeded(words):
        if capped.route.market in OWN_RULES or capped.cuts_optout:
            continue
        most, used = capped.excess.most, capped.excess.used
        verb = "can have" if capped.sent is not None else "may have up to"
        what = name_counted(capped)
        message = (
            f"{verb} {used:,} {what}, the gateway of profile {capped.excess.profile} "
            f"takes {most:,}"
        )
        yield words.finding(
            RULE,
            item,
            message,
            sent=capped.sent,
            help=f"cut {capped.room:,} {what}, or lower the max of a variable",
            severity="error" if capped.sent is not None else "warning",
        )


RULE = Rule(
    "provider-char-cap",
    "SMS003",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
