r"""A letter of an SMS is written as a letter and a mark.

What: A letter and a combining mark that Unicode also has as one character, and signs that
stand for a letter (the ohm, kelvin and angstrom signs), in a text on a route with GSM-7.

Why: It looks the same and costs more: the mark is a character of its own, and may be the
only one that GSM-7 lacks. Such text comes from file names and some editors of macOS.

Bad:
```sms.en-US.md
Example: see you in the cafe\u0301 on Sunday. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: see you in the caf\u00e9 on Sunday. Reply STOP to opt out
```

Source: Unicode Standard Annex #15 (NFC); 3GPP TS 23.038, section 6.2.1.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from copylab.channels.gsm import is_gsm
from copylab.lint.foreign import describe, foreign_characters, parts_with_and_without
from copylab.lint.mend import replace_in_file
from copylab.lint.parts import count_parts
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.foreign import Foreign


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for one in foreign_characters(words):
        if one.kind == "decomposed":
            yield _finding(words, one)


def _finding(words: Words, one: Foreign) -> Finding:
    text, index = one.written.skeleton.text, one.culprit.index
    start = index - 1 if unicodedata.combining(text[index]) else index
    whole = unicodedata.normalize("NFC", text[start : index + 1])
    message = f"{describe(one.culprit)} is not composed; '{whole}' is one character"
    if is_gsm(whole):
        message += " of GSM-7"
    now, then = parts_with_and_without(
        words, one.written, lambda words: unicodedata.normalize("NFC", words)
    )
    if now > then:
        message += f": {count_parts(now)} at worst instead of {then}"
    span = one.written.skeleton.span(start, index + 1)
    place = (span, text[start : index + 1], whole)
    return words.finding(
        RULE,
        words.fields["body"],
        message,
        span=span,
        written=one.written,
        help=f"type {whole} again, or save the file in Unicode's form NFC",
        fix=replace_in_file(words.catalog.sources, [place], is_safe=True),
    )


RULE = Rule(
    "not-nfc",
    "SMS015",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
