"""Paths: every way through a template, with what is known along it.

Ways are enumerated exactly up to a budget; beyond it the answer is None, and callers
say so instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
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


def enumerate_paths(
    shape: Shape, scope: Scope, *, start: State = START, limit: int = MAX_PATHS
) -> list[Path] | None:
    """Every way through a shape, or None where there are more than ``limit``."""
    paths: list[Path] = []
    work: list[tuple[_Pending, _Printed, State]] = [((shape, None), None, start)]
    steps = 0
    sizes: dict[int, int] = {}
    while work:
        pending, printed, state = work.pop()
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
                        work.extend((again, printed, s) for s in reversed(chosen))
                        break
                    pending = (chosen, pending)
                case _:
                    printed = (printed, node)
        else:
            paths.append(Path(_unroll(printed), state))
        if len(paths) > limit or len(work) > limit or steps > MAX_STEPS:
            return None
    return paths


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
