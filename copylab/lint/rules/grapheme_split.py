r"""Characters that are made of several cost an SMS a part.

What: A text on a route that keeps user-perceived characters whole (family emoji, flags,
letters with marks), and that needs more parts for it at worst. Where it needs more than
the workspace allows, segments-exceed tells it instead.

Why: Such a character does not fit the rest of a part and moves to the next one. Gateways
differ in this: the bill may be one part more than a calculator says.

Bad:
```sms.en-US.md
Example: wir sehen uns am Sonntag beim Familienfest im Park! 👩\u200d👩\u200d👧\u200d👦 Bringt Decken mit, es gibt Kuchen, und wer mag, spielt Ball.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
lint: {sms: {max_segments: {transactional: {warning: 3}}}}
=== message.yaml
purpose: transactional
live: plain
locales: [en-US]
```

Good:
```sms.en-US.md
Example: wir sehen uns am Sonntag beim großen Familienfest im Park, bringt Decken mit.
=== message.yaml
purpose: transactional
live: plain
locales: [en-US]
```

Source: 3GPP TS 23.040 section 9.2.3.24.1; UAX #29; segments_max in copylab's measure.
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
    """The finding, on the dearest route."""
    item, sent = words.fields["body"], words.dearest
    limits = words.catalog.config.lint.limits_at(item.file)[words.message.purpose]
    if sent is None or item.paths is None or sent.parts > limits["warning"]:
        return
    extra = sent.route.profile.extra_segments if sent.length.segments > 1 else 0
    least = sent.length.segments + extra
    if sent.parts <= least:
        return
    message = (
        f"needs {count_parts(sent.parts)}{where(words, sent.route)} at worst where "
        f"characters made of several are kept whole, {least} where they are cut"
    )
    cure = "take the emoji or the marks out, or shorten the text by a few characters"
    yield words.finding(RULE, item, message, sent=sent, help=cure)


RULE = Rule(
    "grapheme-split",
    "SMS022",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
