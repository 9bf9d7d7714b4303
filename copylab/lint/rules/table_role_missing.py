"""A table that lays out a mail is not marked as one.

What: A `<table>` of a layout without `<th>` or `<caption>`, and without a `role`.

Why: Screen readers count out its rows and columns, which mean nothing.

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
<table width="600"><tr><td>{{ body }}</td></tr></table>
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
<table role="presentation" width="600"><tr><td>{{ body }}</td></tr></table><table><tr><th>Step</th></tr><tr><td>{{ days }}</td></tr></table>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: WAI-ARIA 1.2, role presentation; Email Markup Consortium, accessibility report
2025.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    for written in item.written if item is not None else ():
        assert item is not None
        for element in tree_of(written).elements():
            if element.name != "table" or "role" in element.attributes:
                continue
            if not any(inner.name in {"th", "caption"} for inner in element.walk()):
                message = "the table lays out the mail and is not marked so"
                cure = 'write <table role="presentation">'
                place = (element.start, element.end)
                yield piece_finding(RULE, words, item, written, place, message, cure)


RULE = Rule(
    "table-role-missing",
    "EM507",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
