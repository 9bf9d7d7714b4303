"""A value is printed into code, where Markdown cannot be escaped.

What: A variable between backticks, or in a block of code, of an e-mail's body, if its
values can hold signs that mean something in Markdown.

Why: Everywhere else a value is shown as it is. In code a backslash would show before
such a sign, and a backtick in the value would end the code.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, your code is `{{ note }}`. [See your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, your code is `{{ days }}`, **{{ note }}**. [See your account]({{ link }}).
```

Source: CommonMark 0.31, section 6.1: backslash escapes do not work in code spans.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.alphabet import consists_of
from copylab.lint.body import body_of
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.fields["body"]
    if not _CODE.search(item.literals):
        return
    told: set[int] = set()
    for written in item.written:
        body = body_of(written)
        for element in body.tree.elements():
            if element.name != "code":
                continue
            for piece in body.values_in(element.text()):
                if id(piece.leaf) in told or not isinstance(piece.leaf, Hole):
                    continue
                scope = item.template.scope
                if consists_of(piece.leaf.expression, scope, _is_plain):
                    continue
                told.add(id(piece.leaf))
                message = "the value can end the code, or show backslashes in it"
                cure = "print it in **bold**, or declare charset: digits"
                place = (piece.start, piece.start + 1)
                yield piece_finding(RULE, words, item, written, place, message, cure)


_CODE = re.compile(r"[`~]|(?:^|\n)(?: {4}|\t)")


def _is_plain(text: str) -> bool:
    """Whether escaping leaves a text as it is, wherever it stands."""
    from copylab.channels.markdown import (  # noqa: PLC0415 - e-mail only
        escape_markdown,
    )

    return escape_markdown(text) == text.strip()


RULE = Rule(
    "markdown-injection",
    "EM310",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
