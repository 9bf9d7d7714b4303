"""How a gateway encodes and counts short messages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from copylab.channels.dated import dated_names, load_dated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.channels.dated import Dated, Scalar

Bills = Literal["graphemes", "code-points"]

CODECS = ("cp949", "cp932", "big5", "gb18030", "utf-8", "latin-1", "ascii")
"""Byte codecs in which a text is as long as its characters are together."""
ENCODINGS = ("auto", "GSM-7", "UCS-2", *CODECS)
"""What `SmsProfile.encoding` can be."""
LAYOUTS: tuple[Bills, ...] = ("graphemes", "code-points")

# A part must hold any character: an escape pair, a surrogate pair, four octets.
_SMALLEST_PART = 4


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much one message holds, in units of its encoding.

    Attributes:
        single_units: Units of a message that is not divided.
        part_units: Units of each part of a divided one, 4 or more.
    """

    single_units: int
    part_units: int

    def __post_init__(self) -> None:
        """Refuse parts that a character does not fit, or that outgrow the whole."""
        if self.part_units < _SMALLEST_PART:
            raise ValueError(
                f"part_units == {self.part_units}, must be {_SMALLEST_PART} or more"
            )
        if self.single_units < self.part_units:
            raise ValueError(
                f"single_units == {self.single_units}, must be at least the "
                f"{self.part_units} units of a part"
            )


@dataclass(frozen=True, slots=True)
class SmsProfile:
    """The way one gateway or market encodes and counts.

    Attributes:
        name: The profile's name.
        encoding: `auto` (GSM-7 where every character allows it, else UCS-2), `GSM-7`
            or `UCS-2` alone, or one of `CODECS`, whose units are octets.
        gsm7: The capacity in septets; None where GSM-7 is not used.
        ucs2: The capacity in UTF-16 units; None where UCS-2 is not used.
        octets: The capacity in octets; None where no byte codec is used.
        max_segments: Parts a gateway takes at most, or None.
        max_units: Units of the whole text it takes at most, or None.
        max_gsm7_units: The same for a text in GSM-7.
        max_ucs2_units: The same for a text in UCS-2.
        max_characters: Code points of the whole text it takes at most, or None.
        long_product: What a text that outgrows `octets.single_units` is sold as, whole,
            such as `LMS`; None where it is divided into parts.
        extra_segments: Parts that a gateway may need on top, because it cuts a text
            that it divides elsewhere than the standard does.
        bills: The layout whose parts are paid: `graphemes` (the larger count) or
            `code-points`.
        signature_counted: Whether a signature in brackets belongs to the counted text.
        signature_format: How the gateway writes the signature it adds before the text,
            with `{}` for the name; None where it adds none.
        prefix: What it adds before everything else, or an empty text.
        suffix: What it adds after the text, or an empty text.
        link_characters: The length of the address that the gateway puts in place of
            each link, in code points; None where it leaves links alone.
        default_market: The market that takes this profile where none is named.
    """

    name: str
    encoding: str
    gsm7: Capacity | None = None
    ucs2: Capacity | None = None
    octets: Capacity | None = None
    max_segments: int | None = None
    max_units: int | None = None
    max_gsm7_units: int | None = None
    max_ucs2_units: int | None = None
    max_characters: int | None = None
    long_product: str | None = None
    extra_segments: int = 0
    bills: Bills = "graphemes"
    signature_counted: bool = False
    signature_format: str | None = None
    prefix: str = ""
    suffix: str = ""
    link_characters: int | None = None
    default_market: str | None = None

    def __post_init__(self) -> None:
        """Refuse a profile without the capacity of its encoding."""
        for field in capacities_of(self.encoding):
            if getattr(self, field) is None:
                raise ValueError(
                    f"{field} == None, must be a Capacity for {self.encoding}"
                )

    @property
    def products(self) -> tuple[str, ...]:
        """What its messages are sold as: `SMS`, and the long product if there is one."""
        return ("SMS",) if self.long_product is None else ("SMS", self.long_product)


