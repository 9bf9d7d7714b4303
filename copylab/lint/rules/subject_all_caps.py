"""The subject of an e-mail is written in capitals.

What: At least 70 % capitals among ten or more letters of three or more words, on any
branch. Abbreviations, the brand and scripts without capitals do not count.

Why: Capitals read as shouting, and mail filters count them as spam.

Bad:
```email.en-US.md
## subject
{% if days > 30 %}YOUR ACCOUNT IS WAITING FOR YOU{% else %}Your account{% endif %}
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
Your FAQ on APR, ACH and PIN
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: SpamAssassin 4.0, SUBJ_ALL_CAPS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


MOST, LEAST_LETTERS, LEAST_WORDS = 0.7, 10, 3
_ABBREVIATION = 3
"""Letters up to which a word in capitals may be an abbreviation."""
_WORD = re.compile(r"[^\W\d_]{1,80}")


def check(words: Words) -> Iterator[Finding]:
    """The finding about the first such branch."""
    item = words.fields.get("subject")
    if item is None:
        return
    brand = words.brand.get("name", "")
    for written in item.written:
        text = written.text.replace(brand, " ") if brand else written.text
        if _shouts(text):
            message = "the subject is written in capitals"
            cure = "write it as a sentence"
            yield words.finding(RULE, item, message, written=written, help=cure)
            return


def _shouts(text: str) -> bool:
    """Whether a text is written in capitals, abbreviations aside."""
    found = _WORD.findall(text.replace(VALUE, " "))
    cased = [word for word in found if word.lower() != word.upper()]
    letters = [letter for word in cased for letter in word]
    if len(letters) < LEAST_LETTERS or len(cased) < LEAST_WORDS:
        return False
    capitals = sum(map(str.isupper, letters))
    long = sum(word.isupper() and len(word) > _ABBREVIATION for word in cased)
    return capitals >= MOST * len(letters) and long > 1


RULE = Rule(
    "subject-all-caps",
    "EM105",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
