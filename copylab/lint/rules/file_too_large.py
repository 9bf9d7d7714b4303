"""A file is larger than copy can be.

What: Files over 2 MB.

Why: Copy is a few lines; such a file is data that went to the wrong place, and would
slow down every run.

Bad:
```sms.en-US.md repeat=40000
Example: your details are saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("file-too-large", "CL004", "error", "reading", module=__name__)
