"""A short message can be blank.

What: A branch of an SMS on which nothing is printed, or only values that may be empty.

Why: Gateways refuse an empty message, and the person gets nothing.

Bad:
```sms.en-US.md
{% if stage == "repaid" %}Example: welcome back. Reply STOP to opt out{% endif %}
```

Good:
```sms.en-US.md
Example: {% if stage == "repaid" %}welcome back{% else %}hello{% endif %}. Reply STOP to opt out
```

Source: A rule of copylab: gateways count an empty text as one part or refuse it.
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
    """The finding, where a branch is blank."""
    return blank_findings(RULE, words, ("body",))


RULE = Rule(
    "empty",
    "SMS004",
    "error",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
