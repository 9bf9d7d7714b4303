"""Marketing breaks through silence on iOS.

What: `interruption_level: time-sensitive` or `critical`, or a critical sound, in the settings of a
marketing push, for APNs itself or through FCM.

Why: Apple keeps both for what cannot wait; marketing that uses them is taken out of the store,
and critical alerts need an entitlement.

Bad:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  apns: {interruption_level: time-sensitive}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  fcm: {channel_id: news, apns: {sound: {critical: true, name: ding.caf}}}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Good:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  apns: {interruption_level: passive}
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
  apns: {interruption_level: time-sensitive}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: Apple, Human Interface Guidelines, Managing notifications: never Time Sensitive for
marketing; Generating a remote notification, interruption-level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase

_LOUD = ("time-sensitive", "critical")


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each key that lets a marketing push interrupt."""
    message = case.message
    if message.purpose != "marketing" or "push" not in message.channels:
        return
    options = message.push.options
    through_fcm = options.get("fcm", {}).get("apns")
    for path, keys in (("apns", options.get("apns")), ("fcm.apns", through_fcm)):
        if not isinstance(keys, dict):
            continue
        level, sound = keys.get("interruption_level"), keys.get("sound")
        if level in _LOUD:
            text = f"the interruption level is {level}, and this is marketing"
            cure = "write active or passive"
            span = message.push.place(f"{path}.interruption_level")
            yield RULE.finding(text, span, help=cure)
        if isinstance(sound, dict) and sound.get("critical"):
            text = "the sound is critical, and this is marketing"
            span = message.push.place(f"{path}.sound")
            yield RULE.finding(text, span, help="write sound: default")


RULE = Rule(
    "interruption-level",
    "PSH010",
    "error",
    "message",
    check,
    channels=("push",),
    purposes=("marketing",),
    module=__name__,
)
