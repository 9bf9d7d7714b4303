"""A code by SMS for China is not written as gateways take codes.

What: A text of purpose `otp` that does not say on every branch that it is a code (验证码,
注册码, 校验码, 动态码 or 动态密码), and a value in it that is no code of 4 to 6 digits. An
error where the provider is named that asks for it, otherwise a warning.

Why: Codes go by a faster channel, and gateways take only texts that are seen to be codes.

Bad:
```sms.zh-CN.md sending.provider=aliyun
【示例】您的号码是{{ code }}，5分钟内有效，请勿告诉他人。
=== message.yaml
purpose: otp
live: plain
locales: [zh-CN]
variables: {code: {type: text, charset: digits, max: 6, missing: error}}
```

Good:
```sms.zh-CN.md sending.provider=aliyun
【示例】您的验证码是{{ code }}，5分钟内有效，请勿告诉他人。
=== message.yaml
purpose: otp
live: plain
locales: [zh-CN]
variables: {code: {type: text, charset: digits, max: 6, missing: error}}
```

Source: Aliyun SMS 463270 (one of the words; 4 to 6 characters); Tencent Cloud SMS faq 13301
(digits, at most 6).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.cn_providers import cn_providers
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words


_WORDS = re.compile("验证码|注册码|校验码|动态码|动态密码")
_MOST = 6


def check(words: Words) -> Iterator[Finding]:
    """A finding for the missing word, and one for each value that is no code."""
    if "CN" not in words.markets:
        return
    item = words.fields["body"]
    asking = [provider.name for provider in cn_providers(words) if provider.captcha]
    severity: Severity = "error" if asking else "warning"
    for written in item.lacking(_WORDS)[:1]:
        yield words.finding(
            RULE,
            item,
            "a branch does not say that it is a code",
            written=written,
            help="write 验证码 outside of every condition",
            severity=severity,
        )
    if not asking:
        return
    for name in sorted(item.template.lowered.used):
        variable = words.message.variables[name]
        if variable.type != "text":
            continue
        is_code = variable.charset == "digits" and (variable.max_length or 0) <= _MOST
        if not is_code:
            message = f"'{name}' is no code of 4 to 6 digits, as {asking[0]} wants"
            cure = "declare charset: digits and max: 6"
            yield words.finding(
                RULE,
                item,
                message,
                span=variable.span,
                written=item.written[0],
                help=cure,
            )


RULE = Rule(
    "cn-captcha",
    "SMS053",
    "error",
    "words",
    check,
    channels=("sms",),
    purposes=("otp",),
    module=__name__,
)
