"""An SMS does not say on every branch who sends it.

What: In the United States and India, `brand.name` or `brand.signature` in the words of
every branch, or in what the gateway of each of the two adds. The sender's number says
nothing to a reader there.

Why: Carriers ask for the sender's name in each message and filter texts without one; a
reader takes them for fraud.

Bad:
```sms.en-US.md
Your details are saved{% if stage == "repaid" %}, says Example{% endif %}. Reply STOP to opt out
```
```sms.en-US.md
Your details are saved. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US, GB]
sms:
  profile: {GB: ours, default: gsm}
  profiles: {ours: {extends: gsm, prefix: "Example: ", source: our contract, as_of: 2026-11-22}}
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```
```sms.en-US.md
Your details are saved. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
sms:
  profile: ours
  profiles: {ours: {extends: gsm, prefix: "Example: ", source: our contract, as_of: 2026-11-22}}
```

Source: CTIA Messaging Principles and Best Practices (2023), 5.1; DLT content templates.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from copylab.lint.fold import fold
from copylab.lint.pack import any_of
from copylab.lint.rule import Rule
from copylab.template.shape import Hole, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words


_MARKETS = ("US", "IN")


def check(words: Words) -> Iterator[Finding]:
    """The finding, where a branch does not name the sender."""
    names = [words.brand.get(key, "").strip("【】 ") for key in ("name", "signature")]
    names = [name for name in names if name]
    if not names or _is_read_in_part(words.fields["body"]):
        return
    pattern = _any_of(tuple(names))
    told = set()
    for item in (words.bodies[market] for market in _MARKETS if market in words.bodies):
        for written in item.lacking(pattern)[:1]:
            span = item.branch_span(pattern)
            where = "this branch" if span != item.span else "the message"
            if span in told:
                continue
            told.add(span)
            yield words.finding(
                RULE,
                item,
                f"{where} does not name the sender",
                span=span,
                written=written,
                help=f"start it with {names[0]}:",
            )


def _is_read_in_part(item: Field) -> bool:
    """Whether a value could not be read; it may be the sender's name."""
    return any(
        isinstance(leaf, Hole) and leaf.expression.type == "unknown"
        for leaf in walk(item.shape)
    )


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return any_of(tuple(re.escape(fold(name)) for name in names))


RULE = Rule(
    "brand-missing",
    "SMS070",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
