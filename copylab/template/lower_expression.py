"""Lowering of expressions: from Jinja's nodes to the language's own, typed.

What the language does not allow becomes a finding at its place, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jinja2 import nodes

from copylab.document import suggest
from copylab.findings import report
from copylab.template.expression import (
    NUMERIC,
    TEXTUAL,
    Arithmetic,
    Compare,
    Concat,
    Cond,
    Const,
    Expression,
    Item,
    Logic,
    LoopState,
    Unknown,
    Var,
)
from copylab.template.lower_filter import lower_filter
from copylab.template.names import Names, TooComplexError, span_of
from copylab.template.refusals import refusal
from copylab.template.scope import number_domain
from copylab.template.semantics import (
    OPERATORS,
    arithmetic,
    cannot_print,
    compare,
    comparison_problem,
    first_unsendable,
    merge_types,
    negate,
    one_of,
    printable,
)

if TYPE_CHECKING:
    from copylab.message.model import Variable
    from copylab.source import Span
    from copylab.template.shape import Place

MAX_LITERAL = 10**16
"""Numbers in templates are below, as declared ones are."""


@dataclass(frozen=True, slots=True)
class Lowering:
    """One expression being lowered, at the place of its tag."""

    names: Names
    place: Place

    @property
    def span(self) -> Span:
        """The span of the tag."""
        return self.place.span

    def wrong(
        self, rule: str, message: str, cure: str = "", *, at: nodes.Node | None = None
    ) -> None:
        """Report a finding at a node, or at the tag."""
        span = self.span if at is None else span_of(at, self.place)
        self.names.findings.append(report(rule, message, span, help=cure))

    def limited(self, expression: Expression) -> Expression:
        """The expression.

        Raises:
            TooComplexError: ``set`` or nesting made it too large to be read.
        """
        if self.names.is_too_large(expression):
            message = "'set' or nesting makes this expression too large to be read"
            raise TooComplexError(message, "write the text out", self.span)
        return expression

    def expression(self, node: nodes.Expr) -> Expression | None:
        """The expression of a node, or None where a finding was made.

        Raises:
            TooComplexError: It is too large to be read.
        """
        expression = self._lower(node)
        return None if expression is None else self.limited(expression)

    def _lower(self, node: nodes.Expr) -> Expression | None:  # noqa: C901, PLR0911 - a dispatch
        match node:
            case nodes.Name():
                return self._name(node)
            case nodes.Const():
                return self._const(node)
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
                return lower_filter(self, node)
        self.wrong(*refusal(node))
        return None

    def condition(self, node: nodes.Expr) -> Expression | None:
        """The expression as a condition: what counts as true is spelled out."""
        expression = self.expression(node)
        return None if expression is None else self.limited(self.truth(expression))

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

    def _name(self, node: nodes.Name) -> Expression | None:
        names, scope, name = self.names, self.names.scope, node.name
        if name in names.assigned:
            found = names.assigned[name]
            # What is wrong with it was told where it was set.
            return None if isinstance(found, Unknown) else found
        if name in names.loops:
            message = f"'{name}' is an item; print one of its fields"
            self.wrong("type-mismatch", message, at=node)
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
        self.wrong("undeclared-variable", f"'{name}' is not declared", cure, at=node)
        return None

    def _const(self, node: nodes.Const) -> Expression | None:
        value = node.value
        match value:
            case bool():
                return Const(value, "bool")
            case int() | float() if abs(value) < MAX_LITERAL:
                if isinstance(value, int):
                    return Const(value, "int")
                return Const(Decimal(repr(value)), "decimal")
            case int() | float():
                self.wrong("not-in-language", "a number is below 10^16", at=node)
                return None
            case str():
                return self._text(value, node)
        message = "none is no value: a missing value never gets here"
        self.wrong("not-in-language", message, at=node)
        return None

    def _text(self, value: str, node: nodes.Const) -> Expression | None:
        character = first_unsendable(value)
        if character:
            message = f"U+{ord(character):04X} cannot be sent"
            self.wrong("not-in-language", message, "take it out", at=node)
            return None
        return Const(value, "text")

    def _attribute(self, node: nodes.Getattr) -> Expression | None:
        names = self.names
        owner = node.node.name if isinstance(node.node, nodes.Name) else None
        if owner == "brand" and owner not in names.assigned:
            value = names.scope.brand.get(node.attr)
            if value is None:
                cure = suggest(node.attr, names.scope.brand)
                cure = cure or f"add {node.attr}: under brand: in copylab.yaml"
                message = f"the brand has no '{node.attr}'"
                self.wrong("undeclared-variable", message, cure, at=node)
                return None
            return Const(value, "text")
        if owner in names.loops:
            variable = names.loops[owner]
            item = variable.items.get(node.attr)
            if item is None:
                cure = suggest(node.attr, variable.items)
                message = f"items of '{variable.name}' have no field '{node.attr}'"
                self.wrong("undeclared-variable", message, cure, at=node)
                return None
            return Item(variable.name, node.attr, item.type)
        if owner == "loop" and names.loops and node.attr in {"first", "last", "index"}:
            return LoopState(
                f"loop.{node.attr}", "int" if node.attr == "index" else "bool"
            )
        self.wrong(*refusal(node), at=node)
        return None

    def _compare(self, node: nodes.Compare) -> Expression | None:
        left, first = self.expression(node.expr), node.expr
        result: Expression | None = None
        for operand in node.ops:
            right = self._operand(operand.expr)
            if left is None or right is None:
                return None
            literal = first if isinstance(first, nodes.Const) else operand.expr
            link = self._one_comparison(OPERATORS[operand.op], left, right, literal)
            if link is None:
                return None
            result = link if result is None else Logic("and", result, link)
            left, first = right, operand.expr
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
        self, op: str, left: Expression, right: Expression, literal: nodes.Expr
    ) -> Expression | None:
        problem = comparison_problem(op, left, right)
        if problem is not None:
            self.wrong("type-mismatch", problem, at=literal)
            return None
        whole = op not in {"in", "notin"} or right.type == "tuple"
        for one, other in ((left, right), (right, left)) if whole else ():
            self._check_enum(one, other, literal)
        if isinstance(left, Const) and isinstance(right, Const):
            return Const(compare(op, left.value, right.value), "bool")
        if left.type == "bool" and isinstance(right, Const) and op in {"==", "!="}:
            return left if right.value is (op == "==") else negate(left)
        if right.type == "tuple" and left.type != "enum":
            return one_of(op, left, right)
        return Compare(op, left, right)

    def _check_enum(
        self, one: Expression, other: Expression, literal: nodes.Expr
    ) -> None:
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
                self.wrong("type-mismatch", message, cure, at=literal)

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
        return Concat(tuple(known))

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
        return Arithmetic(op, left, right)

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
        kind = self.merged_type(yes, no)
        if kind is None:
            message = f"the two sides are {self.named(yes)} and {self.named(no)}"
            self.wrong("type-mismatch", message, "print both as text")
            return None
        return Cond(test, yes, no, kind)

    def merged_type(self, yes: Expression, no: Expression) -> str | None:
        """The type of a value that is one or the other, or None where they differ."""
        kind = merge_types(yes.type, no.type)
        if kind == "money" and self._money(yes) != self._money(no):
            return None
        return kind

    def named(self, expression: Expression) -> str:
        """The type of an expression in words, with the currency of money."""
        if expression.type != "money":
            return expression.type
        currency, decimals = self._money(expression)
        return f"money in {currency} with {decimals} decimals"

    def _money(self, expression: Expression) -> tuple[str, int]:
        """The currency and the decimals of an amount."""
        while isinstance(expression, Cond):
            expression = expression.yes
        variable = self.variable_of(expression)
        domain = None if variable is None else number_domain(variable)
        return ("", 0) if domain is None else (domain.currency, domain.decimals)
