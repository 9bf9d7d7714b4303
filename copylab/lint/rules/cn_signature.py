"""An SMS for China lacks its signature, or has it in the wrong place.

What: On every branch exactly one 【…】, at the very start, of as many characters as the
gateway takes (2 to 16 unless the named provider says otherwise), and equal to
`brand.signature` where that is declared. It names a company or an app in hanzi, letters and
digits: digits alone, signs, and words that name nobody, such as 温馨提示, are refused. Where the gateway adds it, because its profile
says so (`sms: {profile: cn-aliyun}`) or `sending: {signature_added: true}`, the text must
hold none, and `brand.signature` must be declared: it is counted and shown. A prefix of the
profile that holds 【…】 is a signature that the gateway adds, too.

Why: The signature names the sender; gateways and carriers refuse a text without one or
with two.

Bad:
```sms.zh-CN.md
{% if stage == "repaid" %}【示例】{% endif %}您的资料已保存。拒收请回复R
```
```sms.zh-CN.md
【别家】您的资料已保存。拒收请回复R
```
```sms.zh-CN.md
【客服通知】您的账单已出。拒收请回复R
=== copylab.yaml
brand: {name: 示例}
locales: {default: zh-CN}
markets: [CN]
```
```sms.zh-CN.md
【示例★】您的账单已出。拒收请回复R
=== copylab.yaml
brand: {name: 示例, signature: 示例★}
locales: {default: zh-CN}
markets: [CN]
```
```sms.zh-CN.md sending.signature_added=true
【示例】您的资料已保存。拒收请回复R
```
```sms.zh-CN.md
您的资料已保存。拒收请回复R
=== copylab.yaml
brand: {name: 示例}
locales: {default: zh-CN}
markets: [CN]
sms: {profile: cn-aliyun}
```
```sms.zh-CN.md
【示例】您的资料已保存。拒收请回复R
=== copylab.yaml
brand: {name: 示例, signature: 示例}
locales: {default: zh-CN}
markets: [HK, CN]
sms:
  profile: ours
  profiles: {ours: {extends: cn, prefix: 【示例】, source: our contract, as_of: 2026-11-22}}
```

Good:
```sms.zh-CN.md
【示例】您的资料已保存。拒收请回复R
```
```sms.zh-CN.md
您的资料已保存。拒收请回复R
=== copylab.yaml
brand: {name: 示例, signature: 示例}
locales: {default: zh-CN}
markets: [HK, CN]
sms:
  profile: ours
  profiles: {ours: {extends: cn, prefix: 【示例】, source: our contract, as_of: 2026-11-22}}
```
```sms.zh-CN.md sending.signature_added=true
您的资料已保存。拒收请回复R
```

Source: 通信短信息服务管理规定 (MIIT Order 31); Tencent Cloud SMS 382/39023, Aliyun SMS 44357
and Huawei MsgSMS template rules: one signature, first, of 2 to 16 characters; Aliyun SMS
签名规范: names the company or app, no neutral words, no signs, not digits alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.route import brand_signature, route_to, signature_style
from copylab.lint.cn_providers import ANY, cn_providers
from copylab.lint.printed import added_by
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Written

_ANY = re.compile("【[^【】]*】")
_SIGN = re.compile(r"[^\w·.&\- ]|_")
_NEUTRAL = re.compile(
    "(?:客服|客户|系统|短信|消息|重要|服务|官方|温馨|会员|账单)?(?:通知|提醒|提示|消息)"
    "|客户服务|客户您好|尊敬的(?:客户|用户|会员)|验证码"
)
"""Words in the place of a name that name nobody."""


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place and fault."""
    item = words.fields["body"]
    if "CN" not in words.markets:
        return
    route = route_to(words.message, words.locale, "CN")
    signature = brand_signature(words.message, words.locale)
    styled = signature_style(words.message, route.profile) is not None
    head, tail = added_by(route)
    is_added = styled or _ANY.search(head + tail) is not None
    yield from _check_brand(words, signature, is_added=styled)
    if is_added:
        yield from _check_added(words, signature, head + tail)
    cure = f"start the text with 【{signature or '…'}】, outside of every condition"
    if is_added:
        why = f"profile {route.profile.name} says"
        if words.message.sending.get("signature_added") is True:
            why = "sending.signature_added says"
        cure = f"take it out: {why} that the gateway adds it"
    told = set()
    for written in item.texts:
        for message, start, end in _faults(written, signature, head, added=is_added):
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


