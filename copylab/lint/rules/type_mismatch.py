"""A value is used as what it is not.

What: Types in comparisons, filters, sums and prints; an enum compared with a word it
never has.

Why: The condition would never hold, or the print would be no text.

Bad:
```sms.en-US.md
Example: {% if stage == "payed" %}thanks{% else %}hello{% endif %}. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: {% if stage == "repaid" %}thanks{% else %}hello{% endif %}. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("type-mismatch", "CL023", "error", "reading", module=__name__)
