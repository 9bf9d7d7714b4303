"""Stretches of slots: written, read, taken away and taken.

A stretch is half open, ``(0, 400_000)``, and written with its last slot: ``0-399999``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.experiment.buckets import SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Stretch = tuple[int, int]
"""The slots from the first up to, not including, the second."""

WHOLE: tuple[Stretch, ...] = ((0, SLOTS),)
"""All slots."""

_WRITTEN = re.compile(r"(\d{1,6})\s?-\s?(\d{1,6})", re.ASCII)


def parse_stretch(text: str) -> Stretch:
    """The stretch behind ``0-399999``, whose last slot belongs to it.

    Raises:
        ValueError: It is none, or ends before it starts.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no stretch of slots")
    first, last = int(match[1]), int(match[2])
    if last < first:
        raise ValueError(f"'{text}' ends before it starts")
    return first, last + 1


def format_stretches(stretches: Iterable[Stretch]) -> list[str]:
    """The stretches as ``parse_stretch`` reads them."""
    return [f"{start}-{end - 1}" for start, end in stretches]


def count_slots(stretches: Iterable[Stretch]) -> int:
    """How many slots the stretches hold together."""
    return sum(end - start for start, end in stretches)


def join_stretches(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same slots in their order, what touches or overlaps made one."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def subtract(
    stretches: Iterable[Stretch], taken: Iterable[Stretch]
) -> tuple[Stretch, ...]:
    """The slots of the first that are not in the second, in their order."""
    gone = join_stretches(taken)
    left: list[Stretch] = []
    for start, end in join_stretches(stretches):
        at = start
        for low, high in gone:
            if high <= at or low >= end:
                continue
            if low > at:
                left.append((at, low))
            at = high
        if at < end:
            left.append((at, end))
    return tuple(left)


def common(one: Iterable[Stretch], other: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The slots that are in both, in their order."""
    mine = join_stretches(one)
    return subtract(mine, subtract(mine, other))


def take_lowest(stretches: Iterable[Stretch], count: int) -> tuple[Stretch, ...]:
    """The lowest slots, ``count`` of them.

    Raises:
        ValueError: There are not so many.
    """
    taken: list[Stretch] = []
    left = count
    for start, end in join_stretches(stretches):
        size = min(end - start, left)
        if size:
            taken.append((start, start + size))
        left -= size
    if left:
        raise ValueError(f"count == {count}, must be at most {count - left}")
    return tuple(taken)
