"""A style that some mail clients do not know.

What: Styles of a layout that Gmail, Outlook for Windows, Outlook.com, Yahoo or Apple
Mail ignore (packs/clients.yaml), where the mail would look broken without them. What
only looks plainer there, such as round corners, is told as information, and only to
workspaces that name their clients: `lint: {email: {clients: [gmail, apple]}}`. What
stands in a conditional comment counts for those who read it.

Why: Columns fall below each other, or words cover words.

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
<div style="display: flex">{{ body }}</div>
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
<!--[if !mso]><!--><div style="display: flex; border-radius: 6px"></div><!--<![endif]--><div style="width: 100%">{{ body }}</div>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: caniemail.com, data of 2025-09-09 (MIT), reduced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.lint.support import unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    for found in unsupported(words, item, "css") if item is not None else ():
        assert item is not None
        message = f"{found.clients} do not know {found.name}"
        if " and " not in found.clients:
            message = f"{found.clients} does not know {found.name}"
        yield piece_finding(
            RULE,
            words,
            item,
            found.written,
            found.place,
            message,
            found.cure,
            severity=found.severity,
        )


RULE = Rule(
    "css-unsupported",
    "EM503",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
