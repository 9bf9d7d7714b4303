"""A layout for a language that runs from right to left does not say so.

What: With copy in Arabic, Hebrew, Persian or Urdu: the `dir` of the HTML part's
`<html>`, `<mjml>` or `<body>` must be rtl.

Why: Without it sentences end at the wrong side, and punctuation jumps.

Bad:
```email.ar.md
## subject
بياناتك محفوظة
## preheader
لا حاجة لإدخال بياناتك مرة أخرى عند عودتك إلينا.
## body
[اعرض حسابك]({{ link }})
=== _layouts/main.html
<html lang="{{ locale }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
=== copylab.yaml
brand: {name: Example, legal_name: Example Inc., postal_address: 1 Example Street}
locales: {default: ar}
markets: [AE]
email: {layout: main, unsubscribe: unsubscribe_url, from: Example <hello@example.com>}
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
<html lang="{{ locale }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>
{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Source: HTML, section 3.2.6.4, the dir attribute; Unicode Standard Annex 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.locales import text_direction
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_HOLDERS = frozenset(("html", "mjml", "body", "mj-body"))


def check(words: Words) -> Iterator[Finding]:
    """The finding about the layout's first element."""
    item = words.layout.get("html")
    if item is None or text_direction(words.locale) != "rtl":
        return
    written = item.written[0]
    holders = [e for e in tree_of(written).elements() if e.name in _HOLDERS]
    if any(element.get("dir").lower() in {"rtl", VALUE} for element in holders):
        return
    place = (holders[0].start, holders[0].end) if holders else (0, 1)
    message = f"{words.locale} runs from right to left, and the layout does not say so"
    cure = 'write dir="{{ dir }}"'
    yield piece_finding(RULE, words, item, written, place, message, cure)


RULE = Rule(
    "html-dir-missing",
    "EM506B",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
