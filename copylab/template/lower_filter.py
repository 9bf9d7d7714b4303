"""Lowering of filters: known ones, on operands they accept, with literal arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.template.expression import Const, Expression, Filtered
from copylab.template.filters import FILTERS, REFUSED, Call
from copylab.template.formats import locale_known
from copylab.template.refusals import refusal

if TYPE_CHECKING:
    from jinja2 import nodes

    from copylab.template.lower_expression import Lowering


def lower_filter(lowering: Lowering, node: nodes.Filter) -> Expression | None:
    """A filtered value, or None where a finding was made."""
    if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
        lowering.wrong(*refusal(node))
        return None
    if node.name not in FILTERS:
        cure = REFUSED.get(node.name) or suggest(node.name, FILTERS)
        cure = cure or "filters: " + ", ".join(sorted(FILTERS))
        message = f"there is no filter '{node.name}'"
        lowering.wrong("unknown-filter", message, cure, at=node)
        return None
    operand = lowering.expression(node.node)
    args = [_literal(lowering, argument) for argument in node.args]
    kwargs = {str(pair.key): _literal(lowering, pair.value) for pair in node.kwargs}
    if operand is None or None in args or None in kwargs.values():
        return None
    values = tuple(arg.value for arg in args if arg is not None)
    named = {key: arg.value for key, arg in kwargs.items() if arg is not None}
    return _apply(lowering, node, operand, values, named)


def _literal(lowering: Lowering, node: nodes.Expr) -> Const | None:
    value = lowering.expression(node)
    if value is not None and not isinstance(value, Const):
        message = "the arguments of a filter are literals"
        lowering.wrong("bad-filter-arguments", message, at=node)
        return None
    return value


def _apply(
    lowering: Lowering,
    node: nodes.Filter,
    operand: Expression,
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> Expression | None:
    name, scope = node.name, lowering.names.scope
    contract = FILTERS[name]
    if operand.type not in contract.accepts:
        usual = ", ".join(sorted(contract.accepts))
        message = f"'{name}' prints {usual}, not {operand.type}"
        lowering.wrong("type-mismatch", message, at=node)
        return None
    if not locale_known(scope.locale):
        message = f"no formats are known for the locale {scope.locale}"
        lowering.wrong("bad-filter-arguments", message, at=node)
        return None
    problem = contract.check(Call(args, kwargs, scope.locale, scope.timezone))
    if problem is not None:
        lowering.wrong("bad-filter-arguments", problem, at=node)
        return None
    return Filtered(operand, name, args, tuple(kwargs.items()))
