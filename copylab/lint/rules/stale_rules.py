r"""Rules on law were to be read again by now, and were not.

What: Rules of a pack whose `review_by` is past on the day of the run (`--as-of`, today by
default). One finding for copylab's own packs, one for each of yours.

Why: Laws and the rules of carriers change. A rule that nobody has read again may ask for
what is no duty any more, or miss what is one.

Bad:
```compliance/own.yaml
rules:
- name: acme-free-money
  code: ACME001
  kind: must_not_contain
  severity: error
  patterns: ['free\s+money']
  message: "'{match}' is not said here"
  help: say what the credit costs
  review_by: 2020-12-31
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
lint: {packs: [compliance/own.yaml]}
```

Good:
```compliance/own.yaml
rules:
- name: acme-free-money
  code: ACME001
  kind: must_not_contain
  severity: error
  patterns: ['free\s+money']
  message: "'{match}' is not said here"
  help: say what the credit costs
  review_by: 2099-12-31
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
lint: {packs: [compliance/own.yaml]}
```

Source: copylab's own rule.
"""

from copylab.lint.rule import Rule

RULE = Rule("stale-rules", "CL034", "info", "reading", module=__name__)
