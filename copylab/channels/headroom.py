"""Headroom: how much more a short message holds before it costs another part."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.channels.sms import SmsLength
    from copylab.channels.sms_profile import Capacity, SmsProfile


def capacity_of(encoding: str, profile: SmsProfile) -> Capacity:
    """What one message and one part of several hold in an encoding.

    Args:
        encoding: As `SmsLength.encoding`.
        profile: The profile that measured it.
    """
    found = {"GSM-7": profile.gsm7, "UCS-2": profile.ucs2}.get(encoding, profile.octets)
    assert found is not None
    return found


def headroom_units(length: SmsLength, profile: SmsProfile) -> int:
    """The units that can be added at the end before there is another part.

    One unit each: a character that counts as two may need another part sooner. For a
    product that is sold whole, such as an LMS, it is what it still holds.

    Args:
        length: What a text measures.
        profile: The profile that measured it.
    """
    capacity = capacity_of(length.encoding, profile)
    if length.product == profile.long_product and profile.max_units is not None:
        return max(profile.max_units - length.units, 0)
    if length.segments == 1 and length.units <= capacity.single_units:
        return capacity.single_units - length.units
    return capacity.part_units - length.segment_units[-1]
