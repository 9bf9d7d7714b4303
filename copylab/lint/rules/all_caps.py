"""An SMS shouts.

What: Most of its letters are capitals, three or more exclamation marks in a row, or three
or more dollar signs. Words to reply with (STOP, HELP) do not count.

Why: Filters score such texts as spam, and readers do.

Bad:
```sms.en-US.md
Example: LAST CHANCE TO SAVE YOUR DETAILS BEFORE MIDNIGHT. Reply STOP to opt out
```
```sms.en-US.md
Example: your details are saved!!! Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: last chance to save your details before midnight! Reply STOP to opt out
```

Source: CTIA Messaging Principles and Best Practices; carriers' spam guidance.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_SIGNS = re.compile(r"!{3,}|！{3,}|\${3,}|(?:!\?|\?!){2,}")
_KEY_WORDS = re.compile(
    r"\b(?:STOP|HELP|END|QUIT|CANCEL|INFO|YES|NO|START|UNSUBSCRIBE)\b|https?://\S+|\ufffc"
)
_FEWEST = 20


def check(words: Words) -> Iterator[Finding]:
    """One finding for each run of signs, and one for a text in capitals."""
    item = words.fields["body"]
    signs = item.find(_SIGNS) if "!" in item.plain or "$" in item.plain else ()
    for written, match, span in signs:
        message = f"'{match.group()}' shouts, and filters take it for spam"
        cure = f"write {match.group()[0]} once"
        yield words.finding(RULE, item, message, span=span, written=written, help=cure)
    if sum(map(str.isupper, item.literals)) * 3 < _FEWEST * 2:
        return
    for written in item.written:
        letters = [
            c for c in _KEY_WORDS.sub("", written.text) if c.upper() != c.lower()
        ]
        capitals = sum(map(str.isupper, letters))
        if len(letters) >= _FEWEST and capitals * 3 >= len(letters) * 2:
            message = f"{capitals} of {len(letters)} letters are capitals"
            cure = (
                "write it as one speaks: capitals at the start of sentences and names"
            )
            yield words.finding(RULE, item, message, written=written, help=cure)
            return


RULE = Rule(
    "all-caps",
    "SMS071",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
