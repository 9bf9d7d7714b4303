"""A value is printed into a script.

What: Any variable in a `<script>` or in an attribute such as `onclick` of a layout.

Why: Scripts are not escaped like text, so that the value can do anything. Mail clients
remove them anyway.

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
<body><p>{{ preheader }}</p><div onclick="open('{{ note }}')">{{ body }}</div>
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
<body><p>{{ preheader }}</p><div title="{{ note }}">{{ body }}</div>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: OWASP, cross-site scripting prevention: values in scripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.lint.value_places import value_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    for written, piece, place in value_places(item) if item is not None else ():
        in_script = place.attribute.startswith("on") or (
            not place.attribute and place.element == "script"
        )
        if in_script:
            assert item is not None
            message = "a value is printed into a script"
            cure = "take the script out: no mail client runs it"
            span = (piece.start, piece.start + 1)
            yield piece_finding(RULE, words, item, written, span, message, cure)


RULE = Rule(
    "variable-in-script",
    "EM308B",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
