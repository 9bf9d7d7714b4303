"""A marketing SMS does not say on every branch how to refuse more of them.

What: The opt-out of each market that receives the text, over all branches. Words that
come out of a value do not count; those that the market's gateway adds, because its
profile says so (`suffix: " Reply STOP to opt out"`), do.

Why: The laws and the carriers of most markets ask for it in every marketing message; a
branch without it is sent to thousands before anybody sees it.

Bad:
```sms.en-US.md
Example: your details are saved. {% if stage == "repaid" %}Thank you!{% else %}Reply STOP to opt out{% endif %}
```
```sms.zh-CN.md
【示例】您的资料已保存，欢迎回来。
```
```sms.en-US.md
Example: your details are saved.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US, GB]
sms:
  profile: {GB: ours, default: gsm}
  profiles: {ours: {extends: gsm, suffix: " Reply STOP to opt out", source: our contract, as_of: 2026-11-22}}
```

Good:
```sms.en-US.md
Example: your details are saved. {% if stage == "repaid" %}Thank you! {% endif %}Reply STOP to opt out
```
```sms.zh-CN.md
【示例】您的资料已保存，欢迎回来。拒收请回复R
```
```sms.en-US.md
Example: your details are saved.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US, GB]
sms:
  profile: ours
  profiles: {ours: {extends: gsm, suffix: " Reply STOP to opt out", source: our contract, as_of: 2026-11-22}}
```

Source: packs/optout.yaml names it for each market: CTIA and 47 CFR 64.1200 (US), gateway
template rules and MIIT Order 31 (CN), PECR (GB), CASL (CA) and others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.optout import cn_wording, sms_optout
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each market whose opt-out is missing on a branch."""
    for market, item in words.bodies.items():
        pattern = sms_optout(market or None)
        lacking = item.lacking(pattern)
        if not lacking:
            continue
        span = item.branch_span(pattern)
        where = "this branch" if span != item.span else "the message"
        if item.paths is None:
            where = "a branch (there are too many to walk)"
        message = f"{where} has no opt-out" + (f" for {market}" if market else "")
        wording = cn_wording() if market == "CN" else "Reply STOP to opt out"
        cure = f"put the opt-out outside of every condition: {wording}"
        yield words.finding(
            RULE, item, message, span=span, written=lacking[0], help=cure
        )


RULE = Rule(
    "optout-missing",
    "SMS040",
    "error",
    "words",
    check,
    channels=("sms",),
    purposes=("marketing",),
    module=__name__,
)
