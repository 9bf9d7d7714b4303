"""Phrases on every branch, proved arm by arm where there are too many ways to walk.

An arm's words are judged together with every character that can stand before and after
them, so that a match in the arm is a match in the whole text. That is exact for
patterns that look at no more than one character beside what they match, as those for
the bounds of words do.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from copylab.lint.fold import fold
from copylab.lint.skeletons import direct_parts
from copylab.template.shape import Alt, Hole, Lit, Rep, Shape

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    Edge = frozenset[str]
    Part = Lit | Hole | Alt | Rep

NOTHING: Edge = frozenset(("",))
"""The neighbour of what starts or ends the text."""
_VALUE: Edge = frozenset(("x", "0", " ", ""))
"""What a value starts and ends with, as far as patterns care; it can be empty."""


def has_everywhere(
    shape: Shape,
    pattern: re.Pattern[str],
    before: Edge = NOTHING,
    after: Edge = NOTHING,
) -> bool:
    """Whether every output surely has the phrase, shown without walking paths.

    True is proved. False may only mean that the phrase is spread over branches.

    Args:
        shape: The words.
        pattern: The phrase; it looks at one character at most beside its match.
        before: The characters that can stand before the words; "" is the start.
        after: The characters that can stand behind them; "" is the end.
    """
    parts = _joined(shape)
    befores, afters = _neighbours(parts, before, after)
    return any(
        _part_has(part, pattern, left, right)
        for part, left, right in zip(parts, befores, afters, strict=True)
    )


def _part_has(
    part: str | Part, pattern: re.Pattern[str], before: Edge, after: Edge
) -> bool:
    match part:
        case str():
            return _words_have(part, pattern, before, after)
        case Alt() if part.arms[-1][0] is None:
            return all(
                has_everywhere(arm, pattern, before, after) for _, arm in part.arms
            )
        case Rep() if part.low:
            before |= _edge(part.body, -1) - NOTHING
            after |= _edge(part.body, 0) - NOTHING
            return has_everywhere(part.body, pattern, before, after)
    return False


def _words_have(
    words: str, pattern: re.Pattern[str], before: Edge, after: Edge
) -> bool:
    """Whether one match inside the words stays one between all neighbours."""
    first = min(before) + words + min(after)
    shift = len(min(before))
    for found in pattern.finditer(first):
        start, end = found.start() - shift, found.end() - shift
        if start < 0 or end > len(words):
            continue
        lefts = before if start == 0 else (min(before),)
        if all(
            _matches_inside(words, start, pattern, left, right)
            for left, right in product(lefts, after)
        ):
            return True
    return False


def _matches_inside(
    words: str, start: int, pattern: re.Pattern[str], left: str, right: str
) -> bool:
    found = pattern.match(left + words + right, len(left) + start)
    return found is not None and found.end() <= len(left) + len(words)


def _joined(shape: Shape) -> list[str | Part]:
    """The parts of a shape, words that stand together as one, as a reader sees them."""
    parts: list[str | Part] = []
    for part in direct_parts(shape):
        if not isinstance(part, Lit):
            parts.append(part)
        elif parts and isinstance(parts[-1], str):
            parts[-1] += fold(part.text)
        elif part.text:
            parts.append(fold(part.text))
    return parts


def _neighbours(
    parts: Sequence[str | Part], before: Edge, after: Edge
) -> tuple[list[Edge], list[Edge]]:
    """What can stand before each part, and what behind it."""
    befores, afters = [before], [after]
    for part in parts:
        befores.append(_beyond(_edge(part, -1), befores[-1]))
    for part in reversed(parts):
        afters.append(_beyond(_edge(part, 0), afters[-1]))
    return befores[:-1], afters[-2::-1]


def _beyond(edge: Edge, outside: Edge) -> Edge:
    """An edge, and what lies outside of it where the part can be empty."""
    return (edge - NOTHING) | outside if "" in edge else edge


def _edge(part: str | Shape, side: int) -> Edge:
    """The first (0) or last (-1) characters of a part; "" where it can be empty."""
    match part:
        case str():
            return frozenset((part[side],)) if part else NOTHING
        case Lit():
            return _edge(fold(part.text), side)
        case Hole():
            return _VALUE
        case Alt():
            arms = [_edge(arm, side) for _, arm in part.arms]
            whole = part.arms[-1][0] is None
            return frozenset().union(*arms) if whole else NOTHING.union(*arms)
        case Rep():
            body = _edge(part.body, side)
            return body if part.low else body | NOTHING
    found = NOTHING
    for item in part.parts if side else reversed(part.parts):
        found = _beyond(_edge(item, side), found)
    return found
