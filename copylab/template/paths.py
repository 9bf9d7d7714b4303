"""Paths: every way through a template, with what is known along it.

Ways are enumerated exactly up to a budget; beyond it the answer is None, and callers
say so instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.template.choices import START, State, decide, split
from copylab.template.shape import Alt, Hole, Lit, Rep, Seq, Shape

if TYPE_CHECKING:
    from copylab.template.scope import Scope

MAX_PATHS = 4096
"""How many ways are walked before a proof falls back on bounds."""
_MAX_STEPS = 400_000

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
        if len(paths) > limit or len(work) > limit or steps > _MAX_STEPS:
            return None
    return paths


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
