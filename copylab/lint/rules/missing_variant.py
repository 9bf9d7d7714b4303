"""A variant has no words in a file.

What: The live variant, and every variant that another locale of the channel has.

Why: People of one language would get nothing, or arms would differ by language.

Bad:
```sms.en-US.md variants=plain,coupon
# coupon
Example: a coupon. Reply STOP to opt out
```

Good:
```sms.en-US.md variants=plain,coupon
# plain
Example: saved. Reply STOP to opt out
# coupon
Example: a coupon. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("missing-variant", "CL011", "error", "reading", module=__name__)
