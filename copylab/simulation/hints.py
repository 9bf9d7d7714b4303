"""Hints: the values that a condition on users is about, by attribute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.audience.condition import (
    And,
    Between,
    Compare,
    Constant,
    DateOf,
    In,
    Like,
    Named,
    Not,
    Now,
    Or,
    Ref,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from copylab.audience.condition import Condition, Operand


@dataclass(slots=True)
class Hints:
    """What users should be drawn around, so that some are in the audience.

    Attributes:
        constants: By attribute, the values it is compared with.
        ages: By attribute, how long before now the times lie it is compared with.
        patterns: By attribute, the patterns its text is compared with.
    """

    constants: dict[str, list[object]] = field(default_factory=dict)
    ages: dict[str, list[timedelta]] = field(default_factory=dict)
    patterns: dict[str, list[str]] = field(default_factory=dict)


def collect_hints(condition: Condition | None) -> Hints:
    """The hints of a condition; none without one."""
    hints = Hints()
    if condition is not None:
        _walk(condition, hints)
    return hints


def _walk(condition: Condition, hints: Hints) -> None:
    if isinstance(condition, And | Or):
        for part in condition.conditions:
            _walk(part, hints)
    elif isinstance(condition, Not | Named):
        _walk(condition.condition, hints)
    elif isinstance(condition, Compare):
        _note((condition.left, condition.right), hints)
    elif isinstance(condition, Between):
        _note((condition.operand, condition.low, condition.high), hints)
    elif isinstance(condition, In):
        _note((condition.operand, *condition.values), hints)
    elif isinstance(condition, Like):
        hints.patterns.setdefault(condition.operand.name, []).append(condition.pattern)


def _note(operands: tuple[Operand, ...], hints: Hints) -> None:
    """Note every value that stands beside an attribute."""
    plain = [item.of if isinstance(item, DateOf) else item for item in operands]
    names = [item.name for item in plain if isinstance(item, Ref)]
    for name in names:
        for item in plain:
            if isinstance(item, Constant):
                hints.constants.setdefault(name, []).append(item.value)
            elif isinstance(item, Now):
                hints.ages.setdefault(name, []).append(-item.shift)