def _check_brand(words: Words, signature: str, *, is_added: bool) -> Iterator[Finding]:
    """What is wrong with the signature that is declared."""
    item = words.fields["body"]
    if not signature:
        if is_added and not words.is_bare:
            yield words.finding(
                RULE,
                item,
                "the gateway adds the signature, and none is declared",
                written=item.written[0],
                help="declare brand: {signature: …}, so that it is counted and shown",
            )
        return
    for provider in cn_providers(words) or (ANY,):
        low, high = provider.signature_shortest, provider.signature_longest
        if not low <= len(signature) <= high:
            yield words.finding(
                RULE,
                item,
                f"the signature has {len(signature)} characters, {provider.name} take"
                f"{'' if provider is ANY else 's'} {low} to {high}",
                written=item.written[0],
                help="declare a shorter brand.signature"
                if len(signature) > high
                else "declare a longer brand.signature",
            )
    if fault := _fault_of_name(signature):
        yield words.finding(
            RULE,
            item,
            fault,
            written=item.written[0],
            help="declare the name of the company or the app as brand.signature",
        )


def _fault_of_name(name: str) -> str:
    """Why a signature names no company and no app; nothing where it may."""
    sign = _SIGN.search(name)
    if sign is not None:
        return f"the signature {name} holds '{sign.group()}', which gateways refuse"
    if name.isdecimal():
        return f"the signature {name} is digits alone, which gateways refuse"
    if _NEUTRAL.fullmatch(name):
        return f"the signature {name} names no company and no app"
    return ""


def _check_added(words: Words, signature: str, added: str) -> Iterator[Finding]:
    """What is wrong with the signatures among what the gateway adds."""
    item = words.fields["body"]
    names = [match.group()[1:-1] for match in _ANY.finditer(added)]
    message = ""
    if len(names) > 1:
        message = f"the gateway adds {len(names)} signatures: 【{'】【'.join(names)}】"
    elif names and signature and names[0] != signature:
        message = (
            f"the gateway adds the signature {names[0]}, brand.signature is {signature}"
        )
    if message:
        cure = "declare in the profile what the gateway adds, with signature_format: 【{}】"
        yield words.finding(
            RULE, item, message, written=words.bodies["CN"].written[0], help=cure
        )


def _faults(
    written: Written, signature: str, head: str, *, added: bool
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
    if head.strip():
        yield f"the gateway adds '{head}' before the signature", *first.span()
    if text[: first.start()].strip():
        yield "the signature is not at the very start", *first.span()
    for match in others:
        yield "a second 【…】 stands in the text", *match.span()
    name = first.group()[1:-1]
    for message in _faults_of_name(name, signature):
        yield message, *first.span()


def _faults_of_name(name: str, signature: str) -> Iterator[str]:
    """What is wrong with the name in the text, beside the one that is declared."""
    low, high = ANY.signature_shortest, ANY.signature_longest
    if "\ufffc" in name:
        yield "the signature is a value, so nobody can check it"
    elif signature and name != signature:
        yield f"the signature is {name}, brand.signature is {signature}"
    elif not signature and not low <= len(name) <= high:
        yield f"the signature has {len(name)} characters, must have {low} to {high}"
    elif not signature and (fault := _fault_of_name(name)):
        yield fault


RULE = Rule(
    "cn-signature",
    "SMS050",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
