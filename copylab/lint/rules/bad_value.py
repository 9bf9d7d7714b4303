"""A value is not of the kind its key asks for.

What: Words, numbers, dates, lists and names in YAML files, against what each key takes.

Why: What was meant cannot be known, and is not guessed.

Bad:
```message.yaml
purpose: promo
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

RULE = Rule("bad-value", "CL007", "error", "reading", module=__name__)
