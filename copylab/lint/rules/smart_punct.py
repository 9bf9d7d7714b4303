r"""Typographic punctuation in an SMS that leaves GSM-7 for its letters anyway.

What: Curly quotes, dashes, ellipses and bullets in a text on a route with GSM-7, beside
letters that nothing in GSM-7 replaces. Where the sign itself forces the text out of
GSM-7, ucs2-forced-by-literal tells it, with what it costs.

Why: It costs nothing now. Once the letters are gone, in a shorter wording or another
language, the sign alone doubles the bill.

Bad:
```sms.en-US.md
Example: your r\u00eaverie playlist \u2014 saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your r\u00eaverie playlist - saved. Reply STOP to opt out
```

Source: 3GPP TS 23.038, section 6.2.1: neither table holds typographic signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.foreign import describe, foreign_characters
from copylab.lint.mend import replace_in_file
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Fix
    from copylab.lint.case import Words
    from copylab.lint.foreign import Foreign


def check(words: Words) -> Iterator[Finding]:
    """One note for each different sign, at its first place."""
    found = foreign_characters(words)
    if not any(one.kind == "letter" for one in found):
        return
    told = set()
    for one in found:
        if one.kind != "smart" or one.culprit.char in told:
            continue
        told.add(one.culprit.char)
        substitute = one.culprit.substitute
        yield words.finding(
            RULE,
            words.fields["body"],
            f"{describe(one.culprit)} is typographic, and GSM-7 lacks it",
            span=one.span,
            written=one.written,
            help=f"write {substitute}" if substitute else "write a plain sign",
            fix=_fix(words, found, one) if substitute else None,
        )


def _fix(words: Words, found: list[Foreign], one: Foreign) -> Fix | None:
    """The plain sign at every place of a typographic one in the file."""
    char, substitute = one.culprit.char, one.culprit.substitute or ""
    places = [
        (other.span, char, substitute)
        for other in found
        if other.culprit.char == char and other.span.file == one.span.file
    ]
    return replace_in_file(words.catalog.sources, places, is_safe=True)


RULE = Rule(
    "smart-punct",
    "SMS014",
    "info",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
