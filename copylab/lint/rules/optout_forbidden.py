"""A notification or a code for China offers an opt-out.

What: 拒收请回复R and its older forms in a transactional or one-time-code SMS for China.

Why: Gateways take the wording as the mark of marketing and refuse the template; people
who answer R stop their own codes.

Bad:
```sms.zh-CN.md purpose=transactional
【示例】您的申请已提交，请留意结果。{% if stage == "repaid" %}拒收请回复R{% endif %}
```

Good:
```sms.zh-CN.md purpose=transactional
【示例】您的申请已提交，请留意结果。
```

Source: Aliyun SMS 44357 and Tencent Cloud SMS 382/39023: forbidden in notifications and codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.optout import sms_optout
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place of an opt-out."""
    if "CN" not in words.markets:
        return
    item = words.fields["body"]
    for written, match, span in item.find(sms_optout("CN")):
        message = (
            f"'{match.group()}' belongs to marketing; this is {words.message.purpose}"
        )
        cure = "take it out, or set purpose: marketing"
        yield words.finding(RULE, item, message, span=span, written=written, help=cure)


RULE = Rule(
    "optout-forbidden",
    "SMS041",
    "error",
    "words",
    check,
    channels=("sms",),
    purposes=("transactional", "otp"),
    module=__name__,
)
