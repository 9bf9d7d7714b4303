"""A value is printed into a style.

What: A variable in a `style` attribute or a style sheet of a layout that can hold more
than letters, digits and `# . % -`. Numbers and words of an enum such as green are fine.
An attribute of MJML that becomes a style, such as `color` or `padding`, is one: what
counts is where the value stands in the HTML that is sent.

Why: Styles are not escaped like text: a `;` or a `}` in the value changes the rest of
the mail.

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
<body><p>{{ preheader }}</p><div style="color: {{ note }}">{{ body }}</div>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.mjml
<mjml lang="{{ locale }}" dir="{{ dir }}">
<mj-head><mj-title>{{ subject }}</mj-title><mj-preview>{{ preheader }}</mj-preview></mj-head>
<mj-body><mj-section><mj-column>
<mj-text color="{{ note }}">{{ body }}</mj-text>
<mj-text>{{ brand.legal_name }}, {{ brand.postal_address }}
<a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>
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
<body><p>{{ preheader }}</p><div style="width: {{ days }}px">{{ body }}</div>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: OWASP, cross-site scripting prevention: values in CSS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.alphabet import consists_of
from copylab.lint.css_places import values_in_styles
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.lint.value_places import value_places
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written


_SAFE = re.compile(r"[A-Za-z0-9#.% _-]*")
_SHEETS = frozenset(("style", "mj-style"))


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    if item is None:
        return
    for written, start, leaf in _in_styles(item):
        if not consists_of(leaf.expression, item.template.scope, _is_safe):
            message = "the value can hold signs that change the style"
            cure = "choose between fixed styles with an enum or a condition"
            span = (start, start + 1)
            yield piece_finding(RULE, words, item, written, span, message, cure)


def _in_styles(item: Field) -> Iterator[tuple[Written, int, Hole]]:
    """The values in styles: those of the file, and those that become one."""
    told: set[int] = set()
    for written, value, place in value_places(item):
        if place.attribute == "style" or (
            not place.attribute and place.element in _SHEETS
        ):
            told.add(id(value.leaf))
            yield written, value.start, value.leaf
    for written, piece in values_in_styles(item):
        if isinstance(piece.leaf, Hole) and id(piece.leaf) not in told:
            yield written, piece.start, piece.leaf


def _is_safe(text: str) -> bool:
    return _SAFE.fullmatch(text) is not None


RULE = Rule(
    "variable-in-css",
    "EM308",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
