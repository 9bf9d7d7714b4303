"""A character in the words forces an SMS out of GSM-7.

What: A character of the copy or a partial that GSM-7 lacks, in a text that is otherwise
written with it: its place, its name, and the cheaper character that reads the same.
Texts whose letters are mostly outside of GSM-7, such as Chinese or Russian, are left
alone.

Why: One such character switches the whole message to UCS-2, where a part holds 70
characters instead of 160. A curly quote from a word processor can double the bill.

Bad:
```sms.en-US.md
Example: we’ve saved your details. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: we've saved your details. Reply STOP to opt out
```

Source: 3GPP TS 23.038, section 6.2.1 (the GSM 7 bit default alphabet) and section 4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.channels.gsm import find_foreign, is_gsm
from copylab.channels.sms import culprits
from copylab.lint.case import measure_sendable
from copylab.lint.characters import CONTROLS, INVISIBLE, SPACES, looks_mixed
from copylab.lint.rule import Rule
from copylab.template.bounds import worst_on_path
from copylab.template.shape import Lit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.sms import Culprit
    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.lint.field import Written
    from copylab.template.paths import Path

_ELSEWHERE = INVISIBLE | SPACES | CONTROLS
"""Characters that have a rule of their own."""


def check(words: Words) -> Iterator[Finding]:
    """One finding for each such character and place."""
    item = words.fields["body"]
    if is_gsm(item.literals) or not item.literals or _is_foreign_script(item.literals):
        return
    told = set()
    for written in item.written:
        for culprit in _culprits(written):
            span = written.skeleton.span(culprit.index, culprit.index + 1)
            if span in told:
                continue
            told.add(span)
            message = f"{_name(culprit)} forces the message out of GSM-7"
            message += _extra(item, written)
            yield words.finding(
                RULE, item, message, span=span, written=written, help=_cure(culprit)
            )


def _is_foreign_script(text: str) -> bool:
    """Whether most letters are outside of GSM-7: nothing is won by replacing one."""
    foreign = sum(match.group().isalpha() for match in find_foreign(text))
    return foreign * 2 > sum(map(str.isalpha, text))


def _culprits(written: Written) -> Iterator[Culprit]:
    text = written.skeleton.text
    sendable = "".join(" " if c in CONTROLS or c == "\ufffc" else c for c in text)
    for culprit in culprits(sendable):
        if culprit.char not in _ELSEWHERE and not looks_mixed(text, culprit.index):
            yield culprit


def _name(culprit: Culprit) -> str:
    return f"'{culprit.char}' (U+{culprit.code_point:04X} {culprit.name})"


def _cure(culprit: Culprit) -> str:
    if culprit.substitute is None:
        return "write it another way; GSM-7 has nothing that reads the same"
    if not culprit.substitute:
        return "take it out"
    return f"write {culprit.substitute}"


def _extra(item: Field, written: Written) -> str:
    """How many parts the characters cost, where they cost any."""
    if not written.paths:
        return ""
    path = written.paths[0]
    now, then = (_parts(item, way) for way in (path, _in_gsm7(path)))
    return f": {now} parts at worst instead of {then}" if now > then else ""


def _parts(item: Field, path: Path) -> int:
    length = measure_sendable(worst_on_path(path, item.template.scope, "sms").text)
    return 0 if length is None else length.segments


def _in_gsm7(path: Path) -> Path:
    """The way with every character replaced that GSM-7 lacks."""
    leaves = tuple(
        replace(leaf, text=_replaced(leaf.text)) if isinstance(leaf, Lit) else leaf
        for leaf in path.leaves
    )
    return replace(path, leaves=leaves)


def _replaced(text: str) -> str:
    if not text or is_gsm(text):
        return text
    pieces, at = [], 0
    for culprit in culprits("".join(" " if c in CONTROLS else c for c in text)):
        pieces += [
            text[at : culprit.index],
            "?" if culprit.substitute is None else culprit.substitute,
        ]
        at = culprit.index + 1
    return "".join([*pieces, text[at:]])


RULE = Rule(
    "ucs2-forced-by-literal",
    "SMS010",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
