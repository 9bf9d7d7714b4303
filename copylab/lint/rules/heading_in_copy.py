"""A line reads as a heading and names nothing.

What: Lines that start with # or ## and name no variant and no field.

Why: It is often a mistyped name, and the words below it then belong to the wrong
variant.

Bad:
```sms.en-US.md variants=plain,coupon
# plain
Example: saved. Reply STOP to opt out
# coupn
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

RULE = Rule("heading-in-copy", "CL014", "warning", "reading", module=__name__)
