"""A link leads to a number instead of a name.

What: A link whose host is an IP address, in the words of any branch, in a partial, in
the base of a url variable or in the layout.

Why: Spam and phishing do so, and mail filters and carriers block it.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](http://203.0.113.7/account).
```
```sms.en-US.md
Example: see http://203.0.113.7/account Reply STOP to opt out
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}) in release 4.0.1.2.
```

Source: SpamAssassin 4.0, NORMAL_HTTP_TO_IP; carriers' rules on links in messages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import anchors, host_of, url_variables
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_NUMBER = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\d{8,10}|0x[0-9a-f]{8}|\[[0-9a-f:.]{2,45}\]"
)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    cure = "link to your own domain"
    for link in anchors(words):
        if _NUMBER.fullmatch(link.host):
            message = f"the link leads to the number {link.host}"
            yield piece_finding(
                RULE, words, link.item, link.written, link.place, message, cure
            )
    item = next(iter(words.fields.values()))
    for variable in url_variables(words):
        host = host_of(variable.base)
        if _NUMBER.fullmatch(host):
            message = f"the base of '{variable.name}' is the number {host}"
            yield words.finding(
                RULE,
                item,
                message,
                span=variable.span,
                written=item.written[0],
                help=cure,
            )


RULE = Rule(
    "link-raw-ip",
    "EM405B",
    "error",
    "words",
    check,
    module=__name__,
)
