"""Something follows the opt-out of a marketing SMS for China.

What: Words, signs or a value behind 拒收请回复R.

Why: Gateways want the message to end with it, and refuse templates that do not.

Bad:
```sms.zh-CN.md
【示例】您的资料已保存。拒收请回复R{% if stage == "repaid" %}，谢谢{% endif %}
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

from copylab.lint.optout import cn_wording
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


@cache
def _followed() -> re.Pattern[str]:
    """What follows the last opt-out, to the end of the text."""
    wording = re.escape(cn_wording())
    return re.compile(rf"(?<={wording})\s{{0,9}}[^\s](?!.*{wording}).*\Z", re.DOTALL)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place where something follows."""
    item = words.fields["body"]
    if "CN" not in words.markets or cn_wording() not in item.literals:
        return
    for written, match, span in item.find(_followed()):
        rest = match.group().replace("\ufffc", "…").strip()
        message = f"'{rest}' follows the opt-out, which must come last"
        cure = f"move it before {cn_wording()}"
        yield words.finding(RULE, item, message, span=span, written=written, help=cure)


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
