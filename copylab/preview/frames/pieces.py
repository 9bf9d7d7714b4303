"""Pieces: a text cut where something about it changes, so that a page can mark it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a stretch of a text.

    Attributes:
        start: Where it starts, in code points from 0.
        end: Where it ends, exclusive.
        kind: What it is, as the style sheet calls it: ``changed``, ``foreign``,
            ``error`` and such.
        note: What is said of it where one points at it; may be empty.
    """

    start: int
    end: int
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text about which the same is said.

    Attributes:
        text: The stretch.
        kinds: The kinds of the marks on it, in the order in which they were given.
        note: What their notes say; empty where none says anything.
    """

    text: str
    kinds: tuple[str, ...] = ()
    note: str = ""


def cut_pieces(
    text: str, marks: Sequence[Mark] = (), *, start: int = 0, end: int | None = None
) -> tuple[Piece, ...]:
    """The pieces of a stretch of a text; joined they are the stretch.

    Args:
        text: The whole text.
        marks: Marks on the whole text, which may overlap and reach beyond it.
        start: Where the stretch starts.
        end: Where it ends; None is the end of the text.
    """
    last = len(text) if end is None else end
    inside = [mark for mark in marks if mark.start < last and mark.end > start]
    places = {start, last}
    for mark in inside:
        places |= {max(mark.start, start), min(mark.end, last)}
    ends = sorted(places)
    return tuple(
        _piece(text[low:high], low, high, inside) for low, high in pairwise(ends)
    )


def _piece(text: str, low: int, high: int, marks: Iterable[Mark]) -> Piece:
    found = [mark for mark in marks if mark.start <= low and mark.end >= high]
    kinds = tuple(dict.fromkeys(mark.kind for mark in found))
    notes = dict.fromkeys(mark.note for mark in found if mark.note)
    return Piece(text, kinds, "; ".join(notes))
