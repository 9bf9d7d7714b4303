"""Caps: the short messages that a gateway would refuse or cut, over all branches."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from copylab.channels.caps import Excess, find_excesses
from copylab.lint.fills import size_of
from copylab.lint.optout import sms_optout
from copylab.lint.parts import count_units
from copylab.lint.sent import bound_parts, bound_units, encoding_within, longest_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.route import Route
    from copylab.lint.case import Words
    from copylab.lint.sent import Sent

OWN_RULES = frozenset(("CN", "KR", "JP"))
"""Markets with a rule of their own on how long a text may be."""


@dataclass(frozen=True, slots=True)
class Capped:
    """A cap of a gateway that a message can exceed.

    Attributes:
        route: The route.
        excess: The cap, and what the message can come to.
        sent: The message; None where there are too many ways to walk, so that what it
            can come to is only bounded.
        cuts_optout: Whether the opt-out of a marketing text stands beyond the cap.
    """

    route: Route
    excess: Excess
    sent: Sent | None
    cuts_optout: bool = False

    @property
    def room(self) -> int:
        """What has to go, in what the cap counts."""
        return self.excess.used - self.excess.most


def name_counted(capped: Capped) -> str:
    """What the cap counts, in words: parts, characters, septets, UTF-16 units, octets."""
    if capped.excess.counted != "units":
        return capped.excess.counted
    return count_units(2, capped.excess.encoding).partition(" ")[2]


def caps_exceeded(words: Words) -> Iterator[Capped]:
    """The caps that a message can exceed, one a route at most: the first that is told."""
    for route in words.routes:
        if not _has_caps(route):
            continue
        found = _bounded(words, route) if words.fields["body"].paths is None else None
        if found is None:
            found = _worst(words, route)
        if found is not None:
            yield found


def _has_caps(route: Route) -> bool:
    profile = route.profile
    return any(
        cap is not None
        for cap in (
            profile.max_segments,
            profile.max_units,
            profile.max_gsm7_units,
            profile.max_ucs2_units,
            profile.max_characters,
        )
    )


def _worst(words: Words, route: Route) -> Capped | None:
    for sent in words.sent_on(route):
        for excess in find_excesses(sent.text, sent.length, route.profile):
            return Capped(route, excess, sent, _cuts_optout(words, sent, excess))
    if route.profile.max_characters is None:
        return None
    item = words.fields["body"]
    scope = item.template.scope
    ways = (longest_on(path, scope, route) for path in item.paths or ())
    longest = max(
        (sent for sent in ways if sent is not None),
        key=lambda sent: len(sent.text),
        default=None,
    )
    if longest is None:
        return None
    for excess in find_excesses(longest.text, longest.length, route.profile):
        return Capped(route, excess, longest, _cuts_optout(words, longest, excess))
    return None


def _bounded(words: Words, route: Route) -> Capped | None:
    """The cap that the bounds pass, where there are too many ways to walk."""
    bounds, profile = words.fields["body"].bounds, route.profile
    added = len(route.as_sent(""))
    encoding = encoding_within(bounds, route)
    parts = bound_parts(bounds, words.places, route, joins=words.joins)
    units = bound_units(bounds, words.places, route)
    most = bounds.most["length"] + added + words.places * (profile.link_characters or 0)
    checks = (
        ("max_segments", "parts", parts, profile.max_segments),
        ("max_units", "units", units, profile.max_units),
        ("max_characters", "characters", most, profile.max_characters),
    )
    for key, counted, used, cap in checks:
        if cap is not None and used > cap:
            excess = Excess(key, counted, used, cap, profile.name, encoding)  # type: ignore[arg-type]
            return Capped(route, excess, None)
    return None


def _cuts_optout(words: Words, sent: Sent, excess: Excess) -> bool:
    """Whether what says how to refuse is among what is too much."""
    if words.message.purpose != "marketing" or excess.counted == "parts":
        return False
    counted = {"GSM-7": "septets", "UCS-2": "units"}
    name = counted.get(sent.length.encoding, sent.length.encoding)
    size = size_of("length" if excess.counted == "characters" else name)
    sizes = accumulate(map(size, sent.text))
    kept = sum(used <= excess.most for used in sizes)
    if kept == len(sent.text):
        return False
    pattern = sms_optout(sent.route.market or None)
    return bool(pattern.search(sent.text)) and not pattern.search(sent.text[:kept])
