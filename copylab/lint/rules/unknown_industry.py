"""The industry is a word that no rule knows, and means one that rules do.

What: `industry:` in the settings or in a message where it is a slip or another word for an
industry that has rules: lending, wealth, insurance. Any other industry is fine.

Why: A rule for lenders looks for the word `lending`. A lender who writes `loans` is told
nothing, and believes that nothing was found.

Bad:
```copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
industry: consumer-loans
```

Good:
```copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
industry: retail
```

Source: A rule of copylab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase

_MEANT = (
    (
        "lending",
        re.compile("loan|lend|credit|借|贷|fintech|bnpl|micro-?financ", re.IGNORECASE),
    ),
    (
        "wealth",
        re.compile(
            "wealth|invest|securit|fund|brokerage|理财|基金|证券", re.IGNORECASE
        ),
    ),
    ("insurance", re.compile("insur|assurance|保险", re.IGNORECASE)),
)
"""Other words for the industries that have rules."""


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each word, where it is written."""
    known = {
        industry
        for rule in builtin_pack_rules()
        if rule.provision is not None
        for industry in rule.provision.industries
    }
    places = {**case.catalog.config.places, **case.message.places}
    for locale in {words.locale for words in case.words}:
        industry = case.message.industry_at(locale)
        if not industry or industry in known:
            continue
        meant = next((word for word, form in _MEANT if form.search(industry)), "")
        cure = f"write industry: {meant}" if meant else suggest(industry, sorted(known))
        if cure and "industry" in places:
            message = f"no rule knows the industry '{industry}'"
            yield RULE.finding(message, places["industry"], help=cure)


RULE = Rule(
    "unknown-industry",
    "CL035",
    "warning",
    "message",
    check,
    module=__name__,
)
