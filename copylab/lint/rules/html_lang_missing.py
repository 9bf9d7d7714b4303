"""A layout does not say in which language it is.

What: The `lang` of the HTML part's `<html>` or `<mjml>`: it must be there and be that
of the copy.

Why: Screen readers choose their voice by it, and clients offer to translate a mail that
is in the reader's own language.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.html
<html dir="{{ dir }}"><head><title>{{ subject }}</title></head>
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

Source: WCAG 2.2, success criterion 3.1.1, language of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_ROOTS = frozenset(("html", "mjml"))


def check(words: Words) -> Iterator[Finding]:
    """The finding about the layout's first element."""
    item = words.layout.get("html")
    if item is None or not item.written[0].text:
        return
    written = item.written[0]
    root = next((e for e in tree_of(written).elements() if e.name in _ROOTS), None)
    cure = 'write lang="{{ locale }}"'
    if root is None or not root.get("lang").strip():
        place = (0, 1) if root is None else (root.start, root.end)
        message = "the layout does not say in which language it is"
        yield piece_finding(RULE, words, item, written, place, message, cure)
        return
    lang = root.attributes["lang"]
    language = lang.value.replace("_", "-").partition("-")[0].lower()
    if language not in {words.locale.partition("-")[0].lower(), VALUE}:
        message = f"the layout says lang={lang.value}, and the copy is {words.locale}"
        place = (lang.start, lang.end)
        yield piece_finding(RULE, words, item, written, place, message, cure)


RULE = Rule(
    "html-lang-missing",
    "EM506",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
