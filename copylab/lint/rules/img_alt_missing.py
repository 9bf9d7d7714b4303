"""A picture has no words for those who do not see it.

What: In a layout, a picture without `alt`; an empty one is fine where the picture only
decorates. In layout and body, a link that holds a picture without words and nothing
else. As a warning, a picture of an HTML layout without a width.

Why: Many clients show no pictures until asked; a link without words cannot be followed
then, and screen readers read its address.

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
<img src="https://s.example.com/logo.png" width="120">{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}.

[![](https://s.example.com/offer.png)]({{ link }})
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
<img src="https://s.example.com/logo.png" alt="{{ brand.name }}" width="120"><img src="https://s.example.com/line.png" alt="" width="600">{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}.

[![See your account](https://s.example.com/offer.png)]({{ link }})
```

Source: WCAG 2.2, success criteria 1.1.1 and 2.4.4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words
    from copylab.lint.html_view import Element

_PICTURES = frozenset(("img", "mj-image", "mj-carousel-image"))
_IN_LINK = re.compile(
    r"(?<!\\)\[\s{0,9}(?P<image>!\[\s{0,9}\]\([^()\s]{0,500}\))\s{0,9}\]\("
)
_CURE = "say in alt what the picture says, as alt text or ![text](address)"


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    body = words.fields["body"]
    if "![" in body.literals:
        for written, match, _ in body.find(_IN_LINK):
            message = "the link holds a picture without words, and nothing else"
            place = match.span("image")
            yield piece_finding(RULE, words, body, written, place, message, _CURE)
    item = words.layout.get("html")
    for written in item.written if item is not None else ():
        assert item is not None
        for element in tree_of(written).elements():
            if element.name not in _PICTURES:
                continue
            found = _problem(element)
            if found is not None:
                place = (element.start, element.end)
                message, cure, severity = found
                yield piece_finding(
                    RULE,
                    words,
                    item,
                    written,
                    place,
                    message,
                    cure,
                    severity=severity,
                )


def _problem(element: Element) -> tuple[str, str, Severity] | None:
    """What is wrong with a picture of a layout, its cure, and how grave it is."""
    alt = element.attributes.get("alt")
    is_decoration = element.get("aria-hidden") == "true" or element.get("role") in {
        "presentation",
        "none",
    }
    if alt is None and not is_decoration:
        return "the picture has no alt", _CURE, "error"
    if not element.get("alt").strip() and _is_only_content(element):
        message = "the link holds a picture without words, and nothing else"
        return message, _CURE, "error"
    has_width = "width" in element.attributes or "width" in element.get("style")
    if element.name == "img" and not has_width:
        cure = 'write its width in pixels, as in width="120"'
        return (
            "the picture has no width: Outlook shows it as large as it is",
            cure,
            "warning",
        )
    return None


def _is_only_content(element: Element) -> bool:
    """Whether a picture is all that a link holds."""
    if "href" in element.attributes:
        return True
    link = next((e for e in element.around() if e.name == "a"), None)
    if link is None or "href" not in link.attributes or link.text().strip():
        return False
    return not any(e.get("alt").strip() for e in link.walk())


RULE = Rule(
    "img-alt-missing",
    "EM504",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
