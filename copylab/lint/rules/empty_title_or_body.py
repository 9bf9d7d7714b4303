"""The title or the body of a push can be blank.

What: A branch of a push on which the title or the body prints nothing.

Why: Push services refuse a notification without them, and nobody is told.

Bad:
```push.en-US.md
## title
{% if stage == "repaid" %}Welcome back{% endif %}
## body
Your details are saved.
```

Good:
```push.en-US.md
## title
{% if stage == "repaid" %}Welcome back{% else %}Hello{% endif %}
## body
Your details are saved.
```

Source: Tencent push documents 876/41760 and 1024/35286: a push without title or content fails.
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
    """One finding for each field that a branch leaves blank."""
    return blank_findings(RULE, words, ("title", "body"))


RULE = Rule(
    "empty-title-or-body",
    "PSH007",
    "error",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
