"""An e-mail says with pictures what it has to say.

What: Less than about 150 columns of words in body and layout, a Han character being
two, beside a picture in the body or a large one in the layout, on any branch.

Why: Pictures are often blocked, so that nothing is left to read, and filters know the
pattern from spam.

Bad:
```email.en-US.md purpose=transactional
## subject
Your card is on its way
## preheader
It should be with you within a week, in a plain envelope.
## body
![Your card](https://s.example.com/card.png)
=== _layouts/main.html
<html lang="{{ locale }}"><head><title>{{ subject }}</title></head><body>{{ body }}</body></html>
=== _layouts/main.txt
{{ body }}
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }},

![Your card](https://s.example.com/card.png)

your card was sent on Monday, in a plain envelope. It should be with you within a week. If it is not, answer this mail and we send another one.
```

Source: SpamAssassin 4.0, HTML_IMAGE_ONLY and HTML_IMAGE_RATIO.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.width import display_width
from copylab.lint.anchors import tree_of
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.html_view import Element

LEAST_COLUMNS = 150
LARGE_PX = 300
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{1,500}\)")
_ADDRESS = re.compile(r"https?://\S{1,2000}")


def check(words: Words) -> Iterator[Finding]:
    """The finding about the first such branch."""
    if words.lacks_layout:
        return
    body, layout = words.fields["body"], words.layout.get("html")
    around = 0 if layout is None else _words_of(layout)
    large = layout is not None and _has_large(layout)
    if around >= LEAST_COLUMNS or not (large or "![" in body.literals):
        return
    for written in body.written:
        pictures = [match.span() for match in _PICTURE.finditer(written.text)]
        if not pictures and not large:
            continue
        text = _ADDRESS.sub("", _PICTURE.sub("", written.text))
        columns = around + display_width(text)
        if columns < LEAST_COLUMNS:
            message = f"beside its pictures the e-mail has {columns} columns of words"
            cure = "say in words what the pictures say"
            span = written.skeleton.span(*pictures[0]) if pictures else None
            yield words.finding(
                RULE, body, message, span=span, written=written, help=cure
            )
            return


def _words_of(layout: Field) -> int:
    """The fewest columns of words that a layout adds, worked out once."""
    if "columns" not in layout.kept:
        layout.kept["columns"] = min(map(_columns, layout.written))
    found: int = layout.kept["columns"]
    return found


def _columns(written: Written) -> int:
    texts = (
        text.text
        for text in tree_of(written).root.texts()
        if not _HEADS & {element.name for element in text.parent.around()}
    )
    return display_width(" ".join(" ".join(texts).split()))


def _has_large(layout: Field) -> bool:
    """Whether a layout holds a picture that is more than a logo, worked out once."""
    if "large picture" not in layout.kept:
        layout.kept["large picture"] = any(
            element.name in {"img", "mj-image"} and _width(element) >= LARGE_PX
            for written in layout.written
            for element in tree_of(written).elements()
        )
    found: bool = layout.kept["large picture"]
    return found


def _width(element: Element) -> int:
    digits = _DIGITS.match(element.get("width"))
    return 0 if digits is None else int(digits[0])


_HEADS = frozenset({"head", "mj-head"})
_DIGITS = re.compile(r"\d{1,5}")

RULE = Rule(
    "image-only",
    "EM505",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
