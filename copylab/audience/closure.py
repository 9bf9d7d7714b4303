"""Conditions as fast Python functions.

A condition is written out as one function. Only names made here get into its text,
and operators from a fixed table; attribute names, literals and patterns are bound to
names from outside, so no text of a condition is ever run.

SQL has three truth values. Two expressions say which one it is: ``when_true`` and
``when_false``; where neither holds, it is unknown. Each is an ordinary Python boolean,
so nothing pays for the third value but a user who is not in the audience.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from copylab.audience.condition import (
    Always,
    And,
    Between,
    Compare,
    Constant,
    DateOf,
    Flag,
    In,
    IsNull,
    Like,
    Named,
    Not,
    Now,
    Or,
    Ref,
)
from copylab.audience.patterns import compile_pattern
from copylab.audience.values import READERS, read_now

if TYPE_CHECKING:
    from copylab.audience.attributes import AttributeType
    from copylab.audience.condition import Comparison, Condition, Leaf, Operand

Matches = Callable[[Mapping[str, object], datetime], bool]
Truth = Callable[[Mapping[str, object], datetime], bool | None]

_PYTHON: dict[Comparison, tuple[str, str]] = {
    "=": ("==", "!="),
    "<>": ("!=", "=="),
    "<": ("<", ">="),
    "<=": ("<=", ">"),
    ">": (">", "<="),
    ">=": (">=", "<"),
}
"""The operator of each comparison, and of its opposite: all types here are ordered."""

_UNREAD: dict[AttributeType, str] = {
    "string": "type({0}) is not str",
    "int": "type({0}) is not int",
    "decimal": "type({0}) is not int",
    "bool": "{0} is not True and {0} is not False",
    "date": "type({0}) is not date",
    "timestamp": "(type({0}) is not datetime or {0}.tzinfo is not utc)",
}
"""When a value has to go through its reader."""


class Predicate:
    """A condition, ready to be asked.

    Attributes:
        condition: The condition.
        matches: Whether a user is in the audience at a time: ``matches(user, now)``.
            A user for whom the condition is unknown is not.
        truth: True, False, or None for unknown: ``truth(user, now)``.

    Both functions take a mapping of attributes and a time with a zone, and raise
    ``ValueError`` for a time without one; they never raise for a user's values.
    """

    __slots__ = ("condition", "matches", "truth")

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.matches: Matches
        self.truth: Truth
        self.matches, self.truth = _compile(condition)

    def __reduce__(self) -> tuple[type[Predicate], tuple[Condition]]:
        """Functions do not travel between processes; the condition does."""
        return Predicate, (self.condition,)


def compile_condition(condition: Condition) -> Predicate:
    """The condition, ready to be asked."""
    return Predicate(condition)


def _compile(condition: Condition) -> tuple[Matches, Truth]:
    writer = _Writer()
    lines = ["def matches(user, now):"]
    for part in _conjuncts(condition):
        test = writer.when_true(part)
        lines += [*writer.take_loads(), f"    if not ({test}): return False"]
    lines += ["    return True", "def truth(user, now):"]
    writer.loaded.clear()
    tests = writer.when_true(condition), writer.when_false(condition)
    lines += [
        *writer.take_loads(),
        f"    if {tests[0]}: return True",
        f"    return False if {tests[1]} else None",
    ]
    namespace: dict[str, Any] = {**writer.names}
    code = compile("\n".join(lines), "<audience>", "exec")
    exec(code, namespace)  # noqa: S102 - the text holds no word of the condition
    return namespace["matches"], namespace["truth"]


def _conjuncts(condition: Condition) -> list[Condition]:
    """The conditions that must all hold, in their order."""
    if isinstance(condition, Named):
        return _conjuncts(condition.condition)
    if isinstance(condition, And):
        return [inner for part in condition.conditions for inner in _conjuncts(part)]
    return [condition]


class _Writer:
    """Writes expressions; notes the values they need and how they are loaded."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {
            "__builtins__": {"type": type, "str": str, "int": int},
            "date": date,
            "datetime": datetime,
            "utc": UTC,
            "read_now": read_now,
        }
        self.variables: dict[Operand, str] = {}
        self.loaded: set[str] = set()
        self.loads: list[str] = []

    def take_loads(self) -> list[str]:
        """The lines that load what was written since the last time."""
        loads, self.loads = self.loads, []
        return loads

    def constant(self, value: object) -> str:
        """A name bound to a value."""
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name

    def operand(self, operand: Operand) -> str:
        """The name that holds an operand; the line that loads it is noted."""
        if isinstance(operand, Constant):
            return self.constant(operand.value)
        name = self.variables.setdefault(operand, f"v{len(self.variables)}")
        if name not in self.loaded:
            self.loaded.add(name)
            self.load(name, operand)
        return name

    def load(self, name: str, operand: Ref | Now | DateOf) -> None:
        """Note how a variable gets its value."""
        if isinstance(operand, Ref):
            unread = _UNREAD[operand.type].format(name)
            reader = self.constant(READERS[operand.type])
            key = self.constant(operand.name)
            self.loads += [
                f"    {name} = user.get({key})",
                f"    if {name} is not None and {unread}: {name} = {reader}({name})",
            ]
        elif isinstance(operand, Now) and operand.shift:
            shift = self.constant(operand.shift)
            now = self.operand(Now())
            self.loads.append(f"    {name} = {now} + {shift}")
        elif isinstance(operand, Now):
            line = f"    {name} = now if now.tzinfo is utc else read_now(now)"
            self.loads.append(line)
        else:
            of = self.operand(operand.of)
            line = f"    {name} = None if {of} is None else {of}.date()"
            self.loads.append(line)

    def when_true(self, condition: Condition) -> str:
        """The expression that holds where the condition is true."""
        if isinstance(condition, And | Or):
            word = " and " if isinstance(condition, And) else " or "
            return word.join(f"({self.when_true(p)})" for p in condition.conditions)
        if isinstance(condition, Not):
            return self.when_false(condition.condition)
        if isinstance(condition, Named):
            return self.when_true(condition.condition)
        return self.leaf(condition, holds=True)

    def when_false(self, condition: Condition) -> str:
        """The expression that holds where the condition is false."""
        if isinstance(condition, And | Or):
            word = " or " if isinstance(condition, And) else " and "
            return word.join(f"({self.when_false(p)})" for p in condition.conditions)
        if isinstance(condition, Not):
            return self.when_true(condition.condition)
        if isinstance(condition, Named):
            return self.when_false(condition.condition)
        return self.leaf(condition, holds=False)

    def leaf(self, leaf: Leaf, *, holds: bool) -> str:
        """The expression of a comparison, true or false; unknown is neither."""
        if isinstance(leaf, Always):
            return str(leaf.value is holds)
        if isinstance(leaf, IsNull):
            return f"{self.operand(leaf.ref)} is {'' if holds else 'not '}None"
        if isinstance(leaf, Flag):
            return f"{self.operand(leaf.ref)} is {holds}"
        if isinstance(leaf, Like):
            name = self.operand(leaf.operand)
            matcher = self.constant(compile_pattern(leaf.pattern))
            word = "is not" if holds else "is"
            return f"{name} is not None and {matcher}({name}) {word} None"
        if isinstance(leaf, In):
            name = self.operand(leaf.operand)
            values = self.constant(frozenset(value.value for value in leaf.values))
            word = "in" if holds else "not in"
            return f"{self.known(leaf.operand)}{name} {word} {values}"
        if isinstance(leaf, Between):
            ends = (
                Compare(leaf.operand, ">=", leaf.low),
                Compare(leaf.operand, "<=", leaf.high),
            )
            both = And(ends)
            return self.when_true(both) if holds else self.when_false(both)
        return self.compare(leaf, holds=holds)

    def compare(self, leaf: Compare, *, holds: bool) -> str:
        """The expression of two operands compared."""
        left, right = self.operand(leaf.left), self.operand(leaf.right)
        op = _PYTHON[leaf.op][0 if holds else 1]
        guards = self.known(leaf.left) + self.known(leaf.right)
        return f"{guards}{left} {op} {right}"

    def known(self, operand: Operand) -> str:
        """The guard that an operand has a value; empty where it always has one."""
        of = operand.of if isinstance(operand, DateOf) else operand
        return f"{self.operand(operand)} is not None and " * isinstance(of, Ref)
