"""A comment suppresses a finding that is not there.

What: Comments `copylab: ignore[rule] reason` whose rule finds nothing in their lines.

Why: It hides the next mistake of that kind, which nobody has looked at.

Bad:
```sms.en-US.md
{# copylab: ignore[public-shortener] the campaign's own link #}
Example: your details are saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
{# copylab: ignore[public-shortener] the campaign's own link #}
Example: see https://bit.ly/x1. Reply STOP to opt out
```

Source: copylab's own rule.
"""

from copylab.lint.rule import Rule

RULE = Rule("unused-suppression", "CL031", "warning", "reading", module=__name__)
