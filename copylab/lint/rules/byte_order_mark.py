"""A file starts with a byte order mark.

What: The first bytes of every file that is read.

Why: Some tools pass the mark on, and it then stands, unseen, in front of the first
word.

Bad:
```sms.en-US.md encoding=utf-8-sig
Example: your details are saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Source: RFC 3629 section 6; Unicode 16, section 23.8.
"""

from copylab.lint.rule import Rule

RULE = Rule("byte-order-mark", "CL003", "warning", "reading", module=__name__)
