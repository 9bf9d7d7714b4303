"""What fills the placeholders of a localised push does not fit its text.

What: Arguments (`loc_args` and its like) without the key of a text; and, where the texts of the
app stand under `push: {strings: {KEY: text}}`, a key that is not there and a number of arguments
that is not the number of placeholders (`%@`, `%1$@`, `%s`).

Why: The phone shows the bare key, or a text with holes.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
push:
  apns: {loc_args: [Monday]}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
push:
  strings: {SAVED_UNTIL: "Saved until %@ in %@"}
  apns: {loc_key: SAVED_UNTIL, loc_args: [Monday]}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
push:
  strings: {SAVED_UNTIL: "Saved until %s"}
  fcm: {channel_id: news, body_loc_key: SAVED, body_loc_args: [Monday]}
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
  strings: {SAVED_UNTIL: "Saved until %1$@ (100%%)"}
  apns: {loc_key: SAVED_UNTIL, loc_args: [Monday]}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
push:
  apns: {loc_key: SAVED_UNTIL, loc_args: [Monday]}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: Apple, Generating a remote notification: loc-key and loc-args; Firebase, REST
reference AndroidNotification: body_loc_args.
"""

from copylab.lint.rule import Rule

RULE = Rule("loc-args-mismatch", "PSH009", "error", "reading", module=__name__)
