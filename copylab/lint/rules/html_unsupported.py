"""An element or a kind of picture that some mail clients do not show.

What: Elements of a layout (video, svg, dialog, iframe, form, and as errors script, a
linked style sheet, and a form in marketing), and WebP, AVIF and SVG pictures in layout
and body, where a client of packs/clients.yaml lacks them. `lint: {email: {clients:
[gmail, apple]}}` names the clients that count.

Why: They leave a hole in the mail; scripts and forms get it filtered.

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
<video src="https://s.example.com/tour.mp4"></video>{{ body }}
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, ![Your account](https://s.example.com/account.webp)
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
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, ![Your account](https://s.example.com/account.png)
```

Source: caniemail.com, data of 2025-09-09 (MIT), reduced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.lint.support import picture_format, unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written

_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\((?P<address>[^()\s]{1,500})\)")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.layout.get("html")
    if item is not None:
        for found in unsupported(words, item, "html"):
            message = f"<{found.name}> is not shown by {found.clients}"
            yield piece_finding(
                RULE,
                words,
                item,
                found.written,
                found.place,
                message,
                found.cure,
                severity=found.severity,
            )
    for part, written, address, place in _pictures(words):
        found_format = picture_format(words, address)
        if found_format is not None:
            feature, clients = found_format
            message = f"{feature['name']} pictures are not shown by {clients}"
            yield piece_finding(
                RULE, words, part, written, place, message, feature["help"]
            )


def _pictures(words: Words) -> Iterator[tuple[Field, Written, str, tuple[int, int]]]:
    """The addresses of pictures, and their places."""
    body, item = words.fields["body"], words.layout.get("html")
    if "![" in body.literals:
        for written, match, _ in body.find(_IMAGE):
            yield body, written, match["address"], match.span("address")
    for written in item.written if item is not None else ():
        assert item is not None
        for element in tree_of(written).elements():
            source = element.attributes.get("src")
            if source is not None and element.name in {"img", "mj-image"}:
                yield item, written, source.value, (source.start, source.end)


RULE = Rule(
    "html-unsupported",
    "EM503B",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
