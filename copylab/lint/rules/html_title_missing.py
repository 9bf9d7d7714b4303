"""A layout has no title.

What: The `<title>` or `<mj-title>` of the HTML part: it must be there and not be blank
on any branch.

Why: Screen readers read it first, and it names the window in which the mail is opened.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.html
<html lang="{{ locale }}" dir="{{ dir }}"><head></head>
<body><p>{{ preheader }}</p>
{{ body }}
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
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: WCAG 2.2, success criterion 2.4.2, page titled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.html_view import Text
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.html_view import Element

_ROOTS = frozenset(("html", "mjml"))
_TITLES = frozenset(("title", "mj-title"))


def check(words: Words) -> Iterator[Finding]:
    """The finding about the first branch without a title."""
    item = words.layout.get("html")
    if item is None:
        return
    for written in item.texts:
        elements = list(tree_of(written).elements())
        titles = [element for element in elements if element.name in _TITLES]
        if any(_has_words(title) for title in titles):
            continue
        root = next((e for e in elements if e.name in _ROOTS), None)
        place = (0, 1) if root is None else (root.start, root.end)
        message = "the layout has no title"
        cure = "write <title>{{ subject }}</title> into its head"
        yield piece_finding(RULE, words, item, written, place, message, cure)
        return


def _has_words(title: Element) -> bool:
    # A title's words are none of the page's, so that texts() passes over them.
    return any(isinstance(part, Text) and part.text.strip() for part in title.children)


RULE = Rule(
    "html-title-missing",
    "EM506C",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
