"""SMS: what a text costs on the air, and which characters make it dear.

`measure` counts by 3GPP TS 23.038 (alphabets) and TS 23.040 (parts). Two layouts
conform: the least number of parts cuts between any two code points; many gateways
keep a user-perceived character whole and may need more. Both are given; price and
judge by the larger.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from copylab.channels import gsm
from copylab.channels.graphemes import is_plain
from copylab.channels.segmentation import (
    fill_atoms,
    fill_graphemes,
    fill_gsm,
    fill_ucs2,
    utf16_units,
)
from copylab.channels.sms_profile import (
    GSM,
    Capacity,
    SmsProfile,
    load_profile,
    profile_names,
)
from copylab.channels.substitutes import Culprit, find_culprits

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Capacity",
    "Culprit",
    "SmsLength",
    "SmsProfile",
    "UnsendableError",
    "culprits",
    "load_profile",
    "measure",
    "profile_names",
    "split",
]

_is_bmp = re.compile("[\x01-\x1a\x1c-\ud7ff\ue000-\uffff]+").fullmatch
is_plain_bmp = re.compile(
    "[\x20-\x7e\n\r\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f"
    "\u2010-\u2027\u202f-\u205f\u20a0-\u20bf\u2100-\u2bff\u3000-\u3029\u3030-\u303f"
    "\u3041-\u3096\u309b-\ua48c\uac00-\ud7a3\uf900-\ufaff\uff01-\uff9d]+"
).fullmatch
_find_unsendable = re.compile("[\x00\x1b\ud800-\udfff]").search


class UnsendableError(ValueError):
    """A character that a short message cannot carry.

    Attributes:
        char: The character.
        index: Its place in the text, in code points from 0.
        encoding: What lacks it; empty for what no short message carries.
    """

    def __init__(self, char: str, index: int, encoding: str = "") -> None:
        what = {"\x00": "NUL", "\x1b": "ESC"}.get(char, repr(char))
        if "\ud800" <= char <= "\udfff":
            what = "a lone surrogate"
        lacks = f"{encoding} lacks" if encoding else "no short message can carry"
        super().__init__(
            f"text holds {what} (U+{ord(char):04X}) at index {index}, which {lacks}"
        )
        self.char = char
        self.index = index
        self.encoding = encoding


class SmsLength(NamedTuple):
    """What a text costs as a short message.

    Attributes:
        encoding: `GSM-7`, `UCS-2` or the profile's byte codec.
        units: Septets, UTF-16 units or octets of the text; no headers.
        segments: The least number of parts; only code points stay whole.
        segments_max: The number of parts where user-perceived characters stay whole,
            and the parts that the gateway may need on top.
        segment_units: The units of each part in the layout of `segments`.
        product: What it is sold as: `SMS`, or a profile's long product such as `LMS`.
    """

    encoding: str
    units: int
    segments: int
    segments_max: int
    segment_units: tuple[int, ...]
    product: str = "SMS"


def measure(text: str, profile: str | SmsProfile = "gsm") -> SmsLength:
    """The encoding, units and parts of `text` exactly as it would be sent.

    >>> measure("Hi {name}").units
    11

    Args:
        text: The finished text, signature and opt-out included.
        profile: A profile or the name of one; `gsm` is the standard itself.

    Raises:
        UnsendableError: It holds NUL, ESC, a lone surrogate or a character that the
            profile's encoding lacks.
        ValueError: It is empty, or the profile is unknown.
        TypeError: The profile is neither a profile nor a name.
    """
    how = GSM if profile == "gsm" else _profile(profile)
    encoding = how.encoding
    if encoding == "auto":
        assert how.gsm7 is not None
        if gsm.is_basic(text):
            return _measure_plain("GSM-7", len(text), how.gsm7, how.extra_segments)
        if gsm.is_gsm(text):
            return _measure_gsm(text, how.gsm7, how.extra_segments)
    elif encoding != "UCS-2":
        _check(text)
        if encoding == "GSM-7":
            return _measure_gsm_only(text, how)
        return _measure_octets(text, how)
    assert how.ucs2 is not None
    if is_plain_bmp(text) or (len(text) <= how.ucs2.single_units and _is_bmp(text)):
        return _measure_plain("UCS-2", len(text), how.ucs2, how.extra_segments)
    _check(text)
    return _measure_ucs2(text, how.ucs2, how.extra_segments)


def split(
    text: str, profile: str | SmsProfile = "gsm", *, keep_graphemes: bool = False
) -> tuple[str, ...]:
    """The text of each part, in order; joined they are `text`.

    Args:
        text: The finished text.
        profile: A profile or the name of one.
        keep_graphemes: Keep user-perceived characters whole (the layout that
            `segments_max` counts, before a profile's `extra_segments`) instead of
            code points only.

    Raises:
        ValueError: As `measure`.
    """
    length = measure(text, profile)
    if length.segments == 1:
        return (text,)
    how = _profile(profile)
    if length.encoding == "GSM-7":
        assert how.gsm7 is not None
        parts = fill_gsm(text, how.gsm7.part_units)
        return tuple(part.replace(gsm.ESCAPE, "") for part in parts)
    units_of: Callable[[str], int] = utf16_units
    capacity = how.ucs2
    if length.encoding != "UCS-2":
        capacity, units_of = how.octets, _octet_counter(how.encoding)
    assert capacity is not None
    fill = fill_graphemes if keep_graphemes else fill_atoms
    return fill(text, units_of, capacity.part_units)


def culprits(text: str) -> tuple[Culprit, ...]:
    """The characters that force `text` out of GSM-7 into UCS-2, in order.

    Args:
        text: Any text; an empty one has no culprits.

    Raises:
        ValueError: The text holds NUL, ESC or a lone surrogate.
    """
    if text:
        _check(text)
    return find_culprits(text)


def _profile(profile: str | SmsProfile) -> SmsProfile:
    """The profile itself, loaded if it is given by name."""
    if isinstance(profile, SmsProfile):
        return profile
    if not isinstance(profile, str):
        raise TypeError(
            f"profile is {type(profile).__name__} {profile!r}, must be an SmsProfile or "
            f"the name of one: {', '.join(profile_names())}"
        )
    return GSM if profile == "gsm" else load_profile(profile)


def _check(text: str) -> None:
    """Refuse what no short message can carry."""
    if not text:
        raise ValueError("text == '', must hold at least one character")
    found = _find_unsendable(text)
    if found is not None:
        raise UnsendableError(found[0], found.start())


def _measure_plain(
    encoding: str, units: int, capacity: Capacity, extra: int
) -> SmsLength:
    """The length of a text whose characters are one unit each."""
    if units <= capacity.single_units:
        return SmsLength(encoding, units, 1, 1, (units,))
    full, rest = divmod(units, capacity.part_units)
    parts = (capacity.part_units,) * full + ((rest,) if rest else ())
    return SmsLength(encoding, units, len(parts), len(parts) + extra, parts)


def _measure_gsm(text: str, capacity: Capacity, extra: int) -> SmsLength:
    """The length of a GSM-7 text; no two of its characters form one cluster."""
    units = len(text) + len(gsm.find_extension(text))
    if units <= capacity.single_units:
        return SmsLength("GSM-7", units, 1, 1, (units,))
    parts = tuple(map(len, fill_gsm(text, capacity.part_units)))
    return SmsLength("GSM-7", units, len(parts), len(parts) + extra, parts)


def _measure_gsm_only(text: str, profile: SmsProfile) -> SmsLength:
    """The length of a text where nothing but GSM-7 is sent."""
    foreign = next(gsm.find_foreign(text), None)
    if foreign is not None:
        raise UnsendableError(foreign[0], foreign.start(), "GSM-7")
    assert profile.gsm7 is not None
    return _measure_gsm(text, profile.gsm7, profile.extra_segments)


def _measure_ucs2(text: str, capacity: Capacity, extra: int) -> SmsLength:
    """The length of a text in UTF-16 units."""
    units = utf16_units(text)
    if units <= capacity.single_units:
        return SmsLength("UCS-2", units, 1, 1, (units,))
    parts = tuple(len(part) // 2 for part in fill_ucs2(text, capacity.part_units))
    most = len(parts)
    if not is_plain(text):
        most = len(fill_graphemes(text, utf16_units, capacity.part_units))
    return SmsLength("UCS-2", units, len(parts), most + extra, parts)


def _measure_octets(text: str, profile: SmsProfile) -> SmsLength:
    """The length of a text in octets of the profile's codec."""
    capacity, codec = profile.octets, profile.encoding
    assert capacity is not None
    try:
        units = len(text.encode(codec))
    except UnicodeEncodeError as error:
        char = text[error.start]
        raise UnsendableError(char, error.start, codec) from None
    if units <= capacity.single_units:
        return SmsLength(codec, units, 1, 1, (units,))
    if profile.long_product is not None:
        return SmsLength(codec, units, 1, 1, (units,), profile.long_product)
    units_of = _octet_counter(codec)
    parts = tuple(map(units_of, fill_atoms(text, units_of, capacity.part_units)))
    most = len(fill_graphemes(text, units_of, capacity.part_units))
    return SmsLength(codec, units, len(parts), most + profile.extra_segments, parts)


def _octet_counter(codec: str) -> Callable[[str], int]:
    """A function that counts the octets of a text that `codec` can write."""
    return lambda text: len(text.encode(codec))
