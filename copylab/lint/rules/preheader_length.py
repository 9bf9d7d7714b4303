"""A preheader is too short, too long or repeats the subject.

What: Fewer than 30 or more than 140 columns on some branch or for some values, a Han
character being two; or the very words of the subject.

Why: A short one is filled up with the first words of the body; of a long one the end is
not shown.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
{% if stage == "repaid" %}Welcome back.{% else %}There is nothing to fill in twice when you come back.{% endif %}
## body
Hi {{ name }}, [see your account]({{ link }}).
```
```email.en-US.md
## subject
Your details are saved, and nothing is lost
## preheader
Your details are saved, and nothing is lost
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: Device tests of e-mail clients: 40 to 100 characters are useful, iPhone Mail shows
99; approximate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.width import display_width
from copylab.lint.rule import Rule
from copylab.template.bounds import bound_shape, hole_range
from copylab.template.shape import Hole, Lit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.template.paths import Path
    from copylab.template.scope import Scope

SHORTEST, LONGEST = 30, 140


def check(words: Words) -> Iterator[Finding]:
    """The findings about the length and the words."""
    item = words.fields.get("preheader")
    if item is None:
        return
    columns, path, worst = item.widest
    if columns > LONGEST:
        message = (
            f"the preheader can take {columns} columns, at most {LONGEST} are shown"
        )
        cure = f"cut {columns - LONGEST} columns"
        yield words.finding(RULE, item, message, path=path, worst=worst, help=cure)
    found = [(_narrowest(way, item.template.scope), way) for way in item.ways]
    least = min(found, key=lambda pair: pair[0], default=None)
    if least is not None and 0 < least[0] < SHORTEST:
        message = (
            f"the preheader can take only {least[0]} columns, fewer than {SHORTEST}"
        )
        cure = "say more, or clients fill it up with the body's first words"
        yield words.finding(RULE, item, message, path=least[1], help=cure)
    subject = words.fields.get("subject")
    texts = {written.text.strip() for written in subject.written} if subject else set()
    for written in item.written:
        if written.text.strip() in texts:
            message = "the preheader repeats the subject"
            cure = "go on from the subject instead"
            yield words.finding(RULE, item, message, written=written, help=cure)
            return


def _narrowest(path: Path, scope: Scope) -> int:
    """The fewest columns that a way can take."""
    total = 0
    for leaf in path.leaves:
        match leaf:
            case Lit():
                total += display_width(leaf.text)
            case Hole():
                shortest = hole_range(leaf, scope, path.state).shortest()
                total += display_width(shortest)
            case _:
                total += bound_shape(leaf, scope, path.state).shortest
    return total


RULE = Rule(
    "preheader-length",
    "EM109",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
