"""Fillings: what a value prints at its most costly, in one way of counting.

A filling dominates: whatever else the value prints, its characters can be laid on those
of the filling, each on one that costs no less. Filling parts greedily is optimal, and
leaving a character out or making it cheaper never needs more parts, so that the text of
all fillings needs the most parts there can be.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from copylab.channels.sms_profile import CODECS
from copylab.template.ranges import Words, in_gsm7

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.template.ranges import Range

Filling = tuple[object, str]
"""The raw value, or the characters that make it up, and what is printed."""

UNITS, SEPTETS, LENGTH = "units", "septets", "length"
_LARGEST = {"gb18030": 4, "utf-8": 4, "latin-1": 1, "ascii": 1}
_EXTENSION = frozenset("\f^{}\\[~]|€")


def _units(character: str) -> int:
    return 2 if character > "\uffff" else 1


def _septets(character: str) -> int:
    return 2 if character in _EXTENSION else 1


@lru_cache(maxsize=len(CODECS) + 3)
def size_of(counted: str) -> Callable[[str], int]:
    """A function from a character to its size.

    Args:
        counted: `length` (code points), `units` (UTF-16), `septets`, or a byte codec, in
            octets. What a codec lacks counts as its largest character: it stands for any.
    """
    if counted == LENGTH:
        return lambda _character: 1
    if counted in {UNITS, SEPTETS}:
        return _units if counted == UNITS else _septets
    largest = _LARGEST.get(counted, 2)

    def octets(character: str) -> int:
        try:
            return len(character.encode(counted))
        except UnicodeEncodeError:
            return largest

    return octets


def total(text: str, counted: str) -> int:
    """The size of a text."""
    return sum(map(size_of(counted), text))


def fill(ranges: Range, counted: str) -> Filling:
    """What costs most, whatever it is; outside of GSM-7 first among equals."""
    if isinstance(ranges, Words):
        return _fill_words(ranges.choices, counted)
    raw, piece = _best(ranges.alphabet, counted, gsm_only=False) or ("", "")
    return raw * ranges.high, ranges.prefix + piece * ranges.high + ranges.suffix


def fill_in_gsm7(ranges: Range) -> Filling | None:
    """What costs most of what GSM-7 can encode, in septets, or None for nothing."""
    if isinstance(ranges, Words):
        inside = tuple(pair for pair in ranges.choices if in_gsm7(pair[1]))
        return _fill_words(inside, SEPTETS) if inside else None
    if not in_gsm7(ranges.prefix + ranges.suffix):
        return None
    best = _best(ranges.alphabet, SEPTETS, gsm_only=True)
    if best is None:
        return None if ranges.low else ("", ranges.prefix + ranges.suffix)
    raw, piece = best
    return raw * ranges.high, ranges.prefix + piece * ranges.high + ranges.suffix


def fill_outside_gsm7(ranges: Range) -> Filling | None:
    """What costs most in UTF-16 units of what GSM-7 cannot encode, or None."""
    if isinstance(ranges, Words):
        outside = tuple(pair for pair in ranges.choices if not in_gsm7(pair[1]))
        return _fill_words(outside, UNITS) if outside else None
    return ranges.outside_gsm7()


@lru_cache(maxsize=512)
def _best(
    alphabet: tuple[tuple[str, str], ...], counted: str, *, gsm_only: bool
) -> tuple[str, str] | None:
    """The pair whose piece costs most, in the fewest characters."""
    pairs = [pair for pair in alphabet if not gsm_only or in_gsm7(pair[1])]
    if not pairs:
        return None
    return max(
        pairs,
        key=lambda pair: (
            total(pair[1], counted),
            -len(pair[1]),
            not in_gsm7(pair[1]),
        ),
    )


@lru_cache(maxsize=2048)
def _fill_words(choices: tuple[Filling, ...], counted: str) -> Filling:
    """The choice that costs most, or a text on which all choices can be laid."""
    size = size_of(counted)
    sizes = [list(map(size, text)) for _, text in choices]
    ranked = sorted(
        range(len(choices)),
        key=lambda n: (sum(sizes[n]), -len(sizes[n]), not in_gsm7(choices[n][1])),
    )
    best = ranked[-1]
    if all(_can_lie_on(each, sizes[best]) for each in sizes):
        return choices[best]
    longest = max(map(len, sizes))
    columns = [max(each[n] for each in sizes if n < len(each)) for n in range(longest)]
    return choices[best][0], "".join(_stand_in(one, counted) for one in columns)


def _can_lie_on(sizes: list[int], others: list[int]) -> bool:
    """Whether sizes can be laid in order on others, each on one no smaller."""
    if len(sizes) > len(others):
        return False
    places = iter(others)
    return all(any(size <= other for other in places) for size in sizes)


def _stand_in(size: int, counted: str) -> str:
    """A character of a size."""
    if counted == SEPTETS:
        return "€" if size > 1 else "x"
    if counted == UNITS:
        return "𠀀" if size > 1 else "國"
    known = {1: "x", 2: "가" if counted == "cp949" else "國", 3: "國"}
    return known.get(size, "𠀀")
