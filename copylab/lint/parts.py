"""Parts in words: how lengths are said to people, and messages shown as they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.cost import billed_parts
from copylab.channels.headroom import capacity_of
from copylab.findings import Witness
from copylab.lint.sent import measure_sent

if TYPE_CHECKING:
    from copylab.channels.route import Route
    from copylab.lint.case import Words
    from copylab.lint.sent import Sent

AS_SENT = "as sent"
"""The choice of a witness that says what the message measures; no variable's name."""
_UNITS = {"GSM-7": "septet", "UCS-2": "UTF-16 unit"}


def count_units(number: int, encoding: str) -> str:
    """``71 UTF-16 units``, ``1 septet``, ``90 octets``."""
    name = _UNITS.get(encoding, "octet")
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"


def count_parts(number: int) -> str:
    """``1 part``, ``2 parts``."""
    return "1 part" if number == 1 else f"{number:,} parts"


def where(words: Words, route: Route) -> str:
    """The route in words, where there are several: `` (JP, profile jp)``."""
    if len(words.routes) < 2:  # noqa: PLR2004 - one route needs no name
        return ""
    market = f"{route.market}, " if route.market else ""
    return f" ({market}profile {route.profile.name})"


def as_sent(witness: Witness, route: Route) -> Witness:
    """A message as it leaves the gateway, with what it measures among the choices."""
    text = route.as_sent(witness.text)
    length = measure_sent(text, route.profile)
    if length is None:
        return witness
    said = f"{count_units(length.units, length.encoding)}, "
    if length.product == "SMS":
        said += count_parts(billed_parts(length, route.profile))
    else:
        said += f"an {length.product}"
    return Witness(text, (*witness.choices, (AS_SENT, said)))


def excess(sent: Sent, limit: int) -> int:
    """The units that have to go until a text fits a number of parts."""
    layout = sent.length.segment_units
    if limit == 1:
        capacity = capacity_of(sent.length.encoding, sent.route.profile)
        return max(sent.length.units - capacity.single_units, 0)
    return sum(layout[limit:])
