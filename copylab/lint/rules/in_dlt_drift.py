"""An SMS for India differs from the text that is registered for it.

What: With `sending: {template_text: …}` (a text, or one for each variant), every branch
against it: the fixed words must be the same, and what stands in place of {#var#}, {#url#}
and the like has 1 to 30 characters.

Why: Operators compare every message with the registered text and drop what differs, and
nobody hears of it.

Bad:
```sms.en-IN.md
Example: your order is on its way, {{ name }}. Track it in the app.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-IN}
markets: [IN]
=== message.yaml
purpose: transactional
live: plain
sending: {template_text: "Example: your order is on the way, {#var#}. Track it in the app."}
variables: {name: {type: person_name, max: 20, charset: latin, missing: there}}
```

Good:
```sms.en-IN.md
Example: your order is on its way, {{ name }}. Track it in the app.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-IN}
markets: [IN]
=== message.yaml
purpose: transactional
live: plain
sending: {template_text: "Example: your order is on its way, {#var#}. Track it in the app."}
variables: {name: {type: person_name, max: 20, charset: latin, missing: there}}
```

Source: TRAI TCCCPR 2018 and the DLT operators' template guidelines: content is compared
with the registered template.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_TAG = re.compile(r"\{#[A-Za-z]+#\}")
_MOST = 30


def check(words: Words) -> Iterator[Finding]:
    """One finding for each branch that differs, where it begins to."""
    registered = words.message.sending.get("template_text")
    if isinstance(registered, dict):
        registered = registered.get(words.variant)
    if "IN" not in words.markets or not isinstance(registered, str):
        return
    item, told = words.fields["body"], set()
    pattern, starts = _compile(registered.strip())
    for written in item.written:
        text = written.skeleton.text.strip()
        if pattern.fullmatch(text):
            continue
        at = min(_agreement(text, starts), max(len(text) - 1, 0))
        span = written.skeleton.span(at, at + 1)
        if span in told:
            continue
        told.add(span)
        yield words.finding(
            RULE,
            item,
            "from here the words differ from the registered text",
            span=span,
            written=written,
            help="write what is registered, or register the new text and put it under "
            "sending: {template_text: …}",
        )


@lru_cache(maxsize=64)
def _compile(registered: str) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """The registered text as a pattern, and patterns of its beginnings."""
    fixed = _TAG.split(registered)
    gap = f".{{1,{_MOST}}}?"
    whole = gap.join(map(re.escape, fixed))
    starts = []
    for number, words in enumerate(fixed):
        before = gap.join(map(re.escape, fixed[:number])) + (gap if number else "")
        starts += [before + re.escape(words[:end]) for end in range(len(words) + 1)]
    return re.compile(whole, re.DOTALL), tuple(
        re.compile(start, re.DOTALL) for start in starts
    )


def _agreement(text: str, starts: tuple[re.Pattern[str], ...]) -> int:
    """How far a text agrees with the longest beginning that it has."""
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if starts[middle].match(text) else (low, middle - 1)
    match = starts[low].match(text)
    return match.end() if match else 0


RULE = Rule(
    "in-dlt-drift",
    "SMS061",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
