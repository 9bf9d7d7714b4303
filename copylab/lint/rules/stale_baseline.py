"""The baseline knows a finding that is not there any more.

What: Entries of `copylab-baseline.json` whose finding was mended. It is told when the
whole workspace is checked with all rules.

Why: An entry that stays lets the same mistake come back unseen.

Bad:
```copylab-baseline.json
{"version": 1, "findings": [{"message": "welcome_back", "variant": "plain",
"rule": "public-shortener", "severity": "error",
"fingerprint": "00000000000000000000000000000000", "text": "bit.ly is a public shortener"}]}
```

Good:
```copylab-baseline.json
{"version": 1, "findings": []}
```

Source: copylab's own rule.
"""

from copylab.lint.rule import Rule

RULE = Rule("stale-baseline", "CL033", "warning", "reading", module=__name__)
