"""Profiles of one's own: declared in a workspace, from nothing or from another one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from copylab.channels.sms import measure
from copylab.channels.sms_profile import (
    CAPACITY_KEYS,
    ENCODINGS,
    LAYOUTS,
    VALUE_KINDS,
    SmsProfile,
    capacities_of,
    make_profile,
    profile_names,
    profile_values,
)
from copylab.document import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.document import Scalar

    Declared = Mapping[str, Mapping[str, Scalar]]

META_KEYS = ("extends", "about", "source", "as_of")
"""What a profile says of itself, besides its values."""

_WORDS = {int: "a whole number", str: "a text", bool: "true or false"}
_OWN_KINDS = {key: kind for key, kind in VALUE_KINDS.items() if key != "default_market"}
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z")


class Problem(NamedTuple):
    """What is wrong with a profile of one's own.

    Attributes:
        key: The value concerned, or an empty text for the profile itself.
        rule: The name of the finding.
        message: What is wrong.
        cure: What to do about it.
    """

    key: str
    rule: str
    message: str
    cure: str


def resolve_profile(name: str, declared: Declared) -> SmsProfile | None:
    """The profile of one's own called `name`, or None where it is not whole.

    Args:
        name: Its name.
        declared: All of the workspace's profiles, with their values as written.
    """
    chain = _chain_of(name, declared)
    if chain is None or not _is_sound(chain, declared):
        return None
    values = _values_of(chain, declared)
    if values.get("encoding") not in ENCODINGS:
        return None
    try:
        return make_profile(name, values)
    except ValueError:
        return None


def profile_problems(name: str, declared: Declared) -> Iterator[Problem]:
    """Everything that is wrong with the profile of one's own called `name`.

    Args:
        name: Its name.
        declared: All of the workspace's profiles, with their values as written.
    """
    own = declared[name]
    if name in profile_names():
        message = f"'{name}' is one of copylab's profiles"
        cure = f"name it otherwise, such as our-{name}, and write extends: {name}"
        yield Problem("", "bad-value", message, cure)
        return
    found = [*_wrong_keys(name, own), *_wrong_values(own), *_wrong_meta(name, own)]
    yield from found
    base = list(_wrong_base(name, declared))
    yield from base
    chain = _chain_of(name, declared)
    if chain is not None and _is_sound(chain, declared):
        yield from _wrong_whole(name, _values_of(chain, declared))


def _chain_of(name: str, declared: Declared) -> tuple[str, ...] | None:
    """A profile, the one it extends and so on; None where that ends nowhere."""
    chain: list[str] = []
    base: object = name
    while isinstance(base, str) and base in declared:
        if base in chain:
            return None
        chain.append(base)
        base = declared[base].get("extends")
    if base is None:
        return tuple(chain)
    return (*chain, str(base)) if base in profile_names() else None


def _is_sound(chain: tuple[str, ...], declared: Declared) -> bool:
    """Whether every value that is written along a chain is of its kind."""
    return not any(any(_wrong_values(declared.get(name, {}))) for name in chain)


def _values_of(chain: tuple[str, ...], declared: Declared) -> dict[str, Scalar]:
    """The values along a chain, each profile's over those of the one it extends."""
    values: dict[str, Scalar] = {}
    for name in reversed(chain):
        own = declared[name] if name in declared else profile_values(name)
        values |= {key: value for key, value in own.items() if key in _OWN_KINDS}
    return values


def _wrong_keys(name: str, own: Mapping[str, Scalar]) -> Iterator[Problem]:
    known = [*_OWN_KINDS, *META_KEYS]
    for key in own:
        if key not in known:
            cure = suggest(key, known) or f"known: {', '.join(sorted(known))}"
            yield Problem(key, "unknown-key", f"{name} knows no key '{key}'", cure)


