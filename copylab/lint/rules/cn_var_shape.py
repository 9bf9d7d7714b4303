"""The variables of an SMS for China are not as its gateway takes them.

What: On every branch, variables that stand next to each other, or a text of variables alone:
a warning, and an error with a provider named that refuses it. With a provider named, too: a
variable that is printed twice, too many, values that may be too long, and variables in
marketing at all (Huawei Cloud). A branch is a template of its own.

Why: The template is refused at review; a value that is too long fails when it is sent.

Bad:
```sms.zh-CN.md sending.provider=aliyun
【示例】{{ name }}{{ days }}天未登录，资料已保存。拒收请回复R
```
```sms.zh-CN.md sending.provider=huawei
【示例】{{ name }}，资料已保存。拒收请回复R
```
```sms.zh-CN.md purpose=transactional
【示例】{{ name }}{{ note }}
```

Good:
```sms.zh-CN.md sending.provider=aliyun
【示例】{{ name }}，您{{ days }}天未登录，资料已保存。拒收请回复R
```

Source: Aliyun SMS 463270 (1 to 35 characters, each once, none adjacent); Tencent Cloud SMS
382/39023 (none adjacent); Huawei MsgSMS 2025-09 (at most 20, none in marketing).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from copylab.lint.cn_providers import ANY, asking_providers
from copylab.lint.rule import Rule
from copylab.template.bounds import hole_range
from copylab.template.phrases import VALUE
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words
    from copylab.lint.cn_providers import CnProvider
    from copylab.lint.field import Written
    from copylab.lint.skeletons import Piece
    from copylab.source import Span


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place and fault."""
    item = words.fields["body"]
    for provider in asking_providers(words):
        severity: Severity = "warning" if provider is ANY else "error"
        told = set()
        for written in item.texts:
            for message, cure, span in _faults(words, provider, written):
                if (message, span) not in told:
                    told.add((message, span))
                    yield words.finding(
                        RULE,
                        item,
                        message,
                        span=span,
                        written=written,
                        help=cure,
                        severity=severity,
                    )


Fault = tuple[str, str, "Span"]


def _faults(words: Words, provider: CnProvider, written: Written) -> Iterator[Fault]:
    values = [p for p in written.skeleton.pieces if isinstance(p.leaf, Hole)]
    if not values:
        return
    text, name = written.skeleton.text, provider.name
    verb = "refuse" if provider is ANY else "refuses"
    if words.message.purpose == "marketing" and not provider.marketing_values:
        cure = "write the words without values, or send it through another gateway"
        yield f"{name} takes no variables in marketing", cure, values[0].place.span
        return
    body = _SIGNATURE.sub("", text.replace(VALUE, ""))
    if not body.strip():
        cure = "write words around the values"
        yield (
            f"the text is variables alone, which {name} {verb}",
            cure,
            values[0].place.span,
        )
    if provider.adjacent_values is False:
        for before, after in pairwise(values):
            if before.start + len(before.text) == after.start:
                cure = "put words or a sign between them"
                message = f"two variables stand next to each other, which {name} {verb}"
                yield message, cure, after.place.span
    yield from _counts(words, provider, values)


def _counts(words: Words, provider: CnProvider, values: list[Piece]) -> Iterator[Fault]:
    name, scope = provider.name, words.fields["body"].template.scope
    seen = set()
    for piece in values:
        leaf = piece.leaf
        assert isinstance(leaf, Hole)
        if provider.repeated_values is False and leaf.expression in seen:
            cure = "declare a second variable with from: the same key"
            yield (
                f"a variable is printed twice, which {name} refuses",
                cure,
                piece.place.span,
            )
        seen.add(leaf.expression)
        most = hole_range(leaf, scope).most("length")
        if provider.max_value is not None and most > provider.max_value:
            message = f"the value can have {most} characters, {name} takes {provider.max_value}"
            yield message, "lower the max of the variable", piece.place.span
    if provider.max_values is not None and len(values) > provider.max_values:
        message = f"{len(values)} variables, {name} takes {provider.max_values}"
        yield message, "write some of them into the words", values[-1].place.span


_SIGNATURE = re.compile(r"【[^【】]*】|[\s，。,.!！]")


RULE = Rule(
    "cn-var-shape",
    "SMS052",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
