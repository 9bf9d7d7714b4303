"""Why a user is in an audience or not: which clause decided, with which values."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copylab.audience.condition import (
    Always,
    And,
    Between,
    Compare,
    Constant,
    Flag,
    IsNull,
    Like,
    Named,
    Not,
    Now,
    Or,
    Ref,
    operands_of,
    to_text,
)
from copylab.audience.misfits import is_misfit
from copylab.audience.patterns import compile_pattern
from copylab.audience.values import READERS, read_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from copylab.audience.condition import Comparison, Condition, Leaf, Operand

_OPERATORS: dict[Comparison, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """What a user has for an attribute.

    Attributes:
        name: The attribute.
        given: The value as it came; None where there is none.
        read: The value as its type reads it; None counts as null.
        problem: What is wrong with it, or an empty string.
    """

    name: str
    given: object
    read: object
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition, or a part of one, for one user.

    Attributes:
        text: The clause in canonical spelling.
        value: True, False, or None for unknown.
        decides: Whether the whole would be decided by this clause alone, or by it
            together with others that decide.
        attributes: The attributes it looks at; for a part of a condition, only there.
        clauses: The parts it is made of.
    """

    text: str
    value: bool | None
    decides: bool
    attributes: tuple[AttributeValue, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def deciding(self) -> list[Clause]:
        """The smallest clauses that decided, in the order of the text."""
        if not self.clauses:
            return [self] if self.decides else []
        return [leaf for clause in self.clauses for leaf in clause.deciding()]

    def to_dict(self) -> dict[str, object]:
        """The tree as JSON-ready values; the users' own values as texts."""
        return {
            "text": self.text,
            "value": self.value,
            "decides": self.decides,
            "attributes": [
                {
                    "name": attribute.name,
                    "given": _plain(attribute.given),
                    "read": _plain(attribute.read),
                    "problem": attribute.problem,
                }
                for attribute in self.attributes
            ],
            "clauses": [clause.to_dict() for clause in self.clauses],
        }


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool | None) else str(value)


def explain(
    condition: Condition, user: Mapping[str, object], *, now: datetime
) -> Clause:
    """Whether a user meets a condition, clause by clause.

    Slow and plain where ``compile_condition`` is fast; the two always agree. A value
    that cannot be read is null here, too, and its attribute says so: whoever composes
    asks for ``copylab.audience.misfits`` first.

    Args:
        condition: The condition.
        user: Attributes by name.
        now: The bound time, with a zone.

    Raises:
        ValueError: ``now`` has no zone.
    """
    return _explain(condition, _User(user, read_now(now)), decides=True)


class _User:
    """A user at a time."""

    def __init__(self, values: Mapping[str, object], now: datetime) -> None:
        self.values = values
        self.now = now

    def attribute(self, ref: Ref) -> AttributeValue:
        """What the user has for an attribute."""
        given = self.values.get(ref.name)
        read = READERS[ref.type](given)
        problem = ""
        if is_misfit(given, ref.type):
            kind = type(given).__name__
            problem = f"is a {kind} that is no {ref.type}"
        elif read is None and not ref.nullable:
            problem = f"is missing, and is declared {ref.type} without ?"
        return AttributeValue(ref.name, given, read, problem)

    def value(self, operand: Operand) -> object:
        """The value of an operand; None for null."""
        if isinstance(operand, Constant):
            return operand.value
        if isinstance(operand, Now):
            return self.now + operand.shift
        if isinstance(operand, Ref):
            return READERS[operand.type](self.values.get(operand.name))
        at = self.value(operand.of)
        return None if at is None else at.date()  # type: ignore[attr-defined]


def _explain(condition: Condition, user: _User, *, decides: bool) -> Clause:
    text = to_text(condition)
    if isinstance(condition, And | Or):
        values = [_truth(part, user) for part in condition.conditions]
        value = _joined(values, every=isinstance(condition, And))
        clauses = tuple(
            _explain(part, user, decides=decides and part_value is value)
            for part, part_value in zip(condition.conditions, values, strict=True)
        )
        return Clause(text, value, decides, clauses=clauses)
    if isinstance(condition, Not | Named):
        inner = _explain(condition.condition, user, decides=decides)
        negated = isinstance(condition, Not) and inner.value is not None
        value = not inner.value if negated else inner.value
        return Clause(text, value, decides, clauses=(inner,))
    operands = dict.fromkeys(operands_of(condition))
    refs = [o if isinstance(o, Ref) else getattr(o, "of", None) for o in operands]
    attributes = [user.attribute(ref) for ref in refs if isinstance(ref, Ref)]
    value = _leaf_truth(condition, user)
    return Clause(text, value, decides, tuple(attributes))


def _joined(values: list[bool | None], *, every: bool) -> bool | None:
    """Kleene's and, or Kleene's or."""
    deciding = not every
    if deciding in values:
        return deciding
    return None if None in values else every


def _truth(condition: Condition, user: _User) -> bool | None:
    if isinstance(condition, And | Or):
        values = [_truth(part, user) for part in condition.conditions]
        return _joined(values, every=isinstance(condition, And))
    if isinstance(condition, Named):
        return _truth(condition.condition, user)
    if isinstance(condition, Not):
        value = _truth(condition.condition, user)
        return None if value is None else not value
    return _leaf_truth(condition, user)


def _leaf_truth(leaf: Leaf, user: _User) -> bool | None:
    if isinstance(leaf, Always):
        return leaf.value
    if isinstance(leaf, IsNull):
        return user.value(leaf.ref) is None
    if isinstance(leaf, Compare):
        return _compare(user.value(leaf.left), leaf.op, user.value(leaf.right))
    if isinstance(leaf, Between):
        value = user.value(leaf.operand)
        low = _compare(value, ">=", user.value(leaf.low))
        high = _compare(value, "<=", user.value(leaf.high))
        return _joined([low, high], every=True)
    if isinstance(leaf, Flag):
        flag = user.value(leaf.ref)
        return flag if isinstance(flag, bool) else None
    value = user.value(leaf.operand)
    if value is None:
        return None
    if isinstance(leaf, Like):
        return compile_pattern(leaf.pattern)(str(value)) is not None
    return any(value == constant.value for constant in leaf.values)


def _compare(left: object, op: Comparison, right: object) -> bool | None:
    if left is None or right is None:
        return None
    return _OPERATORS[op](left, right)
