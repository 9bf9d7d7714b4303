"""Push limits: what vendors refuse, clients clip and screens cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from copylab.channels.push import load_push_profile, push_profile_names
from copylab.channels.screens import visible_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.push import PushProfile
    from copylab.findings import Finding, Severity
    from copylab.lint.case import Field, Words
    from copylab.lint.rule import Rule
    from copylab.template.bounds import Worst
    from copylab.template.paths import Path

CLIPPED_AT = 1024
"""Characters of a notification's text that Android keeps (AOSP,
``Notification.MAX_CHARSEQUENCE_LENGTH``)."""


class _Excess(NamedTuple):
    """A limit that is passed.

    Attributes:
        vendor: Who fails.
        worst: How long the text can be, in the vendor's unit.
        limit: How long it may be.
        unit: ``characters`` or ``columns``.
        path: The way that is so long.
        text: Its worst text.
    """

    vendor: str
    worst: int
    limit: int
    unit: str
    path: Path | None
    text: Worst | None


def hard_findings(rule: Rule, words: Words, name: str) -> Iterator[Finding]:
    """The finding where a field can be longer than a push service takes.

    Args:
        rule: The rule that asks.
        words: A variant of a push.
        name: ``title`` or ``body``.
    """
    item = words.fields.get(name)
    if item is None:
        return
    if "CN" in words.markets:
        found = list(_exceeded(item))
        if found:
            yield _vendor_finding(rule, words, item, found)
            return
    length, path, worst = item.longest
    if length > CLIPPED_AT:
        message = f"can have {length} characters, Android clips at {CLIPPED_AT}"
        cure = f"cut {length - CLIPPED_AT} characters"
        yield words.finding(rule, item, message, path=path, worst=worst, help=cure)


def soft_findings(rule: Rule, words: Words, name: str) -> Iterator[Finding]:
    """The finding where screens can cut a field off; none where it is refused anyway."""
    item = words.fields.get(name)
    if item is None or next(hard_findings(rule, words, name), None) is not None:
        return
    limit = visible_columns(name)
    columns, path, worst = item.widest
    if columns > limit:
        message = f"can take {columns} columns, screens show about {limit}"
        cure = f"put what matters first, or cut {columns - limit} columns (a Han character is two)"
        yield words.finding(rule, item, message, path=path, worst=worst, help=cure)


def _limit(profile: PushProfile, name: str) -> tuple[int | None, str]:
    if name == "title":
        return profile.max_title, profile.title_unit
    return profile.max_body, profile.body_unit


def _exceeded(item: Field) -> Iterator[_Excess]:
    """The vendors of China whose limit a field can pass."""
    for vendor in push_profile_names():
        limit, unit = _limit(load_push_profile(vendor), item.name)
        if limit is None:
            continue
        worst, path, text = item.widest if unit == "columns" else item.longest
        if worst > limit:
            yield _Excess(vendor, worst, limit, unit, path, text)


def _vendor_finding(
    rule: Rule, words: Words, item: Field, found: list[_Excess]
) -> Finding:
    vendors = {
        vendor
        for vendor in push_profile_names()
        if _limit(load_push_profile(vendor), item.name)[0] is not None
    }
    named = _named_vendors(words) & vendors
    failing = {excess.vendor for excess in found}
    severity: Severity = "error" if failing & named or failing == vendors else "warning"
    if named:
        found = [excess for excess in found if excess.vendor in named] or found
    listed = ", ".join(
        f"{excess.vendor} ({excess.worst} {excess.unit}, limit {excess.limit})"
        for excess in found
    )
    message = f"the {item.name} can be too long, and the push fails, at {listed}"
    cure = (
        "shorten it to the smallest limit; name yours: sending: {push_vendors: [...]}"
    )
    worst = max(found, key=lambda excess: excess.worst - excess.limit)
    return words.finding(
        rule,
        item,
        message,
        path=worst.path,
        worst=worst.text,
        help=cure,
        severity=severity,
    )


def _named_vendors(words: Words) -> set[str]:
    named = words.message.sending.get("push_vendors")
    return (
        {str(vendor).lower() for vendor in named} if isinstance(named, list) else set()
    )
