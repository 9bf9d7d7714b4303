"""A conditional comment for Outlook is not closed.

What: `<!--[if mso]>` with its `<![endif]-->`, and `<!--[if !mso]><!-->` with its
`<!--<![endif]-->`, on every branch.

Why: What follows is hidden from all other clients, or shown in Outlook alone.

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
<!--[if !mso]><!--><p>For others</p>{{ body }}
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
<!--[if mso]><p>For Outlook</p><![endif]--><!--[if !mso]><!--><p>For others</p><!--<![endif]-->{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: Microsoft, conditional comments in Office HTML.
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
        if found.is_conditional:
            assert item is not None
            message = f"{found.problem} on this branch"
            cure = "write <!--[if mso]> … <![endif]-->, both on the same branches"
            place = (found.start, found.end)
            yield piece_finding(RULE, words, item, written, place, message, cure)


RULE = Rule(
    "mso-conditional-unbalanced",
    "EM509B",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
