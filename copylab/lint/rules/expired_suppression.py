"""A comment suppressed a finding until a day that is over.

What: Comments `copylab: ignore[rule] reason, until 2026-12-31` after that day; what they
hid is told again.

Why: The date was somebody's promise to look again.

Bad:
```sms.en-US.md
{# copylab: ignore[public-shortener] while the old campaign runs, until 2020-12-31 #}
Example: see https://bit.ly/x1. Reply STOP to opt out
```

Good:
```sms.en-US.md
{# copylab: ignore[public-shortener] while the old campaign runs, until 2099-12-31 #}
Example: see https://bit.ly/x1. Reply STOP to opt out
```

Source: copylab's own rule.
"""

from copylab.lint.rule import Rule

RULE = Rule("expired-suppression", "CL032", "warning", "reading", module=__name__)
