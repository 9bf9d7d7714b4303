"""A marketing SMS for China offers its opt-out in an older wording.

What: 回T退订, TD退订 and the like where 拒收请回复R is asked for.

Why: Gateways refuse new templates with the older wordings.

Bad:
```sms.zh-CN.md
【示例】您的资料已保存，欢迎回来。回T退订
```

Good:
```sms.zh-CN.md
【示例】您的资料已保存，欢迎回来。拒收请回复R
```

Source: Tencent Cloud SMS 382/39023 (2025): 拒收请回复R; older documents have TD, T or N.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.mend import replace_in_file
from copylab.lint.optout import cn_wording, sms_optout
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place of an older wording."""
    if "CN" not in words.markets:
        return
    item = words.fields["body"]
    for written, match, span in item.find(sms_optout("CN")):
        if match.group() != cn_wording():
            message = f"'{match.group()}' is an older wording of the opt-out"
            place = (span, match.group(), cn_wording())
            yield words.finding(
                RULE,
                item,
                message,
                span=span,
                written=written,
                help=f"write {cn_wording()}",
                fix=replace_in_file(words.catalog.sources, [place], is_safe=False),
            )


RULE = Rule(
    "optout-legacy-wording",
    "SMS043",
    "warning",
    "words",
    check,
    channels=("sms",),
    purposes=("marketing",),
    module=__name__,
)
