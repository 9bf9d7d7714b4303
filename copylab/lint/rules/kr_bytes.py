"""An SMS that is counted in octets is too long, or holds a character that cannot be sent.

What: On a route that writes a byte codec, as Korea's does (cp949: a syllable is 2 octets):
a character of the words that the codec lacks, and a text that can be longer than the
gateway takes (2,000 octets). Warnings are a variable whose charset allows characters
that the codec lacks, and a text that is an SMS for some people and a long message (LMS)
for others.

Why: A character that is not in the codec arrives as a question mark at best; copylab
rejects the user instead, who then gets nothing. Above
90 octets the text is sold as an LMS, at a price several times that of an SMS.

Bad:
```sms.ko-KR.md
(광고)[예시] 정보가 저장되었습니다 🎉 무료수신거부 080-000-0000
=== copylab.yaml
brand: {name: 예시}
locales: {default: ko-KR}
markets: [KR]
```
```sms.ko-KR.md
[예시] {{ name }}님, 작성하시던 신청서가 저장되었습니다. 7일 이내에 이어서 진행하실 수 있습니다.
=== copylab.yaml
brand: {name: 예시}
locales: {default: ko-KR}
markets: [KR]
=== message.yaml
purpose: transactional
live: plain
variables: {name: {type: person_name, max: 10, missing: 고객}}
```

Good:
```sms.ko-KR.md
[예시] {{ name }}님, 정보가 저장되었습니다.
=== copylab.yaml
brand: {name: 예시}
locales: {default: ko-KR}
markets: [KR]
=== message.yaml
purpose: transactional
live: plain
variables: {name: {type: person_name, charset: ko, max: 10, missing: 고객}}
```
```sms.ko-KR.md
(광고)[예시] 정보가 저장되었습니다. 무료수신거부 080-000-0000
=== copylab.yaml
brand: {name: 예시}
locales: {default: ko-KR}
markets: [KR]
```

Source: boneda.net and Kakao message guides: SMS of 90 octets EUC-KR, LMS of 2,000.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.caps import OWN_RULES, caps_exceeded
from copylab.lint.characters import CONTROLS, INVISIBLE, describe_character
from copylab.lint.rule import Rule
from copylab.template.expression import variables_in
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.route import Route
    from copylab.findings import Finding
    from copylab.lint.case import Words


_TEXTS = frozenset({"text", "person_name"})
_IN_EVERY_CODEC = frozenset({"ko", "ascii", "digits"})
"""Charsets whose characters cp949 has."""


def check(words: Words) -> Iterator[Finding]:
    """One finding for each character that is lacking, and one about the length."""
    for route in words.routes:
        codec = route.profile.encoding
        if codec in {"auto", "UCS-2", "GSM-7"}:
            continue
        yield from _unsendable(words, codec)
        yield from _unsendable_values(words, codec)
        yield from _length(words, route)


def _unsendable(words: Words, codec: str) -> Iterator[Finding]:
    item, told = words.fields["body"], set()
    if item.literals.isascii() or not _lacking(item.literals, codec):
        return
    for written in item.written:
        text = written.skeleton.text
        for index in _lacking(text, codec):
            span = written.skeleton.span(index, index + 1)
            if span not in told:
                told.add(span)
                message = f"{describe_character(text[index])} is not in {codec}, in which the text is sent"
                cure = "take it out, or write it another way"
                yield words.finding(
                    RULE, item, message, span=span, written=written, help=cure
                )


def _unsendable_values(words: Words, codec: str) -> Iterator[Finding]:
    """Texts whose declaration allows what the codec lacks, each variable once."""
    item, told = words.fields["body"], set()
    for hole in item.holes:
        for name in sorted(variables_in(hole.expression)):
            variable = item.template.scope.variables.get(name)
            if variable is None or variable.type not in _TEXTS or name in told:
                continue
            told.add(name)
            if variable.charset not in _IN_EVERY_CODEC:
                message = (
                    f"{name} can hold characters that {codec} lacks; "
                    "a user with one gets nothing"
                )
                cure = f"declare charset: ko for {name}"
                yield words.finding(
                    RULE,
                    item,
                    message,
                    span=hole.place.span,
                    help=cure,
                    severity="warning",
                    written=item.texts[0] if item.texts else None,
                )


def _lacking(text: str, codec: str) -> list[int]:
    """The places of characters that a codec lacks; a value is left alone."""
    found = []
    for index, char in enumerate(text):
        if char == VALUE or char in CONTROLS or char in INVISIBLE:
            continue
        try:
            char.encode(codec)
        except UnicodeEncodeError:
            found.append(index)
    return found


def _length(words: Words, route: Route) -> Iterator[Finding]:
    item = words.fields["body"]
    if route.market in OWN_RULES:
        for capped in caps_exceeded(words):
            if capped.route is not route:
                continue
            excess = capped.excess
            message = (
                f"can have {excess.used:,} octets, the gateway takes {excess.most:,}"
            )
            cure = f"cut {capped.room:,} octets"
            yield words.finding(RULE, item, message, sent=capped.sent, help=cure)
            return
    for sent in words.sent_on(route):
        product = sent.length.product
        if product == "SMS" or words.least_on(route)[0]:
            continue
        single = sent.capacity.single_units
        message = (
            f"can have {sent.length.units:,} octets and is an {product} then; "
            f"shorter ones are an SMS of up to {single:,}"
        )
        cure = f"cut {sent.length.units - single:,} octets, or make it an {product} for all"
        yield words.finding(
            RULE, item, message, sent=sent, help=cure, severity="warning"
        )


RULE = Rule(
    "kr-bytes",
    "SMS062",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
