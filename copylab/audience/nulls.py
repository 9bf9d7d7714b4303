"""The NULL rule: who compares an attribute that may be null says what null means.

A comparison with null is neither true nor false but unknown, and a user for whom the
audience is unknown is not in it. That is what people expect of ``x = 1``: users without
``x`` are out. It is not what they expect of ``x <> 1`` and ``not x = 1``, which read as
if users without ``x`` were in. So, for an attribute that may be null:

- a comparison that leaves users without it out, as it reads, is a **warning**;
- a comparison that leaves them out where it reads as if it let them in is an **error**:
  ``<>``, ``not in``, ``not like``, ``not between``, ``not`` before anything, and an
  audience used as ``not name`` whose own condition compares such an attribute.

Either is silent once the author has spoken: ``x is null`` or ``x is not null`` stands
beside the comparison, joined to it or to something around it by ``and`` or ``or``. An
error sinks to a warning where another comparison, joined by ``and``, leaves the users
without the attribute out anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from copylab.audience.condition import (
    Always,
    And,
    Compare,
    DateOf,
    IsNull,
    Named,
    Not,
    Operand,
    Or,
    Place,
    Ref,
    operand_text,
    operands_of,
    to_text,
)
from copylab.audience.scan import Problem

if TYPE_CHECKING:
    from copylab.audience.condition import Condition, Leaf


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What is known around a condition.

    Attributes:
        holds: Whether it must be true, or false, for a user to be in.
        spoken: Attributes whose null has been spoken about beside it.
        excluded: Attributes without which a user is out, whatever it says.
        inside: The place of the named audience it belongs to, and the name; or None.
        own: What ``holds`` is where that audience is declared.
    """

    holds: bool = True
    spoken: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    inside: tuple[Place, str] | None = None
    own: bool = True


def null_problems(condition: Condition) -> list[Problem]:
    """The comparisons of attributes that may be null, without a word about null.

    What is wrong inside an audience used by name is reported with that audience;
    here only what using it under ``not`` makes of it.
    """
    return list(dict.fromkeys(_look(condition, _Surroundings())))


def _look(condition: Condition, around: _Surroundings) -> list[Problem]:
    if isinstance(condition, Not):
        own = around.own is (around.inside is None)
        turned = replace(around, holds=not around.holds, own=own)
        return _look(condition.condition, turned)
    if isinstance(condition, Named):
        inside = around.inside or (condition.place, condition.name)
        return _look(condition.condition, replace(around, inside=inside))
    if isinstance(condition, And | Or):
        return _look_at_parts(condition, around)
    return _look_at_leaf(condition, around)


def _look_at_parts(condition: And | Or, around: _Surroundings) -> list[Problem]:
    spoken = around.spoken | {n for p in condition.conditions for n in _spoken_of(p)}
    # All parts must hold: of a true and, and, by De Morgan, of a false or.
    together = isinstance(condition, And) is around.holds
    needs = [_needed(part, holds=around.holds) for part in condition.conditions]
    problems = []
    for index, part in enumerate(condition.conditions):
        others = needs[:index] + needs[index + 1 :] if together else []
        excluded = around.excluded.union(*others)
        problems += _look(part, replace(around, spoken=spoken, excluded=excluded))
    return problems


def _spoken_of(condition: Condition) -> set[str]:
    """Attributes that ``is null`` or ``is not null`` is said of, not in named ones."""
    if isinstance(condition, IsNull):
        return {condition.ref.name}
    if isinstance(condition, Not):
        return _spoken_of(condition.condition)
    if isinstance(condition, And | Or):
        return {name for part in condition.conditions for name in _spoken_of(part)}
    return set()


def _needed(condition: Condition, *, holds: bool) -> frozenset[str]:
    """Attributes without which a condition cannot be as it must, as it also reads."""
    if isinstance(condition, Not):
        return _needed(condition.condition, holds=not holds)
    if isinstance(condition, Named):
        return _needed(condition.condition, holds=holds)
    if isinstance(condition, And | Or):
        if isinstance(condition, And) is not holds:
            return frozenset()
        parts = (_needed(part, holds=holds) for part in condition.conditions)
        return frozenset[str]().union(*parts)
    if isinstance(condition, IsNull | Always) or _reads_as_in(condition, holds=holds):
        return frozenset()
    return frozenset(ref.name for ref in _nullable(condition))


def _reads_as_in(leaf: Leaf, *, holds: bool) -> bool:
    """Whether a comparison reads as if users without the attribute were in."""
    unequal = isinstance(leaf, Compare) and leaf.op == "<>"
    return unequal is holds


def _nullable(leaf: Leaf) -> list[Ref]:
    refs = [_inner(operand) for operand in operands_of(leaf)]
    return [ref for ref in refs if isinstance(ref, Ref) and ref.nullable]


def _inner(operand: Operand) -> Operand:
    return operand.of if isinstance(operand, DateOf) else operand


def _look_at_leaf(leaf: Leaf, around: _Surroundings) -> list[Problem]:
    if isinstance(leaf, IsNull):
        return []
    silent = [ref for ref in _nullable(leaf) if ref.name not in around.spoken]
    wrong = _reads_as_in(leaf, holds=around.holds)
    if around.inside is not None:
        # What it leaves out where it is declared was reported there.
        wrong = wrong and not _reads_as_in(leaf, holds=around.own)
        silent = silent if wrong else []
    return [_problem(ref, leaf, around, wrong=wrong) for ref in silent]


def _problem(ref: Ref, leaf: Leaf, around: _Surroundings, *, wrong: bool) -> Problem:
    name = ref.name
    severe = wrong and name not in around.excluded
    severity: Literal["error", "warning"] = "error" if severe else "warning"
    shown = to_text(leaf)
    if around.inside is not None:
        place, audience = around.inside
        message = (
            f"'not {audience}' leaves out users without '{name}',"
            f" for whom '{shown}' is unknown"
        )
        cure = f"say {name} is not null and … in '{audience}', or {name} is null or …"
        return Problem("nullable-compared", message, place, cure, severity)
    if wrong:
        cure = f"write ({name} is null or …) to let them in, {name} is not null if not"
        message = f"users without '{name}' are left out: '{shown}' is unknown for them"
    else:
        cure = f"write {name} is not null and {shown}"
        message = (
            f"'{operand_text(ref)}' may be null, and users without it are left out"
        )
    return Problem("nullable-compared", message, leaf.place, cure, severity)
