"""A value is put into an address without being encoded.

What: A variable inside an address that can hold other characters than letters, digits
and `- . _ ~`, in any channel and in the layout. Variables of type url, whole numbers
and words such as A1 are fine.

Why: A blank, a & or a # in the value cuts the address off or changes where it leads.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](https://s.example.com/?who={{ name }}).
```
```sms.en-US.md
Example: see https://s.example.com/{{ name }} Reply STOP to opt out
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}) or [the news](https://s.example.com/?days={{ days }}).
```

Source: RFC 3986, section 2: what is not unreserved must be percent-encoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.alphabet import consists_of
from copylab.lint.anchors import anchors
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.anchors import Anchor
    from copylab.lint.case import Words
    from copylab.template.shape import Hole

_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for link in anchors(words):
        scope = link.item.template.scope
        for number, hole in enumerate(link.holes):
            starts = number == 0 and link.address.startswith(VALUE)
            if starts:
                continue  # a whole address, or what EM307 speaks of
            if consists_of(hole.expression, scope, _is_unreserved):
                continue
            message = "the value can hold characters that change the address"
            cure = (
                "declare the whole address as a variable: "
                "{type: url, base: https://…/, max: …}; it is encoded then"
            )
            yield _finding(words, link, hole, message, cure)


def _is_unreserved(text: str) -> bool:
    return _UNRESERVED.fullmatch(text) is not None


def _finding(
    words: Words, link: Anchor, hole: Hole, message: str, cure: str
) -> Finding:
    for piece in link.written.skeleton.pieces_in(link.start, link.end):
        if piece.leaf is hole:
            place = (piece.start, piece.start + 1)
            break
    return piece_finding(RULE, words, link.item, link.written, place, message, cure)


RULE = Rule(
    "url-variable-unencoded",
    "EM306",
    "error",
    "words",
    check,
    module=__name__,
)