def capacities_of(encoding: str) -> tuple[str, ...]:
    """The fields of a profile that hold the capacities an encoding needs."""
    fields = {"auto": ("gsm7", "ucs2"), "GSM-7": ("gsm7",), "UCS-2": ("ucs2",)}
    return fields.get(encoding, ("octets",))


CAPACITY_KEYS = {
    "gsm7": ("gsm7_single_units", "gsm7_part_units"),
    "ucs2": ("ucs2_single_units", "ucs2_part_units"),
    "octets": ("octet_single_units", "octet_part_units"),
}
"""By field of a profile, the two values of a data file that make its capacity."""

_KEPT_KEYS: dict[str, type[int | str | bool]] = {
    "encoding": str,
    "max_segments": int,
    "max_units": int,
    "max_gsm7_units": int,
    "max_ucs2_units": int,
    "max_characters": int,
    "long_product": str,
    "extra_segments": int,
    "bills": str,
    "signature_counted": bool,
    "signature_format": str,
    "prefix": str,
    "suffix": str,
    "link_characters": int,
    "default_market": str,
}
VALUE_KINDS: Mapping[str, type[int | str | bool]] = {
    **{key: int for keys in CAPACITY_KEYS.values() for key in keys},
    **_KEPT_KEYS,
}
"""The values of a data file, and whether each is a number, a word or a boolean."""

# The figures of profiles/gsm.yaml; a test holds the two together. They are repeated
# here so that measuring by the standard reads no file.
GSM = SmsProfile(
    name="gsm",
    encoding="auto",
    gsm7=Capacity(160, 153),
    ucs2=Capacity(70, 67),
    octets=Capacity(140, 134),
    max_segments=255,
)

# The `default_market` of the data files; a test holds them together. They are repeated
# here so that finding the profile of a market does not read all files.
USUAL_PROFILES: Mapping[str, str] = {
    "CN": "cn",
    "IN": "in-dlt",
    "JP": "jp",
    "KR": "kr",
}
"""The name of the profile for each market that has one of its own."""


def profile_names() -> tuple[str, ...]:
    """The names `load_profile` knows, sorted."""
    return dated_names("sms")


@cache
def load_profile(name: str) -> SmsProfile:
    """The profile called `name`, read from its dated data file once.

    Raises:
        ValueError: There is no such profile.
    """
    return make_profile(name, profile_values(name))


def usual_profile(market: str) -> SmsProfile:
    """The profile of a market where none is named; the standard for most."""
    name = USUAL_PROFILES.get(market)
    return GSM if name is None else load_profile(name)


def profile_values(name: str) -> dict[str, Scalar]:
    """The bare values of the data file called `name`.

    Raises:
        ValueError: There is no such profile.
    """
    return {key: dated.value for key, dated in load_dated("sms", name).items()}


def profile_sources(name: str) -> Mapping[str, Dated]:
    """Every value of the profile called `name` with its source and its date.

    Raises:
        ValueError: There is no such profile.
    """
    return load_dated("sms", name)


def make_profile(name: str, values: Mapping[str, Scalar | float]) -> SmsProfile:
    """A profile from the values of a data file; None stands for an absent one.

    Args:
        name: The profile's name.
        values: By key of `VALUE_KINDS`, values of those kinds.

    Raises:
        ValueError: The capacity of its encoding is absent or cannot hold a character.
    """
    fields: dict[str, object] = {
        key: values[key] for key in _KEPT_KEYS if values.get(key) is not None
    }
    for field, (single, part) in CAPACITY_KEYS.items():
        single_units, part_units = values.get(single), values.get(part)
        if isinstance(single_units, int) and isinstance(part_units, int):
            fields[field] = Capacity(single_units, part_units)
    return SmsProfile(name=name, **fields)  # type: ignore[arg-type]
