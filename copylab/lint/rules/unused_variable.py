"""A variable is declared and never used.

What: A variable of message.yaml that no words, partial or layout of the message refer to,
in any branch.

Why: The sender fills it for nothing, or the words it was meant for were lost.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 20, missing: there}
  city: {type: text, max: 20, missing: error}
=== sms.en-US.md
Example: {{ name }}, your details are saved.
```

Good:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 20, missing: there}
=== sms.en-US.md
Example: {{ name }}, your details are saved.
```

Source: A rule of copylab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each; none while words are broken or missing."""
    if not case.is_whole or not case.words:
        return
    message = case.message
    used = (
        {message.email.get("unsubscribe", "")} if "email" in message.channels else set()
    )
    if "push" in message.channels:
        used.add(message.push.link)
    for words in case.words:
        used |= words.used
        for item in words.layout.values():
            used |= item.template.lowered.used
    for name, variable in message.variables.items():
        if name not in used:
            text = f"'{name}' is declared and never used"
            cure = "use it, or take the line out"
            yield RULE.finding(text, variable.span, help=cure)


RULE = Rule(
    "unused-variable",
    "CL302",
    "warning",
    "message",
    check,
    module=__name__,
)
