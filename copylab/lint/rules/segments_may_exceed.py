"""A text may need more parts than the workspace allows, and nobody can tell.

What: A short message whose parts are bounded and not known. Either there are too many
branches to walk; or its gateway keeps user-perceived characters whole, and a value may
hold such as are made of several (marks, flags, emoji), which leave the ends of parts
empty. The bound is never too low.

Why: A bound above the limit may be an alarm without a fire, but a bound below it is a
proof. Here there is none.

Bad:
```sms.en-US.md
Example: {{ note }} {{ name }} ünd {{ note }}. Your details are saved, come back for them. Reply STOP to opt out
=== message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  name: {type: text, max: 14, missing: error}
  note: {type: text, max: 4, missing: error}
```

Good:
```sms.en-US.md
Example: {{ note }} {{ name }} ünd {{ note }}. Your details are saved, come back for them. Reply STOP to opt out
=== message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  name: {type: text, max: 14, charset: gsm7, missing: error}
  note: {type: text, max: 4, charset: gsm7, missing: error}
```

Source: 3GPP TS 23.040 section 9.2.3.24.1; UAX #29 on what readers perceive as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.parts import count_parts, where
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """The finding, where a bound passes a limit that the known worst does not."""
    item = words.fields["body"]
    limits = words.catalog.config.lint.limits_at(item.file)[words.message.purpose]
    known = 0 if words.dearest is None else words.dearest.parts
    if item.paths is None:
        if known <= limits["warning"] < words.parts_bound:
            message = (
                f"may need up to {count_parts(words.parts_bound)}, the limit is "
                f"{limits['warning']} (could not prove less)"
            )
            cure = "write fewer conditions, so that every branch can be walked"
            yield words.finding(RULE, item, message, help=cure)
        return
    sent = max(words.sent, key=lambda each: each.most, default=None)
    if sent is None or not any(known <= limit < sent.most for limit in limits.values()):
        return
    limit = min(limit for limit in limits.values() if known <= limit < sent.most)
    message = (
        f"may need up to {count_parts(sent.most)}{where(words, sent.route)}, the limit "
        f"is {limit}, where a gateway keeps characters of several code points whole"
    )
    cure = "declare a narrower charset for its texts (gsm7, zh), or lower their max"
    yield words.finding(RULE, item, message, sent=sent, help=cure)


RULE = Rule(
    "segments-may-exceed",
    "SMS002",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
