"""A link of an SMS can be divided between two parts.

What: A text of several parts whose longest form has a link across the end of a part.
Markets whose operators join the parts before delivery (mainland China) are left out.

Why: Phones and networks that do not join parts show two halves, and neither opens.

Bad:
```sms.en-US.md
Example: the parts for your bike have arrived and the workshop has kept a place for you on Friday morning, please tell us if that suits you: https://s.example.com/workshop/friday and bring the lock. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
lint: {sms: {max_segments: {marketing: {warning: 2}}}}
```

Good:
```sms.en-US.md
Example: confirm your place here: https://s.example.com/workshop/friday The parts for your bike have arrived and the workshop has kept a place for you on Friday morning, please tell us by Wednesday whether that suits you, and bring the lock. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
lint: {sms: {max_segments: {marketing: {warning: 2}}}}
```

Source: 3GPP TS 23.040 section 9.2.3.24; google/exposure-notifications-verification-server
#1730 (links broken on phones without concatenation).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from copylab.channels.sms import UnsendableError, split
from copylab.lint.parts import where
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.sent import Sent


_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """The finding, on the first route where the longest form has one."""
    item = words.fields["body"]
    for sent in words.sent:
        if sent.route.market == "CN" or sent.length.segments == 1:
            continue
        finding = words.finding(
            RULE,
            item,
            "",
            sent=sent,
            help="move the link to the start, or shorten what stands before it",
        )
        if finding.witness is None:
            continue
        link = _divided(finding.witness.text, sent)
        if link is not None:
            message = f"the link {link} runs from one part into the next"
            yield replace(finding, message=message + where(words, sent.route))
            return


def _divided(text: str, sent: Sent) -> str | None:
    """The first address that the end of a part divides."""
    try:
        parts = split(text, sent.route.profile)
    except UnsendableError:
        return None
    ends = list(accumulate(map(len, parts)))[:-1]
    for match in _ADDRESS.finditer(text):
        for end in ends:
            if match.start() < end < match.end():
                return f"{text[match.start() : end]}|{text[end : match.end()]}"
    return None


RULE = Rule(
    "link-straddles",
    "SMS023",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
