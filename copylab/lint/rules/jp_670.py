"""An SMS for Japan can be longer than the carriers take.

What: The most parts a text can need, over every branch and every allowed value, against
the 10 that carriers in Japan join: 670 characters, or 1,530 of GSM-7.

Why: What is longer is refused, for the people with the longest values only.

Bad:
```sms.ja-JP.md repeat=50
【見本】資料を保存しました。いつでもお戻りください。
=== copylab.yaml
brand: {name: 見本}
locales: {default: ja-JP}
markets: [JP]
=== message.yaml
purpose: transactional
live: plain
```

Good:
```sms.ja-JP.md
【見本】資料を保存しました。いつでもお戻りください。
=== copylab.yaml
brand: {name: 見本}
locales: {default: ja-JP}
markets: [JP]
=== message.yaml
purpose: transactional
live: plain
```

Source: NTT docomo, KDDI and SoftBank since 2019-09-10, after media-sms.net: 670 full-width
or 1,530 half-width characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.caps import caps_exceeded, name_counted
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """The finding, where a text can be too long."""
    item = words.fields["body"]
    for capped in caps_exceeded(words):
        if capped.route.market != "JP":
            continue
        what, excess = name_counted(capped), capped.excess
        verb = "can have" if capped.sent is not None else "may have up to"
        message = (
            f"{verb} {excess.used:,} {what}, carriers in Japan take {excess.most:,}"
        )
        yield words.finding(
            RULE,
            item,
            message,
            sent=capped.sent,
            help="cut it to 670 characters, or 1,530 of GSM-7",
            severity="error" if capped.sent is not None else "warning",
        )


RULE = Rule(
    "jp-670",
    "SMS064",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
