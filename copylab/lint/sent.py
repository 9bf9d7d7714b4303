"""What is sent: the most and the fewest parts of a short message on its routes.

Everything is counted as it is sent: with the signature and the words that the gateway
adds, and with its address in place of each link. The text of a `Sent` costs no less than
anything that its way can print.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from copylab.channels.cost import billed_parts
from copylab.channels.graphemes import is_plain, split_graphemes
from copylab.channels.headroom import capacity_of
from copylab.channels.sms import measure
from copylab.lint.fills import (
    LENGTH,
    SEPTETS,
    UNITS,
    fill,
    fill_in_gsm7,
    fill_outside_gsm7,
    size_of,
    total,
)
from copylab.lint.printed import Slot, added_by, printed_on
from copylab.template.bounds import Worst
from copylab.template.expression import Var, variables_in
from copylab.template.ranges import Letters, Words, in_gsm7
from copylab.template.shape import Hole, Lit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.channels.route import Route
    from copylab.channels.sms import SmsLength
    from copylab.channels.sms_profile import Capacity, SmsProfile
    from copylab.lint.fills import Filling
    from copylab.lint.printed import Piece
    from copylab.template.bounds import Bounds
    from copylab.template.expression import Expression
    from copylab.template.paths import Path
    from copylab.template.ranges import Measure
    from copylab.template.scope import Scope
    from copylab.template.shape import Shape

_UNSENDABLE = dict.fromkeys([0x00, 0x1B, *range(0xD800, 0xE000)], "?")
_LONE_CHARSETS = frozenset(("digits", "ascii", "gsm7", "zh"))
"""Charsets no two characters of which form one that a reader perceives."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The worst of a way through a short message on a route.

    Attributes:
        route: The route.
        path: The way.
        worst: What makes the way print its worst: the raw values.
        text: A text that costs no less than anything that is sent on the way.
        length: What that text measures.
        most: The parts that are billed at most. Where user-perceived characters are
            kept whole, that is a bound, and can be more than any text needs.
    """

    route: Route
    path: Path
    worst: Worst
    text: str
    length: SmsLength
    most: int

    @property
    def parts(self) -> int:
        """The parts that are billed for the text itself, in the route's layout."""
        return billed_parts(self.length, self.route.profile)

    @property
    def is_exact(self) -> bool:
        """Whether no text needs more parts than this one."""
        return self.most <= self.parts

    @property
    def capacity(self) -> Capacity:
        """How much a message holds in the encoding of the text."""
        return capacity_of(self.length.encoding, self.route.profile)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """What decides which of several is worse: the product, the parts, the units."""
        return self.length.product != "SMS", self.parts, self.length.units


def measure_sent(text: str, profile: SmsProfile) -> SmsLength | None:
    """The length of a text as it is sent; None for an empty one.

    What no message or not the profile's codec can carry counts as a character that it
    can: rules of their own tell it.
    """
    if not text:
        return None
    text = text.translate(_UNSENDABLE)
    if profile.encoding not in {"auto", "UCS-2"}:
        text = _encodable(text, profile.encoding)
    return measure(text, profile)


def _encodable(text: str, encoding: str) -> str:
    if encoding == "GSM-7":
        return (
            text if in_gsm7(text) else "".join(c if in_gsm7(c) else "?" for c in text)
        )
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_stand_in(character, encoding) for character in text)
    return text


