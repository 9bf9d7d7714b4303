"""The subject of an e-mail shouts with its punctuation.

What: `!!`, `??`, `$$` and the like, or more than one emoji, on any branch.

Why: It is what spam looks like, and mail filters count it.

Bad:
```email.en-US.md
## subject
Your account is ready!!
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```
```email.en-US.md
## subject
🎉 Your account is ready 🎁
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
Ready? ¡Bienvenido! 👨‍👩‍👧 is $5 cheaper
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: SpamAssassin 4.0, rules on subjects; a rule of copylab for the number of emoji.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_REPEATED = re.compile(r"[!?\u203c\u2047-\u2049]{2,20}|[$€£¥]{2,20}|[*~]{3,20}")
MOST_EMOJI = 1


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place, and one for too many emoji."""
    item = words.fields.get("subject")
    if item is None:
        return
    for written, match, span in item.find(_REPEATED):
        message = f"'{match.group()}' makes the subject shout"
        cure = "one mark is enough"
        yield words.finding(RULE, item, message, span=span, written=written, help=cure)
    if item.literals.isascii():
        return
    for written in item.written:
        places = [found.span() for found in _EMOJI.finditer(written.skeleton.text)]
        if len(places) > MOST_EMOJI:
            message = f"the subject has {len(places)} emoji"
            cure = "keep one at most"
            span = written.skeleton.span(*places[MOST_EMOJI])
            yield words.finding(
                RULE, item, message, span=span, written=written, help=cure
            )
            return


_PICTURE = "[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_EMOJI = re.compile(
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}"
    f"|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}"
    f"(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}){{0,6}})"
)

RULE = Rule(
    "subject-punctuation",
    "EM105B",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
