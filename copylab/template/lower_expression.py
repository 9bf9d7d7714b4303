"""Lowering of expressions: from Jinja's nodes to the language's own, typed.

What the language does not allow becomes a finding at its place, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from jinja2 import nodes

from copylab.document import suggest
from copylab.findings import Finding, report
from copylab.template.expression import (
    NUMERIC,
    TEXTUAL,
    Arithmetic,
    Compare,
    Concat,
    Cond,
    Const,
    Expression,
    Filtered,
    Item,
    Logic,
    LoopState,
    Not,
    Var,
    children,
)
from copylab.template.filters import FILTERS, REFUSED, Call

if TYPE_CHECKING:
    from copylab.message.model import Variable
    from copylab.source import Span
    from copylab.template.scope import Scope

_OPS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "notin",
}
_ORDER = frozenset(("<", "<=", ">", ">="))
_TIMES = frozenset(("date", "datetime"))
MAX_NODES = 5000
"""The largest expression that is read, ``set`` substituted."""


@dataclass(slots=True)
class Names:
    """What names mean at a point of a template.

    Attributes:
        scope: The surroundings.
        assigned: What ``set`` gave a name, as an expression.
        loops: Loop variables and the lists they run over.
        findings: Where what is wrong is collected.
        used: Every declared variable that was referred to.
    """

    scope: Scope
    assigned: dict[str, Expression]
    loops: dict[str, Variable]
    findings: list[Finding]
    used: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Lowering:
    """One expression being lowered, at the span of its tag."""

    names: Names
    span: Span

    def wrong(self, rule: str, message: str, cure: str = "") -> None:
        """Report a finding at the tag."""
        self.names.findings.append(report(rule, message, self.span, help=cure))

    def expression(self, node: nodes.Expr) -> Expression | None:  # noqa: C901, PLR0911 - a dispatch
        """The expression of a node, or None where a finding was made."""
        match node:
            case nodes.Name():
                return self._name(node.name)
            case nodes.Const():
                return self._const(node.value)
            case nodes.Getattr():
                return self._attribute(node)
            case nodes.Compare():
                return self._compare(node)
            case nodes.And() | nodes.Or():
                return self._logic(node)
            case nodes.Not():
                operand = self.condition(node.node)
                return None if operand is None else negate(operand)
            case nodes.Concat():
                return self._concat(node)
            case nodes.Add() | nodes.Sub():
                return self._arithmetic(node)
            case nodes.Neg() | nodes.Pos():
                return self._sign(node)
            case nodes.CondExpr():
                return self._conditional(node)
            case nodes.Filter():
                return self._filter(node)
            case _:
                self.wrong(*refusal(node))
                return None

    def condition(self, node: nodes.Expr) -> Expression | None:
        """The expression as a condition: what counts as true is spelled out."""
        expression = self.expression(node)
        return None if expression is None else self.truth(expression)

    def truth(self, expression: Expression) -> Expression:
        """Whether a value counts as true: not zero, not empty."""
        kind = expression.type
        if kind == "bool":
            return expression
        if isinstance(expression, Const):
            return Const(bool(expression.value), "bool")
        if kind in NUMERIC:
            return Compare("!=", expression, Const(0, "int"))
        if kind == "list":
            return (
                Compare("!=", expression, Const((), "list"))
                if self._may_be_empty(expression)
                else Const(True, "bool")  # noqa: FBT003 - a literal of the language
            )
        if kind in TEXTUAL and self._may_be_empty(expression):
            return Compare("!=", expression, Const("", "text"))
        return Const(True, "bool")  # noqa: FBT003 - a literal of the language

    def _may_be_empty(self, expression: Expression) -> bool:
        """A declared value is never empty, unless its replacement is."""
        if not isinstance(expression, Var):
            return True
        variable = self.names.scope.variables.get(expression.name)
        if variable is None:
            return True
        action, value = variable.missing.at(self.names.scope.locale)
        return action == "use" and value in ("", [])

    def _name(self, name: str) -> Expression | None:
        names, scope = self.names, self.names.scope
        if name in names.assigned:
            return names.assigned[name]
        if name in names.loops:
            self.wrong("type-mismatch", f"'{name}' is an item; print one of its fields")
            return None
        if name in scope.given:
            return Var(name, scope.given[name])
        if name in scope.constants:
            return Const(scope.constants[name], "text")
        variable = scope.variables.get(name)
        if variable is not None:
            names.used.add(name)
            return Var(name, variable.type)
        known = [*scope.variables, *scope.given, *scope.constants, *names.assigned]
        cure = (
            suggest(name, known) or f"declare {name}: under variables: in message.yaml"
        )
        self.wrong("undeclared-variable", f"'{name}' is not declared", cure)
        return None

    def _const(self, value: object) -> Expression | None:
        match value:
            case bool():
                return Const(value, "bool")
            case int():
                return Const(value, "int")
            case float():
                return Const(Decimal(repr(value)), "decimal")
            case str():
                return Const(value, "text")
        self.wrong(
            "not-in-language", "none is no value: a missing value never gets here"
        )
        return None

    def _attribute(self, node: nodes.Getattr) -> Expression | None:
        names = self.names
        owner = node.node.name if isinstance(node.node, nodes.Name) else None
        if owner == "brand" and owner not in names.assigned:
            value = names.scope.brand.get(node.attr)
            if value is None:
                cure = suggest(node.attr, names.scope.brand)
                cure = cure or f"add {node.attr}: under brand: in copylab.yaml"
                self.wrong(
                    "undeclared-variable", f"the brand has no '{node.attr}'", cure
                )
                return None
            return Const(value, "text")
        if owner in names.loops:
            variable = names.loops[owner]
            item = variable.items.get(node.attr)
            if item is None:
                cure = suggest(node.attr, variable.items)
                message = f"items of '{variable.name}' have no field '{node.attr}'"
                self.wrong("undeclared-variable", message, cure)
                return None
            return Item(variable.name, node.attr, item.type)
        if owner == "loop" and names.loops and node.attr in {"first", "last", "index"}:
            return LoopState(
                f"loop.{node.attr}", "int" if node.attr == "index" else "bool"
            )
        self.wrong(*refusal(node))
        return None

    def _compare(self, node: nodes.Compare) -> Expression | None:
        left = self.expression(node.expr)
        result: Expression | None = None
        for operand in node.ops:
            right = self._operand(operand.expr)
            if left is None or right is None:
                return None
            link = self._one_comparison(_OPS[operand.op], left, right)
            if link is None:
                return None
            result = link if result is None else Logic("and", result, link)
            left = right
        return result

    def _operand(self, node: nodes.Expr) -> Expression | None:
        """The right side of a comparison: a list of literals is allowed there."""
        if not isinstance(node, nodes.List | nodes.Tuple):
            return self.expression(node)
        items = [self.expression(item) for item in node.items]
        values = []
        for item in items:
            if not isinstance(item, Const):
                if item is not None:
                    self.wrong(
                        "not-in-language", "a list after 'in' holds literals only"
                    )
                return None
            values.append(item)
        kinds = {"text" if item.type in TEXTUAL else item.type for item in values}
        if len(kinds) > 1 and not kinds <= NUMERIC:
            self.wrong("type-mismatch", "a list after 'in' mixes texts and numbers")
            return None
        return Const(tuple(item.value for item in values), "tuple")

    def _one_comparison(
        self, op: str, left: Expression, right: Expression
    ) -> Expression | None:
        problem = self._mismatch(op, left, right)
        if problem is not None:
            self.wrong("type-mismatch", problem)
            return None
        for one, other in ((left, right), (right, left)):
            self._check_enum(one, other)
        if isinstance(left, Const) and isinstance(right, Const):
            return Const(compare(op, left.value, right.value), "bool")
        return Compare(op, left, right)

    def _mismatch(self, op: str, left: Expression, right: Expression) -> str | None:
        one, other = left.type, right.type
        if op in {"in", "notin"}:
            if other == "tuple":
                return None
            ok = one in TEXTUAL and other in TEXTUAL
            return None if ok else f"'in' needs a text or a list, not {other}"
        if one in NUMERIC and other in NUMERIC:
            return None
        same = one == other and one in _TIMES
        if op in _ORDER:
            return None if same else f"{one} and {other} have no order"
        same = same or (one in TEXTUAL and other in TEXTUAL) or one == other == "bool"
        return None if same else f"{one} is never equal to {other}"

    def _check_enum(self, one: Expression, other: Expression) -> None:
        """A word that an enum cannot have makes a branch that nobody reaches."""
        if not isinstance(one, Var | Item) or not isinstance(other, Const):
            return
        variable = self.variable_of(one)
        if variable is None or variable.type != "enum":
            return
        words = other.value if isinstance(other.value, tuple) else (other.value,)
        for word in words:
            if word not in variable.values:
                cure = suggest(str(word), variable.values)
                cure = cure or "values: " + ", ".join(variable.values)
                message = f"'{variable.name}' is never '{word}'"
                self.wrong("type-mismatch", message, cure)

    def variable_of(self, expression: Expression) -> Variable | None:
        """The declaration behind a variable or the field of an item."""
        variables = self.names.scope.variables
        match expression:
            case Var():
                return variables.get(expression.name)
            case Item():
                owner = variables.get(expression.loop)
                return None if owner is None else owner.items.get(expression.field)
        return None

    def _logic(self, node: nodes.And | nodes.Or) -> Expression | None:
        left, right = self.condition(node.left), self.condition(node.right)
        if left is None or right is None:
            return None
        return Logic("and" if isinstance(node, nodes.And) else "or", left, right)

    def _concat(self, node: nodes.Concat) -> Expression | None:
        parts = [self.expression(part) for part in node.nodes]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        for part in known:
            if not printable(part):
                self.wrong("type-mismatch", cannot_print(part))
                return None
        return self._limited(Concat(tuple(known)))

    def _limited(self, expression: Expression) -> Expression | None:
        """The expression, unless ``set`` has made it too large to be read."""
        count, stack = 0, [expression]
        while stack:
            count += 1
            if count > MAX_NODES:
                message = "a chain of 'set' makes this expression too large"
                self.wrong("too-complex", message, "write the text out")
                return None
            stack.extend(children(stack.pop()))
        return expression

    def _arithmetic(self, node: nodes.Add | nodes.Sub) -> Expression | None:
        left, right = self.expression(node.left), self.expression(node.right)
        if left is None or right is None:
            return None
        if left.type != "int" or right.type != "int":
            cure = "join texts with ~" if isinstance(node, nodes.Add) else ""
            message = f"+ and - are for whole numbers, not {left.type} and {right.type}"
            self.wrong("type-mismatch", message, cure)
            return None
        op = "+" if isinstance(node, nodes.Add) else "-"
        if isinstance(left, Const) and isinstance(right, Const):
            return Const(arithmetic(op, left.value, right.value), "int")
        return self._limited(Arithmetic(op, left, right))

    def _sign(self, node: nodes.Neg | nodes.Pos) -> Expression | None:
        operand = self.expression(node.node)
        if operand is None:
            return None
        value = operand.value if isinstance(operand, Const) else None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong("type-mismatch", "a sign stands before a number only")
            return None
        return Const(-value if isinstance(node, nodes.Neg) else value, operand.type)

    def _conditional(self, node: nodes.CondExpr) -> Expression | None:
        if node.expr2 is None:
            cure = "write {{ a if b else '' }}"
            self.wrong("not-in-language", "a conditional needs its else", cure)
            return None
        test = self.condition(node.test)
        yes, no = self.expression(node.expr1), self.expression(node.expr2)
        if test is None or yes is None or no is None:
            return None
        kind = merge_types(yes.type, no.type)
        if kind is None:
            message = f"the two sides are {yes.type} and {no.type}"
            self.wrong("type-mismatch", message, "print both as text")
            return None
        return self._limited(Cond(test, yes, no, kind))

    def _filter(self, node: nodes.Filter) -> Expression | None:
        if (
            node.node is None
            or node.dyn_args is not None
            or node.dyn_kwargs is not None
        ):
            self.wrong(*refusal(node))
            return None
        contract = FILTERS.get(node.name)
        if contract is None:
            cure = REFUSED.get(node.name) or suggest(node.name, FILTERS)
            cure = cure or "filters: " + ", ".join(sorted(FILTERS))
            self.wrong("unknown-filter", f"there is no filter '{node.name}'", cure)
            return None
        operand = self.expression(node.node)
        args = [self._literal(argument) for argument in node.args]
        kwargs = {str(pair.key): self._literal(pair.value) for pair in node.kwargs}
        if operand is None or None in args or None in kwargs.values():
            return None
        values = tuple(arg.value for arg in args if arg is not None)
        named = {key: arg.value for key, arg in kwargs.items() if arg is not None}
        return self._apply(node.name, operand, values, named)

    def _literal(self, node: nodes.Expr) -> Const | None:
        value = self.expression(node)
        if value is not None and not isinstance(value, Const):
            message = "the arguments of a filter are literals"
            self.wrong("bad-filter-arguments", message)
            return None
        return value

    def _apply(
        self,
        name: str,
        operand: Expression,
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> Expression | None:
        contract, scope = FILTERS[name], self.names.scope
        if operand.type not in contract.accepts:
            usual = ", ".join(sorted(contract.accepts))
            message = f"'{name}' prints {usual}, not {operand.type}"
            self.wrong("type-mismatch", message)
            return None
        problem = contract.check(Call(args, kwargs, scope.locale, scope.timezone))
        if problem is not None:
            self.wrong("bad-filter-arguments", problem)
            return None
        return self._limited(Filtered(operand, name, args, tuple(kwargs.items())))


def printable(expression: Expression) -> bool:
    """Whether a value of this type can be printed as it is."""
    return expression.type not in {"bool", "list", "datetime", "tuple"}


def cannot_print(expression: Expression) -> str:
    """Why not, and what to do."""
    if expression.type == "datetime":
        return "a datetime prints with a filter: | date or | time"
    if expression.type == "bool":
        return "true or false is for conditions, not for printing"
    return "a list is for loops, not for printing"


def merge_types(one: str, other: str) -> str | None:
    """The type of a value that is of one type or of another, or None."""
    if one == other:
        return one
    if one in TEXTUAL and other in TEXTUAL:
        return "text"
    return "decimal" if {one, other} == {"int", "decimal"} else None


def negate(expression: Expression) -> Expression:
    """The negation of a condition."""
    if isinstance(expression, Const):
        return Const(not expression.value, "bool")
    return expression.operand if isinstance(expression, Not) else Not(expression)


def compare(op: str, left: object, right: object) -> bool:
    """Python's comparison of two values, by the operator's name in the language."""
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "in":
            return left in right  # type: ignore[operator]
        case "notin":
            return left not in right  # type: ignore[operator]
        case "<":
            return left < right  # type: ignore[operator, no-any-return]
        case "<=":
            return left <= right  # type: ignore[operator, no-any-return]
        case ">":
            return left > right  # type: ignore[operator, no-any-return]
        case _:
            return left >= right  # type: ignore[operator, no-any-return]


def arithmetic(op: str, left: object, right: object) -> int:
    """The sum or the difference of two whole numbers."""
    assert isinstance(left, int)
    assert isinstance(right, int)
    return left + right if op == "+" else left - right


def refusal(node: nodes.Node) -> tuple[str, str, str]:
    """Rule, message and cure for a construct that is not in the language."""
    match node:
        case nodes.Call():
            return "not-in-language", "nothing can be called from copy", ""
        case nodes.Getattr() | nodes.Getitem():
            message = "attributes and items of values cannot be reached from copy"
            return "not-in-language", message, "declare what you need as a variable"
        case nodes.Test():
            cure = "a missing value never gets here; compare with == or !="
            return "not-in-language", f"the test 'is {node.name}' is not needed", cure
        case nodes.Mul() | nodes.Div() | nodes.FloorDiv() | nodes.Mod() | nodes.Pow():
            cure = "compute it before, and pass it as a variable"
            return "not-in-language", "only + and - on whole numbers are computed", cure
    name = type(node).__name__.lower()
    return "not-in-language", f"'{name}' is not in copylab's template language", ""
