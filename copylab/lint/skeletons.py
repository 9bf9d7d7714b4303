"""Skeletons: what the author wrote, as rules on wording look at it.

Values stand as a character that no phrase contains. Every part of a skeleton knows its
leaf, and so its place in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, permutations
from typing import TYPE_CHECKING

from copylab.template.paths import enumerate_paths
from copylab.template.phrases import VALUE
from copylab.template.shape import Alt, Hole, Lit, Rep, Seq, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.source import Span
    from copylab.template.paths import Leaf, Path
    from copylab.template.scope import Scope
    from copylab.template.shape import Place

_MAX_BODIES = 64
"""How many ways through a loop's body are written out."""
_WRITTEN_ITEMS = 2
"""How often a loop's body is written out: once, and once more for what joins them."""
_MAX_PAIRED = 6
"""Up to so many ways through a loop's body are written out next to each other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one leaf adds to a skeleton.

    Attributes:
        start: Where it starts in the skeleton's text.
        text: What it prints, ``VALUE`` for a value.
        leaf: The leaf.
    """

    start: int
    text: str
    leaf: Lit | Hole | Alt | Rep

    @property
    def place(self) -> Place:
        """Where the leaf stands."""
        return self.leaf.place

    @property
    def is_literal(self) -> bool:
        """Whether each of its characters stands at its own place in the file."""
        place = self.place
        return place.passage.text[place.start : place.end] == self.text


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What the author wrote along a way.

    Attributes:
        text: The words, one ``VALUE`` for each value.
        pieces: The leaves that print something, in order.
    """

    text: str
    pieces: tuple[Piece, ...]

    def pieces_in(self, start: int, end: int) -> tuple[Piece, ...]:
        """The pieces that ``text[start:end]`` touches."""
        return tuple(
            piece
            for piece in self.pieces
            if piece.start < end and piece.start + len(piece.text) > start
        )

    def span(self, start: int, end: int) -> Span:
        """Where ``text[start:end]`` stands; of several files, the first one's part.

        What lies behind the words stands at their last piece.
        """
        pieces = self.pieces_in(start, max(end, start + 1)) or self.pieces[-1:]
        first = pieces[0]
        last = first
        for piece in pieces[1:]:
            if piece.place.passage is first.place.passage:
                last = piece
        begin, stop = first.place.start, last.place.end
        if first.is_literal:
            begin += start - first.start
        if last.is_literal:
            stop = last.place.start + min(end - last.start, len(last.text))
        return first.place.passage.span(begin, max(begin, stop))


class _Writer:
    """Collects the pieces of a skeleton."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.length = 0

    def add(self, text: str, leaf: Lit | Hole | Alt | Rep) -> None:
        if text:
            self.pieces.append(Piece(self.length, text, leaf))
            self.length += len(text)

    def leaves(self, leaves: tuple[Leaf, ...]) -> None:
        """Add leaves; a loop among them is a value."""
        for leaf in leaves:
            self.add(leaf.text if isinstance(leaf, Lit) else VALUE, leaf)

    def skeleton(self) -> Skeleton:
        text = "".join(piece.text for piece in self.pieces)
        return Skeleton(text, tuple(self.pieces))


def skeletons(path: Path, scope: Scope) -> list[Skeleton]:
    """The author's words along a path.

    There are several where the path has loops: one for each way through a loop's body,
    the other loops going their first way, and one without the loop where the list can
    be empty.
    """
    ways: dict[int, list[tuple[Leaf, ...]]] = {}
    for number, leaf in enumerate(path.leaves):
        if isinstance(leaf, Rep):
            ways[number] = _ways_through(leaf, path, scope)
    plain = {number: options[0] for number, options in ways.items()}
    chosen = [plain]
    for number, options in ways.items():
        chosen += [{**plain, number: option} for option in options[1:]]
    return [_write(path, choice) for choice in chosen]


def _ways_through(loop: Rep, path: Path, scope: Scope) -> list[tuple[Leaf, ...]]:
    """The leaves that a loop prints, for each way through its body."""
    inner = enumerate_paths(loop.body, scope, start=path.state, limit=_MAX_BODIES)
    if inner is None:
        return [(loop,)]
    unique = {tuple(map(id, way.leaves)): way.leaves for way in inner}
    most = min(loop.high, _WRITTEN_ITEMS)
    fewest = min(max(loop.low, 1), most)
    # One item alone shows what only two of them would have together.
    times = dict.fromkeys((most, fewest))
    ways = [leaves * count for leaves in unique.values() for count in times]
    if loop.high > 1 and len(unique) <= _MAX_PAIRED:
        ways += [one + other for one, other in permutations(unique.values(), 2)]
    return [*ways, ()] if loop.low == 0 else ways


def _write(path: Path, loops: dict[int, tuple[Leaf, ...]]) -> Skeleton:
    writer = _Writer()
    for number, leaf in enumerate(path.leaves):
        writer.leaves(loops.get(number, (leaf,)))
    return writer.skeleton()


def coarse_skeletons(shape: Shape) -> list[Skeleton]:
    """The author's words by arm, where there are too many paths to walk.

    Each arm and each loop's body is a skeleton of its own, and a value in the one that
    holds it. A phrase that runs from one arm into the words behind it is not seen.
    """
    found: list[Skeleton] = []
    work: list[Shape] = [shape]
    while work:
        writer = _Writer()
        for part in direct_parts(work.pop()):
            match part:
                case Lit():
                    writer.add(part.text, part)
                case Hole():
                    writer.add(VALUE, part)
                case Alt():
                    writer.add(VALUE, part)
                    work.extend(arm for _, arm in part.arms)
                case Rep():
                    writer.add(VALUE, part)
                    work.append(part.body)
        found.append(writer.skeleton())
    return found


def direct_parts(shape: Shape) -> Iterator[Lit | Hole | Alt | Rep]:
    """What a shape prints one after the other, sequences in it taken apart."""
    if isinstance(shape, Seq):
        yield from chain.from_iterable(map(direct_parts, shape.parts))
    else:
        yield shape


def enclosing_choice(shape: Shape, leaf: object) -> Alt | None:
    """The innermost choice one of whose arms holds a leaf, or None."""
    work: list[tuple[Shape, Alt | None]] = [(shape, None)]
    while work:
        node, choice = work.pop()
        if node is leaf:
            return choice
        match node:
            case Seq():
                work.extend((part, choice) for part in node.parts)
            case Alt():
                work.extend((arm, node) for _, arm in node.arms)
            case Rep():
                work.append((node.body, choice))
            case _:
                pass
    return None
