"""Variants of one SMS can need different numbers of parts.

What: The worst case of each variant of a message in one locale, as it is sent on the
dearest of its routes.

Why: A test then compares two prices as well as two wordings, and the winner may only be
the dearer one.

Bad:
```sms.en-US.md variants=plain,coupon
# plain
Example: your details are saved. Reply STOP to opt out
# coupon
Example: your details are saved, there is nothing at all to fill in twice when you come back to us, and the coupon that we put into your account is good for all of this month. Reply STOP to opt out
```

Good:
```sms.en-US.md variants=plain,coupon
# plain
Example: your details are saved. Reply STOP to opt out
# coupon
Example: a coupon waits for you. Reply STOP to opt out
```

Source: A rule of copylab: what an experiment compares should differ in its words alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each locale, at the heading of the dearest variant."""
    if len(case.message.variants) < 2:  # noqa: PLR2004 - it takes two to differ
        return
    for (channel, locale), copy in case.message.copies.items():
        if channel != "sms":
            continue
        worst = {
            words.variant: words.dearest
            for words in case.words
            if (words.channel, words.locale) == (channel, locale)
        }
        parts = {
            name: (sent.length.product, sent.parts)
            for name, sent in worst.items()
            if sent is not None
        }
        if len(set(parts.values())) < 2:  # noqa: PLR2004 - as above
            continue
        dearest = max(parts, key=lambda name: (parts[name][0] != "SMS", parts[name][1]))
        listed = ", ".join(f"{name} {_count(*parts[name])}" for name in parts)
        message = f"the variants can need different numbers of parts: {listed}"
        cure = "bring them to the same number, or the test compares prices too"
        span = copy.headings.get(dearest, copy.source.whole())
        yield RULE.finding(message, span, help=cure, variant=dearest)


def _count(product: str, parts: int) -> str:
    return str(parts) if product == "SMS" else f"{parts} {product}"


RULE = Rule(
    "ab-arms-cost-skew",
    "SMS075",
    "warning",
    "message",
    check,
    channels=("sms",),
    module=__name__,
)
