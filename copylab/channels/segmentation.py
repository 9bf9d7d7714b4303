"""Parts of a concatenated short message, 3GPP TS 23.040 section 9.2.3.24.1.

A part holds less than a single message, because a header tells the phone how to join
the parts. Neither an escape pair nor a surrogate pair may be cut by the end of a part,
so dividing the total by a part's size is not enough: parts are filled one by one.
Filling greedily needs the fewest parts there can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.graphemes import split_graphemes
from copylab.channels.gsm import ESCAPE, to_septets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OCTETS_A_UNIT = 2


def fill_gsm(text: str, part_units: int) -> tuple[str, ...]:
    """The parts of a GSM-7 text as septets, one character a septet, escapes included.

    Args:
        text: Characters of the GSM-7 tables only.
        part_units: Septets a part can hold.
    """
    septets = to_septets(text)
    parts = []
    start = 0
    while start < len(septets):
        end = start + part_units
        if septets[end - 1 : end] == ESCAPE:
            end -= 1
        parts.append(septets[start:end])
        start = end
    return tuple(parts)


def fill_ucs2(text: str, part_units: int) -> tuple[bytes, ...]:
    """The parts of a text as UTF-16BE octets, two octets a unit.

    Args:
        text: Any text without lone surrogates.
        part_units: UTF-16 units a part can hold.
    """
    octets = text.encode("utf-16-be")
    parts = []
    start = 0
    while start < len(octets):
        end = start + part_units * OCTETS_A_UNIT
        last_unit = octets[end - OCTETS_A_UNIT : end]
        if b"\xd8\x00" <= last_unit < b"\xdc\x00":
            end -= OCTETS_A_UNIT
        parts.append(octets[start:end])
        start = end
    return tuple(parts)


def fill_atoms(
    atoms: Iterable[str], units_of: Callable[[str], int], part_units: int
) -> tuple[str, ...]:
    """The parts of a text whose `atoms` stay whole.

    An atom that is larger than a part is cut between its code points.

    Args:
        atoms: The pieces of the text, in order.
        units_of: The size of a piece in units.
        part_units: Units a part can hold; no code point is larger.
    """
    parts: list[list[str]] = []
    room = 0
    for atom in atoms:
        size = units_of(atom)
        whole = size <= part_units
        for piece in (atom,) if whole else atom:
            units = size if whole else units_of(piece)
            if units > room:
                parts.append([])
                room = part_units
            parts[-1].append(piece)
            room -= units
    return tuple(map("".join, parts))


def fill_graphemes(
    text: str, units_of: Callable[[str], int], part_units: int
) -> tuple[str, ...]:
    """The parts of a text whose user-perceived characters stay whole.

    Args:
        text: Any text without lone surrogates.
        units_of: The size of a piece in units.
        part_units: Units a part can hold.
    """
    return fill_atoms(split_graphemes(text), units_of, part_units)


def utf16_units(text: str) -> int:
    """The number of UTF-16 units of `text`: two for a character beyond the BMP."""
    return len(text.encode("utf-16-be")) // OCTETS_A_UNIT
