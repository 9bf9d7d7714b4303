"""The opt-out of a marketing SMS stands beyond what its gateway takes.

What: A marketing text that can be longer than the gateway of its route takes, and whose
opt-out is in what is too much.

Why: Where the gateway cuts instead of refusing, the people with the longest values get
the offer without the way to refuse it.

Bad:
```sms.en-US.md repeat=40
Example: your details are saved, come back for them whenever it suits you. {{ name }}
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
sms: {profile: ours, profiles: {ours: {extends: gsm, max_characters: 200, suffix: " Reply STOP to opt out", source: our contract, as_of: 2026-11-22}}}
lint: {sms: {max_segments: {marketing: {warning: 30, error: 40}}}}
```

Good:
```sms.en-US.md
Example: your details are saved, come back for them whenever it suits you. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
sms: {profile: ours, profiles: {ours: {extends: gsm, max_characters: 200, source: our contract, as_of: 2026-11-22}}}
```

Source: The profile names the source of each limit; packs/optout.yaml names the duty.
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
        if capped.route.market in OWN_RULES or not capped.cuts_optout:
            continue
        what, excess = name_counted(capped), capped.excess
        message = (
            f"can have {excess.used:,} {what}, the gateway of profile "
            f"{excess.profile} takes {excess.most:,}: the opt-out is beyond them"
        )
        cure = f"cut {capped.room:,} {what}, so that the opt-out is sent"
        yield words.finding(RULE, item, message, sent=capped.sent, help=cure)


RULE = Rule(
    "optout-cut-off",
    "SMS044",
    "error",
    "words",
    check,
    channels=("sms",),
    purposes=("marketing",),
    module=__name__,
)
