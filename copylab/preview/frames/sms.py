"""A short message as it arrives: its parts, what fills them and what they cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.channels.cost import billed_parts, message_cost, show_amount
from copylab.channels.gsm import to_septets
from copylab.channels.headroom import capacity_of, headroom_units
from copylab.channels.route import LINK
from copylab.channels.segmentation import utf16_units
from copylab.channels.sms import culprits, measure, split
from copylab.channels.substitutes import write_plain
from copylab.preview.frames.pieces import Mark, Piece, cut_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.channels.route import Route
    from copylab.channels.sms import Culprit, SmsLength
    from copylab.message.model import Message

Counted = Literal["septets", "units", "octets"]

MOST_NAMED = 12
"""Different characters to blame; in another script all of them are."""
_MOST_SHARE = 0.3
"""The part of a text that they can be; of one in another script it is most."""
_COUNTED: dict[str, Counted] = {"GSM-7": "septets", "UCS-2": "units"}


@dataclass(frozen=True, slots=True)
class SmsPart:
    """One part of a short message.

    Attributes:
        number: Its number, from 1.
        pieces: Its text; what a gateway adds is marked ``added``, an address ``link``,
            a character that forces the message out of GSM-7 ``foreign``.
        units: What the text takes.
        room: What the part holds.
    """

    number: int
    pieces: tuple[Piece, ...]
    units: int
    room: int


@dataclass(frozen=True, slots=True)
class Foreign:
    """A character that forces a message out of GSM-7.

    Attributes:
        char: The character.
        code: Its number, as ``U+2019``.
        name: Its Unicode name.
        count: How often it stands in the text.
        substitute: What reads the same in GSM-7, empty for what can go; None for none.
    """

    char: str
    code: str
    name: str
    count: int
    substitute: str | None


@dataclass(frozen=True, slots=True)
class Gateway:
    """A short message on one route: what is sent, counted and billed.

    Attributes:
        profile: The name of the gateway's profile.
        markets: The markets whose messages take this route; empty where none is named.
        text: What is sent, with all that the gateway adds.
        parts: The parts as this gateway cuts them.
        encoding: ``GSM-7``, ``UCS-2`` or a byte codec.
        counted: What is counted: ``septets``, UTF-16 ``units`` or ``octets``.
        units: How many there are.
        spare: How many more fit before it costs another part.
        product: What it is sold as: ``SMS``, or a long product such as ``LMS``.
        long_product: What a longer text is sold as, whole; empty where it is divided.
        fewest_parts: The parts where a gateway cuts between any two code points.
        billed: The parts that are paid for.
        added: What the gateway puts before and after, as it writes them; and, as
            ``link``, the length of the addresses it puts in.
        cost: What the message costs, with its currency; empty where there is no price.
        price: What one part costs, with its currency; empty where there is no price.
        excesses: What the gateway refuses about it, one sentence each.
        foreign: The characters that force it out of GSM-7; empty in another script.
        foreign_total: How many characters those are, in any script.
        plain_parts: The parts where each of them is written in GSM-7; None where one
            cannot be, or there are none.
    """

    profile: str
    markets: tuple[str, ...]
    text: str
    parts: tuple[SmsPart, ...]
    encoding: str
    counted: Counted
    units: int
    spare: int
    product: str
    long_product: str
    fewest_parts: int
    billed: int
    added: tuple[tuple[str, str], ...]
    cost: str
    price: str
    excesses: tuple[str, ...]
    foreign: tuple[Foreign, ...]
    foreign_total: int
    plain_parts: int | None


@dataclass(frozen=True, slots=True)
class SmsFrame:
    """A short message in a phone.

    Attributes:
        text: The text as it is handed to the gateway.
        gateways: The routes it may take, one or more; the dearest comes first.
        locale: The locale of the words.
        sender: Whose name stands above the conversation.
        clock: The time that the phone shows.
        kind: ``sms``.
    """

    text: str
    gateways: tuple[Gateway, ...]
    locale: str = ""
    sender: str = ""
    clock: str = ""
    kind: str = "sms"


def sms_frame(
    message: Message,
    locale: str,
    text: str,
    routes: Sequence[Route],
    *,
    marks: Sequence[Mark] = (),
    clock: str = "",
) -> SmsFrame:
    """A short message as each of its routes delivers it.

    Args:
        message: The message.
        locale: The locale of its words.
        text: The text as it is handed to the gateway.
        routes: The routes it may take, as ``routes_of`` gives them.
        marks: What else is to be marked in the text.
        clock: The time that the phone shows.

    Raises:
        ValueError: It is empty, or holds a character that a route cannot carry.
    """
    found = [_gateway(message, locale, text, route, marks) for route in routes]
    found.sort(key=lambda item: -item.billed)
    sender = message.brand.at(locale).get("name", "")
    return SmsFrame(text, tuple(found), locale, sender, clock)


def _gateway(
    message: Message, locale: str, text: str, route: Route, marks: Sequence[Mark]
) -> Gateway:
    length = route.measure(text)
    sent = route.as_sent(text)
    blamed = _blamed(sent, length, route)
    kinds = Counter(item.char for item in blamed)
    is_script = len(kinds) > MOST_NAMED or len(blamed) > _MOST_SHARE * len(sent)
    named = () if is_script else blamed
    parts = _parts(sent, length, route, _marks(text, route, marks, named))
    price = route.price(length.product)
    cost = message_cost(length, route)
    currency = "" if price is None else price.currency
    plain = write_plain(sent, named) if named else None
    return Gateway(
        profile=route.profile.name,
        markets=_markets(message, locale, route),
        text=sent,
        parts=parts,
        encoding=length.encoding,
        counted=_COUNTED.get(length.encoding, "octets"),
        units=length.units,
        spare=_spare(length, parts, route),
        product=length.product,
        long_product=route.profile.long_product or "",
        fewest_parts=length.segments,
        billed=billed_parts(length, route.profile),
        added=_added(route),
        cost="" if cost is None else show_amount(cost, currency),
        price="" if price is None else show_amount(price.amount, currency),
        excesses=tuple(map(str, route.excesses(text, length))),
        foreign=_foreign(named, kinds),
        foreign_total=len(blamed),
        plain_parts=None if not plain else measure(plain, route.profile).segments,
    )


def _markets(message: Message, locale: str, route: Route) -> tuple[str, ...]:
    """The markets that share a route."""
    from copylab.channels.route import route_to  # noqa: PLC0415 - as routes_of finds them

    key = (route.profile, route.signature, tuple(sorted(route.prices.items())))
    found = []
    for market in message.markets.at(locale):
        other = route_to(message, locale, market)
        if key == (other.profile, other.signature, tuple(sorted(other.prices.items()))):
            found.append(market)
    return tuple(found)


def _blamed(sent: str, length: SmsLength, route: Route) -> tuple[Culprit, ...]:
    """What forces a text out of GSM-7, on a route that would have taken it."""
    if length.encoding != "UCS-2" or route.profile.encoding != "auto":
        return ()
    return culprits(sent)


def _foreign(named: Sequence[Culprit], counts: Counter[str]) -> tuple[Foreign, ...]:
    first: dict[str, Culprit] = {}
    for item in named:
        first.setdefault(item.char, item)
    return tuple(
        Foreign(
            item.char,
            f"U+{item.code_point:04X}",
            item.name,
            counts[item.char],
            item.substitute,
        )
        for item in first.values()
    )


def _marks(
    text: str, route: Route, marks: Sequence[Mark], blamed: Sequence[Culprit]
) -> list[Mark]:
    """All marks, on the text as it is sent."""
    sent = route.as_sent(text)
    place = _place_in_sent(text, route)
    found = [
        Mark(place(mark.start), place(mark.end), mark.kind, mark.note) for mark in marks
    ]
    added = "added"
    found.append(Mark(0, len(route.signature), added))
    found.append(Mark(len(sent) - len(route.suffix), len(sent), added))
    rewrites = route.profile.link_characters is not None
    for match in LINK.finditer(text):
        start, end = place(match.start()), place(match.end())
        found.append(Mark(start, end, "link"))
        if rewrites:
            found.append(Mark(start, end, added))
    found += [
        Mark(
            item.index,
            item.index + 1,
            "foreign",
            f"U+{item.code_point:04X} {item.name}",
        )
        for item in blamed
    ]
    return found


class _Place:
    """From a place in a text to the same place in the text as it is sent.

    Args:
        before: The length of what is put in front.
        shifts: By the end of each address, how much longer the text is after it.
    """

    def __init__(self, before: int, shifts: Sequence[tuple[int, int]]) -> None:
        self._before = before
        self._shifts = shifts

    def __call__(self, index: int) -> int:
        """The place of ``index``."""
        shift = sum(longer for end, longer in self._shifts if end <= index)
        return self._before + index + shift


def _place_in_sent(text: str, route: Route) -> _Place:
    size = route.profile.link_characters
    shifts = []
    if size is not None:
        shifts = [(match.end(), size - len(match[0])) for match in LINK.finditer(text)]
    return _Place(len(route.signature), shifts)


def _parts(
    sent: str, length: SmsLength, route: Route, marks: Sequence[Mark]
) -> tuple[SmsPart, ...]:
    """The parts where the gateway really cuts."""
    keeps = route.profile.bills == "graphemes"
    texts = split(sent, route.profile, keep_graphemes=keeps)
    capacity = capacity_of(length.encoding, route.profile)
    room = capacity.part_units if len(texts) > 1 else capacity.single_units
    if length.product == route.profile.long_product:
        room = route.profile.max_units or length.units
    found, at = [], 0
    for number, text in enumerate(texts, 1):
        pieces = cut_pieces(sent, marks, start=at, end=at + len(text))
        at += len(text)
        units = _units_of(text, length.encoding)
        found.append(SmsPart(number, pieces, units, room))
    return tuple(found)


def _units_of(part: str, encoding: str) -> int:
    if encoding == "GSM-7":
        return len(to_septets(part))
    return utf16_units(part) if encoding == "UCS-2" else len(part.encode(encoding))


def _spare(length: SmsLength, parts: Sequence[SmsPart], route: Route) -> int:
    """The units left before it costs more, in the layout that is drawn."""
    if len(parts) > 1:
        return parts[-1].room - parts[-1].units
    return headroom_units(length, route.profile)


def _added(route: Route) -> tuple[tuple[str, str], ...]:
    found = [("before", route.signature), ("after", route.suffix)]
    if route.profile.link_characters is not None:
        found.append(("link", str(route.profile.link_characters)))
    return tuple((what, text) for what, text in found if text)
