"""Conditions: text → typed tree, and what is wrong with the text.

sqlglot decides how operators and brackets group; what may stand in a condition and
what it means is decided here, so that nothing else of SQL gets in.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

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
    Operand,
    Or,
    Place,
    Ref,
    measure,
)
from copylab.audience.scan import (
    ConditionError,
    Name,
    Problem,
    refuse,
    scan_condition,
)
from copylab.document import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import exp

    from copylab.audience.attributes import Attribute
    from copylab.audience.condition import Comparison, Condition
    from copylab.audience.scan import Scan, Term

MAX_LEAVES = 1_000
"""How many comparisons a condition may have, audiences used by name spelt out."""

MAX_DEPTH = 60
"""How deep a condition may be, audiences used by name spelt out."""

_COMPARISONS: dict[str, Comparison] = {
    "eq": "=",
    "neq": "<>",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
}
_MIRRORED: dict[Comparison, Comparison] = {
    "=": "=",
    "<>": "<>",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
_NUMBERS = ("int", "decimal")


class Resolver(Protocol):
    """Knows the audiences that a condition may use by name."""

    def names(self) -> tuple[str, ...]:
        """All names there are, for suggestions."""

    def condition(self, name: str, place: Place) -> Condition | Problem | None:
        """What a name stands for.

        Returns:
            The condition; or what is wrong with using it here; or None where it is
            wrong in itself, which is reported at its own place.
        """


class NoAudiences:
    """A resolver for a condition that stands alone."""

    def names(self) -> tuple[str, ...]:
        """No names."""
        return ()

    def condition(self, name: str, place: Place) -> Condition | Problem | None:
        """Nothing is known, so every name is an unknown attribute."""
        return _unknown(name, place, ())


def _unknown(name: str, place: Place, known: tuple[str, ...]) -> Problem:
    cure = suggest(name, known) or "declare it under attributes: in copylab.yaml"
    return Problem(
        "unknown-attribute", f"'{name}' is no attribute of users", place, cure
    )


def parse_condition(
    text: str,
    attributes: Mapping[str, Attribute],
    audiences: Resolver | None = None,
) -> tuple[Condition | None, list[Problem]]:
    """The condition that a text writes, and what is wrong with the text.

    Never raises for a text, however long, deep or broken.

    Args:
        text: The condition, such as ``loans = 0 and app_installed``.
        attributes: Attributes of users by name.
        audiences: The audiences it may use by name.

    Returns:
        The condition, or None where something keeps it from having a meaning.
    """
    try:
        scan = scan_condition(text)
        tree = _parse(text, scan)
        builder = _Builder(scan, attributes, audiences or NoAudiences())
        condition = builder.condition(tree)
    except ConditionError as error:
        return None, [error.problem]
    if builder.problems or builder.broken:
        return None, builder.problems
    leaves, depth = measure(condition)
    if leaves > MAX_LEAVES or depth > MAX_DEPTH:
        message = f"the condition has {leaves} comparisons, {depth} deep, spelt out"
        cure = f"at most {MAX_LEAVES} comparisons, {MAX_DEPTH} deep"
        problem = Problem("too-complex", message, Place(0, len(text)), cure)
        return None, [problem]
    return condition, []


def _parse(text: str, scan: Scan) -> exp.Expr:
    """What sqlglot makes of the operators.

    Raises:
        ConditionError: They do not fit together.
    """
    from sqlglot.errors import ParseError  # noqa: PLC0415 - only lint and load parse
    from sqlglot.parser import Parser  # noqa: PLC0415 - as above

    cure = "write conditions such as loans = 0 joined by and, or"
    try:
        trees = Parser().parse(scan.tokens, text)
    except ParseError as error:
        at = error.errors[0] if error.errors else {}
        where = (at.get("line"), at.get("col"))
        last = len(scan.tokens) - 1
        index = next(
            (i for i, t in enumerate(scan.tokens) if (t.line, t.col) == where), last
        )
        token = scan.tokens[index]
        place = Place(token.start, token.end + 1)
        shown = text[place.start : place.end]
        message = f"the condition cannot be read at '{shown}'"
        raise refuse(message, place, cure) from None
    if len(trees) != 1 or trees[0] is None:
        raise refuse("this is no condition", Place(0, len(text)), cure)
    return trees[0]


class _Builder:
    """Makes our tree of sqlglot's, node by node; what it does not know is refused."""

    def __init__(
        self, scan: Scan, attributes: Mapping[str, Attribute], audiences: Resolver
    ) -> None:
        self.terms = scan.terms
        self.attributes = attributes
        self.audiences = audiences
        self.whole = Place(scan.tokens[0].start, scan.tokens[-1].end + 1)
        self.problems: list[Problem] = []
        self.broken = False

    def condition(self, node: exp.Expr) -> Condition:
        """The condition of a node.

        Raises:
            ConditionError: The node is none.
        """
        kind = node.key
        if kind == "paren":
            return self.condition(node.this)
        if kind in ("and", "or"):
            parts = tuple(self.condition(part) for part in _flat(node, kind))
            place = Place(parts[0].place.start, parts[-1].place.end)
            return And(parts, place) if kind == "and" else Or(parts, place)
        if kind == "not":
            inner = self.condition(node.this)
            return Not(inner, inner.place)
        if kind == "column":
            return self.alone(self.term(node))
        leaf = self.leaf(node)
        return Not(leaf, leaf.place) if node.args.get("negate") else leaf

    def leaf(self, node: exp.Expr) -> Condition:
        """The comparison of a node."""
        kind = node.key
        if kind in _COMPARISONS:
            return self.compare(node, _COMPARISONS[kind])
        if kind == "in" and not set(_set(node)) - {"this", "expressions", "negate"}:
            return self.member(node)
        if kind == "between" and not node.args.get("symmetric"):
            return self.between(node)
        if kind == "like":
            return self.like(node)
        if kind == "is" and node.expression.key == "null":
            return self.is_null(node)
        cure = "write conditions such as loans = 0 joined by and, or"
        raise refuse("this is no condition", self.place_of(node), cure)

    def place_of(self, node: exp.Expr) -> Place:
        """From the first operand in a node to the last."""
        columns = [part.name for part in node.walk() if part.key == "column"]
        numbers = [int(name) for name in columns if name.isdigit()]
        if not numbers:  # pragma: no cover - every node holds an operand
            return self.whole
        first, last = self.terms[min(numbers)], self.terms[max(numbers)]
        return Place(first.place.start, last.place.end)

    def term(self, node: exp.Expr | None) -> Term:
        """The operand that a node stands for.

        Raises:
            ConditionError: It is a condition, or nothing at all.
        """
        while node is not None and node.key == "paren":
            node = node.this
        if node is None or node.key != "column" or not node.name.isdigit():
            place = self.whole if node is None else self.place_of(node)
            cure = "compare attributes, texts, numbers and now; join by and, or"
            raise refuse("a condition cannot be compared", place, cure)
        return self.terms[int(node.name)]

    def alone(self, term: Term) -> Condition:
        """The condition that an operand is by itself."""
        if isinstance(term, Constant) and isinstance(term.value, bool):
            return Always(term.value, term.place)
        if not isinstance(term, Name):
            cure = "compare it with something"
            raise refuse("this is a value, not a condition", term.place, cure)
        attribute = self.attributes.get(term.text)
        if attribute is not None:
            ref = Ref(term.text, attribute.type, attribute.nullable, term.place)
            if attribute.type != "bool":
                what = f"'{term.text}' is of type {attribute.type}, not bool"
                self.mismatch(what, term.place, "compare it with something")
            return Flag(ref, term.place)
        known = (*self.attributes, *self.audiences.names())
        found = self.audiences.condition(term.text, term.place)
        if isinstance(found, Problem):
            if found.rule == "unknown-attribute":
                found = _unknown(term.text, term.place, known)
            self.problems.append(found)
        elif found is not None:
            return Named(term.text, found, term.place)
        self.broken = True
        return Always(value=False, place=term.place)

    def operand(self, node: exp.Expr | None) -> Operand:
        """The operand of a comparison."""
        term = self.term(node)
        if isinstance(term, Constant | Now):
            return term
        if isinstance(term, Name):
            return self.ref(term)
        of = term.of if isinstance(term.of, Now) else self.ref(term.of)
        if of.type != "timestamp":
            what = f"date() takes a timestamp, and this is of type {of.type}"
            self.mismatch(what, term.place, "compare the attribute itself")
        return DateOf(of, term.place)

    def ref(self, name: Name) -> Ref:
        """The attribute of a name; one that is not declared is reported."""
        attribute = self.attributes.get(name.text)
        if attribute is not None:
            return Ref(name.text, attribute.type, attribute.nullable, name.place)
        if name.text in self.audiences.names():
            cure = "use it alone: and, or, not"
            self.mismatch(f"'{name.text}' is an audience", name.place, cure)
        else:
            known = tuple(self.attributes)
            self.problems.append(_unknown(name.text, name.place, known))
        self.broken = True
        return Ref(name.text, "string", place=name.place)

    def mismatch(self, what: str, place: Place, cure: str) -> None:
        """Report operands that cannot be compared."""
        self.problems.append(Problem("type-mismatch", what, place, cure))

    def settle(self, operand: Operand, other: Operand) -> Operand:
        """The operand, read as a day or a time where the other one is one."""
        if not isinstance(operand, Constant) or not isinstance(operand.value, str):
            return operand
        if other.type not in ("date", "timestamp"):
            return operand
        pattern = _DAY if other.type == "date" else _TIME
        try:
            if not pattern.fullmatch(operand.value):
                raise ValueError(operand.value)  # noqa: TRY301 - one way out
            if other.type == "date":
                day = date.fromisoformat(operand.value)
                return Constant(day, "date", operand.place)
            at = datetime.fromisoformat(operand.value)
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError):
            example = "2026-01-31" + "T09:30:00Z" * (other.type == "timestamp")
            what = f"'{operand.value}' is not a {other.type}"
            self.mismatch(what, operand.place, f"write '{example}'")
            self.broken = True
            return Constant("", other.type, operand.place)
        return Constant(at, "timestamp", operand.place)

    def pair(self, left: Operand, right: Operand) -> tuple[Operand, Operand]:
        """Two operands made comparable; what cannot be compared is reported."""
        left, right = self.settle(left, right), self.settle(right, left)
        numeric = left.type in _NUMBERS and right.type in _NUMBERS
        if left.type != right.type and not numeric and not self.broken:
            what = f"{left.type} and {right.type} cannot be compared"
            days = {left.type, right.type} == {"date", "timestamp"}
            cure = "write date(…) around the time" if days else "compare like with like"
            place = Place(left.place.start, right.place.end)
            self.mismatch(what, place, cure)
        return left, right

    def compare(self, node: exp.Expr, op: Comparison) -> Compare:
        """Two operands compared, an attribute first."""
        left, right = self.pair(
            self.operand(node.args.get("this")),
            self.operand(node.args.get("expression")),
        )
        place = Place(left.place.start, right.place.end)
        if isinstance(left, Constant) and isinstance(right, Constant):
            self.mismatch("two constants are compared", place, "name an attribute")
        if left.type == "bool" and op not in ("=", "<>"):
            self.mismatch(f"true and false have no order, so no {op}", place, "use =")
        if isinstance(left, Constant):
            return Compare(right, _MIRRORED[op], left, place)
        return Compare(left, op, right, place)

    def member(self, node: exp.Expr) -> In:
        """An operand in a list of constants."""
        operand = self.operand(node.this)
        values: list[Constant] = []
        for item in node.expressions:
            value = self.pair(operand, self.operand(item))[1]
            if isinstance(value, Constant):
                values.append(value)
            else:
                self.mismatch("in (…) lists constants", value.place, "use = and or")
        place = self.place_of(node)
        if isinstance(operand, Constant):
            self.mismatch("a constant is looked up", place, "name an attribute")
        return In(operand, tuple(values), place)

    def between(self, node: exp.Expr) -> Between:
        """An operand between two others."""
        operand = self.operand(node.this)
        low = self.pair(operand, self.operand(node.args.get("low")))[1]
        high = self.pair(operand, self.operand(node.args.get("high")))[1]
        place = Place(operand.place.start, high.place.end)
        if isinstance(operand, Constant):
            self.mismatch("a constant is compared", place, "name an attribute")
        if operand.type == "bool":
            self.mismatch("true and false have no order", place, "use =")
        return Between(operand, low, high, place)

    def like(self, node: exp.Expr) -> Like:
        """A text attribute and a pattern."""
        operand = self.operand(node.this)
        pattern = self.operand(node.args.get("expression"))
        place = Place(operand.place.start, pattern.place.end)
        if not isinstance(operand, Ref) or operand.type != "string":
            self.mismatch("like takes a text attribute", operand.place, "use =")
        if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
            what = "like takes a pattern in single quotes"
            self.mismatch(what, pattern.place, "write like 'app%'")
            return Like(_blank(operand), "", place)
        if "\\" in pattern.value:
            what = "a backslash in a pattern means something else in every database"
            self.mismatch(what, pattern.place, "use _ for one character")
        return Like(_blank(operand), pattern.value, place)

    def is_null(self, node: exp.Expr) -> Condition:
        """An attribute that may be missing."""
        operand = self.operand(node.this)
        if not isinstance(operand, Ref):
            what = "only an attribute can be null"
            self.mismatch(what, operand.place, "name an attribute")
        return IsNull(_blank(operand), operand.place)


def _blank(operand: Operand) -> Ref:
    """The attribute; any stands in for what has been reported."""
    return operand if isinstance(operand, Ref) else Ref("", "string")


def _flat(node: exp.Expr, kind: str) -> list[exp.Expr]:
    """The members of a chain of one operator; sqlglot nests chains to the left."""
    members = []
    while node.key == kind:
        members.append(node.expression)
        node = node.this
    return [node, *reversed(members)]


def _set(node: exp.Expr) -> list[str]:
    """The arguments of a node that are set."""
    return [key for key, value in node.args.items() if value]
