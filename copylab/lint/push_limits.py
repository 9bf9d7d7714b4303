"""Push limits: what vendors refuse, clients clip and screens cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from copylab.channels.push_plan import PushPlan
from copylab.channels.push_profile import vendor_names
from copylab.channels.screens import clipped_characters, visible_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.push import PushProfile
    from copylab.findings import Finding, Severity
    from copylab.lint.case import Field, Words
    from copylab.lint.rule import Rule
    from copylab.message.model import Message, Step
    from copylab.template.bounds import Worst
    from copylab.template.paths import Path


MINUTES_A_DAY = 24 * 60
_MINUTES = {"m": 1, "h": 60, "d": MINUTES_A_DAY}


class Vendors(NamedTuple):
    """The phone makers whose limits count for a message.

    Attributes:
        judged: All that are looked at, sorted.
        named: Those that the workspace or the message names.
    """

    judged: tuple[str, ...]
    named: frozenset[str]


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


def vendors_of(message: Message, *, in_china: bool) -> Vendors:
    """The phone makers that deliver a message.

    Those in `push.services` alone where it is written. Else those that are named or set
    up and, in China, where a phone has the service of its maker, all others too.

    Args:
        message: The message.
        in_china: Whether it goes to China.
    """
    every = vendor_names()
    listed = message.sending.get("push_vendors")
    words = listed if isinstance(listed, list) else []
    named = {str(word).lower() for word in words} & set(every)
    named |= set(message.push.used_services) & set(every)
    is_all = in_china and not message.push.services
    return Vendors(every if is_all else tuple(sorted(named)), frozenset(named))


def minutes_after(step: Step) -> int:
    """The minutes from the start of a sequence to a step; 0 where it is not readable."""
    number, unit = step.after[:-1], step.after[-1:]
    return int(number) * _MINUTES.get(unit, 0) if number.isdecimal() else 0


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
    vendors = vendors_of(words.message, in_china="CN" in words.markets)
    found = list(_exceeded(words, item, vendors))
    if found:
        yield _vendor_finding(rule, words, item, found, vendors)
        return
    services = words.message.push.used_services
    most = clipped_characters()
    length, path, worst = item.longest
    if length > most and set(services) - {"apns", "webpush"}:
        message = f"can have {length} characters, Android clips at {most}"
        cure = f"cut {length - most} characters"
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


def _exceeded(words: Words, item: Field, vendors: Vendors) -> Iterator[_Excess]:
    """The vendors whose limit a field can pass."""
    plan = PushPlan(words.message.push, words.locale)
    for vendor in vendors.judged:
        profile = plan.profile(vendor)
        limit, unit = profile.limit(item.name)
        if limit is None:
            continue
        worst, path, text = _most(item, profile, unit)
        if worst > limit:
            yield _Excess(vendor, worst, limit, unit, path, text)


def _most(
    item: Field, profile: PushProfile, unit: str
) -> tuple[int, Path | None, Worst | None]:
    """How long a field can be, as a vendor counts it."""
    if unit == "characters":
        return item.longest
    return item.widest if profile.ambiguous_columns == 1 else item.widest_in_china


def _vendor_finding(
    rule: Rule, words: Words, item: Field, found: list[_Excess], vendors: Vendors
) -> Finding:
    failing = {excess.vendor for excess in found}
    is_certain = failing & vendors.named or failing == set(vendors.judged)
    severity: Severity = "error" if is_certain else "warning"
    if vendors.named:
        found = [excess for excess in found if excess.vendor in vendors.named] or found
    listed = ", ".join(
        f"{excess.vendor} ({excess.worst} {excess.unit}, limit {excess.limit})"
        for excess in found
    )
    message = f"the {item.name} can be too long, and the push fails, at {listed}"
    cure = "shorten it to the smallest limit"
    if not vendors.named:
        cure += "; name the services that you send by: push: {services: [...]}"
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
