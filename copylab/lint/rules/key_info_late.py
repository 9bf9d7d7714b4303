"""What makes a push personal comes after what people see.

What: A body whose first value starts behind column 40, on some branch, where nothing before it
depends on the person: the title has no value, choice or number, nor have the first 40 columns.

Why: A phone in a pocket shows the first words; the rest is read by those who are won already.

Bad:
```push.en-US.md
## title
Welcome back
## body
Everything that you told us is still saved, {{ name }}.
```

Good:
```push.en-US.md
## title
Welcome back
## body
{{ name }}, everything that you told us is still saved.
```
```push.en-US.md
## title
Welcome back, {{ name }}
## body
Everything that you told us is still saved, and {{ days }} days are no problem.
```
```push.en-US.md
## title
Welcome back
## body
Everything that you told us is still saved and waits for you.
```

Source: Braze message length guide; Android shows 49 columns of a body, iOS 62 in a banner; a rule of
copylab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.screens import cut_to_columns
from copylab.channels.width import display_width
from copylab.lint.rule import Rule
from copylab.template.shape import Alt, Hole, Lit, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.template.paths import Path

_EARLY_COLUMNS = 40
_NUMBER = re.compile(r"\d")


def check(words: Words) -> Iterator[Finding]:
    """The finding about the value that comes too late."""
    title, body = words.fields.get("title"), words.fields.get("body")
    if title is None or body is None or _is_telling(title):
        return
    for path in body.paths or ():
        before, first = _lead(path, body)
        columns = display_width(before)
        if first is None or columns <= _EARLY_COLUMNS or _NUMBER.search(_start(before)):
            continue
        text = f"the first value comes after {columns} columns, and none before it"
        cure = f"bring it into the first {_EARLY_COLUMNS} columns, or into the title"
        span = first.place.span
        yield words.finding(RULE, body, text, span=span, path=path, help=cure)
        return


def _is_telling(item: Field) -> bool:
    """Whether a field has a value, a choice or a number."""
    parts = walk(item.shape)
    return any(isinstance(part, Hole | Alt) for part in parts) or bool(
        _NUMBER.search(item.literals)
    )


def _lead(path: Path, item: Field) -> tuple[str, Hole | None]:
    """The author's words before the first value or choice, and the value."""
    chosen = {
        id(leaf)
        for part in walk(item.shape)
        if isinstance(part, Alt)
        for leaf in walk(part)
    }
    words = ""
    for leaf in path.leaves:
        if id(leaf) in chosen:
            # What a choice prints is personal; it counts as early where it starts.
            return "", None
        if isinstance(leaf, Lit):
            words += leaf.text
        elif isinstance(leaf, Hole):
            return words, leaf
    return words, None


def _start(text: str) -> str:
    """The words in the first columns."""
    return cut_to_columns(text, _EARLY_COLUMNS)[0]


RULE = Rule(
    "key-info-late",
    "PSH006",
    "info",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
