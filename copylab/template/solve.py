"""Solving: values that lead along a way, found by trying what its conditions name.

The search is small and the same each time. What it finds is checked by evaluating the
conditions, so that it is never wrong; where it finds nothing, there may be nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import TYPE_CHECKING

from copylab.message.values import MISSING, reader
from copylab.template.domains import sample_value, variable_range
from copylab.template.expression import (
    NUMERIC,
    TEXTUAL,
    Const,
    Expression,
    children,
    variables_in,
)
from copylab.template.ranges import Letters
from copylab.template.render import compile_expression
from copylab.template.scope import number_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from copylab.message.model import Variable
    from copylab.template.choices import Cell, State
    from copylab.template.scope import Scope

    Values = Mapping[str, object]
    Check = Callable[[Values], bool]

_MAX_ROUNDS = 12
_MAX_TRIES = 1500
_MAX_CANDIDATES = 24


def agrees(state: State, values: Values, scope: Scope) -> bool:
    """Whether values lead along a way: every known cell holds them."""
    return all(check(values) for _, check in _checks(state, scope))


def solve(state: State, values: Values, scope: Scope) -> dict[str, object] | None:
    """Values near the given ones that lead along a way, or None where none are found.

    Args:
        state: What is known along the way.
        values: Values as copy uses them, of all variables that the words refer to.
        scope: What names mean.
    """
    checks, found = _checks(state, scope), dict(values)
    for _ in range(_MAX_ROUNDS):
        failing = [names for names, check in checks if not check(found)]
        if not failing:
            return found
        better = None
        for names in failing:
            better = _improve(names, checks, found, state, scope)
            if better is not None:
                break
        if better is None:
            return None
        found = better
    return None


def _checks(state: State, scope: Scope) -> list[tuple[tuple[str, ...], Check]]:
    """For each cell, the variables it is about and whether values agree with it."""
    found: list[tuple[tuple[str, ...], Check]] = []
    for key, cell in state.cells.items():
        if isinstance(key, str):
            found.append(((key,), _check_variable(key, cell)))
        else:
            assert isinstance(key, Expression)
            names = tuple(sorted(variables_in(key)))
            found.append((names, _check_condition(key, cell, scope)))
    return found


def _check_variable(name: str, cell: Cell) -> Check:
    if isinstance(cell, frozenset):
        return lambda values: values[name] in cell
    assert isinstance(cell, tuple)
    low, high = cell
    return lambda values: low <= values[name] <= high  # type: ignore[operator]


def _check_condition(condition: Expression, cell: Cell, scope: Scope) -> Check:
    evaluate = compile_expression(condition, scope)
    return lambda values: bool(evaluate(values)) is cell


def _improve(
    names: tuple[str, ...],
    checks: list[tuple[tuple[str, ...], Check]],
    values: dict[str, object],
    state: State,
    scope: Scope,
) -> dict[str, object] | None:
    """The values with some variables changed so that fewer cells disagree, or None."""
    names = tuple(name for name in names if name in values)
    related = [check for about, check in checks if set(about) & set(names)]
    fewest = sum(not check(values) for check in related)
    best: dict[str, object] | None = None
    options = [_candidates(name, checks, values, state, scope) for name in names]
    for combination in islice(product(*options), _MAX_TRIES):
        tried = {**values, **dict(zip(names, combination, strict=True))}
        wrong = sum(not check(tried) for check in related)
        if wrong < fewest:
            fewest, best = wrong, tried
        if not wrong:
            break
    return best


def _candidates(
    name: str,
    checks: list[tuple[tuple[str, ...], Check]],
    values: dict[str, object],
    state: State,
    scope: Scope,
) -> list[object]:
    """Values of a variable that its conditions may be about, the present one first."""
    variable = scope.variables[name]
    others = {other for about, _ in checks if name in about for other in about}
    named = [
        constant
        for key in state.cells
        if not isinstance(key, str)
        for constant in _constants(key, name)
    ]
    raws: list[object] = [*named, *(values[o] for o in sorted(others) if o in values)]
    raws += _own_values(variable, raws, scope, state)
    action, replacement = variable.missing.at(scope.locale)
    read = reader(variable, locale=scope.locale)
    found = [values[name]]
    if action == "use" and replacement in ("", []):
        found.append("" if replacement == "" else ())
    for raw in raws:
        value = read(raw)
        if value is not MISSING and value not in found:
            found.append(value)
    return found[:_MAX_CANDIDATES]


def _constants(key: object, name: str) -> Iterable[object]:
    """The literals of a condition on a variable."""
    if not isinstance(key, Expression) or name not in variables_in(key):
        return
    stack = [key]
    while stack:
        node = stack.pop()
        if isinstance(node, Const):
            yield from node.value if isinstance(node.value, tuple) else (node.value,)
        stack.extend(children(node))


def _own_values(
    variable: Variable, named: list[object], scope: Scope, state: State
) -> list[object]:
    """Values from the declaration: ends, neighbours of what is named, plain words."""
    if variable.type in TEXTUAL:
        return _texts(variable, named, scope, state)
    if variable.type in NUMERIC:
        return _numbers(variable, named, state)
    if variable.type in {"date", "datetime"}:
        day = timedelta(days=1)
        times = [t for t in named if isinstance(t, date)]
        near = [each + shift for each in times for shift in (-day, day)]
        ends = [e for e in (variable.low, variable.high) if isinstance(e, datetime)]
        if variable.type == "date":
            return [*near, *(end.date() for end in ends)]
        return [*near, *ends]
    if variable.type == "bool":
        return [True, False]
    return [sample_value(variable, scope, state)]


def _texts(
    variable: Variable, named: list[object], scope: Scope, state: State
) -> list[object]:
    words = [text for text in named if isinstance(text, str)]
    joined: list[object] = ["".join(words), "".join(reversed(words))]
    joined += [f"{word}x" for word in words]
    if variable.type == "enum":
        return [*joined, *variable.values]
    ranges = variable_range(variable, scope, state)
    letters = (
        [piece for _, piece in ranges.alphabet] if isinstance(ranges, Letters) else []
    )
    plain = ["x", "0", *letters[:3], *letters[-3:]]
    start = "" if not isinstance(ranges, Letters) else ranges.prefix
    return [*joined, *(start + piece for piece in plain if piece)]


def _numbers(variable: Variable, named: list[object], state: State) -> list[object]:
    domain = number_domain(variable)
    if domain is None:
        return []
    cell = state.get(variable.name)
    low, high = cell if isinstance(cell, tuple) else (domain.low, domain.high)
    found = [low, high, low + domain.step, high - domain.step]
    for number in named:
        if isinstance(number, int) and not isinstance(number, bool):
            found += [low * 0 + number, low * 0 + number + 1, low * 0 + number - 1]
    return [domain.plain(number) for number in found if low <= number <= high]
