"""A key is not known.

What: Keys of copylab.yaml, message.yaml and experiment files.

Why: A mistyped key would be ignored, and its setting with it.

Bad:
```message.yaml
purpose: transactional
live: plain
market: [US]
locales: [en-US]
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

RULE = Rule("unknown-key", "CL006", "error", "reading", module=__name__)
