"""Variants differ in a disclosure that a law asks for.

What: The words that rules on law ask for, such as the annual rate beside a credit, in the
variants of one channel and locale. It is told where all of them need the disclosure and
one lacks it, or where the figures in it differ.

Why: A test then compares prices, or a text with a price and one without, where it should
compare wordings; promoting the winner promotes the missing disclosure.

Bad:
```sms.zh-CN.md industry=lending variants=plain,coupon
# plain
【示例】贷款年化利率7.2%起（单利），审批以系统为准，请按需借款。拒收请回复R
# coupon
【示例】您的贷款福利已到账，年化利率3.6%起（单利），请按需借款。拒收请回复R
```

Good:
```sms.zh-CN.md industry=lending variants=plain,coupon
# plain
【示例】贷款年化利率7.2%起（单利），审批以系统为准，请按需借款。拒收请回复R
# coupon
【示例】您的贷款福利已到账，年化利率7.2%起（单利），审批以系统为准，请按需借款。拒收请回复R
```

Source: A rule of copylab: what an experiment compares should differ in its words, not in
what the law asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase, Words


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each disclosure, at the heading of the variant that differs."""
    for key, copy in case.message.copies.items():
        arms = [words for words in case.words if (words.channel, words.locale) == key]
        for rule, message, variant in _differing(arms):
            span = copy.headings.get(variant, copy.source.whole())
            said = f"{message} in what {rule.code} asks for ({rule.name})"
            cure = "disclose the same in all variants; test the words around it"
            yield RULE.finding(said, span, help=cure, variant=variant)


def _differing(arms: Sequence[Words]) -> Iterator[tuple[Rule, str, str]]:
    """The rules in whose disclosure variants differ, how, and the variant to tell it at."""
    if len(arms) < 2:  # noqa: PLR2004 - it takes two to differ
        return
    for rule in builtin_pack_rules():
        if rule.disclosed is None:
            continue
        if not rule.looks_at(arms[0].channel, arms[0].message.purpose):
            continue
        found = {words.variant: rule.disclosed(words) for words in arms}
        said = {name: each for name, each in found.items() if each is not None}
        if len(set(said.values())) < 2:  # noqa: PLR2004 - as above
            continue
        first = next((name for name, each in said.items() if each), "")
        other = next(name for name, each in said.items() if each != said[first])
        if not said[other]:
            yield rule, f"{first} has and {other} lacks the words", other
            continue
        shown = (
            ", ".join(sorted(filter(None, said[n]))) or "none" for n in (first, other)
        )
        one, two = shown
        yield rule, f"{first} names the figures {one}, {other} {two}", other


RULE = Rule(
    "ab-arms-disclosure",
    "AB001",
    "warning",
    "message",
    check,
    module=__name__,
)
