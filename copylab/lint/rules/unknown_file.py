"""A file does not say what it is.

What: Names of copy files, CHANNEL.LOCALE.md, and copy without a message.yaml beside it.

Why: The words would be sent to nobody.

Bad:
```smss.en-US.md
Example: saved.
=== sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("unknown-file", "CL009", "error", "reading", module=__name__)
