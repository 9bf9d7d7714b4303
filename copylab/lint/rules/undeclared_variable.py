"""A variable is used that is not declared.

What: Names in every branch, partial and layout, against `variables` in message.yaml,
the brand and the items of loops.

Why: The send would fail for the people who get to that branch.

Bad:
```sms.en-US.md
Example: {% if app %}{{ nickname }}, {% endif %}saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: {% if app %}welcome, {% endif %}saved. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("undeclared-variable", "CL301", "error", "reading", module=__name__)