@lru_cache(maxsize=4096)
def _stand_in(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return (
            "가"
            if encoding == "cp949"
            else "國"
            if size_of(encoding)("\ue000") > 1
            else "?"
        )
    return character


def worst_on(path: Path, scope: Scope, route: Route) -> Sent | None:
    """The worst of a way on a route; None where nothing can be sent."""
    pieces = printed_on(path, scope, route).pieces
    found: list[Sent] = []
    for fills in _candidates(pieces, route.profile):
        text = _filled(pieces, fills)
        length = measure_sent(text, route.profile)
        if length is None:
            continue
        worst = Worst(text, _inputs(pieces, fills))
        most = _most(pieces, text, length, route.profile, scope)
        found.append(Sent(route, path, worst, text, length, most))
    if not found:
        return None
    most = max(sent.most for sent in found)
    chosen = max(found, key=lambda sent: sent.rank)
    return chosen if chosen.most == most else replace(chosen, most=most)


def longest_on(path: Path, scope: Scope, route: Route) -> Sent | None:
    """The way's text with the most code points; None where nothing can be sent."""
    pieces = printed_on(path, scope, route).pieces
    fills = {
        n: fill(piece.ranges, LENGTH)
        for n, piece in enumerate(pieces)
        if isinstance(piece, Slot)
    }
    text = _filled(pieces, fills)
    length = measure_sent(text, route.profile)
    if length is None:
        return None
    parts = billed_parts(length, route.profile)
    worst = Worst(text, _inputs(pieces, fills))
    return Sent(route, path, worst, text, length, parts)


Fills = dict[int, "Filling"]


def _filled(pieces: tuple[Piece, ...], fills: Fills) -> str:
    return "".join(
        piece if isinstance(piece, str) else fills[n][1] * piece.is_counted
        for n, piece in enumerate(pieces)
    )


def _candidates(pieces: tuple[Piece, ...], profile: SmsProfile) -> Iterable[Fills]:
    """Fillings of all values of which one makes the text that needs most parts.

    Where GSM-7 and UCS-2 compete, these are the most septets of a text that stays
    inside, and the most units of one that leaves GSM-7.
    """
    slots = {n: piece for n, piece in enumerate(pieces) if isinstance(piece, Slot)}
    if profile.encoding != "auto":
        codec = profile.encoding
        counted = {"UCS-2": UNITS, "GSM-7": SEPTETS}.get(codec, codec)
        return [{n: fill(slot.ranges, counted) for n, slot in slots.items()}]
    words = "".join(piece for piece in pieces if isinstance(piece, str))
    is_inside = in_gsm7(words)
    found = []
    if is_inside:
        inside = {n: _inside(slot) for n, slot in slots.items()}
        plain = {n: filling for n, filling in inside.items() if filling is not None}
        if len(plain) == len(slots):
            found.append(plain)
    wide = {n: fill(slot.ranges, UNITS) for n, slot in slots.items()}
    if not is_inside or _leave(wide, slots):
        found.append(wide)
    return found


def _inside(slot: Slot) -> Filling | None:
    return fill_in_gsm7(slot.ranges) if slot.is_counted else fill(slot.ranges, UNITS)


def _leave(fills: Fills, slots: dict[int, Slot]) -> bool:
    """Whether the text can leave GSM-7; then one filling does, at the least loss."""
    counted = {n: slot for n, slot in slots.items() if slot.is_counted}
    if any(not in_gsm7(fills[n][1]) for n in counted):
        return True
    outside = {n: fill_outside_gsm7(slot.ranges) for n, slot in counted.items()}
    losses = {
        n: total(fills[n][1], UNITS) - total(filling[1], UNITS)
        for n, filling in outside.items()
        if filling is not None
    }
    if not losses:
        return False
    cheapest = min(losses, key=losses.__getitem__)
    filling = outside[cheapest]
    assert filling is not None
    fills[cheapest] = filling
    return True


def _inputs(
    pieces: tuple[Piece, ...], fills: Fills
) -> tuple[tuple[Expression, object], ...]:
    return tuple(
        (piece.expression, fills[n][0])
        for n, piece in enumerate(pieces)
        if isinstance(piece, Slot) and piece.expression is not None
    )


def _most(
    pieces: tuple[Piece, ...],
    text: str,
    length: SmsLength,
    profile: SmsProfile,
    scope: Scope,
) -> int:
    """The parts that are billed at most for anything on the way.

    Where user-perceived characters are kept whole, a part may stay open by less than
    the one that did not fit. Each of them in a value spoils what it takes once; those in
    the words too, or no more than the largest of them in each part.
    """
    parts = billed_parts(length, profile)
    capacity = capacity_of(length.encoding, profile)
    if (
        profile.bills != "graphemes"
        or length.encoding == "GSM-7"
        or profile.long_product is not None
        or length.units <= capacity.single_units
    ):
        return parts
    counted = UNITS if length.encoding == "UCS-2" else length.encoding
    words = [piece for piece in pieces if isinstance(piece, str)]
    joining = [p for p in pieces if isinstance(p, Slot) and _may_join(p, scope)]
    if not joining and all(map(is_plain, words)):
        return parts
    clusters = [size for word in words for size in _cluster_sizes(word, counted)]
    widest = max(2, *map(size_of(counted), text))
    largest = max((widest, *clusters))
    spoilt = sum(total(fill(p.ranges, counted)[1], counted) + largest for p in joining)
    used, part = length.units + spoilt, capacity.part_units
    bounds = (  # the largest spoils every part, or each spoils what it takes
        -(-used // max(part - largest + 1, 1)),
        -(-(used + sum(size - 1 for size in clusters)) // (part - widest + 1)),
    )
    return max(parts, min(bounds) + profile.extra_segments)


@lru_cache(maxsize=1024)
def _cluster_sizes(text: str, counted: str) -> tuple[int, ...]:
    """The sizes of the characters that are made of several, or of several units."""
    sizes = (total(each, counted) for each in split_graphemes(text))
    return tuple(size for size in sizes if size > 1)


def _may_join(slot: Slot, scope: Scope) -> bool:
    """Whether a value may hold characters that join: marks, flags, emoji."""
    if not slot.is_counted:
        return False
    if isinstance(slot.ranges, Words):
        return not all(is_plain(text) for _, text in slot.ranges.choices)
    if all(in_gsm7(piece) for _, piece in slot.ranges.alphabet):
        return False
    return slot.expression is None or _is_joining(slot.expression, scope)


def _is_joining(expression: Expression, scope: Scope) -> bool:
    names = variables_in(expression)
    charsets = {scope.variables[n].charset for n in names if n in scope.variables}
    return not charsets <= _LONE_CHARSETS


def can_join(shape: Shape, scope: Scope) -> bool:
    """Whether a leaf may print characters that form one to a reader."""
    if isinstance(shape, Lit):
        return bool(shape.text) and not is_plain(shape.text)
    return isinstance(shape, Hole) and _is_joining(shape.expression, scope)


def least_on(path: Path, scope: Scope, route: Route) -> tuple[bool, int]:
    """The fewest parts that a way can be billed, and before it whether they are long.

    Every value is as short as it can be, and the text is in GSM-7 unless its words
    forbid it. Keeping user-perceived characters whole never saves a part.

    Returns:
        Whether it leaves as the profile's long product (`LMS`), and the parts.
    """
    pieces, profile = printed_on(path, scope, route).least, route.profile
    words = "".join(piece for piece in pieces if isinstance(piece, str))
    slots = [piece for piece in pieces if isinstance(piece, Slot)]
    encoding = profile.encoding
    if encoding == "auto":
        leaves = not in_gsm7(words) or any(map(_must_leave_gsm7, slots))
        encoding = "UCS-2" if leaves else "GSM-7"
    counted = {"UCS-2": UNITS, "GSM-7": SEPTETS}.get(encoding, encoding)
    units = total(words.translate(_UNSENDABLE), counted)
    units += sum(len(slot.ranges.shortest()) for slot in slots)
    capacity = capacity_of(encoding, profile)
    if units <= capacity.single_units:
        return False, 1
    if profile.long_product is not None and profile.octets is not None:
        return True, 1
    return False, -(-units // capacity.part_units)


def _must_leave_gsm7(slot: Slot) -> bool:
    """Whether no value of a place is in GSM-7."""
    ranges = slot.ranges
    if isinstance(ranges, Letters):
        return not in_gsm7(ranges.prefix + ranges.suffix)
    whole = isinstance(slot.expression, Var) and slot.expression.type == "enum"
    return whole and not any(in_gsm7(text) for _, text in ranges.choices)


def bound_parts(bounds: Bounds, places: int, route: Route, *, joins: bool) -> int:
    """Parts that are never too few, where there are too many ways to walk.

    A part is left open by less than the character that did not fit; all of these
    together are no more than the text.

    Args:
        bounds: The bounds of the words and values.
        places: How many words and values there are: each may hold a link.
        route: The route.
        joins: Whether several characters may form one that a reader perceives.
    """
    profile = route.profile
    if profile.long_product is not None:
        return 1
    used, encoding = bound_units(bounds, places, route), encoding_within(bounds, route)
    capacity = capacity_of(encoding, profile)
    if used <= capacity.single_units:
        return 1
    largest = 2 if encoding in {"GSM-7", "UCS-2"} else 4
    room = capacity.part_units - largest + 1
    if joins and encoding != "GSM-7" and profile.bills == "graphemes":
        used, room = 2 * used, capacity.part_units
    return -(-used // room) + profile.extra_segments


def encoding_within(bounds: Bounds, route: Route) -> str:
    """The encoding in which everything within the bounds needs most parts."""
    codec = route.profile.encoding
    if codec != "auto":
        return codec
    is_gsm = bounds.gsm7 and all(map(in_gsm7, added_by(route)))
    return "GSM-7" if is_gsm else "UCS-2"


def bound_units(bounds: Bounds, places: int, route: Route) -> int:
    """Units that are never too few, where there are too many ways to walk.

    Args:
        bounds: The bounds of the words and values.
        places: How many words and values there are: each may hold a link.
        route: The route.
    """
    codec, added = encoding_within(bounds, route), "".join(added_by(route))
    links = places * (route.profile.link_characters or 0)
    if codec in {"GSM-7", "UCS-2"}:
        counted: Measure = "septets" if codec == "GSM-7" else "units"
        return bounds.most[counted] + total(added, counted) + links
    largest = max(size_of(codec)(c) for c in ("x", "\ue000"))
    octets = min(bounds.most["bytes"], largest * bounds.most["length"])
    return octets + total(added, codec) + links
