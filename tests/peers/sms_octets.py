"""A sender and a phone that speak in octets, read from 3GPP TS 23.040 and 23.038.

The sender packs septets and headers into the 140 octets of a short message and starts
the next one when a character does not fit; the phone unpacks them again. Nothing of
copylab is used: the alphabet is that of the package gsm0338.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gsm0338 import Codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OCTETS = 140  # of user data, header included (TS 23.040, 9.2.3.24)
HEADER_OCTETS = 6  # length, and a concatenation element of 5 (9.2.3.24.1)
REFERENCE = 0x5A
_CODEC = Codec()


class Sent(NamedTuple):
    """One short message on the air.

    Attributes:
        gsm: Whether the data coding is the 7-bit alphabet, not UCS-2.
        has_header: The user data header indicator.
        length: The user data length: septets or octets, header and fill included.
        octets: The user data.
    """

    gsm: bool
    has_header: bool
    length: int
    octets: bytes


def encode(text: str) -> tuple[bool, bytes]:
    """Whether `text` is in the 7-bit alphabet, and its septets or UTF-16 octets."""
    try:
        return True, _CODEC.encode(text)[0]
    except UnicodeEncodeError:
        return False, text.encode("utf-16-be")


def send(text: str, wholes: Iterable[str]) -> list[Sent]:
    """The messages that carry `text`.

    Args:
        text: Any text that can be sent in 255 messages.
        wholes: The pieces of the text that a message must not end within. Those that
            no message can hold are cut between code points.
    """
    gsm, data = encode(text)
    if _octets_of(data, gsm=gsm, header=0) <= OCTETS:
        return [_pack(data, b"", gsm=gsm)]
    bodies = [b""]
    for code in _codes(wholes, gsm=gsm):
        longer = bodies[-1] + code
        if _octets_of(longer, gsm=gsm, header=HEADER_OCTETS) <= OCTETS:
            bodies[-1] = longer
        else:
            bodies.append(code)
    count = len(bodies)
    return [
        _pack(body, bytes([5, 0, 3, REFERENCE, count, number]), gsm=gsm)
        for number, body in enumerate(bodies, 1)
    ]


def _codes(wholes: Iterable[str], *, gsm: bool) -> Iterable[bytes]:
    """The codes of each whole, or of its code points where it is too large."""
    for whole in wholes:
        code = _code(whole, gsm=gsm)
        if _octets_of(code, gsm=gsm, header=HEADER_OCTETS) <= OCTETS:
            yield code
        else:
            yield from (_code(char, gsm=gsm) for char in whole)


def _code(text: str, *, gsm: bool) -> bytes:
    return _CODEC.encode(text)[0] if gsm else text.encode("utf-16-be")


def _octets_of(data: bytes, *, gsm: bool, header: int) -> int:
    """The octets of user data: septets start on a septet boundary after the header."""
    if not gsm:
        return header + len(data)
    header_septets = (header * 8 + 6) // 7
    return ((header_septets + len(data)) * 7 + 7) // 8


def _pack(data: bytes, header: bytes, *, gsm: bool) -> Sent:
    """User data: the header, then octets, or septets from the lowest bit upwards."""
    if not gsm:
        octets = header + data
        return Sent(gsm, bool(header), len(octets), octets)
    header_septets = (len(header) * 8 + 6) // 7
    bits = int.from_bytes(header, "little")
    for number, septet in enumerate(data, header_septets):
        bits |= septet << (7 * number)
    size = _octets_of(data, gsm=True, header=len(header))
    length = header_septets + len(data)
    return Sent(gsm, bool(header), length, bits.to_bytes(size, "little"))


def units_of(sent: Sent) -> int:
    """The septets or UTF-16 units of text in a message."""
    if not sent.has_header:
        return sent.length if sent.gsm else sent.length // 2
    return sent.length - 7 if sent.gsm else (sent.length - HEADER_OCTETS) // 2


def receive(messages: Sequence[Sent]) -> list[str]:
    """What a phone shows for each message, in the order the headers tell."""
    shown = {}
    for message in messages:
        assert len(message.octets) <= OCTETS
        number, start = 1, 0
        if message.has_header:
            start = 1 + message.octets[0]
            assert message.octets[1:5] == bytes([0, 3, REFERENCE, len(messages)])
            number = message.octets[5]
        shown[number] = _read(message, start)
    assert sorted(shown) == list(range(1, len(messages) + 1))
    return [shown[number] for number in sorted(shown)]


def _read(message: Sent, start: int) -> str:
    """The text after `start` octets of header."""
    if not message.gsm:
        assert len(message.octets) == message.length
        return message.octets[start:].decode("utf-16-be")
    first = -(-start * 8 // 7)
    septets = bytes(
        _septet(message.octets, number) for number in range(first, message.length)
    )
    return _CODEC.decode(septets)[0]


def _septet(octets: bytes, number: int) -> int:
    """The septet at `number`, which lies across two octets as a rule."""
    place, shift = divmod(number * 7, 8)
    pair = octets[place] | (octets[place + 1] << 8 if place + 1 < len(octets) else 0)
    return pair >> shift & 0x7F
