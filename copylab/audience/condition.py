"""Conditions as data: a typed tree that says what an audience is.

    Condition   And Or Not · Compare In Between Like IsNull · Flag Always · Named
    Operand     Ref Constant Now DateOf

Trees are frozen and compare by meaning: places do not count. ``to_text`` writes a tree
in one canonical way, which parses to an equal tree.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.audience.attributes import AttributeType

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]


class Place(NamedTuple):
    """Where something stands in the text of its condition: ``text[start:end]``."""

    start: int
    end: int


NOWHERE = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Ref:
    """An attribute of the user."""

    name: str
    type: AttributeType
    nullable: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; times are in UTC."""

    value: str | int | Decimal | bool | date | datetime
    type: AttributeType
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Now:
    """The bound time of the run, moved by ``shift``."""

    shift: timedelta = timedelta(0)
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def type(self) -> AttributeType:
        """A time, always."""
        return "timestamp"


@dataclass(frozen=True, slots=True)
class DateOf:
    """The calendar day, in UTC, of a time."""

    of: Ref | Now
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def type(self) -> AttributeType:
        """A day, always."""
        return "date"


Operand = Ref | Constant | Now | DateOf


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands of one type, compared."""

    left: Operand
    op: Comparison
    right: Operand
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """An operand equals one of the values."""

    operand: Operand
    values: tuple[Constant, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """An operand lies between two others, ends included."""

    operand: Operand
    low: Operand
    high: Operand
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Like:
    """A text matches a pattern: ``%`` is any text, ``_`` any one character."""

    operand: Ref
    pattern: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class IsNull:
    """The user has no such attribute."""

    ref: Ref
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean attribute that is true."""

    ref: Ref
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Always:
    """Everybody, or nobody."""

    value: bool
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """Another audience, used by name."""

    name: str
    condition: Condition
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """A condition does not hold; unknown stays unknown."""

    condition: Condition
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All conditions hold: two at least."""

    conditions: tuple[Condition, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Some condition holds: two at least."""

    conditions: tuple[Condition, ...]
    place: Place = field(default=NOWHERE, compare=False)


Leaf = Compare | In | Between | Like | IsNull | Flag | Always
Condition = Leaf | Named | Not | And | Or


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions a condition is made of; none for a leaf."""
    if isinstance(condition, And | Or):
        return condition.conditions
    if isinstance(condition, Not | Named):
        return (condition.condition,)
    return ()


def operands_of(leaf: Leaf) -> tuple[Operand, ...]:
    """What a leaf looks at."""
    if isinstance(leaf, Compare):
        return (leaf.left, leaf.right)
    if isinstance(leaf, Between):
        return (leaf.operand, leaf.low, leaf.high)
    if isinstance(leaf, In):
        return (leaf.operand, *leaf.values)
    if isinstance(leaf, Like):
        return (leaf.operand,)
    return () if isinstance(leaf, Always) else (leaf.ref,)


def refs_of(condition: Condition) -> Iterator[Ref]:
    """Every use of an attribute, in the order of the text, named audiences included."""
    if isinstance(condition, And | Or | Not | Named):
        for part in parts_of(condition):
            yield from refs_of(part)
        return
    for operand in operands_of(condition):
        inner = operand.of if isinstance(operand, DateOf) else operand
        if isinstance(inner, Ref):
            yield inner


def measure(
    condition: Condition, known: dict[int, tuple[int, int]] | None = None
) -> tuple[int, int]:
    """How many leaves a condition has, named audiences spelt out, and how deep it is.

    Args:
        condition: The condition.
        known: Measures of named conditions by ``id``; filled on the way, so that an
            audience used many times is measured once.
    """
    known = {} if known is None else known
    if isinstance(condition, Named):
        inner = condition.condition
        if id(inner) not in known:
            known[id(inner)] = measure(inner, known)
        return known[id(inner)]
    sizes = [measure(part, known) for part in parts_of(condition)]
    if not sizes:
        return 1, 1
    return sum(size for size, _ in sizes), 1 + max(depth for _, depth in sizes)


def to_text(condition: Condition, *, expand: bool = False) -> str:
    """The condition in canonical spelling.

    Args:
        condition: The condition.
        expand: Spell named audiences out, so that the text says all.
    """
    if isinstance(condition, And | Or):
        word = " and " if isinstance(condition, And) else " or "
        loose = (And, Or) if isinstance(condition, And) else (Or,)
        parts = (_wrapped(p, loose, expand=expand) for p in condition.conditions)
        return word.join(parts)
    if isinstance(condition, Named):
        return to_text(condition.condition, expand=True) if expand else condition.name
    if isinstance(condition, Not):
        return _negated(condition.condition, expand=expand)
    return _leaf_text(condition, "")


def _wrapped(part: Condition, loose: tuple[type, ...], *, expand: bool) -> str:
    """A part, in brackets where it binds less tightly than its surroundings."""
    bare = _spelt_out(part) if expand else part
    text = to_text(bare, expand=expand)
    return f"({text})" if isinstance(bare, loose) else text


def _spelt_out(condition: Condition) -> Condition:
    while isinstance(condition, Named):
        condition = condition.condition
    return condition


def _negated(condition: Condition, *, expand: bool) -> str:
    condition = _spelt_out(condition) if expand else condition
    if isinstance(condition, In | Between | Like | IsNull):
        return _leaf_text(condition, "not ")
    return "not " + _wrapped(condition, (And, Or), expand=expand)


def _leaf_text(leaf: Leaf, negation: str) -> str:
    if isinstance(leaf, Compare):
        return f"{operand_text(leaf.left)} {leaf.op} {operand_text(leaf.right)}"
    if isinstance(leaf, In):
        values = ", ".join(operand_text(value) for value in leaf.values)
        return f"{operand_text(leaf.operand)} {negation}in ({values})"
    if isinstance(leaf, Between):
        low, high = operand_text(leaf.low), operand_text(leaf.high)
        return f"{operand_text(leaf.operand)} {negation}between {low} and {high}"
    if isinstance(leaf, Like):
        return f"{leaf.operand.name} {negation}like {_quoted(leaf.pattern)}"
    if isinstance(leaf, IsNull):
        return f"{leaf.ref.name} is {negation}null"
    return leaf.ref.name if isinstance(leaf, Flag) else str(leaf.value).lower()


def operand_text(operand: Operand) -> str:
    """An operand in canonical spelling."""
    if isinstance(operand, Ref):
        return operand.name
    if isinstance(operand, DateOf):
        return f"date({operand_text(operand.of)})"
    if isinstance(operand, Now):
        return f"now{_shift_text(operand.shift)}"
    value = operand.value
    if isinstance(value, datetime):
        return f"'{value.replace(tzinfo=None).isoformat()}Z'"
    if isinstance(value, date):
        return f"'{value.isoformat()}'"
    if isinstance(value, str):
        return _quoted(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value).lower()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _shift_text(shift: timedelta) -> str:
    if not shift:
        return ""
    sign, span = ("-", -shift) if shift < timedelta(0) else ("+", shift)
    for unit in ("days", "hours"):
        if not span % timedelta(**{unit: 1}):
            return f" {sign} {span // timedelta(**{unit: 1})} {unit}"
    return f" {sign} {span // timedelta(minutes=1)} minutes"


def audience_hash(condition: Condition) -> str:
    """The SHA-256 of the canonical text, audiences spelt out: 64 hexadecimal digits.

    Two spellings of one condition have one hash; a change of an audience that is used
    by name changes the hash of all that use it.
    """
    return hashlib.sha256(to_text(condition, expand=True).encode()).hexdigest()
