"""Something follows the opt-out of a marketing SMS for China, or it is sent twice.

What: In China, words, signs or a value behind 拒收请回复R, be they what the gateway adds.
In all markets, a warning where the copy holds the very opt-out that the gateway adds,
because its profile says so (`suffix: " Reply STOP to opt out"`).

Why: Gateways in China want the message to end with it, and refuse templates that do not.
An opt-out that is sent twice costs its characters twice.

Bad:
```sms.zh-CN.md
【示例】您的资料已保存。拒收请回复R{% if stage == "repaid" %}，谢谢{% endif %}
```
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
sms:
  profile: ours
  profiles: {ours: {extends: gsm, suffix: " Reply STOP to opt out", source: our contract, as_of: 2026-11-22}}
```

Good:
```sms.zh-CN.md
【示例】您的资料已保存{% if stage == "repaid" %}，谢谢{% endif %}。拒收请回复R
```

Source: Aliyun SMS 44357; Baidu SMS (2026-01): marketing ends with 拒收请回复R.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from copylab.channels.route import route_to
from copylab.lint.fold import fold
from copylab.lint.optout import cn_wording, sms_optout
from copylab.lint.printed import added_by
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.source import Span


@cache
def _followed() -> re.Pattern[str]:
    """What follows the last opt-out, to the end of the text."""
    wording = re.escape(cn_wording())
    return re.compile(rf"(?<={wording})\s{{0,9}}[^\s](?!.*{wording}).*\Z", re.DOTALL)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place where something follows, or of what is sent twice."""
    doubled = _doubled(words)
    yield from doubled.values()
    item = words.bodies.get("CN")
    if item is None or cn_wording() not in item.literals:
        return
    for written, match, span in item.find(_followed()):
        if span in doubled:
            continue
        rest = match.group().replace("\ufffc", "…").strip()
        message = f"'{rest}' follows the opt-out, which must come last"
        cure = f"move it before {cn_wording()}"
        if match.start() >= len(match.string) - len(_tail(words)):
            cure = f"the gateway adds it: let it add {cn_wording()} behind it, too"
        yield words.finding(RULE, item, message, span=span, written=written, help=cure)


def _tail(words: Words) -> str:
    """What the gateway for China adds after the text."""
    return added_by(route_to(words.message, words.locale, "CN"))[1]


def _doubled(words: Words) -> dict[Span, Finding]:
    """What is wrong where the copy holds an opt-out that the gateway adds."""
    body = words.fields["body"]
    found: dict[Span, Finding] = {}
    for market, item in words.bodies.items():
        if item is body:
            continue
        route = route_to(words.message, words.locale, market)
        pattern = sms_optout(market or None)
        head, tail = added_by(route)
        added = {
            match.group().casefold()
            for text in (head, tail)
            for match in pattern.finditer(fold(text))
        }
        for written, match, span in item.find(pattern):
            start, end = match.span()
            is_own = start >= len(head) and end <= len(match.string) - len(tail)
            if not is_own or span in found or match.group().casefold() not in added:
                continue
            found[span] = words.finding(
                RULE,
                item,
                f"'{match.group()}' is sent twice: the gateway adds it"
                + (f" for {market}" if market else ""),
                span=span,
                written=written,
                help="take it out, or out of what the gateway adds "
                f"(profile {route.profile.name})",
                severity="warning",
            )
    return found


RULE = Rule(
    "optout-not-last",
    "SMS042",
    "error",
    "words",
    check,
    channels=("sms",),
    purposes=("marketing",),
    module=__name__,
)
