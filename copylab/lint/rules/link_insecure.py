"""A link is not encrypted.

What: A link that starts with `http://`, in the words of any branch, in a partial, in
the base of a url variable or in the layout.

Why: Anybody on the way can read and change the page. Browsers warn of it, and mail
filters count it against the sender.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](http://s.example.com/account).
```
```sms.en-US.md
Example: see http://s.example.com/account Reply STOP to opt out
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](https://s.example.com/account).
```

Source: Gmail's and Yahoo's sender rules ask for encrypted delivery, and browsers mark
plain http as not secure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import anchors, url_variables
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_INSECURE = re.compile(r"http:", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for link in anchors(words):
        if _INSECURE.match(link.address):
            message = f"the link to {link.host or 'this page'} is not encrypted"
            cure = "write https:// instead of http://"
            yield piece_finding(
                RULE, words, link.item, link.written, link.place, message, cure
            )
    item = next(iter(words.fields.values()))
    for variable in url_variables(words):
        if _INSECURE.match(variable.base):
            message = f"the base of '{variable.name}' is not encrypted"
            cure = "write base: https://…"
            yield words.finding(
                RULE,
                item,
                message,
                span=variable.span,
                written=item.written[0],
                help=cure,
            )


RULE = Rule(
    "link-insecure",
    "EM401",
    "warning",
    "words",
    check,
    module=__name__,
)
