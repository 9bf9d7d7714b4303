"""Tags of a layout do not pair up on some branch.

What: Opening and closing tags of the HTML part, on every branch, as Outlook reads it
and as all others do. End tags that HTML lets you leave out, such as `</p>` and `</li>`,
are not asked for.

Why: Clients repair it each in their own way: columns fall apart, and what follows is
swallowed.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.html
<html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>
<div class="page">{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.html
<html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>
{% if days > 30 %}<div class="late">It has been a while.</div>{% endif %}{{ body }}<p>One<p>Two<br>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: HTML, section 13.1.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.balance import unbalanced
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    for written, found in unbalanced(item) if item is not None else ():
        if not found.is_conditional:
            assert item is not None
            message = f"{found.problem} on this branch"
            cure = "open and close the tag on the same branches"
            place = (found.start, found.end)
            yield piece_finding(RULE, words, item, written, place, message, cure)


RULE = Rule(
    "markup-unbalanced",
    "EM509",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
