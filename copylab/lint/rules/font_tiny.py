"""The words of a layout are too small to be read.

What: Text of the HTML part below 12 pixels, as it is sent.

Why: On a telephone it takes a magnifier, and small print is taken for something to
hide.

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
{{ body }}
<p style="font-size: 9px">Sent to you by Example</p>
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
{{ body }}
<p style="font-size: 12px">Sent to you by Example</p>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: Advice of mail clients' makers; a rule of copylab for the number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.lint.styled import shown_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


LEAST_PX, HIDDEN_PX = 12.0, 1.0


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    for shown in shown_texts(words):
        size = shown.style.font_px
        if shown.style.is_hidden or shown.is_preheader or size is None:
            continue
        if HIDDEN_PX < size < LEAST_PX:
            assert item is not None
            message = (
                f"the words are {size:g} pixels high, at least {LEAST_PX:g} can be read"
            )
            cure = "write font-size: 12px or more"
            yield piece_finding(
                RULE, words, item, shown.written, shown.place, message, cure
            )


RULE = Rule(
    "font-tiny",
    "EM508B",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
