"""Corrections of p-values for the number of comparisons in a family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Correction = Literal["holm", "bh", "dunnett", "none"]

CORRECTION_NAMES = {
    "holm": "Holm's correction",
    "bh": "Benjamini and Hochberg's correction",
    "dunnett": "Dunnett's correction",
}
"""The corrections for several arms, in words."""

LOOK_CORRECTIONS = {
    "planned-looks": "the boundaries of the planned looks",
    "any-look": "an allowance for looking at any time",
}
"""The corrections for looking more than once, in words."""


def adjust_holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted by Holm (1979): the chance of any false finding."""
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(_ascending(p_values)):
        largest = max(largest, (len(p_values) - rank) * p_values[place])
        adjusted[place] = min(largest, 1.0)
    return adjusted


def adjust_bh(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted by Benjamini and Hochberg (1995): the false ones' rate."""
    adjusted = [1.0] * len(p_values)
    smallest = 1.0
    places = _ascending(p_values)
    for rank in range(len(places), 0, -1):
        place = places[rank - 1]
        smallest = min(smallest, p_values[place] * len(places) / rank)
        adjusted[place] = smallest
    return adjusted


def _ascending(p_values: Sequence[float]) -> list[int]:
    return sorted(range(len(p_values)), key=p_values.__getitem__)
