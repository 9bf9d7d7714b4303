"""Gateways in China: what each of them refuses in a template, as dated data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from copylab.lint.pack import load_pack

if TYPE_CHECKING:
    from copylab.lint.case import Words

_PREFIX = "cn-"


@dataclass(frozen=True, slots=True)
class CnProvider:
    """What a gateway asks of templates; a value that is not known asks for nothing.

    Attributes:
        name: How ``sending.provider`` and profiles call it.
        refused: The signs it refuses.
        simplified_only: Whether it refuses traditional hanzi.
        signature_shortest: The fewest characters of a signature.
        signature_longest: The most.
        adjacent_values: False where two variables may not stand next to each other.
        repeated_values: False where a variable may be printed only once.
        max_values: The most variables of a template.
        max_value: The most characters of a value.
        marketing_values: Whether marketing may have variables at all.
        links_in_values: False where a link may not come out of a variable.
        captcha: Whether codes must say that they are codes, in digits.
    """

    name: str
    refused: str = ""
    simplified_only: bool = False
    signature_shortest: int = 2
    signature_longest: int = 16
    adjacent_values: bool | None = None
    repeated_values: bool | None = None
    max_values: int | None = None
    max_value: int | None = None
    marketing_values: bool = True
    links_in_values: bool | None = None
    captcha: bool = False


ANY = CnProvider("gateways", simplified_only=True, adjacent_values=False)
"""What is asked where no provider is named: what most of them refuse."""


@cache
def _providers() -> dict[str, CnProvider]:
    known = {field.name for field in fields(CnProvider)}
    return {
        name: CnProvider(name, **{k: v for k, v in entry.items() if k in known})
        for name, entry in load_pack("cn_providers")["providers"].items()
    }


def cn_providers(words: Words) -> tuple[CnProvider, ...]:
    """The named gateways by which a text reaches China: by profile, or by metadata."""
    if "CN" not in words.markets:
        return ()
    names = [str(words.message.sending.get("provider", "")).lower()]
    names += [
        route.profile.name.removeprefix(_PREFIX)
        for route in words.routes
        if route.market == "CN"
    ]
    found = dict.fromkeys(name.removeprefix(_PREFIX) for name in names)
    return tuple(_providers()[name] for name in found if name in _providers())


def asking_providers(words: Words) -> tuple[CnProvider, ...]:
    """The same, or gateways as such where none of them is named; nothing elsewhere."""
    return cn_providers(words) or ((ANY,) if "CN" in words.markets else ())


@cache
def is_traditional(char: str) -> bool:
    """Whether a hanzi is traditional, or so rare that GB 2312 lacks it.

    It is one of Big5 and none of GB 2312, which holds the simplified ones in use.
    """
    if not "\u4e00" <= char <= "\u9fff":
        return False
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        try:
            char.encode("big5")
        except UnicodeEncodeError:
            return False
        return True
    return False