def _wrong_values(own: Mapping[str, Scalar]) -> Iterator[Problem]:
    """Values of the wrong kind; null takes a value of the base away."""
    for key, value in own.items():
        kind = _OWN_KINDS.get(key)
        if kind is None or value is None:
            continue
        if type(value) is not kind:
            wanted = _WORDS[kind]
            message = f"{key} must be {wanted}, not {_shown(value)}"
            yield Problem(key, "bad-value", message, _CURES.get(key, ""))
        elif isinstance(value, bool):
            continue
        elif isinstance(value, int):
            least = 0 if key == "extra_segments" else 1
            if value < least:
                message = f"{key} is {value}, must be at least {least}"
                yield Problem(key, "bad-value", message, "")
        else:
            yield from _wrong_words(key, str(value))


def _wrong_words(key: str, value: str) -> Iterator[Problem]:
    options = {"encoding": ENCODINGS, "bills": LAYOUTS}.get(key)
    if options is not None and value not in options:
        listed = ", ".join(options)
        message = f"{key} is '{value}', must be one of: {listed}"
        yield Problem(
            key, "bad-value", message, suggest(value, options) or f"write {listed}"
        )
    if key == "signature_format" and value.count("{}") != 1:
        message = f"signature_format '{value}' does not say where the signature stands"
        yield Problem(key, "bad-value", message, "write {} once, such as 【{}】")


_CURES = {
    "prefix": "put it in quotes",
    "suffix": "put it in quotes",
    "signature_format": "write {} where the signature stands, in quotes: '[{}]'",
}


def _wrong_meta(name: str, own: Mapping[str, Scalar]) -> Iterator[Problem]:
    """A number without a source and a date is nothing that anybody can trust."""
    cures = {
        "source": "add source: who says so, such as a contract or a page",
        "as_of": "add as_of: the day it was checked, as YYYY-MM-DD",
    }
    for key, cure in cures.items():
        value = own.get(key)
        if value is None:
            yield Problem(key, "missing-key", f"{name} has no '{key}'", cure)
        elif not str(value).strip():
            yield Problem(key, "bad-value", f"{key} is empty", cure)
        elif key == "as_of" and not _DATE.match(str(value)):
            yield Problem(key, "bad-value", f"as_of '{value}' is not a day", cure)


def _wrong_base(name: str, declared: Declared) -> Iterator[Problem]:
    base = declared[name].get("extends")
    known = sorted({*profile_names(), *declared} - {name})
    if base is None:
        return
    if base not in {*known, name}:
        listed = ", ".join(known)
        cure = suggest(str(base), known)
        message = f"{name} extends '{base}', which is no profile; known: {listed}"
        yield Problem("extends", "bad-value", message, cure or f"write one of {listed}")
    elif _chain_of(name, declared) is None:
        message = f"{name} extends '{base}', which leads back or nowhere"
        cure = "extend one of copylab's profiles: " + ", ".join(profile_names())
        yield Problem("extends", "bad-value", message, cure)


def _wrong_whole(name: str, values: Mapping[str, Scalar]) -> Iterator[Problem]:
    """What the values lack together, those of the profile they extend among them."""
    encoding = values.get("encoding")
    if not isinstance(encoding, str) or encoding not in ENCODINGS:
        cure = "add extends: gsm, or an encoding and its capacity"
        yield Problem("", "missing-key", f"{name} has no 'encoding'", cure)
        return
    for field in capacities_of(encoding):
        absent = [key for key in CAPACITY_KEYS[field] if values.get(key) is None]
        if absent:
            keys = " and ".join(absent)
            message = f"{name} has the encoding {encoding} without its capacity: {keys}"
            cure = f"add {keys}, or extend a profile that has them"
            yield Problem("encoding", "missing-key", message, cure)
            return
    try:
        profile = make_profile(name, values)
    except ValueError as error:
        cure = "a part holds 4 units or more, and no more than a whole message"
        yield Problem("", "bad-value", f"{name}: {error}", cure)
        return
    yield from _wrong_additions(profile)


def _wrong_additions(profile: SmsProfile) -> Iterator[Problem]:
    """What the gateway adds must be something that it can send."""
    for key in ("prefix", "suffix", "signature_format"):
        added = getattr(profile, key)
        try:
            measure(added or "0", profile)
        except ValueError as error:
            cure = f"write characters that {profile.encoding} has"
            yield Problem(key, "bad-value", f"{key}: {error}", cure)


def _shown(value: Scalar) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()
