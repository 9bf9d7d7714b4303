"""The industry is a word that no rule knows, and means one that rules do.

What: `industry:` in the settings or in a message where it is a slip or another word for an
industry that has rules: lending, wealth, insurance, and banking, which has those of lending
and of wealth. Any other industry is fine.

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
from copylab.lint.provision import TAKES_IN
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words

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
    ("banking", re.compile("bank|银行|銀行|은행", re.IGNORECASE)),
    ("insurance", re.compile("insur|assurance|保险", re.IGNORECASE)),
)
"""Other words for the industries that have rules."""


def check(words: Words) -> Iterator[Finding]:
    """The finding, where the word is written."""
    known = {*TAKES_IN}
    for rule in builtin_pack_rules():
        known |= set(() if rule.provision is None else rule.provision.industries)
    industry = words.industry
    if not industry or industry in known:
        return
    meant = next((word for word, form in _MEANT if form.search(industry)), "")
    cure = f"write industry: {meant}" if meant else suggest(industry, sorted(known))
    places = {**words.catalog.config.places, **words.message.places}
    if cure and (words.is_bare or "industry" in places):
        start = next(iter(words.fields.values())).template.passage.source.span(0, 0)
        message = f"no rule knows the industry '{industry}'"
        yield RULE.finding(message, places.get("industry", start), help=cure)


RULE = Rule(
    "unknown-industry",
    "CL035",
    "warning",
    "words",
    check,
    module=__name__,
)
