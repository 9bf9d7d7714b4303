"""Words stand outside of every variant or field.

What: Lines above the first heading of a copy file.

Why: They would not be sent, although they read as if they were.

Bad:
```push.en-US.md
Welcome back
## title
Welcome
## body
Your details are saved.
```

Good:
```push.en-US.md
## title
Welcome
## body
Your details are saved.
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("stray-copy", "CL013", "error", "reading", module=__name__)
