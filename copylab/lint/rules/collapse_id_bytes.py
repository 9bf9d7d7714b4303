"""The collapse id of a push is too long for APNs.

What: `push: {apns: {collapse_id: …}}` in bytes of UTF-8, against 64.

Why: APNs answers BadCollapseId, and nobody gets the push.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
push:
  apns: {collapse_id: a-campaign-whose-name-says-everything-about-it-and-then-some-more}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Good:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
push:
  apns: {collapse_id: recall-2026-11}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: Apple, Sending notification requests to APNs: apns-collapse-id.
"""

from copylab.lint.rule import Rule

RULE = Rule("collapse-id-bytes", "PSH012", "error", "reading", module=__name__)
