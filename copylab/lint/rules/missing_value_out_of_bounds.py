"""A replacement is itself outside of the bounds.

What: `missing:` against the type and the bounds of its variable.

Why: The replacement would not be printed, and what was proved would not hold.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 4, missing: everybody}
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

RULE = Rule("missing-value-out-of-bounds", "CL304", "error", "reading", module=__name__)
