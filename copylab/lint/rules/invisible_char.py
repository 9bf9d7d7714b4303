r"""A character that nobody sees stands in the words.

What: Zero-width characters, soft hyphens, direction controls, fillers and tags in any
field. Joiners inside emoji and inside scripts that need them, variation selectors
behind a sign, and direction marks in right-to-left text are fine.

Why: They come along when text is pasted. They break searches, opt-out key words and
links, force an SMS into UCS-2, and filters take them for evasion.

Bad:
```push.en-US.md
## title
Wel\u200bcome back
## body
Your details are saved.
```

Good:
```push.en-US.md
## title
Welcome back
## body
Your details are saved. 👩\u200d🚀
```

Source: Unicode, Default_Ignorable_Code_Point; X-EVADE-001, a rule of copylab and not of law.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.characters import INVISIBLE, describe_character, is_in_place
from copylab.lint.mend import replace_in_file
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words

_INVISIBLE = re.compile(f"[{''.join(sorted(INVISIBLE))}]")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place of such a character."""
    for item in words.fields.values():
        if item.literals.isascii():
            continue
        told = set()
        for written in item.written:
            text = written.skeleton.text
            for match in _INVISIBLE.finditer(text):
                span = written.skeleton.span(*match.span())
                if span in told or is_in_place(text, match.start()):
                    continue
                told.add(span)
                message = f"{describe_character(match.group())} is invisible"
                place = (span, match.group(), "")
                yield words.finding(
                    RULE,
                    item,
                    message,
                    span=span,
                    written=written,
                    help="delete it; typing the word again is the safest way",
                    fix=replace_in_file(words.catalog.sources, [place], is_safe=True),
                )


RULE = Rule(
    "invisible-char",
    "SMS012",
    "error",
    "words",
    check,
    module=__name__,
)
