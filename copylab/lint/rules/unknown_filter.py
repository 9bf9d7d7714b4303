"""A filter is not part of the language.

What: The names of filters.

Why: A filter enters the language only with a bound on what it prints.

Bad:
```sms.en-US.md
Example: {{ name | shout }}, saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("unknown-filter", "CL021", "error", "reading", module=__name__)
