r"""A space that is not the plain one stands in an SMS.

What: No-break, thin and other typographic spaces and tabs in an SMS. The ideographic
space is fine in Chinese and Japanese text.

Why: It looks like a space and forces the whole message into UCS-2, or is shown as a box.

Bad:
```sms.en-US.md
Example: saved\u00a0for you. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: saved for you. Reply STOP to opt out
```

Source: 3GPP TS 23.038, section 6.2.1: the only space of GSM-7 is U+0020.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.characters import SPACES, describe_character
from copylab.lint.mend import replace_in_file
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words

_SPACES = re.compile(f"[{''.join(sorted(SPACES))}]")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3]")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place of such a space."""
    item = words.fields["body"]
    if not _SPACES.search(item.literals):
        return
    is_wide = _WIDE.search(item.literals) is not None
    told = set()
    for written in item.written:
        for match in _SPACES.finditer(written.skeleton.text):
            span = written.skeleton.span(*match.span())
            if span in told or (is_wide and match.group() == "\u3000"):
                continue
            told.add(span)
            name = (
                "a tab" if match.group() == "\t" else describe_character(match.group())
            )
            message = f"{name} is not the plain space"
            yield words.finding(
                RULE,
                item,
                message,
                span=span,
                written=written,
                help="write a plain space",
                fix=replace_in_file(
                    words.catalog.sources, [(span, match.group(), " ")], is_safe=True
                ),
            )


RULE = Rule(
    "nonstandard-space",
    "SMS013",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
