"""An e-mail uses several phrases that spam is full of.

What: Two or more phrases of packs/spam.yaml for the language of the copy, in subject,
preheader and body of a marketing e-mail, on one branch.

Why: One alone does no harm. Several together count in mail filters, and readers have
learned to pass them over.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, act now: it is risk-free. [See your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, it is your last chance to [see your account]({{ link }}) before the move.
```

Source: packs/spam.yaml, after the phrases that SpamAssassin 4.0 scores.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from copylab.lint.field import agree
from copylab.lint.pack import any_of, load_pack
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


FEWEST = 2


@cache
def _phrases(language: str) -> re.Pattern[str] | None:
    known = load_pack("spam")["phrases"].get(language)
    return None if known is None else any_of(tuple(known))


def check(words: Words) -> Iterator[Finding]:
    """The finding about the first such branch."""
    pattern = _phrases(words.locale.partition("-")[0].lower())
    if pattern is None:
        return
    hits = [
        (item, written, match)
        for item in words.fields.values()
        if pattern.search(item.literals)
        for written, match, _ in item.find(pattern)
    ]
    for number, (item, written, match) in enumerate(hits):
        together = {match.group().lower()} | {
            other.group().lower()
            for field, at, other in hits[:number]
            if (at is written if field is item else agree(at, written))
        }
        if len(together) >= FEWEST:
            shown = ", ".join(f"'{phrase}'" for phrase in sorted(together))
            message = f"phrases that spam is full of, together: {shown}"
            cure = "say what is offered in plain words"
            span = written.skeleton.span(*match.span())
            yield words.finding(
                RULE, item, message, span=span, written=written, help=cure
            )
            return


RULE = Rule(
    "spam-phrase",
    "EM701",
    "info",
    "words",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
