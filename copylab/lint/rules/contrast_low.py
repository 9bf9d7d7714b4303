"""The words of a layout are hard to tell from what is behind them.

What: The contrast of every text of the HTML part with its background, of the body's as
well: less than 4.5 to 1, or 3 to 1 where it is at least 24 pixels high, or 18.7 and
bold. Over pictures nothing is said.

Why: In sunlight, and to one reader in twelve, such words cannot be read.

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
<p style="color: #999999">Sent to you by Example</p>
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
<p style="color: #666666">Sent to you by Example</p><p style="color: #888; font-size: 24px">Thank you</p>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: WCAG 2.2, success criterion 1.4.3, contrast (minimum).
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

LEAST, LEAST_LARGE = 4.5, 3.0
LARGE_PX, LARGE_BOLD_PX = 24.0, 18.66
SAME = 1.1
"""Below this, text is meant not to be seen: EM508C speaks of it."""


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    for shown in shown_texts(words):
        style = shown.style
        if style.is_hidden or shown.is_preheader or not _is_known(style):
            continue
        assert item is not None
        assert style.colour is not None
        assert style.background is not None
        assert style.font_px is not None
        ratio = contrast(style.colour, style.background)
        large = LARGE_BOLD_PX if style.is_bold else LARGE_PX
        least = LEAST_LARGE if style.font_px >= large else LEAST
        if SAME <= ratio < least:
            message = f"the contrast of the words is {ratio:.1f} to 1, not {least:g}"
            cure = "make the words darker, or what is behind them lighter"
            yield piece_finding(
                RULE, words, item, shown.written, shown.place, message, cure
            )


def _is_known(style: Style) -> bool:
    return None not in (style.colour, style.background, style.font_px)


RULE = Rule(
    "contrast-low",
    "EM508",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
