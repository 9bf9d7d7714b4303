"""A value among the app's own keys of a push is no text.

What: `push: {data: {…}}`: a number, a truth value, a list or a mapping.

Why: FCM carries texts only, and refuses the whole message.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
push:
  data: {campaign: 12}
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
  data: {campaign: "12"}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: Firebase, REST reference projects.messages (v1), data: map of string to string.
"""

from copylab.lint.rule import Rule

RULE = Rule("data-not-string", "PSH014", "error", "reading", module=__name__)
