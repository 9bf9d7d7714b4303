r"""An emoji forces an SMS out of GSM-7.

What: Emoji and pictographs in a text that is otherwise written in GSM-7, with the parts
they cost. In Chinese and other texts that GSM-7 cannot hold anyway they are only
characters of two units.

Why: One of them switches the whole message to UCS-2, where a part holds 70 characters
instead of 160.

Bad:
```sms.en-US.md
Example: your order is on its way \U0001f69a Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your order is on its way. Reply STOP to opt out
```

Source: 3GPP TS 23.038, section 4: a text is in GSM-7 as a whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.foreign import foreign_characters, in_gsm7, parts_with_and_without
from copylab.lint.parts import count_parts
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding a text, at the first emoji."""
    found = [one for one in foreign_characters(words) if one.kind == "emoji"]
    if not found:
        return
    one = found[0]
    name = one.culprit.name.lower()
    message = f"'{one.culprit.char}' ({name}) forces the message out of GSM-7"
    if len(found) > 1:
        message = f"'{one.culprit.char}' ({name}) and {len(found) - 1} more force the message out of GSM-7"
    now, then = parts_with_and_without(words, one.written, in_gsm7)
    if now > then:
        message += f": {count_parts(now)} at worst instead of {then}"
    yield words.finding(
        RULE,
        words.fields["body"],
        message,
        span=one.span,
        written=one.written,
        help="say it in words, or plan with 70 characters a message",
    )


RULE = Rule(
    "emoji-in-sms",
    "SMS024",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
