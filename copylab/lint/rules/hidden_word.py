"""A word is written so that filters do not find it.

What: Words that some rule for these markets forbids, in traditional characters, in
look-alike letters, with digits for letters, in pinyin, or with spaces and signs between
their characters; and four or more single Latin letters set apart, whatever they say.

Why: Carriers take it for evasion, which is an offence of its own, even where the word
would be harmless. It says that somebody knew.

Bad:
```sms.zh-CN.md
【示例】最 佳 选择就在这里，请来店选购。拒收请回复R
```
```sms.en-US.md
Example: your L.O.A.N is here. Reply STOP to opt out
```

Good:
```sms.zh-CN.md
【示例】新品 上架，请来店选购。拒收请回复R
```
```sms.en-US.md
Example: U.S. orders ship on Monday. Reply STOP to opt out
```

Source: X-EVADE-003, a rule of copylab and not of law; CTIA Messaging Principles, content
evasion; template rules of Chinese gateways on interfering signs (干扰符号).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.detect.forbidden import Forbidden
from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words

_SET_APART = re.compile(
    r"(?<![A-Za-z.])[A-Za-z](?:[ ._*\-]{1,3}[A-Za-z]){3,24}(?![A-Za-z])"
)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place of a hidden word."""
    told = set()
    for item in words.shown:
        apart = (
            (written, match.group(), span)
            for written, match, span in item.find(_SET_APART)
        )
        hidden = (
            (hit.written, hit.as_written, hit.span)
            for detection in _forbidden(words)
            for hit in detection.find_hidden(item)
        )
        for written, as_written, span in (*apart, *hidden):
            if span in told:
                continue
            told.add(span)
            yield words.finding(
                RULE,
                item,
                f"'{as_written}' is written so that filters do not find it",
                span=span,
                written=written,
                help="write the word as it is, or another one",
            )


def _forbidden(words: Words) -> Iterator[Forbidden]:
    """What is forbidden in these words; nothing where none of them is masked."""
    if not any(written.unmasked for item in words.shown for written in item.written):
        return
    for rule in builtin_pack_rules():
        if rule.detection is None or rule.provision is None:
            continue
        if not rule.looks_at(words.channel, words.message.purpose):
            continue
        if not words.markets or any(map(rule.provision.binds, words.markets)):
            detection = rule.detection.made
            if isinstance(detection, Forbidden):
                yield detection


RULE = Rule("hidden-word", "X-EVADE-003", "error", "words", check, module=__name__)
