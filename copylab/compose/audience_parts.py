"""An audience in parts: what must all hold, each asked about its own columns only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from copylab.audience.closure import Matches, compile_condition
from copylab.audience.condition import And, Named, refs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.audience.condition import Condition


class AudiencePart(NamedTuple):
    """One of the conditions that must all hold.

    Attributes:
        names: The attributes it asks for.
        matches: Whether it holds for a user at a time; what cannot be read is null.
        condition: The condition itself.
    """

    names: tuple[str, ...]
    matches: Matches
    condition: Condition


def audience_parts(condition: Condition) -> tuple[AudiencePart, ...]:
    """The conditions that must all hold, those of few attributes first."""
    parts = [
        AudiencePart(
            tuple(sorted({ref.name for ref in refs_of(part)})),
            compile_condition(part).matches,
            part,
        )
        for part in _conjuncts(condition)
    ]
    return tuple(sorted(parts, key=lambda part: len(part.names)))


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Named):
        yield from _conjuncts(condition.condition)
    elif isinstance(condition, And):
        for part in condition.conditions:
            yield from _conjuncts(part)
    else:
        yield condition
