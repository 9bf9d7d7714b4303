"""A push shows on a locked screen what is nobody else's business.

What: A value in the title or body of an `otp` message that can be its code (a number, or a text of
digits or letters), and an amount of money in a `transactional` message. Not where FCM alone
delivers and `push: {fcm: {visibility: PRIVATE}}` hides it.

Why: Whoever sees the phone reads it, the code among them.

Bad:
```push.en-US.md purpose=otp
## title
Your code
## body
{{ days }} is your code.
```
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  paid: {type: money, currency: USD, min: 1, max: 900, missing: error}
=== push.en-US.md
## title
Payment received
## body
We have received {{ paid | money }}.
```

Good:
```push.en-US.md purpose=otp
## title
Your code
## body
Open the app to see it, {{ name }}.
```
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  paid: {type: money, currency: USD, min: 1, max: 900, missing: error}
push: {services: [fcm], fcm: {channel_id: account, visibility: PRIVATE}}
=== push.en-US.md
## title
Payment received
## body
We have received {{ paid | money }}.
```

Source: Android, Set lock screen visibility; Apple, hidden previews are a choice of the phone's
owner; NIST SP 800-63B section 5.1.3.2 on secrets on locked screens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule
from copylab.template.expression import variables_in
from copylab.template.shape import Hole, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.message.model import Variable

_CODES = ("digits", "ascii", "gsm7", "latin")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each value."""
    purpose = words.message.purpose
    if purpose == "marketing" or _is_hidden(words):
        return
    for item in words.fields.values():
        told: set[str] = set()
        for part in walk(item.shape):
            if not isinstance(part, Hole):
                continue
            for name in sorted(variables_in(part.expression) - told):
                variable = words.message.variables.get(name)
                if variable is None or not _is_secret(variable, purpose):
                    continue
                told.add(name)
                text = f"'{name}' can be read on a locked screen"
                cure = "leave it to the app: say that it is there, not what it is"
                span = part.place.span
                paths = item.paths or ()
                path = next((p for p in paths if part in p.leaves), None)
                yield words.finding(RULE, item, text, span=span, path=path, help=cure)


def _is_secret(variable: Variable, purpose: str) -> bool:
    if purpose == "transactional":
        return variable.type == "money"
    is_code = variable.type == "text" and variable.charset in _CODES
    return is_code or variable.type in {"int", "money"}


def _is_hidden(words: Words) -> bool:
    """Whether every screen hides the words until it is unlocked."""
    push = words.message.push
    visibility = push.options.get("fcm", {}).get("visibility")
    return push.used_services == ("fcm",) and visibility in {"PRIVATE", "SECRET"}


RULE = Rule(
    "sensitive-on-lockscreen",
    "PSH017",
    "warning",
    "words",
    check,
    channels=("push",),
    purposes=("otp", "transactional"),
    module=__name__,
)
