"""The subject of an e-mail can be too long.

What: The longest subject, over every branch and every allowed value: a warning over 60
characters, an error over 255.

Why: Telephones show 33 to 48 characters, desktops about 60; what matters must stand in
the first 33.

Bad:
```email.en-US.md
## subject
{{ name }}, your details are saved and there is nothing to fill in twice when you return
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
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

Source: Device tests of e-mail clients (48 characters on iPhone Mail, about 60 on desktops;
approximate); RFC 5322 section 2.1.1 for the hard limit of a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words

SHOWN, HARD = 60, 255


def check(words: Words) -> Iterator[Finding]:
    """The finding, of the graver limit that is passed."""
    item = words.fields.get("subject")
    if item is None:
        return
    length, path, worst = item.longest
    if length <= SHOWN:
        return
    severity: Severity = "error" if length > HARD else "warning"
    limit = HARD if length > HARD else SHOWN
    message = f"the subject can have {length} characters, the limit is {limit}"
    cure = f"cut {length - limit} characters, and start with what matters"
    yield words.finding(
        RULE, item, message, path=path, worst=worst, help=cure, severity=severity
    )


RULE = Rule(
    "subject-too-long",
    "EM102",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
