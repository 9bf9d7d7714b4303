"""A text can need more parts than the workspace allows.

What: The most parts (segments) a short message can need, over every branch and every
allowed value, against `lint: {sms: {max_segments: …}}`. It is counted as it is sent, with
what the gateway adds, on the dearest of its routes (`sms: {profile: …}`). The count is
exact: each value is as long and as costly as its bounds allow. What is only bounded is
told by segments-may-exceed.

Why: Every part is billed. A text that fits in the preview and not with a long name
costs twice as much for the people with long names.

Bad:
```sms.en-US.md
Example: {{ name }}, the book you asked us to keep for you is back in stock and waits at the counter until Sunday evening. Come and get it, or call us to hold it longer. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your book is here, after {{ days }} days. Reply STOP to opt out
```

Source: 3GPP TS 23.038 and TS 23.040 section 9.2.3.24.1: 160 or 70 characters in one
part, 153 or 67 in each of several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.parts import count_parts, count_units, excess, where
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """The finding, of the gravest limit that is passed on any route."""
    item, sent = words.fields["body"], words.dearest
    limits = words.catalog.config.lint.limits_at(item.file)[words.message.purpose]
    severity = None if sent is None else _severity(sent.parts, limits)
    if sent is None or severity is None:
        return
    length, limit = sent.length, limits[severity]
    message = (
        f"can need {count_parts(sent.parts)}{where(words, sent.route)}, the limit is "
        f"{limit} ({count_units(length.units, length.encoding)} at worst)"
    )
    if sent.parts > length.segments:
        message += f"; {length.segments} where a character may be cut in two"
    room = max(excess(sent, limit), 1)
    cure = f"cut {count_units(room, length.encoding)}, or lower the max of a variable"
    yield words.finding(RULE, item, message, sent=sent, help=cure, severity=severity)


def _severity(parts: int, limits: Mapping[str, int]) -> Severity | None:
    if parts > limits["error"]:
        return "error"
    return "warning" if parts > limits["warning"] else None


RULE = Rule(
    "segments-exceed",
    "SMS001",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
