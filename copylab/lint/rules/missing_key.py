"""A key that is needed is not there.

What: The keys that files cannot do without, such as `purpose`.

Why: There is no safe value to take instead.

Bad:
```message.yaml
live: plain
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

RULE = Rule("missing-key", "CL008", "error", "reading", module=__name__)
