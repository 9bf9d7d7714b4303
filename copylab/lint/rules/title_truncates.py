"""Screens can cut the title of a push off.

What: The widest title, over every branch and every allowed value, against about 40
columns; a Han character takes two. Silent where the title is too long for a vendor.

Why: What is cut off is not read, and it is the end that is cut.

Bad:
```push.en-US.md
## title
{{ name }}, your details are saved and waiting here for you
## body
Nothing to fill in twice.
```

Good:
```push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: channels/profiles/screens/*.yaml, each figure with its source and date: what every platform
shows where it shows most (Braze message length guide); approximate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.push_limits import soft_findings
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """The finding about the title."""
    return soft_findings(RULE, words, "title")


RULE = Rule(
    "title-truncates",
    "PSH004",
    "warning",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
