"""An SMS for China lacks its signature, or has it in the wrong place.

What: On every branch exactly one 【…】, at the very start, with 2 to 16 characters and
equal to `brand.signature` where that is declared. With `sending: {signature_added: true}`
the gateway adds it, and the text must hold none.

Why: The signature names the sender; gateways and carriers refuse a text without one or
with two.

Bad:
```sms.zh-CN.md
{% if stage == "repaid" %}【示例】{% endif %}您的资料已保存。拒收请回复R
```
```sms.zh-CN.md
【别家】您的资料已保存。拒收请回复R
```
```sms.zh-CN.md sending.signature_added=true
【示例】您的资料已保存。拒收请回复R
```

Good:
```sms.zh-CN.md
【示例】您的资料已保存。拒收请回复R
```
```sms.zh-CN.md sending.signature_added=true
您的资料已保存。拒收请回复R
```

Source: 通信短信息服务管理规定 (MIIT Order 31); Tencent Cloud SMS 382/39023, Aliyun SMS 44357
and Huawei MsgSMS template rules: one signature, first, of 2 to 16 characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Written

_ANY = re.compile("【[^【】]*】")
_SHORTEST, _LONGEST = 2, 16


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place and fault."""
    if "CN" not in words.markets:
        return
    item = words.fields["body"]
    signature = words.brand.get("signature", "").strip("【】")
    added = words.message.sending.get("signature_added") is True
    cure = f"start the text with 【{signature or '…'}】, outside of every condition"
    if added:
        cure = "take it out: sending.signature_added says that the gateway adds it"
    if item.paths is None:
        return
    told = set()
    for written in item.written:
        for message, start, end in _faults(written, signature, added=added):
            span = item.span
            if end:
                span = written.skeleton.span(start, end)
            elif _ANY.search(item.literals):
                span = item.branch_span(_ANY)
            if (message, span) not in told:
                told.add((message, span))
                yield words.finding(
                    RULE, item, message, span=span, written=written, help=cure
                )


def _faults(
    written: Written, signature: str, *, added: bool
) -> Iterator[tuple[str, int, int]]:
    """What is wrong, and the characters it is about; none where it is missing."""
    text = written.skeleton.text
    found = list(_ANY.finditer(text))
    if added:
        for match in found:
            yield "the gateway adds the signature, and here is another", *match.span()
        return
    if not found:
        yield "the text has no signature 【…】", 0, 0
        return
    first, *others = found
    if text[: first.start()].strip():
        yield "the signature is not at the very start", *first.span()
    for match in others:
        yield "a second 【…】 stands in the text", *match.span()
    name = first.group()[1:-1]
    if "\ufffc" in name:
        yield "the signature is a value, so nobody can check it", *first.span()
    elif signature and name != signature:
        yield f"the signature is {name}, brand.signature is {signature}", *first.span()
    elif not _SHORTEST <= len(name) <= _LONGEST:
        count = f"{len(name)} characters"
        message = f"the signature has {count}, must have {_SHORTEST} to {_LONGEST}"
        yield message, *first.span()


RULE = Rule(
    "cn-signature",
    "SMS050",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
