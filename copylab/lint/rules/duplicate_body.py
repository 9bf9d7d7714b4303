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
from copylab.lint.rule import Mark, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase
    from copylab.message.model import Message, Step


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each push that repeats another of its message."""
    message = case.message
    if "push" not in message.channels:
        return
    yield from _same_variants(case)
    if _at_risk(message):
        yield from _same_steps(message)


def marks(case: MessageCase) -> Iterator[Mark]:
    """The live body in each locale where a service drops what repeats."""
    message = case.message
    for locale in _at_risk(message):
        body = message.copies["push", locale].variants.get(message.live, {}).get("body")
        if body is not None:
            text = "the body is that of {first}, and vivo drops what repeats"
            finding = RULE.finding(
                text,
                body.whole(),
                help="say something of its own",
                variant=message.live,
                field="body",
            )
            yield Mark(f"{locale}\n{body.text}", message.id, finding)


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


def _at_risk(message: Message) -> list[str]:
    """The locales in which a push that repeats another is dropped."""
    locales = [locale for channel, locale in message.copies if channel == "push"]
    return [locale for locale in locales if _drops(message, locale)]


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
    marks=marks,
)
