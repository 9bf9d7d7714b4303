"""Differences between two texts, marked so that a reader sees them at once.

Texts are compared by words of letters and digits, and elsewhere by the characters that
a reader perceives: Chinese has no blanks between its words, and a difference of half an
emoji is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from copylab.channels.graphemes import split_graphemes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["same", "added", "removed"]
_Part = tuple[str, str, str]
"""What both texts have; or what the first has, and what the second."""

_WHOLE = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0370-\u052f]+|[ \t]+")
_MOST_TOKENS = 2_000
"""Of two stretches together; longer ones differ as a whole."""
_CONTEXT_LINES = 1
"""Lines that are kept on either side of a difference when others are left out."""
_LEAST_FOLDED = 3
"""Fewer lines than these are shown rather than left out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text beside another.

    Attributes:
        kind: Whether it stands in both texts, in the second or in the first alone.
        text: The stretch.
        folded: How many lines of it are left out; 0 where it is shown.
    """

    kind: Kind
    text: str
    folded: int = 0


def mark(first: str, second: str) -> tuple[Piece, ...]:
    """The second text in pieces, with what of the first is not in it.

    The pieces that are not ``removed`` are the second text, those that are not
    ``added`` the first.

    Args:
        first: What is compared with.
        second: What is shown.
    """
    if first == second:
        return (Piece("same", second),) if second else ()
    return tuple(_joined(_by_line(first, second)))


def fold(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces without the lines that lie far from every difference.

    A stretch of whole lines that both texts have becomes one piece, whose ``folded``
    says how many lines it is; the lines next to a difference stay.
    """
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.kind != "same":
            found.append(piece)
            continue
        found += _fold(piece, is_first=not index, is_last=index == len(pieces) - 1)
    return tuple(found)


def _fold(piece: Piece, *, is_first: bool, is_last: bool) -> Iterator[Piece]:
    """The start and the end of a stretch, and what is between them left out."""
    lines = piece.text.splitlines(keepends=True)
    # The first and the last line belong to the words that differ.
    head = 0 if is_first else _CONTEXT_LINES + 1
    tail = 0 if is_last else _CONTEXT_LINES + 1
    between = lines[head : len(lines) - tail]
    if sum(bool(line.strip()) for line in between) < _LEAST_FOLDED:
        yield piece
        return
    if head:
        yield Piece("same", "".join(lines[:head]))
    count = sum(bool(line.strip()) for line in between)
    yield Piece("same", "".join(between), count)
    if tail:
        yield Piece("same", "".join(lines[len(lines) - tail :]))


def _tokens(text: str) -> list[str]:
    """What is compared: words and blanks whole, all else character by character."""
    tokens: list[str] = []
    run: list[str] = []
    for part in split_graphemes(text):
        is_word = _WHOLE.fullmatch(part) is not None
        if run and is_word and part.isspace() == run[-1].isspace():
            run.append(part)
            continue
        if run:
            tokens.append("".join(run))
        run = []
        if is_word:
            run = [part]
        else:
            tokens.append(part)
    if run:
        tokens.append("".join(run))
    return tokens


def _by_line(first: str, second: str) -> Iterator[_Part]:
    """Whole lines first, and words within those that differ: long texts stay quick."""
    old, new = first.splitlines(keepends=True), second.splitlines(keepends=True)
    for same, removed, added in _compared(old, new):
        if same:
            yield same, "", ""
            continue
        left, right = _tokens(removed), _tokens(added)
        if not left or not right or len(left) + len(right) > _MOST_TOKENS:
            yield "", removed, added
        else:
            yield from _readable(_compared(left, right))


def _compared(old: list[str], new: list[str]) -> Iterator[_Part]:
    """What both have, or what the first and what the second has, in turn."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield "".join(new[c:d]), "", ""
        else:
            yield "", "".join(old[a:b]), "".join(new[c:d])


def _readable(parts: Iterator[_Part]) -> Iterator[_Part]:
    """The same without short coincidences, which tear a phrase to pieces.

    Two phrases that share nothing but a character here and there are two phrases. What
    is equal is taken into the difference where it is shorter than what differs on
    either side of it (the clean-up of diff-match-patch).
    """
    found = list(parts)
    index = 1
    while index < len(found) - 1:
        same, before, after = found[index], found[index - 1], found[index + 1]
        is_between = bool(same[0]) and not before[0] and not after[0]
        if is_between and _is_coincidence(same[0], before, after):
            joined = (
                "",
                before[1] + same[0] + after[1],
                before[2] + same[0] + after[2],
            )
            found[index - 1 : index + 2] = [joined]
            index = max(index - 2, 1)
        else:
            index += 1
    yield from found


def _is_coincidence(same: str, before: _Part, after: _Part) -> bool:
    if "\n" in same:
        return False
    size = len(same.strip())
    around = (max(len(part[1]), len(part[2])) for part in (before, after))
    return all(size <= each for each in around)


def _joined(parts: Iterator[_Part]) -> Iterator[Piece]:
    """The parts as pieces; what follows each other and is the same is one."""
    same = ""
    for both, removed, added in parts:
        same += both
        if both:
            continue
        if same:
            yield Piece("same", same)
        same = ""
        if removed:
            yield Piece("removed", removed)
        if added:
            yield Piece("added", added)
    if same:
        yield Piece("same", same)
