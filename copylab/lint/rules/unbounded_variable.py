"""A variable lacks a bound that its type needs.

What: max of texts and urls, min and max of numbers, max_items of lists.

Why: How long a message can get could not be known.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  name: {type: person_name, missing: there}
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

RULE = Rule("unbounded-variable", "CL303", "error", "reading", module=__name__)
