"""The live variant is not declared.

What: `live` in message.yaml against `variants`.

Why: Everybody outside of experiments would get nothing.

Bad:
```message.yaml
purpose: transactional
live: plane
locales: [en-US]
variants: {plain: {hook: reminder}, coupon: {hook: discount}}
=== sms.en-US.md
# plain
Example: saved.
# coupon
Example: a coupon.
```

Good:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variants: {plain: {hook: reminder}, coupon: {hook: discount}}
=== sms.en-US.md
# plain
Example: saved.
# coupon
Example: a coupon.
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("unknown-variant", "CL010", "error", "reading", module=__name__)
