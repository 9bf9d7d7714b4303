"""Caps: what a gateway refuses to take in one short message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from copylab.channels.sms import SmsLength
    from copylab.channels.sms_profile import SmsProfile

Counted = Literal["parts", "units", "characters"]

_NO_CAP = 1_000_000_000
_OCTETS = "octets"
_UNIT_NAMES = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}


@dataclass(frozen=True, slots=True)
class Excess:
    """A cap of a gateway that a text exceeds.

    Attributes:
        key: The value of the profile that caps it, such as `max_units`.
        counted: What is counted: `parts`, `units` or `characters`.
        used: How many the text has.
        most: How many the gateway takes.
        profile: The name of the profile.
        encoding: The encoding of the text.
    """

    key: str
    counted: Counted
    used: int
    most: int
    profile: str
    encoding: str

    def __str__(self) -> str:
        """What is exceeded, in a sentence without its full stop."""
        unit = self.counted
        name = _UNIT_NAMES.get(self.encoding, _OCTETS) if unit == "units" else unit
        return f"{self.used:,} {name} are sent, and {self.profile} takes {self.most:,}"


def find_excesses(
    text: str, length: SmsLength, profile: SmsProfile
) -> tuple[Excess, ...]:
    """The caps of a profile that a text exceeds; most exceed none.

    Args:
        text: The text as it is sent, with all that the gateway adds.
        length: What it measures.
        profile: The profile that measured it.
    """
    units, parts = free_size(profile)
    if length.units <= units and length.segments_max <= parts:
        return ()
    encoding, units = length.encoding, length.units
    checks: list[tuple[str, Counted, int, int | None]] = [
        ("max_segments", "parts", length.segments_max, profile.max_segments),
        ("max_units", "units", units, profile.max_units),
        ("max_characters", "characters", len(text), profile.max_characters),
    ]
    if encoding == "GSM-7":
        checks.append(("max_gsm7_units", "units", units, profile.max_gsm7_units))
    if encoding == "UCS-2":
        checks.append(("max_ucs2_units", "units", units, profile.max_ucs2_units))
    return tuple(
        Excess(key, counted, used, most, profile.name, encoding)
        for key, counted, used, most in checks
        if most is not None and used > most
    )


def free_size(profile: SmsProfile) -> tuple[int, int]:
    """The units and the parts up to which no text exceeds a cap of the profile.

    A character is at least a unit, so characters need no count of their own.
    """
    caps = [
        profile.max_units,
        profile.max_gsm7_units,
        profile.max_ucs2_units,
        profile.max_characters,
    ]
    units = min((cap for cap in caps if cap is not None), default=_NO_CAP)
    return units, _NO_CAP if profile.max_segments is None else profile.max_segments
