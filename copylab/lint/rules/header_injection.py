"""A value with line breaks is printed in a subject or a preheader.

What: A variable that is declared `multiline: true` in the subject or the preheader.

Why: A header is one line; a line break in it is how headers are smuggled in. copylab
joins the lines when it composes, and what the author saw in the preview is not what is
sent.

Bad:
```email.en-US.md
## subject
News: {{ note }}
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
News for {{ name }}
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, {{ note }} [see your account]({{ link }}).
```

Source: RFC 5322 section 2.2: a header field ends with its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.multiline import multiline_holes
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for field in ("subject", "preheader"):
        item = words.fields.get(field)
        if item is None:
            continue
        for name, hole in multiline_holes(item):
            message = f"'{name}' may hold line breaks, and the {field} is one line"
            cure = "declare it without multiline, or print it in the body"
            yield words.finding(RULE, item, message, span=hole.place.span, help=cure)


RULE = Rule(
    "header-injection",
    "EM103",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
