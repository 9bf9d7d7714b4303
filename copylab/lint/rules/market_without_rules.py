"""A market has no rules of its own here, so that little was asked about it.

What: A market for which copylab ships no rule of a law, a carrier or a union: only what holds
everywhere is checked there. Switch it off once a pack of your own asks for what the law of the
market wants.

Why: "No findings" for a market without rules looks like one for a market that has them.

Bad:
```copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US, NG]
```

Good:
```copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US, AT]
```

Source: A rule of copylab.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each such market, where the markets are written."""
    places = {**words.catalog.config.places, **words.message.places}
    start = next(iter(words.fields.values())).template.passage.source.span(0, 0)
    for market in words.markets:
        if not _has_rules(market):
            yield RULE.finding(
                f"copylab has no rule of {market}: only what holds everywhere is checked",
                places.get("markets", start),
                help="have its law looked at, and write what it asks for as a pack",
            )


@cache
def _has_rules(market: str) -> bool:
    """Whether some rule names a market, by itself or through its union."""
    laws = (rule.provision for rule in builtin_pack_rules())
    return any(law.binds(market) for law in laws if law is not None and law.markets)


RULE = Rule(
    "market-without-rules",
    "CL037",
    "info",
    "words",
    check,
    module=__name__,
)
