"""A value decides what kind of address a link is.

What: A link or a picture whose address starts with a variable that is not of type url,
in the body or in the layout.

Why: The value could be `javascript:…`, another site or plain words. A url variable with
a base can change neither scheme nor host.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ note }}).
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: OWASP, cross-site scripting prevention: addresses from values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.alphabet import UNKNOWN
from copylab.lint.anchors import anchors
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for link in anchors(words):
        if not link.holes or not link.address.startswith(VALUE):
            continue
        if link.holes[0].expression.type not in {"url", UNKNOWN}:
            message = "a value that is no url variable decides where the link leads"
            cure = "declare it as {type: url, base: https://…/, max: …}"
            yield piece_finding(
                RULE, words, link.item, link.written, link.place, message, cure
            )


RULE = Rule(
    "url-scheme-from-variable",
    "EM307",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
