"""A character in an SMS for China is one that its gateway refuses.

What: With a provider named (`sending: {provider: aliyun}`, or a profile such as
cn-aliyun), the signs that its template rules list. Traditional hanzi, as a warning, where it
is Alibaba Cloud or Huawei Cloud, or where no provider is named. Stars, arrows and the like,
which all gateways refuse, are told by cn-sms-symbol.

Why: The template is refused at review, days before the send.

Bad:
```sms.zh-CN.md sending.provider=aliyun
【示例】您的「资料」已保存。拒收请回复R
```
```sms.zh-CN.md sending.provider=aliyun
【示例】您的資料已保存。拒收请回复R
```

```sms.zh-CN.md
【示例】好禮等您領取，请登录APP查看。拒收请回复R
```

Good:
```sms.zh-CN.md sending.provider=aliyun
【示例】您的“资料”已保存。拒收请回复R
```
```sms.zh-CN.md
【示例】您的“资料”已保存，请登录APP查看。拒收请回复R
```

Source: Aliyun SMS 463270 and 44357; Tencent Cloud SMS 382/39023; Huawei MsgSMS 2025-09, and
its 模板审核规范 (内容规范 4) on traditional and variant hanzi.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.cn_providers import ANY, asking_providers, is_traditional
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.fields["body"]
    for provider in asking_providers(words):
        told = set()
        for written in item.written:
            text = _ADDRESS.sub(lambda m: " " * len(m.group()), written.skeleton.text)
            for index, char in enumerate(text):
                traditional = provider.simplified_only and is_traditional(char)
                if not traditional and char not in provider.refused:
                    continue
                span = written.skeleton.span(index, index + 1)
                if span in told:
                    continue
                told.add(span)
                what = "a traditional or rare hanzi" if traditional else "a sign"
                yield words.finding(
                    RULE,
                    item,
                    f"'{char}' is {what} that {provider.name} refuse"
                    f"{'' if provider is ANY else 's'}",
                    span=span,
                    written=written,
                    help="write it in simplified hanzi"
                    if traditional
                    else "take it out",
                    severity="warning" if traditional else "error",
                )


RULE = Rule(
    "cn-charset",
    "SMS051",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
