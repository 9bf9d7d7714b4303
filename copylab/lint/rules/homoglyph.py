r"""Letters in an SMS only look like Latin ones.

What: Mathematical alphabets (\U0001d405\U0001d411\U0001d404\U0001d404) and full-width
letters and digits in a text whose letters are otherwise Latin. Words that mix alphabets
are told by mixed-script-word.

Why: Filters take it for evasion, screen readers spell it or skip it, and each such letter
costs one or two of 70 characters.

Bad:
```sms.en-US.md
Example: \U0001d405\U0001d411\U0001d404\U0001d404 delivery this week. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: FREE delivery this week. Reply STOP to opt out
```

Source: Unicode Technical Standard #39 (confusables); CTIA Messaging Principles, evasion.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from copylab.lint.foreign import Foreign, foreign_characters
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each run of such letters."""
    found = [one for one in foreign_characters(words) if one.kind == "look-alike"]
    numbered = enumerate(found)
    for _, run in groupby(numbered, lambda pair: pair[1].culprit.index - pair[0]):
        yield _finding(words, [one for _, one in run])


def _finding(words: Words, run: list[Foreign]) -> Finding:
    text = "".join(one.culprit.char for one in run)
    plain = unicodedata.normalize("NFKC", text)
    first, last = run[0], run[-1]
    return words.finding(
        RULE,
        words.fields["body"],
        f"'{text}' is not written in letters: it only looks like {plain}",
        span=first.written.skeleton.span(first.culprit.index, last.culprit.index + 1),
        written=first.written,
        help=f"write {plain}",
    )


RULE = Rule(
    "homoglyph",
    "SMS016",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
