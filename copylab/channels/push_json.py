"""JSON as senders write it: its exact size, and what one character adds to it.

Senders serialise differently, and the one that escapes every non-ASCII character
doubles a Chinese payload: choose by the sender.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Serializer = Literal["compact", "spaced", "ascii"]
SERIALIZERS: tuple[Serializer, ...] = get_args(Serializer)


def payload_bytes(
    payload: Mapping[str, object], serializer: Serializer = "compact"
) -> int:
    """The size of `payload` as JSON, in octets.

    Args:
        payload: Values of JSON types.
        serializer: How the sender writes JSON. `compact`: UTF-8 without spaces (Node,
            httpx, apns2). `spaced`: UTF-8 with spaces after commas and colons
            (aioapns). `ascii`: the defaults of Python's `json.dumps`, spaced and every
            other character escaped (requests, firebase-admin).

    Raises:
        ValueError: The serializer is unknown, a number is not finite, the payload is
            nested too deeply, or a text holds a lone surrogate, which UTF-8 cannot
            carry and no service can read.
        TypeError: A value has no JSON form.
    """
    if serializer not in SERIALIZERS:
        known = ", ".join(SERIALIZERS)
        raise ValueError(f"serializer == {serializer!r}, must be one of {known}")
    separators = (",", ":") if serializer == "compact" else (", ", ": ")
    try:
        text = json.dumps(
            payload, ensure_ascii=False, separators=separators, allow_nan=False
        )
        size = len(text.encode())
        return size if serializer != "ascii" else len(json.dumps(payload))
    except UnicodeEncodeError as error:
        raise ValueError(_surrogate("payload", text, error)) from None
    except RecursionError:
        raise ValueError("payload is nested too deeply; flatten it") from None


def json_char_bytes(char: str, serializer: Serializer = "compact") -> int:
    """The octets one character adds to a JSON string: 1 to 12.

    Args:
        char: One code point, no surrogate.
        serializer: As for `payload_bytes`.

    Raises:
        ValueError: As `payload_bytes`.
    """
    quotes_and_braces = payload_bytes({"": ""}, serializer)
    return payload_bytes({"": char}, serializer) - quotes_and_braces


def check_text(name: str, text: object) -> None:
    """Pass if `text` is a text that UTF-8 can carry.

    Args:
        name: How to call it in the message.
        text: Anything.

    Raises:
        ValueError: It is no text, or it holds a lone surrogate.
    """
    if not isinstance(text, str):
        raise ValueError(f"{name} == {text!r}, must be a text")  # noqa: TRY004 - every bad option is a ValueError
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(_surrogate(name, text, error)) from None


def check_option(place: str, value: object, *, is_ok: bool, must: str) -> None:
    """Pass if an option is right.

    Args:
        place: Where it stands, such as `apns.badge`.
        value: What it is.
        is_ok: Whether it is right.
        must: What it must be, after `must be`.

    Raises:
        ValueError: It is not right.
    """
    if not is_ok:
        raise ValueError(f"{place} == {value!r}, must be {must}")


def check_choice(place: str, value: object, known: tuple[str, ...]) -> None:
    """Pass if an option is None or one of the words it can be.

    Raises:
        ValueError: It is another.
    """
    is_ok = value is None or value in known
    check_option(place, value, is_ok=is_ok, must=f"one of {', '.join(known)}")


def check_texts(place: str, values: Mapping[str, object]) -> None:
    """Pass if every value is None or a text that is not empty.

    Raises:
        ValueError: One is not; its place is said.
    """
    for name, value in values.items():
        if value is None:
            continue
        check_text(f"{place}.{name}", value)
        what = "a text that is not empty; leave it out"
        check_option(f"{place}.{name}", value, is_ok=bool(value), must=what)


def check_arguments(place: str, key: str | None, values: object) -> None:
    """Pass if the arguments of a localised text are texts and have their key.

    Args:
        place: Where the arguments stand, such as `apns.loc_args`.
        key: The key of the text, or None.
        values: The arguments.

    Raises:
        ValueError: There is no key, or they are no list of texts.
    """
    is_list = isinstance(values, tuple | list)
    check_option(place, values, is_ok=is_list, must="a list of texts")
    assert isinstance(values, tuple | list)
    for number, value in enumerate(values):
        check_text(f"{place}[{number}]", value)
    if values and key is None:
        partner = place.rpartition(".")[2].replace("args", "key")
        raise ValueError(f"{place} has arguments for no text; give {partner} too")


def check_data(data: Mapping[str, object] | None, taken: tuple[str, ...] = ()) -> None:
    """Pass if the app's own keys are texts that nothing else uses.

    Args:
        data: The app's own keys.
        taken: Keys that belong to the service.

    Raises:
        ValueError: A key belongs to the service or is no text.
    """
    for key in data or ():
        check_text(f"data key {key!r}", key)
        if key in taken:
            raise ValueError(f"data has the key {key!r}, which belongs to the service")


def present(**entries: object) -> dict[str, object]:
    """The entries whose value is not None."""
    return {key: value for key, value in entries.items() if value is not None}


def _surrogate(name: str, text: str, error: UnicodeEncodeError) -> str:
    code = ord(text[error.start])
    return f"{name} holds a lone surrogate (U+{code:04X}), which UTF-8 cannot carry"
