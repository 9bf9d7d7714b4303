"""The same push goes out twice.

What: Variants whose title and body are the same. And, where vivo delivers: two push steps of
`sequence:` within a day, and another message whose live push has the same body.

Why: Variants that are the same compare nothing. vivo drops a push that repeats another.

Bad:
```push.en-US.md variants=plain,coupon
# plain
## title
Welcome back
## body
Your details are saved.
# coupon
## title
Welcome back
## body
Your details are saved.
```
```message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
sequence:
  - {after: 0h, channel: push}
  - {after: 5h, channel: push}
push:
  services: [vivo]
  vivo: {classification: "0"}
=== push.zh-CN.md
## title
资料已保存
## body
无需再填。
```

Good:
```push.en-US.md variants=plain,coupon
# plain
## title
Welcome back
## body
Your details are saved.
# coupon
## title
A coupon for you
## body
Your details are saved.
```

Source: Getui qps page, vendor notes: vivo removes duplicates; a rule of copylab on variants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.push_profile import load_push_profile
from copylab.lint.push_limits import MINUTES_A_DAY, minutes_after, vendors_of
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase
    from copylab.message.model import Message, Step


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each push that repeats another."""
    message = case.message
    if "push" not in message.channels:
        return
    yield from _same_variants(case)
    locales = [locale for channel, locale in message.copies if channel == "push"]
    at_risk = [locale for locale in locales if _drops(message, locale)]
    if at_risk:
        yield from _same_steps(message)
    for locale in at_risk:
        yield from _same_messages(case, locale)


def _same_variants(case: MessageCase) -> Iterator[Finding]:
    for (channel, _), copy in case.message.copies.items():
        if channel != "push":
            continue
        seen: dict[tuple[tuple[str, str], ...], str] = {}
        for variant, fields in copy.variants.items():
            words = tuple((name, item.text) for name, item in sorted(fields.items()))
            first = seen.setdefault(words, variant)
            if first != variant and words:
                text = f"'{variant}' has the same words as '{first}'"
                cure = "change the title or the body, or take the variant out"
                span = copy.headings.get(variant, copy.source.whole())
                yield RULE.finding(text, span, help=cure, variant=variant)


def _same_steps(message: Message) -> Iterator[Finding]:
    before: Step | None = None
    for step in sorted(message.sequence, key=minutes_after):
        if step.channel != "push":
            continue
        if before and minutes_after(step) - minutes_after(before) < MINUTES_A_DAY:
            text = "this step repeats a push of the same day, and vivo drops it"
            cure = "move it to another day, or use another channel"
            yield RULE.finding(text, step.span, help=cure)
        before = step


def _same_messages(case: MessageCase, locale: str) -> Iterator[Finding]:
    message = case.message
    own = _live_body(message, locale)
    for name, other in sorted(case.catalog.messages.items()):
        if own is None or name >= message.id or not _drops(other, locale):
            continue
        if _live_body(other, locale) == own:
            text = f"the body is that of {name}, and vivo drops what repeats"
            cure = "say something of its own"
            copy = message.copies["push", locale]
            span = copy.variants[message.live]["body"].whole()
            yield RULE.finding(
                text, span, help=cure, variant=message.live, field="body"
            )
            return


def _live_body(message: Message, locale: str) -> str | None:
    copy = message.copies.get(("push", locale))
    fields = {} if copy is None else copy.variants.get(message.live, {})
    return fields["body"].text if "body" in fields else None


def _drops(message: Message, locale: str) -> bool:
    """Whether a service delivers the message that drops what repeats."""
    in_china = "CN" in message.markets.at(locale)
    vendors = vendors_of(message, in_china=in_china)
    chosen = vendors.named or vendors.judged
    return any(load_push_profile(name).removes_duplicates for name in chosen)


RULE = Rule(
    "duplicate-body",
    "PSH018",
    "warning",
    "message",
    check,
    channels=("push",),
    module=__name__,
)
