"""Conditions as fast Python functions.

A condition is written out as one function. Only names made here get into its text,
and operators from a fixed table; attribute names, literals and patterns are bound to
names from outside, so no text of a condition is ever run.

SQL has three truth values. Two expressions say which one it is: ``when_true`` and
``when_false``; where neither holds, it is unknown. Each is an ordinary Python boolean,
so nothing pays for the third value but a user who is not in the audience.

An attribute that holds what it cannot is null to ``matches`` and ``truth``, as it is to
SQL. ``admits`` looks further: of a user with such an attribute, it says that nobody can
tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
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
    refs_of,
)
from copylab.audience.misfits import is_misfit
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
        admits: As ``matches``, but None where an attribute that the condition asks for
            holds what cannot be read as its type: ``admits(user, now)``.

    The functions take a mapping of attributes and a time with a zone, and raise
    ``ValueError`` for a time without one; they never raise for a user's values.
    """

    __slots__ = ("admits", "condition", "matches", "truth")

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.matches: Matches
        self.truth: Truth
        self.admits: Truth
        self.matches, self.truth, self.admits = _compile(condition)

    def __reduce__(self) -> tuple[type[Predicate], tuple[Condition]]:
        """Functions do not travel between processes; the condition does."""
        return Predicate, (self.condition,)


def compile_condition(condition: Condition) -> Predicate:
    """The condition, ready to be asked."""
    return Predicate(condition)


def _compile(condition: Condition) -> tuple[Matches, Truth, Truth]:
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
        "def admits(user, now):",
        *_admits_lines(condition, writer),
    ]
    namespace: dict[str, Any] = {**writer.names}
    code = compile("\n".join(lines), "<audience>", "exec")
    exec(code, namespace)  # noqa: S102 - the text holds no word of the condition
    return namespace["matches"], namespace["truth"], namespace["admits"]


def _admits_lines(condition: Condition, writer: _Writer) -> list[str]:
    """The body of ``admits``: who is out early is still asked for all attributes."""
    writer.loaded.clear()
    writer.tells = True
    lines: list[str] = []
    refs = list(dict.fromkeys(refs_of(condition)))
    for part in _conjuncts(condition):
        test = writer.when_true(part)
        loads = writer.take_loads()
        left = [ref for ref in refs if writer.variables.get(ref) not in writer.loaded]
        lines += [*loads, f"    if not ({test}):"]
        for ref in left:
            lines += writer.misfit_lines(ref)
        lines += ["        return False"]
    return [*lines, "    return True"]


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
        self.tells = False

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
                f"    if {name} is not None and {unread}:",
                f"        given, {name} = {name}, {reader}({name})",
            ]
            if self.tells:
                misfit = self.constant(partial(is_misfit, kind=operand.type))
                told = f"        if {name} is None and {misfit}(given): return None"
                self.loads.append(told)
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

    def misfit_lines(self, ref: Ref) -> list[str]:
        """The lines that give None where an attribute holds what it cannot."""
        unread = _UNREAD[ref.type].format("left")
        misfit = self.constant(partial(is_misfit, kind=ref.type))
        return [
            f"        left = user.get({self.constant(ref.name)})",
            f"        if left is not None and {unread} and {misfit}(left): return None",
        ]

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
