"""The opt-out of a marketing e-mail is made hard to see.

What: The words of the link by which a reader refuses, in the layout's HTML part: not
shown at all, below 10 pixels, or with a contrast below 3 to 1.

Why: The law asks for a conspicuous way out, and people who find none press the spam
button.

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
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a style="font-size: 6px" href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```
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
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a style="color: #dddddd" href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
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
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a style="font-size: 12px; color: #555555" href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: CAN-SPAM 15 U.S.C. 7704(a)(3) and (5)(A)(ii): clear and conspicuous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.css import contrast
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.lint.styled import shown_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.styled import Style

LEAST_PX, LEAST_CONTRAST = 10.0, 3.0


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place, where nothing else shows the opt-out."""
    item = words.layout.get("html")
    links = [shown for shown in shown_texts(words) if shown.is_opt_out]
    seen = {id(shown.written) for shown in links if not _problem(shown.style)}
    for shown in links:
        if id(shown.written) not in seen:
            assert item is not None
            message = f"the opt-out is hard to see: {_problem(shown.style)}"
            cure = "show it like the words around it"
            yield piece_finding(
                RULE, words, item, shown.written, shown.place, message, cure
            )


def _problem(style: Style) -> str:
    if style.is_hidden:
        return "it is not shown"
    if style.font_px is not None and style.font_px < LEAST_PX:
        return f"it is {style.font_px:g} pixels high"
    if style.colour is not None and style.background is not None:
        ratio = contrast(style.colour, style.background)
        if ratio < LEAST_CONTRAST:
            return f"its contrast is {ratio:.1f} to 1"
    return ""


RULE = Rule(
    "unsubscribe-hidden",
    "EM205",
    "error",
    "words",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
