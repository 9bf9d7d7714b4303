"""The payload of a push can be larger than a push service takes.

What: The largest payload for APNs and FCM, the costliest title with the costliest body,
in bytes of compact JSON. APNs takes 4096; FCM is limited on its side, so 4000 is an
error and 3500 a warning.

Why: The service refuses the push, for the people with the longest values only.

Bad:
```push.en-US.md repeat=120
## title
Welcome back
## body
Your details are saved, and nothing is to fill in.
```

Good:
```push.en-US.md
## title
Welcome back
## body
Your details are saved, and nothing is to fill in.
```

Source: Apple, Generating a remote notification (413 PayloadTooLarge); Firebase, About FCM
messages; channels/profiles/push/apns.yaml and fcm.yaml with dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.push import (
    apns_payload,
    fcm_payload,
    load_push_profile,
    payload_bytes,
)
from copylab.lint.rule import Rule
from copylab.template.ranges import cost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Field, Words

_SERVICES = ("apns", "fcm")
_MOST_BYTES = 6
"""Bytes of JSON that a code point can cost (a control, RFC 8259 section 7)."""


def check(words: Words) -> Iterator[Finding]:
    """The gravest finding."""
    least = min(_limits(service)[1] for service in _SERVICES)
    longest = sum(item.longest[0] for item in words.fields.values())
    if longest * _MOST_BYTES + _envelope() <= least:
        return
    sizes = {name: _json_bytes(item) for name, item in words.fields.items()}
    content = sum(sizes.values())
    found: list[tuple[Severity, int, str, int]] = []
    for service in _SERVICES:
        payload = (apns_payload if service == "apns" else fcm_payload)("x", "")
        size = payload_bytes(payload) - 1 + content
        error, warning = _limits(service)
        if size > error:
            found.append(("error", size, service, error))
        elif service == "fcm" and size > warning:
            found.append(("warning", size, service, warning))
    for severity, size, service, limit in sorted(found)[:1]:
        item = words.fields[max(sizes, key=lambda name: sizes[name])]
        way = item.worst("json", lambda text: cost(text, "json"))
        path, worst = way or (None, None)
        message = f"the payload can have {size} bytes, the limit of {service.upper()} is {limit}"
        cure = f"cut {size - limit} bytes; a Han character is three"
        yield words.finding(
            RULE, item, message, path=path, worst=worst, help=cure, severity=severity
        )


def _json_bytes(item: Field) -> int:
    way = item.worst("json", lambda text: cost(text, "json"))
    return item.bounds.most["json"] if way is None else cost(way[1].text, "json")


def _limits(service: str) -> tuple[int, int]:
    """The sizes above which there is an error and a warning."""
    profile = load_push_profile(service)
    error = profile.error_payload_bytes
    assert error is not None
    return error, profile.warning_payload_bytes or error


def _envelope() -> int:
    """The bytes of the larger payload without its words."""
    return max(
        payload_bytes(apns_payload("x", "")), payload_bytes(fcm_payload("x", ""))
    )


RULE = Rule(
    "payload-bytes",
    "PSH001",
    "error",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
