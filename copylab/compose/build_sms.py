"""Building a short message: measured on its route, refused where it cannot leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copylab.channels.composed import Sms
from copylab.channels.sms import UnsendableError
from copylab.compose.result import Rejected

if TYPE_CHECKING:
    from copylab.compose.build import Expose
    from copylab.compose.prepare import PreparedCopy

EMPTY = "body: the message is empty for these values"
# What bounds a text to an encoding; a charset that allows more is left to the author.
_CHARSETS = {"GSM-7": "gsm7", "cp949": "ko", "ascii": "ascii"}


def build_sms(
    copy: PreparedCopy, values: dict[str, Any], expose: Expose
) -> Sms | Rejected:
    """The short message, measured; rejected where nothing or nothing whole is sent."""
    text = copy.fields["body"](values).strip()
    if not text:
        return Rejected("missing", (EMPTY,))
    try:
        encoding, units, segments, most, _, product = copy.measure(text)
    except UnsendableError as error:
        return Rejected("unsendable", (_explain(error, text, values),))
    most_units, most_parts = copy.capless_size
    if units > most_units or most > most_parts:
        problems = _excesses(copy, text)
        if problems:
            return Rejected("unsendable", problems)
    return Sms(text, encoding, units, segments, most, expose(segments), product)


def _explain(error: UnsendableError, text: str, values: dict[str, Any]) -> str:
    """Which character cannot be sent, where it stands, and what to do about it."""
    char, index = error.char, error.index
    lacks = error.encoding or "any short message"
    where = f"character {index + 1} of the text"
    if index >= len(text):
        where = "in what the gateway adds"
    what = f"body: {char!r} (U+{ord(char):04X}), {where}, is not in {lacks}"
    holders = [n for n, value in values.items() if char in str(value)]
    if not holders:
        return f"{what}; write another character"
    narrow = _CHARSETS.get(error.encoding)
    names = " and ".join(holders)
    if narrow is None:
        return f"{what}; bound {names} to a narrower charset, so that missing: applies"
    return f"{what}; declare charset: {narrow} for {names}, so that missing: applies"


def _excesses(copy: PreparedCopy, text: str) -> tuple[str, ...]:
    """The caps that the text exceeds on a route it may take."""
    cure = "shorten the words, or lower max of the variables"
    found = [excess for route in copy.routes for excess in route.excesses(text)]
    return tuple(dict.fromkeys(f"body: {excess}; {cure}" for excess in found))
