"""Rendering: a shape, compiled to a function from values to text.

The function walks the shape that was proved: what is sent is what was proved. Jinja's
own sandbox renders the same templates in the tests, and the two must agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from copylab.template.choices import START
from copylab.template.domains import UNKNOWN, numbers_of, times_of
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
    Unknown,
    Var,
)
from copylab.template.filters import FILTERS, Call
from copylab.template.semantics import arithmetic, compare, plain_number
from copylab.template.shape import (
    EMPTY,
    Alt,
    Hole,
    Lit,
    Rep,
    Seq,
    Shape,
    shape_variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from copylab.template.scope import NumberDomain, Scope, TimeDomain

    Values = Mapping[str, Any]
    Evaluate = Callable[[Values], Any]
    Render = Callable[[Values], str]

_LOOP = " loop"
"""The key under which the state of the innermost loop stands; no name has a blank."""


class Piece(NamedTuple):
    """A stretch of a text that values decide.

    Attributes:
        render: The stretch, from the values of its variables.
        names: The variables it looks at, sorted.
        is_value: Whether it is the value of its only variable, as it is.
    """

    render: Render
    names: tuple[str, ...]
    is_value: bool


class Pieces(NamedTuple):
    """A shape taken apart, for those who render it for many values at once.

    ``template % texts`` is what the function of ``compile_shape`` gives, with the texts
    of the pieces in their order.

    Attributes:
        template: The words between the pieces, with ``%s`` for each piece.
        pieces: The pieces.
    """

    template: str
    pieces: tuple[Piece, ...]


def unknown_key(unknown: Unknown) -> str:
    """The key under which a witness says how a condition that was not read goes."""
    return f" unknown {unknown.number}"


def compile_shape(shape: Shape, scope: Scope) -> Render:
    """A function from the values of variables to the rendered text.

    The values are those that ``message.values.reader`` gives. The function has no
    other input and keeps no state; it may be called from several threads.
    """
    parts = _merge(_flatten(shape))
    compiled = [
        part.text if isinstance(part, Lit) else _compile_part(part, scope)
        for part in parts
    ]
    return _join(compiled)


def compile_pieces(shape: Shape, scope: Scope) -> Pieces:
    """The shape taken apart; its pieces are the functions that it is rendered with."""
    parts = _merge(_flatten(shape))
    template = "".join(
        part.text.replace("%", "%%") if isinstance(part, Lit) else "%s"
        for part in parts
    )
    pieces = tuple(
        Piece(
            _compile_part(part, scope),
            tuple(sorted(shape_variables(part))),
            _is_value(part, scope),
        )
        for part in parts
        if not isinstance(part, Lit)
    )
    return Pieces(template, pieces)


def _is_value(part: Shape, scope: Scope) -> bool:
    """Whether a part prints one variable's text without doing anything to it."""
    if not isinstance(part, Hole) or scope.escapes.get(part.escape) is not None:
        return False
    return isinstance(part.expression, Var) and part.expression.type in TEXTUAL


def _flatten(shape: Shape) -> list[Shape]:
    if isinstance(shape, Seq):
        return [leaf for part in shape.parts for leaf in _flatten(part)]
    return [shape]


def _merge(parts: list[Shape]) -> list[Shape]:
    """Neighbouring literals become one."""
    merged: list[Shape] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Lit) and isinstance(last, Lit):
            merged[-1] = Lit(last.text + part.text, last.place)
        else:
            merged.append(part)
    return merged


def _join(parts: list[str | Render]) -> Render:
    """The parts one after the other; a template string is the fastest join there is."""
    if not parts:
        return lambda _values: ""
    if len(parts) == 1:
        only = parts[0]
        return (lambda _values: only) if isinstance(only, str) else only
    template = "".join(
        part.replace("%", "%%") if isinstance(part, str) else "%s" for part in parts
    )
    holes = tuple(part for part in parts if not isinstance(part, str))
    if len(holes) == 1:
        (first,) = holes
        return lambda values: template % (first(values),)
    if len(holes) == 2:  # noqa: PLR2004 - unrolled, as most messages have few holes
        first, second = holes
        return lambda values: template % (first(values), second(values))
    if len(holes) == 3:  # noqa: PLR2004 - as above
        first, second, third = holes
        return lambda values: template % (first(values), second(values), third(values))
    return lambda values: template % tuple([hole(values) for hole in holes])


def _compile_part(shape: Shape, scope: Scope) -> Render:
    match shape:
        case Hole():
            return _compile_hole(shape, scope)
        case Alt():
            return _compile_choice(shape, scope)
        case Rep():
            return _compile_loop(shape, scope)
    return compile_shape(shape, scope)


def _compile_hole(hole: Hole, scope: Scope) -> Render:
    show = _compile_text(hole.expression, scope)
    escape = scope.escapes.get(hole.escape)
    if escape is None:
        return show
    return lambda values: escape(show(values))


def _compile_text(expression: Expression, scope: Scope) -> Render:
    """The text of a printed expression."""
    if expression.type in NUMERIC:
        number = compile_expression(expression, scope)
        return lambda values: plain_number(number(values))
    if expression.type == "date":
        day = compile_expression(expression, scope)
        return lambda values: str(day(values).isoformat())
    return compile_expression(expression, scope)


