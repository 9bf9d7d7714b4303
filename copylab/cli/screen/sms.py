"""A short message as a phone shows it, and what it is counted and billed as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.cost import billed_parts, message_cost
from copylab.channels.gsm import to_septets
from copylab.channels.headroom import capacity_of, headroom_units
from copylab.channels.segmentation import utf16_units
from copylab.channels.sms import culprits, measure, split
from copylab.channels.substitutes import write_plain
from copylab.cli.screen.box import draw_box, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.composed import Sms
    from copylab.channels.route import Route
    from copylab.channels.sms import Culprit, SmsLength

_MOST_NAMED = 12
"""Different characters to blame: in another script all of them are."""
_UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}


def show_sms(sent: Sms, routes: tuple[Route, ...]) -> list[str]:
    """The lines for a short message on the route where it needs most parts.

    Args:
        sent: The message.
        routes: The routes it may take.
    """
    route = max(
        routes, key=lambda item: billed_parts(item.measure(sent.text), item.profile)
    )
    length = route.measure(sent.text)
    text = route.as_sent(sent.text)
    keeps = route.profile.bills == "graphemes"
    parts = split(text, route.profile, keep_graphemes=keeps)
    sizes = [_units_of(part, length.encoding) for part in parts]
    titles = [""] if len(parts) == 1 else [f"part {n + 1}" for n in range(len(parts))]
    return [
        *draw_box(list(zip(titles, parts, strict=True))),
        "",
        _size(length, sizes, route),
        *_layout(length, sizes, route),
        *_gateway(route),
        *_cost(length, route),
        *_blame(text, length, route),
    ]


def _units_of(part: str, encoding: str) -> int:
    """The units of one part."""
    if encoding == "GSM-7":
        return len(to_septets(part))
    return utf16_units(part) if encoding == "UCS-2" else len(part.encode(encoding))


def _size(length: SmsLength, sizes: list[int], route: Route) -> str:
    """Parts, encoding, units and what is left before it costs more."""
    unit = _UNITS.get(length.encoding, "octets")
    spare = headroom_units(length, route.profile)
    if len(sizes) > 1:
        room = capacity_of(length.encoding, route.profile).part_units
        spare = room - sizes[-1]
    dearer = _dearer(length, len(sizes), route)
    left = f"{spare} to spare before {dearer}"
    if not spare:
        left = f"full: one character more and {dearer}"
    parts = plural(len(sizes), "part")
    if length.product != "SMS":
        parts = f"1 {length.product}"
    return f"{parts} · {length.encoding} · {length.units:,} {unit} · {left}"


def _dearer(length: SmsLength, parts: int, route: Route) -> str:
    """What a longer text is."""
    long = route.profile.long_product
    if long is None:
        return f"it is {plural(parts + 1, 'part')}"
    return "it is refused" if length.product == long else f"it is an {long}"


def _layout(length: SmsLength, sizes: list[int], route: Route) -> Iterator[str]:
    """How full each part is, and what the other layout or the gateway makes of it."""
    if len(sizes) > 1:
        room = capacity_of(length.encoding, route.profile).part_units
        yield f"units by part: {', '.join(map(str, sizes))} (of {room} each)"
    if length.segments < len(sizes):
        fewer = plural(length.segments, "part")
        yield f"{fewer} where a gateway cuts what readers see as one character"
    billed = billed_parts(length, route.profile)
    if billed > len(sizes):
        yield f"billed as up to {plural(billed, 'part')}: this gateway cuts elsewhere"


def _gateway(route: Route) -> Iterator[str]:
    """The route, and what it changes."""
    where = f" ({route.market})" if route.market else ""
    added = [
        f"{what} {text!r}"
        for what, text in (("before", route.signature), ("after", route.suffix))
        if text
    ]
    if route.profile.link_characters is not None:
        added.append(f"links of {route.profile.link_characters} characters")
    tail = f"; the gateway adds {', '.join(added)}" if added else ""
    yield f"route: {route.profile.name}{where}{tail}"


def _cost(length: SmsLength, route: Route) -> Iterator[str]:
    """The price of the message, where the workspace has one."""
    cost = message_cost(length, route)
    price = route.price(length.product)
    if cost is not None and price is not None:
        each = "each" if length.product != "SMS" else "a part"
        yield f"cost: {cost} {price.currency} ({price.amount} {each})"


def _blame(text: str, length: SmsLength, route: Route) -> Iterator[str]:
    """The characters that force the message out of GSM-7, and what they cost."""
    if length.encoding != "UCS-2" or route.profile.encoding != "auto":
        return
    found = culprits(text)
    forced = {item.char: item for item in found}
    if len(forced) > _MOST_NAMED:
        return
    yield f"out of GSM-7 because of {plural(len(found), 'character')}:"
    for item in forced.values():
        yield f"  {_name(item)}"
    plain = write_plain(text, found)
    if plain is not None:
        yield f"written so: {plural(measure(plain, route.profile).segments, 'part')}"


def _name(item: Culprit) -> str:
    named = f"'{item.char}' U+{item.code_point:04X} {item.name}"
    if item.substitute is None:
        return named
    return f"{named}: " + (
        f"write {item.substitute!r}" if item.substitute else "take out"
    )
