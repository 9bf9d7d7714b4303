"""An e-mail can be so large that Gmail clips it.

What: UTF-8 bytes of the HTML part, layout and body, over every branch, all values and
the longest lists: an error where a message reaches 102,400; a warning where one reaches
80 % of them, or where it cannot be proved that none reaches them all.

Why: Gmail cuts what is longer and shows a link in its place. What stands at the end,
the opt-out with it, is not seen.

Bad:
```email.en-US.md repeat=1000
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
[See your account]({{ link }}).

Your details are saved, and there is nothing to fill in twice when you come back to us.
```
```email.en-US.md repeat=1300
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
[See your account]({{ link }}).

Your details are saved, and there is nothing to fill in twice when you come back to us.
```

Good:
```email.en-US.md repeat=300
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
[See your account]({{ link }}).

Your details are saved, and there is nothing to fill in twice when you come back to us.
```

Source: Gmail clips near 102 KB (tests of 2019 and 2022; approximate). Mail services
that rewrite links make a message larger still, hence the warning at 80 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.html_size import html_size
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words

LIMIT = 102_400
NEAR = LIMIT * 8 // 10


def check(words: Words) -> Iterator[Finding]:
    """The finding, an error where a message surely reaches the limit."""
    size = html_size(words)
    if size is None or size.bound < NEAR:
        return
    item = words.fields["body"]
    cure = f"make the body shorter: it takes up to {size.body:,} of these bytes"
    severity: Severity = "error" if size.reached >= LIMIT else "warning"
    if size.reached >= NEAR:
        message = f"the HTML part can have {size.reached:,} bytes"
    elif size.bound >= LIMIT:
        message = f"the HTML part may have up to {size.bound:,} bytes"
    else:
        return
    message += f", Gmail clips at {LIMIT:,}"
    yield words.finding(
        RULE,
        item,
        message,
        path=size.path,
        worst=size.worst,
        help=cure,
        severity=severity,
    )


RULE = Rule(
    "size-clipped",
    "EM501",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
