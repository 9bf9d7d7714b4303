"""Paths: every way through a template, with what is known along it.

Ways are enumerated exactly up to a budget; beyond it the answer is None, and callers
say so instead of guessing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from copylab.template.choices import START, State, decide, split
from copylab.template.expression import children
from copylab.template.shape import Alt, Hole, Lit, Rep, Seq, Shape

if TYPE_CHECKING:
    from copylab.template.scope import Scope

MAX_PATHS = 4096
"""How many ways are walked before a proof falls back on bounds."""
MAX_STEPS = 1_000_000
"""How many parts of shapes and conditions are looked at before that."""

MAX_SAMPLES = 256
"""How many ways are looked at where there are too many to walk."""

Leaf = Lit | Hole | Rep


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a template.

    Attributes:
        leaves: What is printed, in order.
        state: What is known of the variables along the way.
    """

    leaves: tuple[Leaf, ...]
    state: State


_Pending = tuple[Shape, "_Pending"] | None
_Printed = tuple["_Printed", Leaf] | None
_Turns = tuple[int, ...]


def enumerate_paths(
    shape: Shape, scope: Scope, *, start: State = START, limit: int = MAX_PATHS
) -> list[Path] | None:
    """Every way through a shape, or None where there are more than ``limit``.

    All ways are followed side by side, so that too many are noticed after few steps.
    """
    paths: list[tuple[_Turns, Path]] = []
    work: deque[tuple[_Turns, _Pending, _Printed, State]] = deque()
    work.append(((), (shape, None), None, start))
    steps = 0
    sizes: dict[int, int] = {}
    while work:
        turns, pending, printed, state = work.popleft()
        while pending is not None:
            steps += 1
            node, pending = pending
            match node:
                case Seq():
                    for part in reversed(node.parts):
                        pending = (part, pending)
                case Alt():
                    steps += _size(node, sizes)
                    chosen = _choose(node, state, scope)
                    if isinstance(chosen, list):
                        again = (node, pending)
                        work.extend(
                            ((*turns, turn), again, printed, known)
                            for turn, known in enumerate(chosen)
                        )
                        break
                    pending = (chosen, pending)
                case _:
                    printed = (printed, node)
        else:
            paths.append((turns, Path(_unroll(printed), state)))
        if len(paths) + len(work) > limit or steps > MAX_STEPS:
            return None
    paths.sort(key=itemgetter(0))
    return [path for _, path in paths]


def sample_paths(
    shape: Shape, scope: Scope, *, start: State = START, count: int = MAX_SAMPLES
) -> list[Path]:
    """Some ways through a shape that has too many, the same ones each time.

    Every other sample takes at each choice what was taken least so far, so that all
    arms are seen early; the others mix the choices.
    """
    taken: dict[tuple[int, int], int] = {}
    steps, found = 0, []
    for number in range(count):
        pending: _Pending = (shape, None)
        printed: _Printed = None
        state, depth = start, 0
        while pending is not None and steps <= MAX_STEPS:
            steps += 1
            node, pending = pending
            match node:
                case Seq():
                    for part in reversed(node.parts):
                        pending = (part, pending)
                case Alt():
                    chosen = _choose(node, state, scope)
                    if isinstance(chosen, list):
                        depth += 1
                        keys = [(id(node), index) for index in range(len(chosen))]
                        pick = _mix(number, depth) % len(chosen)
                        if number % 2 == 0:
                            pick = min(
                                range(len(chosen)), key=lambda k: taken.get(keys[k], 0)
                            )
                        taken[keys[pick]] = taken.get(keys[pick], 0) + 1
                        state, chosen = chosen[pick], node
                    pending = (chosen, pending)
                case _:
                    printed = (printed, node)
        if pending is None:
            found.append(Path(_unroll(printed), state))
    return found


def _mix(number: int, depth: int) -> int:
    """A number that looks like chance and is the same each time (SplitMix64)."""
    mixed = (number * 0x9E3779B97F4A7C15 + depth * 0xBF58476D1CE4E5B9) % 2**64
    mixed = (mixed ^ (mixed >> 30)) * 0x94D049BB133111EB % 2**64
    return mixed ^ (mixed >> 31)


def _size(alt: Alt, sizes: dict[int, int]) -> int:
    """How large the guards of a choice are together."""
    known = sizes.get(id(alt))
    if known is None:
        stack = [guard for guard, _ in alt.arms if guard is not None]
        known = 0
        while stack:
            known += 1
            stack.extend(children(stack.pop()))
        sizes[id(alt)] = known
    return known


def _choose(alt: Alt, state: State, scope: Scope) -> Shape | list[State]:
    """The arm that is taken, or the states in which more is known."""
    for guard, arm in alt.arms:
        if guard is None:
            return arm
        decision = decide(guard, state, scope)
        if decision is True:
            return arm
        if decision is not False:
            return split(decision, state, scope)
    return Seq(())


def _unroll(printed: _Printed) -> tuple[Leaf, ...]:
    leaves: list[Leaf] = []
    while printed is not None:
        printed, leaf = printed
        leaves.append(leaf)
    return tuple(reversed(leaves))


def branches(paths: list[Path]) -> int:
    """How many different texts the author wrote: ways with other leaves."""
    return len({tuple(map(id, path.leaves)) for path in paths})
