"""An SMS for China can have more than 500 characters.

What: The longest the text can be, over every branch and every allowed value, with the
signature, against the 500 characters that gateways take.

Why: The gateway refuses the message, for the people with the longest values only.

Bad:
```sms.zh-CN.md repeat=60
【示例】您的资料已保存，欢迎回来。拒收请回复R
```

Good:
```sms.zh-CN.md
【示例】您的资料已保存，欢迎回来。拒收请回复R
```

Source: Tencent Cloud SMS 382/39023 and Aliyun SMS 463270: 500 characters in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.caps import caps_exceeded
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """The finding, where the text can be too long."""
    if "CN" not in words.markets:
        return
    item = words.fields["body"]
    for capped in caps_exceeded(words):
        if capped.route.market != "CN":
            continue
        verb = "can have" if capped.sent is not None else "may have up to"
        message = (
            f"{verb} {capped.excess.used:,} characters, gateways in China take "
            f"{capped.excess.most:,}"
        )
        cure = f"cut {capped.room:,} characters"
        yield words.finding(RULE, item, message, sent=capped.sent, help=cure)


RULE = Rule(
    "total-500",
    "SMS054",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
