"""The last part of an SMS holds only a few characters.

What: A text that at worst needs a part more for 10 units or less. Where it needs more
parts than the workspace allows, segments-exceed tells it instead.

Why: A few words less save that part for everybody whose values are long.

Bad:
```sms.en-US.md
Example: your order has left the warehouse and reaches you on Thursday between nine and noon; somebody should be there to sign, or choose a neighbour in the app.
=== message.yaml
purpose: transactional
live: plain
locales: [en-US]
```

Good:
```sms.en-US.md
Example: your order has left the warehouse and reaches you on Thursday between nine and noon; somebody should be there to sign, or choose a neighbour.
=== message.yaml
purpose: transactional
live: plain
locales: [en-US]
```

Source: 3GPP TS 23.040 section 9.2.3.24.1: 160 or 70 characters in one part, 153 or 67 in
each of several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.parts import count_parts, count_units, excess, where
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_FEW = 10


def check(words: Words) -> Iterator[Finding]:
    """The finding, on the dearest route."""
    item, sent = words.fields["body"], words.dearest
    if sent is None or item.paths is None:  # no more than samples are known
        return
    if sent.parts != sent.length.segments or sent.parts == 1:
        return
    limits = words.catalog.config.lint.limits_at(item.file)[words.message.purpose]
    over = excess(sent, sent.parts - 1)
    if sent.parts > limits["warning"] or not 0 < over <= _FEW:
        return
    units = count_units(over, sent.length.encoding)
    message = f"needs {count_parts(sent.parts)}{where(words, sent.route)} at worst for {units} only"
    cure = f"cut {units}: {count_parts(sent.parts - 1)} then"
    yield words.finding(RULE, item, message, sent=sent, help=cure)


RULE = Rule(
    "barely-over",
    "SMS021",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
