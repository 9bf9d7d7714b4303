"""An e-mail leads to a public link shortener.

What: A link of a host of `packs/hosts.yaml`, such as bit.ly, in the words of any branch,
in a partial, in the base of a url variable or in the layout.

Why: Mail filters count them against the sender, since spam uses them most.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](https://tinyurl.com/abc).
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

Source: SpamAssassin 4.0, rules on shortened addresses; the same hosts as for SMS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.links import shorteners
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for link in shorteners(words):
        message = f"{link.host} is a public link shortener, which mail filters distrust"
        cure = "link to your own domain"
        yield words.finding(
            RULE, link.item, message, span=link.span, written=link.written, help=cure
        )


RULE = Rule(
    "url-shortener",
    "EM402",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
