"""A text can need more parts than the workspace allows.

What: The most parts (segments) a short message can need, over every branch and every
allowed value, against `lint: {sms: {max_segments: …}}`. The count is exact: each value
is as long and as costly as its bounds allow.

Why: Every part is billed. A text that fits in the preview and not with a long name
costs twice as much for the people with long names.

Bad:
```sms.en-US.md
Example: {{ name }}, the book you asked us to keep for you is back in stock and waits at the counter until Sunday evening. Come and get it, or call us to hold it longer. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your book is here, after {{ days }} days. Reply STOP to opt out
```

Source: 3GPP TS 23.038 and TS 23.040 section 9.2.3.24.1: 160 or 70 characters in one
part, 153 or 67 in each of several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Field, Words


def check(words: Words) -> Iterator[Finding]:
    """The finding, of the gravest limit that is passed."""
    item = words.fields["body"]
    limits = words.catalog.config.lint.limits_at(item.file)[words.message.purpose]
    if item.paths is None:
        yield from _check_bounds(words, item, limits["warning"])
        return
    if words.worst_sms is None:
        return
    path, worst, length = words.worst_sms
    severity = _severity(length.segments, limits)
    if severity is None:
        return
    room = _excess(length.segment_units, limits[severity])
    message = (
        f"can need {length.segments} parts, the limit is {limits[severity]} "
        f"({length.units} {_unit(length.encoding)} at worst)"
    )
    cure = f"cut {room} {_unit(length.encoding)}, or lower the max of a variable"
    yield words.finding(
        RULE, item, message, path=path, worst=worst, help=cure, severity=severity
    )


def _check_bounds(words: Words, item: Field, limit: int) -> Iterator[Finding]:
    """Where there are too many branches: a bound that is never too low.

    A part holds at least 66 units or 152 septets, since only a pair is kept whole.
    """
    bounds = item.bounds
    total = bounds.most["septets"] if bounds.gsm7 else bounds.most["units"]
    single, part = (160, 152) if bounds.gsm7 else (70, 66)
    parts = 1 if total <= single else -(-total // part)
    if parts > limit:
        message = (
            f"may need up to {parts} parts, the limit is {limit} (could not prove less)"
        )
        cure = "write fewer conditions, so that every branch can be walked"
        yield words.finding(RULE, item, message, help=cure, severity="warning")


def _severity(segments: int, limits: Mapping[str, int]) -> Severity | None:
    if segments > limits["error"]:
        return "error"
    return "warning" if segments > limits["warning"] else None


def _excess(layout: tuple[int, ...], limit: int) -> int:
    """What has to go until the text fits the limit."""
    beyond = sum(layout[limit:])
    if limit == 1 and len(layout) > 1:  # the single part is larger than one of several
        single = 160 if max(layout) > 67 else 70  # noqa: PLR2004 - TS 23.040
        return sum(layout) - single
    return beyond


def _unit(encoding: str) -> str:
    return "septets" if encoding == "GSM-7" else "UTF-16 units"


RULE = Rule(
    "segments-exceed",
    "SMS001",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
