"""A key, a variant or a field stands twice.

What: Keys of YAML mappings, and headings of copy files.

Why: Only one of them counts, and readers disagree on which.

Bad:
```message.yaml
purpose: transactional
live: plain
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 20, missing: there}
=== sms.en-US.md
Example: {{ name }}, your details are saved.
```
```push.en-US.md
## title
Welcome
## body
Saved.
## title
Hello
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

Source: YAML 1.2.2, section 3.2.1.3: keys are unique.
"""

from copylab.lint.rule import Rule

RULE = Rule("duplicate-key", "CL005", "error", "reading", module=__name__)
