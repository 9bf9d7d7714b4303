"""Phrases: whether every output of a template has some words, or none can.

A pattern is looked for in what the author wrote along a path, values standing as a
character that no phrase contains. A match that needs no value is there whatever the
values are; a match that could only come out of a value is not the author's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.template.shape import Alt, Hole, Lit, Rep, Seq, Shape

if TYPE_CHECKING:
    import re

    from copylab.template.paths import Path
    from copylab.template.shape import Place

VALUE = "\ufffc"
"""Stands for a value in a skeleton: OBJECT REPLACEMENT CHARACTER."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What the author wrote along a path.

    Attributes:
        text: The words, one ``VALUE`` for each hole.
        pieces: For each leaf, where it starts in ``text`` and its place.
    """

    text: str
    pieces: tuple[tuple[int, str, Place], ...]

    def locate(self, index: int) -> tuple[Place, int]:
        """The leaf that holds ``text[index]``, and the index in it."""
        for start, piece, place in reversed(self.pieces):
            if start <= index:
                return place, index - start if piece != VALUE else 0
        raise IndexError(index)


def skeleton(path: Path, *, items: int | None = None) -> Skeleton:
    """The author's words along a path; loops are written out ``items`` times."""
    pieces: list[tuple[int, str, Place]] = []
    length = 0

    def add(text: str, place: Place) -> None:
        nonlocal length
        if text:
            pieces.append((length, text, place))
            length += len(text)

    def visit(shape: Shape) -> None:
        match shape:
            case Lit():
                add(shape.text, shape.place)
            case Hole():
                add(VALUE, shape.place)
            case Seq():
                for part in shape.parts:
                    visit(part)
            case Alt():
                for _, arm in shape.arms:
                    visit(arm)
            case Rep():
                for _ in range(shape.low if items is None else items):
                    visit(shape.body)

    for leaf in path.leaves:
        visit(leaf)
    return Skeleton("".join(text for _, text, _ in pieces), tuple(pieces))


def lacking(paths: list[Path], pattern: re.Pattern[str]) -> list[Path]:
    """The paths on which the pattern is not sure to be found.

    A pattern matches without a value's help, or the path counts as lacking: what
    stands in a value is not under the author's control.
    """
    return [path for path in paths if not has_phrase(path, pattern)]


def has_phrase(path: Path, pattern: re.Pattern[str]) -> bool:
    """Whether a match that holds no value is on the path."""
    found = pattern.finditer(skeleton(path).text)
    return any(VALUE not in match.group() for match in found)
