"""Lowering of statements: words, holes, choices, loops, includes and ``set``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import nodes

from copylab.document import suggest
from copylab.findings import report
from copylab.template.environment import (
    Parsed,
    Tag,
    TemplateProblem,
    offset_of,
    parse_template,
)
from copylab.template.expression import (
    Compare,
    Concat,
    Cond,
    Const,
    Expression,
    Unknown,
    Var,
)
from copylab.template.lower_expression import Lowering
from copylab.template.names import Names, TooComplexError
from copylab.template.refusals import refusal
from copylab.template.semantics import cannot_print, plain_number, printable
from copylab.template.shape import EMPTY, Alt, Hole, Lit, Place, Rep, Seq, Shape
from copylab.template.syntax_words import SIMPLER, TOO_LARGE, cure_of, plain_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.message.model import Passage, Variable
    from copylab.source import Span

MAX_ENUM_BRANCHES = 12
"""An enum that is printed becomes a choice between its words up to this many."""
MAX_INCLUDES = 500
"""How often partials may be written out in one template."""
MAX_NESTING = 40
"""How many tags and includes may stand inside each other."""

_parse_partial = lru_cache(maxsize=256)(parse_template)


@dataclass(slots=True)
class Reading:
    """A template being read.

    Attributes:
        names: What names mean at this point.
        escape: The escape of the destination.
        partials: By path below ``_partials``, what can be included.
        included: The partials that were included.
        is_whole: Whether no words were left out.
    """

    names: Names
    escape: str
    partials: Mapping[str, Passage]
    included: set[str]
    is_whole: bool = True
    expansions: int = 0
    depth: int = 0

    def passage(self, passage: Passage, trail: tuple[str, ...]) -> Shape:
        """The shape of a passage, ``trail`` being the includes that lead to it."""
        try:
            parsed = self._parse(passage, trail)
        except TemplateProblem as problem:
            end = min(problem.offset + 1, len(passage.text))
            span = passage.span(min(problem.offset, max(end - 1, 0)), end)
            message, cure = plain_message(problem.message), cure_of(problem.message)
            self.names.findings.append(report(problem.rule, message, span, help=cure))
            return self.leave_out()
        return _Body(self, passage, parsed, trail).lower(parsed.root.body)

    def leave_out(self) -> Shape:
        """The shape of words that could not be read."""
        self.is_whole = False
        return EMPTY

    def _parse(self, passage: Passage, trail: tuple[str, ...]) -> Parsed:
        """The tree of a passage; a partial, which many share, is parsed once."""
        parse = _parse_partial if trail else parse_template
        return parse(passage.text)

    def include(self, name: str, span: Span, trail: tuple[str, ...]) -> Shape:
        """The shape of an included partial."""
        if name in trail:
            chain = " → ".join((*trail[trail.index(name) :], name))
            message = f"'{name}' includes itself: {chain}"
            cure = "take one of the includes out"
            self.names.findings.append(
                report("include-cycle", message, span, help=cure)
            )
            return self.leave_out()
        passage = self.partials.get(name)
        if passage is None:
            cure = suggest(name, self.partials) or f"write templates/_partials/{name}"
            message = f"there is no partial '{name}'"
            self.names.findings.append(
                report("include-missing", message, span, help=cure)
            )
            return self.leave_out()
        self.included.add(name)
        self.expansions += 1
        if self.expansions > MAX_INCLUDES:
            message = f"partials are included more than {MAX_INCLUDES} times"
            raise TooComplexError(message, SIMPLER, span)
        return self.passage(passage, (*trail, name))


@dataclass(frozen=True, slots=True)
class _Body:
    """The statements of one passage."""

    owner: Reading
    passage: Passage
    parsed: Parsed
    trail: tuple[str, ...]

    @property
    def names(self) -> Names:
        return self.owner.names

    def place(self, node: nodes.Node) -> Place:
        """The tag that a node stands in."""
        offset = offset_of(node)
        tag = self.parsed.tag_at(offset) or Tag(offset, offset, "")
        return Place(self.passage, tag.start, tag.end, exact=False)

    def lowering(self, node: nodes.Node) -> Lowering:
        return Lowering(self.names, self.place(node))

    def lower(self, statements: list[nodes.Node]) -> Shape:
        """The shape of a list of statements."""
        owner = self.owner
        if owner.depth > MAX_NESTING and statements:
            span = self.lowering(statements[0]).span
            raise TooComplexError(TOO_LARGE, SIMPLER, span)
        owner.depth += 1
        parts = [self.statement(node) for node in statements]
        owner.depth -= 1
        flat: list[Shape] = []
        for part in parts:
            flat.extend(part.parts if isinstance(part, Seq) else (part,))
        return flat[0] if len(flat) == 1 else Seq(tuple(flat))

    def statement(self, node: nodes.Node) -> Shape:
        match node:
            case nodes.Output():
                return Seq(tuple(self.output(part) for part in node.nodes))
            case nodes.If():
                return self.choice(node)
            case nodes.For():
                return self.loop(node)
            case nodes.Assign():
                self.assign(node)
            case nodes.Include():
                return self.include(node)
            case nodes.Macro() | nodes.Import() | nodes.FromImport():
                self.lowering(node).wrong(*refusal(node))  # it prints nothing
            case _:
                self.lowering(node).wrong(*refusal(node))
                return self.owner.leave_out()
        return EMPTY

    def output(self, node: nodes.Expr) -> Shape:
        if isinstance(node, nodes.TemplateData):
            start = offset_of(node)
            place = Place(self.passage, start, start + len(node.data))
            return Lit(node.data, place)
        lowering = self.lowering(node)
        expression = lowering.expression(node)
        if expression is not None and not printable(expression):
            lowering.wrong("type-mismatch", cannot_print(expression))
            expression = None
        return self.print(expression or self.names.make_unknown(), self.place(node))

    def print(self, expression: Expression, place: Place) -> Shape:
        """The shape of a printed expression: choices in it become alternatives."""
        match expression:
            case Const():
                value = expression.value
                plain = value if isinstance(value, str) else plain_number(value)
                text = self._escaped(plain)
                return Lit(text, place) if text else EMPTY
            case Cond():
                yes = self.print(expression.yes, place)
                no = self.print(expression.no, place)
                return Alt(((expression.test, yes), (None, no)), place)
            case Concat():
                return Seq(tuple(self.print(part, place) for part in expression.parts))
            case Var(type="enum"):
                words = self.names.scope.variables[expression.name].values
                if 0 < len(words) <= MAX_ENUM_BRANCHES:
                    return self._enum(expression, words, place)
        escape = "none" if expression.type == "html" else self.owner.escape
        return Hole(expression, escape, place)

    def _escaped(self, text: str) -> str:
        function = self.names.scope.escapes.get(self.owner.escape)
        return function(text) if function else text

    def _enum(self, expression: Var, words: tuple[str, ...], place: Place) -> Shape:
        arms: list[tuple[Expression | None, Shape]] = [
            (
                Compare("==", expression, Const(word, "text")),
                Lit(self._escaped(word), place),
            )
            for word in words
        ]
        arms[-1] = (None, arms[-1][1])
        return Alt(tuple(arms), place)

    def choice(self, node: nodes.If) -> Shape:
        """An ``if``; what ``set`` gave a name in one arm only stays conditional."""
        before = dict(self.names.assigned)
        arms: list[tuple[Expression | None, Shape]] = []
        outcomes: list[tuple[Expression | None, dict[str, Expression]]] = []
        for test, body in [
            *((arm.test, arm.body) for arm in (node, *node.elif_)),
            (None, node.else_),
        ]:
            self.names.assigned = dict(before)
            guard = None if test is None else self.condition(test)
            if test is not None and guard is None:
                guard = self.names.make_unknown()
            arms.append((guard, self.lower(body)))
            outcomes.append((guard, self.names.assigned))
        self.names.assigned = self._merge(before, outcomes, node)
        return Alt(tuple(arms), self.place(node.test))

    def condition(self, test: nodes.Node) -> Expression | None:
        """The guard of an arm."""
        assert isinstance(test, nodes.Expr)
        return self.lowering(test).condition(test)

    def _merge(
        self,
        before: dict[str, Expression],
        outcomes: list[tuple[Expression | None, dict[str, Expression]]],
        node: nodes.If,
    ) -> dict[str, Expression]:
        merged = dict(before)
        changed = {
            name
            for _, names in outcomes
            for name, value in names.items()
            if before.get(name) is not value
        }
        for name in sorted(changed):
            values = [(guard, self._value(name, names)) for guard, names in outcomes]
            result = values[-1][1]
            for guard, value in reversed(values[:-1]):
                result = self._either(guard, value, result, name, node)
            if result is not None:
                merged[name] = result
        return merged

    def _value(self, name: str, names: dict[str, Expression]) -> Expression | None:
        """What a name is after an arm: assigned there or before, or declared."""
        if name in names:
            return names[name]
        variable = self.names.scope.variables.get(name)
        if variable is None:
            return None
        self.names.used.add(name)
        return Var(name, variable.type)

    def _either(
        self,
        guard: Expression | None,
        yes: Expression | None,
        no: Expression | None,
        name: str,
        node: nodes.If,
    ) -> Expression | None:
        if yes is None or no is None or guard is None:
            return None  # used later, the name is undeclared there
        if yes is no:
            return yes
        if isinstance(yes, Unknown) or isinstance(no, Unknown):
            return self.names.make_unknown()
        lowering = self.lowering(node.test)
        kind = lowering.merged_type(yes, no)
        if kind is None:
            one, other = lowering.named(yes), lowering.named(no)
            message = f"'{name}' is {one} in one branch and {other} in another"
            lowering.wrong("type-mismatch", message)
            return self.names.make_unknown()
        return lowering.limited(Cond(guard, yes, no, kind))

    def assign(self, node: nodes.Assign) -> None:
        lowering = self.lowering(node)
        if not isinstance(node.target, nodes.Name):
            lowering.wrong("not-in-language", "'set' gives one name a value")
            return
        name = node.target.name
        if self.names.is_fixed(name) or name in self.names.loops:
            message = f"'{node.target.name}' cannot be given another value"
            lowering.wrong("not-in-language", message, "choose another name")
            return
        assert isinstance(node.node, nodes.Expr)
        expression = lowering.expression(node.node)
        self.names.assigned[node.target.name] = expression or self.names.make_unknown()

    def include(self, node: nodes.Include) -> Shape:
        lowering = self.lowering(node)
        constant = isinstance(node.template, nodes.Const)
        if not constant or not node.with_context or node.ignore_missing:
            cure = 'write {% include "name.md" %}'
            lowering.wrong("not-in-language", "an include names one partial", cure)
            return self.owner.leave_out()
        assert isinstance(node.template, nodes.Const)
        before = dict(self.names.assigned)
        shape = self.owner.include(str(node.template.value), lowering.span, self.trail)
        self.names.assigned = before
        return shape

    def loop(self, node: nodes.For) -> Shape:
        """A loop over a declared list; what it sets does not leave it."""
        lowering = self.lowering(node.iter)
        variable = self._list_of(node, lowering)
        if variable is None:
            return self.owner.leave_out()
        assert isinstance(node.target, nodes.Name)
        before, loops = dict(self.names.assigned), dict(self.names.loops)
        self.names.loops[node.target.name] = variable
        self.names.assigned.pop(node.target.name, None)
        body = self.lower(node.body)
        self.names.assigned, self.names.loops = dict(before), loops
        low = 1
        action, value = variable.missing.at(self.names.scope.locale)
        if action == "use" and value == []:
            low = 0
        place = self.place(node.iter)
        rep = Rep(variable.name, body, low, variable.max_items or low, place)
        otherwise = self.lower(node.else_) if node.else_ else EMPTY
        self.names.assigned = before
        if not node.else_ or low:
            return rep
        filled = Compare("!=", Var(variable.name, "list"), Const((), "list"))
        return Alt(((filled, rep), (None, otherwise)), place)

    def _list_of(self, node: nodes.For, lowering: Lowering) -> Variable | None:
        scope = self.names.scope
        if not scope.allow_loops:
            message = "loops are for the body of e-mails"
            cure = "write the text out, or pass it as one variable"
            lowering.wrong("unbounded-loop", message, cure)
            return None
        if node.recursive or node.test or not isinstance(node.target, nodes.Name):
            message = "a loop reads {% for item in list %}, without 'if' or 'recursive'"
            lowering.wrong("not-in-language", message)
            return None
        if self.names.is_fixed(node.target.name):
            message = f"'{node.target.name}' cannot be the name of an item"
            lowering.wrong("not-in-language", message, "choose another name")
            return None
        name = node.iter.name if isinstance(node.iter, nodes.Name) else None
        variable = scope.variables.get(name) if name else None
        if name in self.names.assigned:
            variable = None
        if variable is None or variable.type != "list":
            if (
                isinstance(node.iter, nodes.Name)
                and lowering.expression(node.iter) is None
            ):
                return None
            cure = "declare a variable of type list, with max_items"
            message = "a loop runs over a declared list, so that its length is bounded"
            lowering.wrong("unbounded-loop", message, cure)
            return None
        if variable.name in {loop.name for loop in self.names.loops.values()}:
            lowering.wrong("not-in-language", "a loop runs inside itself")
            return None
        self.names.used.add(variable.name)
        return variable
