"""A channel lacks a declared locale.

What: The locales of copylab.yaml, or those that the message narrows them to.

Why: People of that locale get nothing.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US, zh-CN]
variables:
  name: {type: person_name, max: 20, missing: there}
=== sms.en-US.md
Example: {{ name }}, your details are saved.
```

Good:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 20, missing: there}
=== sms.en-US.md
Example: {{ name }}, your details are saved.
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("missing-translation", "CL015", "error", "reading", module=__name__)
