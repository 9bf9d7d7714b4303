"""A link of an SMS comes out of a variable, where the gateway wants it in the words.

What: A url variable, or a text that is declared to hold links, in an SMS for China through
Tencent Cloud or Huawei Cloud (named in `sending: {provider: …}` or by the profile): an
error. In India a note: the registered text must have it as a url variable.

Why: These gateways review templates, and refuse those in which a value decides where the
reader is led.

Bad:
```sms.zh-CN.md sending.provider=tencent
【示例】您的资料已保存，查看 {{ link }} 欢迎回来。拒收请回复R
```

Good:
```sms.zh-CN.md sending.provider=tencent
【示例】您的资料已保存，查看 https://s.example.com/a1 欢迎回来。拒收请回复R
```

Source: Tencent Cloud SMS 382/39023 (no links in variables); Huawei MsgSMS 2025-09 (links
fixed); TRAI direction of 2025-11-18 (variables tagged by kind, such as #url#).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.cn_providers import cn_providers
from copylab.lint.rule import Rule
from copylab.lint.url_values import is_url_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place where such a value is printed."""
    item = words.fields["body"]
    refusing = [p.name for p in cn_providers(words) if p.links_in_values is False]
    registered = str(words.message.sending.get("template_text", ""))
    in_india = "IN" in words.markets and "#url#" not in registered
    if not (refusing or in_india):
        return
    told = set()
    for written in item.written:
        for piece in written.skeleton.pieces:
            if not is_url_value(piece.leaf) or piece.place.span in told:
                continue
            told.add(piece.place.span)
            message = "the link comes out of a variable"
            cure = "register the variable as #url#, and its host with the carrier"
            if refusing:
                message += f", which {refusing[0]} refuses in templates"
                cure = "write the address into the words"
            yield words.finding(
                RULE,
                item,
                message,
                span=piece.place.span,
                written=written,
                help=cure,
                severity="error" if refusing else "info",
            )


RULE = Rule(
    "link-in-variable",
    "SMS031",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
