"""How a gateway encodes and counts short messages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from copylab.channels.dated import dated_names, load_dated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.channels.dated import Dated, Scalar


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much one message holds, in units of its encoding.

    Attributes:
        single_units: Units of a message that is not divided.
        part_units: Units of each part of a divided one.
    """

    single_units: int
    part_units: int


@dataclass(frozen=True, slots=True)
class SmsProfile:
    """The way one gateway or market encodes and counts.

    Attributes:
        name: The profile's name.
        encoding: `auto` (GSM-7 where every character allows it, else UCS-2), `UCS-2`,
            or the name of a byte codec such as `cp949`, whose units are octets.
        gsm7: The capacity in septets; None where GSM-7 is not used.
        ucs2: The capacity in UTF-16 units; None where UCS-2 is not used.
        octets: The capacity in octets; None where no byte codec is used.
        max_segments: Parts a gateway takes at most, or None.
        max_units: Units of the whole text it takes at most, or None.
        signature_counted: Whether a signature in brackets belongs to the counted text.
        signature_format: How the gateway writes the signature it adds before the text,
            with `{}` for the name; None where it adds none.
        suffix: What the gateway adds after the text, or an empty text.
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
    signature_counted: bool = False
    signature_format: str | None = None
    suffix: str = ""
    link_characters: int | None = None
    default_market: str | None = None

    def __post_init__(self) -> None:
        """Refuse a profile without the capacity of its encoding."""
        if self.encoding == "auto":
            needed: tuple[str, ...] = ("gsm7", "ucs2")
        else:
            needed = ("ucs2",) if self.encoding == "UCS-2" else ("octets",)
        for field in needed:
            if getattr(self, field) is None:
                raise ValueError(
                    f"{field} == None, must be a Capacity for {self.encoding}"
                )


_KEYS = frozenset(
    {
        "encoding",
        *(f"{code}_{part}_units" for code in ("gsm7", "ucs2", "octet")
          for part in ("single", "part")),
        "max_segments", "max_units", "signature_counted", "signature_format",
        "suffix", "link_characters", "default_market",
    }
)  # fmt: skip

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


def profile_names() -> tuple[str, ...]:
    """The names `load_profile` knows, sorted."""
    return dated_names("sms")


@cache
def load_profile(name: str) -> SmsProfile:
    """The profile called `name`, read from its dated data file once.

    Raises:
        ValueError: There is no such profile.
    """
    values = load_dated("sms", name)
    return _make_profile(name, {key: dated.value for key, dated in values.items()})


def _make_profile(name: str, value: Mapping[str, Scalar]) -> SmsProfile:
    return SmsProfile(
        name=name,
        encoding=str(value["encoding"]),
        gsm7=_capacity(value, "gsm7"),
        ucs2=_capacity(value, "ucs2"),
        octets=_capacity(value, "octet"),
        max_segments=_integer(value["max_segments"]),
        max_units=_integer(value["max_units"]),
        signature_counted=value["signature_counted"] is True,
        signature_format=_word(value.get("signature_format")),
        suffix=_word(value.get("suffix")) or "",
        link_characters=_integer(value.get("link_characters")),
        default_market=_word(value.get("default_market")),
    )


def extend_profile(
    name: str, values: Mapping[str, str | int | float | bool | None]
) -> SmsProfile:
    """A profile of one's own: another one with some of its values changed.

    Args:
        name: The profile's name.
        values: `extends` names the profile it changes (`gsm` where absent); the other
            keys are those of the data files, with the values themselves.

    Raises:
        ValueError: There is no such profile or key, or a value is of the wrong kind.
    """
    base = str(values.get("extends") or "gsm")
    value = {key: dated.value for key, dated in load_dated("sms", base).items()}
    unknown = values.keys() - _KEYS - {"extends", "about", "source", "as_of"}
    if unknown:
        raise ValueError(f"{min(unknown)}: there is no such value")
    for key, own in values.items():
        if isinstance(own, float):
            raise ValueError(f"{key} == {own}, must be a whole number")  # noqa: TRY004 - documented
        value[key] = own
    return _make_profile(name, value)


def profile_sources(name: str) -> Mapping[str, Dated]:
    """Every value of the profile called `name` with its source and its date.

    Raises:
        ValueError: There is no such profile.
    """
    return load_dated("sms", name)


def _capacity(value: Mapping[str, Scalar], prefix: str) -> Capacity | None:
    """The capacity under `prefix`, or None where the file gives none."""
    single = _integer(value[f"{prefix}_single_units"])
    part = _integer(value[f"{prefix}_part_units"])
    return None if single is None or part is None else Capacity(single, part)


def _word(value: Scalar) -> str | None:
    """`value` as a word, None for none."""
    return None if value is None else str(value)


def _integer(value: Scalar) -> int | None:
    """`value` as an integer, None for none."""
    return None if value is None else int(value)


@cache
def profile_by_market() -> Mapping[str, str]:
    """The name of the profile for each market that has one of its own."""
    found = {load_profile(name).default_market: name for name in profile_names()}
    return {market: name for market, name in found.items() if market is not None}
