"""The arguments of a filter are not those it takes.

What: Number, names and kinds of arguments; they are literals.

Why: What is printed would be something else, or nothing.

Bad:
```sms.en-US.md
Example: {{ days }} {{ days | plural("day", "days", "x") }}. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: {{ days }} {{ days | plural(one="day", other="days") }}. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("bad-filter-arguments", "CL022", "error", "reading", module=__name__)
