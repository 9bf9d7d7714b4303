"""The subject of an e-mail can be blank.

What: A branch of an e-mail on which the subject prints nothing.

Why: A mail without a subject looks like spam, is filtered as such, and copylab does not
compose it.

Bad:
```email.en-US.md
## subject
{% if days > 30 %}It has been a while{% endif %}
## preheader
Your details are saved, there is nothing to fill in twice.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
{% if days > 30 %}It has been a while{% else %}Your account{% endif %}
## preheader
Your details are saved, there is nothing to fill in twice.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: RFC 5322 section 3.6.5 leaves it out of no ordinary message; SpamAssassin MISSING_SUBJECT.
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
    """The finding, where a branch leaves the subject blank."""
    return blank_findings(RULE, words, ("subject",))


RULE = Rule(
    "subject-missing",
    "EM101",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
