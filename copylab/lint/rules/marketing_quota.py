"""A sequence sends more pushes in a day than phones take.

What: The push steps of `sequence:` that can fall within 24 hours, against the least number of
marketing pushes that the phone makers deliver to a device a day; `sending: {news_licence: true}`
takes the number for news. Outside China only where a maker is named.

Why: What is over the number is dropped, and every app's campaign of that day counts.

Bad:
```message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
sequence:
  - {after: 0h, channel: push}
  - {after: 3h, channel: push}
  - {after: 8h, channel: push}
=== push.zh-CN.md
## title
资料已保存
## body
无需再填。
```

Good:
```message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
sequence:
  - {after: 0h, channel: push}
  - {after: 30h, channel: push}
=== push.zh-CN.md
## title
资料已保存
## body
无需再填。
```
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
sequence:
  - {after: 0h, channel: push}
  - {after: 30h, channel: push}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: Jiguang vendor quota table (2025-04), Getui qps page; channels/profiles/push/*.yaml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.push_plan import PushPlan
from copylab.lint.push_limits import MINUTES_A_DAY, minutes_after, vendors_of
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase
    from copylab.message.model import Message


def check(case: MessageCase) -> Iterator[Finding]:
    """The finding about the first step that is over the number."""
    message = case.message
    if message.purpose != "marketing" or "push" not in message.channels:
        return
    found = _least(message)
    if found is None:
        return
    vendor, most = found
    sent: list[int] = []
    for step in sorted(message.sequence, key=minutes_after):
        if step.channel != "push":
            continue
        sent.append(minutes_after(step))
        within = [minute for minute in sent if sent[-1] - minute < MINUTES_A_DAY]
        if len(within) > most:
            text = f"this is push {len(within)} within a day, {vendor} takes {most}"
            cure = "move it to another day, or use another channel"
            yield RULE.finding(text, step.span, help=cure)
            return


def _least(message: Message) -> tuple[str, int] | None:
    """The maker that takes the fewest a day, and how many."""
    locales = [locale for channel, locale in message.copies if channel == "push"]
    in_china = any("CN" in message.markets.at(locale) for locale in locales)
    vendors = vendors_of(message, in_china=in_china)
    plan = PushPlan(message.push)
    is_news = message.sending.get("news_licence") is True
    found = []
    for vendor in sorted(vendors.named) or vendors.judged:
        profile = plan.profile(vendor)
        most = profile.max_daily_marketing
        if is_news:
            most = profile.max_daily_marketing_news or most
        if most is not None:
            found.append((most, vendor))
    return min(found)[::-1] if found else None


RULE = Rule(
    "marketing-quota",
    "PSH015",
    "warning",
    "message",
    check,
    channels=("push",),
    purposes=("marketing",),
    module=__name__,
)
