"""Screens can cut the body of a push off.

What: The widest body, over every branch and every allowed value, against about 110
columns; a Han character takes two. Silent where the body is too long for a vendor.

Why: What is cut off is not read, and it is the end that is cut.

Bad:
```push.en-US.md
## title
Welcome back
## body
Your details are saved, and there is nothing to fill in twice when you come back to us, {% if stage == "repaid" %}even after all this time{% else %}today{% endif %}.
```

Good:
```push.en-US.md
## title
Welcome back
## body
Your details are saved, and there is nothing to fill in twice.
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
    """The finding about the body."""
    return soft_findings(RULE, words, "body")


RULE = Rule(
    "body-truncates",
    "PSH005",
    "warning",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
