"""The text part of an e-mail lacks the message.

What: A layout's text part that does not print `{{ body }}` on some branch; and a body
of pictures without words, of which nothing is left as text.

Why: Watches, screen readers and people who read plain text get an empty frame.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.txt
{% if days > 30 %}{{ body }}{% endif %}

Unsubscribe: {{ unsubscribe_url }}
{{ brand.legal_name }}, {{ brand.postal_address }}
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
![](https://s.example.com/offer.png)
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.txt
{{ body }}

Unsubscribe: {{ unsubscribe_url }}
{{ brand.legal_name }}, {{ brand.postal_address }}
```

Source: RFC 2046, section 5.1.4: the parts of multipart/alternative say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.body import body_of
from copylab.lint.html_size import given_name
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for the layout, and one for the body."""
    item = words.layout.get("text")
    if item is not None:
        for written in item.texts:
            pieces = written.skeleton.pieces
            holes = [piece.leaf for piece in pieces if isinstance(piece.leaf, Hole)]
            if not any(
                given_name(hole, item.template.scope) == "body" for hole in holes
            ):
                message = "the text part does not print the body on this branch"
                cure = "print {{ body }} outside of every condition"
                place = (0, 1)
                yield piece_finding(RULE, words, item, written, place, message, cure)
                break
    body = words.fields["body"]
    if "![" in body.literals:
        for written in body.written:
            if written.text.strip() and not body_of(written).text.strip():
                message = "nothing of the body is left as text: it holds pictures without words"
                cure = "say in words what the picture says: ![words](address)"
                yield words.finding(RULE, body, message, written=written, help=cure)
                break


RULE = Rule(
    "text-part-missing",
    "EM601",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
