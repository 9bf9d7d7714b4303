"""A comment wants to suppress a finding and does not say what, or why.

What: Comments that begin `copylab: ignore`: they name rules in brackets and give a
reason; an expiry is written `until 2026-12-31`. What keeps a workspace from being read
cannot be suppressed.

Why: In a year nobody knows whether a finding was a mistake of the tool or a risk that
somebody took.

Bad:
```sms.en-US.md
{# copylab: ignore[public-shortener] #}
Example: see https://bit.ly/x1. Reply STOP to opt out
```
```sms.en-US.md
{# copylab: ignore our old links #}
Example: see https://bit.ly/x1. Reply STOP to opt out
```

Good:
```sms.en-US.md
{# copylab: ignore[public-shortener] our own brand's domain follows, until 2099-12-31 #}
Example: see https://bit.ly/x1. Reply STOP to opt out
```

Source: copylab's own rule.
"""

from copylab.lint.rule import Rule

RULE = Rule("bad-suppression", "CL030", "error", "reading", module=__name__)
