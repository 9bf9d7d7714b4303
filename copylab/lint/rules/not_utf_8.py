r"""A file is not UTF-8.

What: The bytes of every file that is read.

Why: Letters would arrive as other letters, or as boxes.

Bad:
```sms.en-US.md encoding=latin-1
Example: voil\u00e0, saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: voil\u00e0, saved. Reply STOP to opt out
```

Source: RFC 3629.
"""

from copylab.lint.rule import Rule

RULE = Rule("not-utf-8", "CL002", "error", "reading", module=__name__)
