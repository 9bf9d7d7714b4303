"""The payload of a push can be larger than a push service takes.

What: The largest payload for each service, the costliest title with the costliest body,
the settings of `push:`, its data and its deep link at their most, in the bytes that the
sender writes (`push: {serializer: compact | spaced | ascii}`). APNs takes 4096, Web Push
3993 before encryption. FCM counts in its own way, names, values and 6 bytes a field: 4000
is an error and 3500 a warning.

Why: The service refuses the push, for the people with the longest values only.

Bad:
```push.en-US.md repeat=120
## title
Welcome back
## body
Your details are saved, and nothing is to fill in.
```
```push.zh-CN.md repeat=50
## title
您的资料已保存
## body
您的资料已经保存，无需再填。
=== message.yaml
purpose: transactional
live: plain
locales: [zh-CN]
push: {services: [apns], serializer: ascii, apns: {subtitle: 您的资料}}
```

Good:
```push.en-US.md
## title
Welcome back
## body
Your details are saved, and nothing is to fill in.
```

Source: Apple, Generating a remote notification (413 PayloadTooLarge); Firebase, About FCM
messages; RFC 8030 section 7.2 with RFC 8291; channels/profiles/push/*.yaml with dates.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from copylab.channels.push_plan import USUAL_PLAN, PushPlan
from copylab.lint.rule import Rule
from copylab.template.domains import url_range
from copylab.template.ranges import Measure, cost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Field, Words
    from copylab.template.bounds import Worst
    from copylab.template.paths import Path

_MOST_BYTES = 12
"""Bytes of JSON that a code point can cost (escaped as two UTF-16 units)."""
_HAN_BYTES = {"bytes": "three", "json": "three", "ascii_json": "six"}


def check(words: Words) -> Iterator[Finding]:
    """The gravest finding."""
    push = words.message.push
    plan = PushPlan(push, words.locale) if push.is_set else USUAL_PLAN
    try:
        found = list(_excesses(words, plan))
    except ValueError:  # the settings are wrong, and that was told where they stand
        return
    if not found:
        return
    worst = min(found, key=lambda item: (item.severity, item.limit - item.size))
    sizes = {name: _cost(item, worst.measure)[0] for name, item in words.fields.items()}
    item = words.fields[max(sizes, key=lambda name: sizes[name])]
    _, path, text = _cost(item, worst.measure)
    excess = worst.size - worst.limit
    message = (
        f"the payload can have {worst.size} bytes, "
        f"the limit of {worst.service.upper()} is {worst.limit}"
    )
    cure = f"cut {excess} bytes; a Han character is {_HAN_BYTES[worst.measure]}"
    yield words.finding(
        RULE,
        item,
        message,
        path=path,
        worst=text,
        help=cure,
        severity=worst.severity,
    )


class _Excess(NamedTuple):
    """A payload that can be too large."""

    severity: Severity
    size: int
    limit: int
    service: str
    measure: Measure


def _excesses(words: Words, plan: PushPlan) -> Iterator[_Excess]:
    longest = sum(item.longest[0] for item in words.fields.values())
    for service in plan.builders:
        profile = plan.profile(service)
        error, warning = profile.error_payload_bytes, profile.warning_payload_bytes
        known = [limit for limit in (error, warning) if limit is not None]
        envelope, copies = _envelope(words, plan, service)
        most = envelope + max(copies.values()) * longest * _MOST_BYTES
        if not known or most <= min(known):
            continue
        measure = _measure(service, plan)
        size = most_bytes(words, plan, service)
        if error is not None and size > error:
            yield _Excess("error", size, error, service, measure)
        elif warning is not None and size > warning:
            yield _Excess("warning", size, warning, service, measure)


def most_bytes(words: Words, plan: PushPlan, service: str) -> int:
    """The bytes that no payload of a service passes, as the service counts them.

    Args:
        words: A variant of a push.
        plan: How it is built.
        service: One of the plan's services.

    Raises:
        ValueError: The settings are wrong.
    """
    measure = _measure(service, plan)
    size, copies = _envelope(words, plan, service)
    for name, item in words.fields.items():
        size += copies[name] * _cost(item, measure)[0]
    return size


def _envelope(words: Words, plan: PushPlan, service: str) -> tuple[int, dict[str, int]]:
    """The bytes around the words, and how often title and body stand in a payload.

    Around them are keys, settings, data, and the link at its most. FCM gets the words a
    second time where the alert for iOS is written out.
    """
    if not plan.settings.is_set:
        return _usual_envelope(service)
    return _measure_envelope(plan, service, longest_link(words))


@cache
def _usual_envelope(service: str) -> tuple[int, dict[str, int]]:
    """The same, where nothing is set up."""
    return _measure_envelope(USUAL_PLAN, service, None)


def _measure_envelope(
    plan: PushPlan, service: str, link: str | None
) -> tuple[int, dict[str, int]]:
    build = plan.builders[service]

    def size(title: str, body: str) -> int:
        return plan.size(service, build(title, body, link))

    least = size("x", "")
    copies = {"title": size("xx", "") - least, "body": size("x", "x") - least}
    return least - copies["title"], copies


def _measure(service: str, plan: PushPlan) -> Measure:
    """What a character costs at a service: FCM reads the JSON before it counts."""
    if service == "fcm":
        return "bytes"
    return "ascii_json" if plan.serializer == "ascii" else "json"


def _cost(item: Field, measure: Measure) -> tuple[int, Path | None, Worst | None]:
    """The most a field can cost, with the way; a bound where there are too many."""
    way = item.worst(measure, lambda text: cost(text, measure))
    if way is None:
        return item.bounds.most[measure], None, None
    return cost(way[1].text, measure), *way


def longest_link(words: Words) -> str | None:
    """The costliest deep link of a push, or None where none is set up and bounded."""
    name = words.message.push.link
    variable = words.message.variables.get(name)
    if variable is None or variable.type != "url" or not variable.has_bounds:
        return None
    return url_range(variable).worst("json")[1]


RULE = Rule(
    "payload-bytes",
    "PSH001",
    "error",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
