"""A variant lacks a field, or a layout its text part.

What: The fields of each channel, and the text twin of an e-mail layout.

Why: The message cannot be sent without it.

Bad:
```push.en-US.md
## title
Welcome back
```

Good:
```push.en-US.md
## title
Welcome back
## body
Your details are saved.
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("missing-field", "CL012", "error", "reading", module=__name__)
