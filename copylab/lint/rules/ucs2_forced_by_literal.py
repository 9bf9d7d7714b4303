"""A character in the words forces an SMS out of GSM-7.

What: A character of the copy or a partial that GSM-7 lacks, in a text that is otherwise
written with it: its place, its name, the cheaper character that reads the same, and the
parts it costs. On a route that takes GSM-7 alone it is an error. Letters of the language
that nothing replaces are told once, and as a note where they cost no part. Texts whose
letters are mostly outside of GSM-7, such as Chinese or Russian, are left alone; so are
emoji, decomposed letters and look-alikes, which have rules of their own.

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

from typing import TYPE_CHECKING

from copylab.channels.gsm import is_gsm
from copylab.lint.foreign import (
    Foreign,
    describe,
    foreign_characters,
    in_gsm7,
    parts_with_and_without,
)
from copylab.lint.mend import replace_in_file
from copylab.lint.parts import count_parts
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.sms import Culprit
    from copylab.findings import Finding, Fix
    from copylab.lint.case import Words


_MOST_TOLD = 50
"""Places told of one text: whoever mends them sees the rest."""


def check(words: Words) -> Iterator[Finding]:
    """One finding for each such character and place; one for the language's letters."""
    if any(route.profile.encoding == "GSM-7" for route in words.routes):
        yield from _check_gsm_only(words)
        return
    found = foreign_characters(words)
    letters = [one for one in found if one.kind == "letter"]
    kinds = {"sign"} if letters else {"sign", "smart"}
    told = [one for one in found if one.kind in kinds]
    for one in told[:_MOST_TOLD]:
        yield _finding(words, one)
    if len(told) > _MOST_TOLD:
        last = told[_MOST_TOLD]
        message = f"{len(told) - _MOST_TOLD:,} more characters force it out of GSM-7"
        cure = "mend those that are told, and run lint again"
        yield words.finding(
            RULE, words.fields["body"], message, span=last.span, help=cure,
            written=last.written,
        )  # fmt: skip
    if letters:
        yield _tell_letters(words, letters)


def _finding(words: Words, one: Foreign) -> Finding:
    message = f"{describe(one.culprit)} forces the message out of GSM-7"
    now, then = parts_with_and_without(words, one.written, in_gsm7)
    if now > then:
        message += f": {count_parts(now)} at worst instead of {then}"
    return words.finding(
        RULE,
        words.fields["body"],
        message,
        span=one.span,
        written=one.written,
        help=_cure(one.culprit),
        fix=_fix(words, one),
    )


def _fix(words: Words, one: Foreign) -> Fix | None:
    """The character that reads the same, in place of the dear one."""
    culprit = one.culprit
    if culprit.substitute is None or culprit.start != culprit.index:
        return None
    place = (one.span, culprit.char, culprit.substitute)
    return replace_in_file(words.catalog.sources, [place], is_safe=True)


def _cure(culprit: Culprit) -> str:
    if culprit.substitute is None:
        return "write it another way; GSM-7 has nothing that reads the same"
    if not culprit.substitute:
        return "take it out"
    return f"write {culprit.substitute}"


def _tell_letters(words: Words, letters: list[Foreign]) -> Finding:
    """One finding about the letters of a language that nothing replaces."""
    first, chars = letters[0], list(dict.fromkeys(one.culprit.char for one in letters))
    message = f"{describe(first.culprit)} forces the message out of GSM-7"
    if len(chars) > 1:
        message = f"{' '.join(chars)} force the message out of GSM-7"
    now, then = parts_with_and_without(words, first.written, in_gsm7)
    if now > then:
        message += f": {count_parts(now)} at worst instead of {then}"
    return words.finding(
        RULE,
        words.fields["body"],
        message,
        span=first.span,
        written=first.written,
        help="nothing in GSM-7 reads the same: plan with 70 characters a message, or "
        "write it another way",
        severity="warning" if now > then else "info",
    )


def _check_gsm_only(words: Words) -> Iterator[Finding]:
    """Where nothing but GSM-7 is sent, every other character is refused or replaced."""
    item = words.fields["body"]
    if not item.literals or is_gsm(item.literals):
        return
    told = set()
    for written in item.written:
        for index, char in enumerate(written.skeleton.text):
            if char in "\ufffc\x00\x1b" or is_gsm(char):
                continue
            span = written.skeleton.span(index, index + 1)
            if span not in told:
                told.add(span)
                message = f"'{char}' (U+{ord(char):04X}) is not in GSM-7, and nothing else is taken"
                cure = "write it another way, or name a profile that takes UCS-2"
                yield words.finding(
                    RULE,
                    item,
                    message,
                    span=span,
                    written=written,
                    help=cure,
                    severity="error",
                )


RULE = Rule(
    "ucs2-forced-by-literal",
    "SMS010",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
