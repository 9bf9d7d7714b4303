"""HTML stands where there is none: in the subject or the preheader.

What: Entities such as `&amp;` and tags such as `<b>` in the subject or the preheader of
any branch.

Why: Both are plain text, and readers see the code. copylab escapes them where the
layout prints them.

Bad:
```email.en-US.md
## subject
Terms &amp; conditions have changed
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is <b>nothing</b> to fill in twice when you come back.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
Terms & conditions: 5 < 7 and AT&T; news
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: RFC 5322, section 3.6.5: a subject is text.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_TAGS = "a|b|big|br|center|div|em|font|h[1-6]|hr|i|img|li|ol|p|small|span|strong|sub|sup|table|td|tr|u|ul"
_MARKUP = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|(?P<name>[A-Za-z]{2,31}\d{0,2}));"
    rf"|</?(?i:{_TAGS})(?:\s[^<>]{{0,200}})?/?>"
)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for field in ("subject", "preheader"):
        item = words.fields.get(field)
        if item is None or not ("&" in item.literals or "<" in item.literals):
            continue
        for written, match, span in item.find(_MARKUP):
            if match["name"] and f"{match['name']};" not in html5:
                continue
            message = (
                f"'{match.group()}' is shown as it is written: the {field} is no HTML"
            )
            plain = unescape(match.group())
            cure = f"write {plain}" if match.group()[0] == "&" else "delete the tag"
            yield words.finding(
                RULE, item, message, span=span, written=written, help=cure
            )


RULE = Rule(
    "subject-html-entity",
    "EM107",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
