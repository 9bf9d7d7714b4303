"""A marketing e-mail has no preheader.

What: A variant without `## preheader`, or one that is blank on a branch.

Why: Beside the subject, clients show the first words they find, which are then those of
the layout: "View in browser", or the text of a logo.

Bad:
```email.en-US.md
## subject
Your details are saved
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

Source: A rule of copylab, after device tests of e-mail clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.blank import blank_findings
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """The finding, at the subject where there is no preheader at all."""
    if words.is_bare:
        return
    if "preheader" in words.fields:
        yield from blank_findings(RULE, words, ("preheader",))
        return
    message = f"the e-mail of variant '{words.variant}' has no preheader"
    cure = "write a sentence below ## preheader that goes on from the subject"
    item = words.fields["subject"]
    yield words.finding(RULE, item, message, written=item.written[0], help=cure)


RULE = Rule(
    "preheader-missing",
    "EM108",
    "warning",
    "words",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
