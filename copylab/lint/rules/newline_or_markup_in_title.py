"""The title of a push holds a line break or markup.

What: A line break (in the words, or through a `multiline` variable), an HTML tag, or
Markdown in the title.

Why: Screens show one line, and the marks as they are.

Bad:
```push.en-US.md
## title
**Welcome** back
## body
Your details are saved.
```
```push.en-US.md
## title
Welcome
back
## body
Your details are saved.
```
```push.en-US.md
## title
{{ note }}
## body
Your details are saved.
```

Good:
```push.en-US.md
## title
Welcome back * 5 < 6
## body
Your details are saved.
```

Source: Apple and Android show titles as plain text on a single line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.multiline import multiline_holes
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words

_BREAK = re.compile(r"\S(?P<hit>\n)\s*\S")
_MARKUP = re.compile(
    r"</?[a-z][a-z0-9]{0,10}(?:\s[^<>]{0,200})?/?>|&(?:[a-z]{2,8}|#\d{1,6});"
    r"|\*\*[^*\n]{1,200}\*\*|__[^_\n]{1,200}__|\[[^\]\n]{1,200}\]\([^)\s]{1,200}\)",
    re.IGNORECASE,
)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.fields.get("title")
    if item is None:
        return
    for written, match, span in item.find(_MARKUP):
        shown = match.group().replace("\ufffc", "…")
        message = f"'{shown}' is markup, and a title is plain text"
        cure = "take the marks out"
        yield words.finding(
            RULE, item, message, span=span, written=written, help=cure, severity="error"
        )
    for written, _, span in item.find(_BREAK):
        message = "the title has a line break, and screens show one line"
        yield words.finding(
            RULE, item, message, span=span, written=written, help="write one line"
        )
    for name, hole in multiline_holes(item):
        message = f"'{name}' may hold line breaks, and a title is one line"
        cure = "declare it without multiline, or print it in the body"
        yield words.finding(RULE, item, message, span=hole.place.span, help=cure)


RULE = Rule(
    "newline-or-markup-in-title",
    "PSH008",
    "warning",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
