"""A template or a condition is too large to be read.

What: Deep nesting, long chains of set, and conditions that are used inside each other.

Why: It could not be proved in a reasonable time, and no reader could follow it.

Bad:
```sms.en-US.md repeat=4000
Example: saved. Reply STOP to opt out {% if app %}a{% else %}b{% endif %}{% if days > 9 %}a{% else %}b{% endif %}
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("too-complex", "CL026", "error", "reading", module=__name__)
