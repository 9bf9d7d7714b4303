"""Words of a layout are made so that nobody sees them.

What: Text of the HTML part of one pixel or less, or in the colour of its background.
The block of the preheader is fine, and so is what `display: none` takes out for some
screens.

Why: It is how spam hides words from people and shows them to filters, which know it.

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
<p style="color: #fff; background-color: #ffffff">Best offers</p>
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
<body><div style="font-size: 1px; color: #fff">{{ preheader }}</div>{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: SpamAssassin 4.0, HTML_FONT_LOW_CONTRAST and rules on invisible text.
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

HIDDEN_PX, SAME = 1.0, 1.1


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    for shown in shown_texts(words):
        problem = "" if shown.is_preheader else _problem(shown.style)
        if problem:
            assert item is not None
            message = f"nobody sees these words: {problem}"
            cure = "show them or delete them"
            yield piece_finding(
                RULE, words, item, shown.written, shown.place, message, cure
            )


def _problem(style: Style) -> str:
    if style.is_hidden:
        return ""
    if style.font_px is not None and style.font_px <= HIDDEN_PX:
        return f"they are {style.font_px:g} pixels high"
    colour, behind = style.colour, style.background
    if colour and behind and contrast(colour, behind) < SAME:
        return "they have the colour of what is behind them"
    return ""


RULE = Rule(
    "hidden-text",
    "EM508C",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
