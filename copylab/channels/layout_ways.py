"""The ways through a layout: which arm of each condition, how often each loop.

A way is found from the tags alone, so it needs no values. It is a superset of what values
can do: conditions that exclude each other are still taken together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.channels.layout_tokens import Protected

Way = dict[str, int]
"""By the word that opens a condition or loop: the arm taken, or the times it runs; by a
word that prints: ``SILENT``."""

SILENT = -1
"""A value that is not printed."""

MAX_DEPTH = 100
"""Conditions inside each other; more than anybody writes."""
MAX_LOOPS = 2
"""Two rows show all that more would: the first, one after it, and the last."""


@dataclass(slots=True)
class Branch:
    """A condition or a loop.

    Attributes:
        word: The word of the tag that opens it.
        is_loop: Whether it is a loop, of one arm.
        has_else: Whether one of the arms is always taken.
        arms: What each arm holds.
    """

    word: str
    is_loop: bool
    has_else: bool = False
    arms: list[Part] = field(default_factory=lambda: [Part()])

    @property
    def options(self) -> range:
        """What a way can choose: an arm, past the last one for none; or times."""
        count = MAX_LOOPS + 1 if self.is_loop else len(self.arms) + (not self.has_else)
        return range(count)

    @property
    def usual(self) -> int:
        """The first arm, or once."""
        return 1 if self.is_loop else 0


@dataclass(slots=True)
class Part:
    """Texts, words that print, and branches, in order."""

    items: list[str | Branch] = field(default_factory=list)


def read_part(protected: Protected, text: str) -> Part | None:
    """`text` as a tree of its branches; None where they are not in pairs, or too deep.

    Args:
        protected: The layout, which knows the words.
        text: The layout's text with words, or what was made of it.
    """
    root = Part()
    parts, open_branches = [root], list[Branch]()
    for piece in re.split(f"({protected.word.pattern})", text):
        token = protected.tokens.get(piece)
        kind = "" if token is None else token.branch
        if kind in {"if", "for"}:
            branch = Branch(piece, kind == "for")
            parts[-1].items.append(branch)
            open_branches.append(branch)
            parts.append(branch.arms[0])
            if len(parts) > MAX_DEPTH:
                return None
        elif kind:
            if not open_branches or open_branches[-1].is_loop is not (kind == "endfor"):
                return None
            parts.pop()
            if kind.startswith("end"):
                open_branches.pop()
            else:
                open_branches[-1].has_else |= kind == "else"
                open_branches[-1].arms.append(Part())
                parts.append(open_branches[-1].arms[-1])
        else:
            parts[-1].items.append(piece)
    return None if open_branches else root


def write_way(protected: Protected, part: Part, way: Mapping[str, int]) -> str:
    """A part along a way, a short word for each value that is printed."""
    written = []
    for item in part.items:
        if isinstance(item, Branch):
            chosen = way.get(item.word, item.usual)
            if item.is_loop:
                written.append(write_way(protected, item.arms[0], way) * chosen)
            elif chosen < len(item.arms):
                written.append(write_way(protected, item.arms[chosen], way))
        elif item in protected.tokens:
            silent = protected.tokens[item].is_silent or item in way
            # Letters and digits, never markup; another for each tag.
            written.append("" if silent else f"v{item.lstrip('zjq')}")
        else:
            written.append(item)
    return "".join(written)


def ways(part: Part, max_ways: int) -> Iterator[Way]:
    """The usual way, then each other choice, with all that leads to it; then all last.

    Args:
        part: The layout.
        max_ways: The most ways that are given.
    """
    found: list[Way] = [{}, *_single(part, {})]
    last = {branch.word: branch.options[-1] for branch in _branches(part)}
    full = {branch.word: MAX_LOOPS for branch in _branches(part) if branch.is_loop}
    found += [way for way in (last, full) if way]
    seen: list[Way] = []
    for way in found:
        if way not in seen:
            seen.append(way)
    yield from seen[:max_ways]


def _single(part: Part, above: Way) -> Iterator[Way]:
    """For each branch, each of its options but the usual one."""
    for item in part.items:
        if not isinstance(item, Branch):
            continue
        for option in item.options:
            if option != item.usual:
                yield {**above, item.word: option}
        for index, arm in enumerate(item.arms):
            inside = {} if item.is_loop or index == item.usual else {item.word: index}
            yield from _single(arm, {**above, **inside})


def _branches(part: Part) -> Iterator[Branch]:
    for item in part.items:
        if isinstance(item, Branch):
            yield item
            for arm in item.arms:
                yield from _branches(arm)