def _compile_choice(alt: Alt, scope: Scope) -> Render:
    arms = [
        (
            None if guard is None else compile_expression(guard, scope),
            compile_shape(arm, scope),
        )
        for guard, arm in alt.arms
    ]
    if len(arms) == 2 and arms[1][0] is None and arms[0][0] is not None:  # noqa: PLR2004 - if/else
        return _either(arms[0][0], arms[0][1], arms[1][1])

    def choose(values: Values) -> str:
        for guard, arm in arms:
            if guard is None or guard(values):
                return arm(values)
        return ""

    return choose


def _either(test: Evaluate, yes: Render, no: Render) -> Render:
    return lambda values: yes(values) if test(values) else no(values)


def _compile_loop(rep: Rep, scope: Scope) -> Render:
    body, name = compile_shape(rep.body, scope), rep.variable

    def repeat(values: Values) -> str:
        items = values[name]
        inner = dict(values)
        pieces = []
        for index, item in enumerate(items, start=1):
            inner[f"{name} item"] = item
            inner[_LOOP] = (index, index == 1, index == len(items))
            pieces.append(body(inner))
        return "".join(pieces)

    return repeat


def compile_expression(expression: Expression, scope: Scope) -> Evaluate:  # noqa: C901, PLR0911, PLR0912 - one case a node
    """A function from the values of variables to the value of an expression."""
    match expression:
        case Const():
            constant = expression.value
            return lambda _values: constant
        case Var():
            name = expression.name
            return lambda values: values[name]
        case Item():
            owner, field = f"{expression.loop} item", expression.field
            return lambda values: values[owner][field]
        case LoopState():
            index = ("loop.index", "loop.first", "loop.last").index(expression.name)
            return lambda values: values[_LOOP][index]
        case Compare():
            return _compile_compare(expression, scope)
        case Logic():
            left = compile_expression(expression.left, scope)
            right = compile_expression(expression.right, scope)
            if expression.op == "and":
                return lambda values: left(values) and right(values)
            return lambda values: left(values) or right(values)
        case Not():
            operand = compile_expression(expression.operand, scope)
            return lambda values: not operand(values)
        case Concat():
            parts = [_compile_text(part, scope) for part in expression.parts]
            return lambda values: "".join([part(values) for part in parts])
        case Arithmetic():
            left = compile_expression(expression.left, scope)
            right = compile_expression(expression.right, scope)
            op = expression.op
            return lambda values: arithmetic(op, left(values), right(values))
        case Cond():
            test = compile_expression(expression.test, scope)
            yes = _compile_side(expression.yes, expression.type, scope)
            no = _compile_side(expression.no, expression.type, scope)
            return lambda values: yes(values) if test(values) else no(values)
        case Filtered():
            return _compile_filter(expression, scope)
        case Unknown():
            key = unknown_key(expression)
            return lambda values: values.get(key, UNKNOWN)


def _compile_side(side: Expression, kind: str, scope: Scope) -> Evaluate:
    if kind == "text" and side.type not in {"text", "enum", "url", "person_name"}:
        return _compile_text(side, scope)
    return compile_expression(side, scope)


def _compile_compare(expression: Compare, scope: Scope) -> Evaluate:
    left = compile_expression(expression.left, scope)
    op = expression.op
    if isinstance(expression.right, Const):
        constant = expression.right.value
        if op == "==":
            return lambda values: left(values) == constant
        if op == "!=":
            return lambda values: left(values) != constant
        return lambda values: compare(op, left(values), constant)
    right = compile_expression(expression.right, scope)
    return lambda values: compare(op, left(values), right(values))


def _compile_filter(expression: Filtered, scope: Scope) -> Evaluate:
    operand = expression.operand
    domain: NumberDomain | TimeDomain | None = None
    if operand.type in NUMERIC:
        domain = numbers_of(operand, scope, START)
    elif operand.type in {"date", "datetime"}:
        domain = times_of(operand, scope)
    call = Call(expression.args, dict(expression.kwargs), scope.locale, scope.timezone)
    apply = FILTERS[expression.filter].apply(call, domain)
    value = compile_expression(operand, scope)
    return lambda values: apply(value(values))


class Printed(NamedTuple):
    """What one leaf of a shape printed.

    Attributes:
        text: The stretch of the rendered text.
        leaf: The words or the hole that it comes from.
    """

    text: str
    leaf: Lit | Hole


def trace_shape(shape: Shape, scope: Scope, values: Values) -> tuple[Printed, ...]:
    """What each leaf prints for given values, in the order of the text.

    The stretches one after the other are what the function of ``compile_shape`` gives:
    so a place in a message is known as a place in a file. It is for pages that show
    where words come from; sending never asks.
    """
    return tuple(_trace(shape, scope, values))


def _trace(shape: Shape, scope: Scope, values: Values) -> Iterator[Printed]:
    match shape:
        case Lit():
            yield Printed(shape.text, shape)
        case Hole():
            yield Printed(_compile_hole(shape, scope)(values), shape)
        case Seq():
            for part in shape.parts:
                yield from _trace(part, scope, values)
        case Alt():
            yield from _trace(_chosen_arm(shape, scope, values), scope, values)
        case Rep():
            items = values[shape.variable]
            for index, item in enumerate(items, start=1):
                state = (index, index == 1, index == len(items))
                inner = {**values, f"{shape.variable} item": item, _LOOP: state}
                yield from _trace(shape.body, scope, inner)


def _chosen_arm(alt: Alt, scope: Scope, values: Values) -> Shape:
    """The arm of a choice that is printed for given values."""
    for guard, arm in alt.arms:
        if guard is None or compile_expression(guard, scope)(values):
            return arm
    return EMPTY
