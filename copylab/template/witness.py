"""Witnesses: values that make the real render path print a worst case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.message.values import MISSING, reader
from copylab.template.choices import State, describe_state
from copylab.template.domains import sample_value
from copylab.template.expression import Expression, Filtered, Unknown, Var
from copylab.template.render import compile_shape, unknown_key
from copylab.template.shape import shape_variables
from copylab.template.solve import solve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.message.model import Variable
    from copylab.template.bounds import Worst
    from copylab.template.paths import Path
    from copylab.template.scope import Scope
    from copylab.template.shape import Shape

_SHORT = 24


@dataclass(frozen=True, slots=True)
class Example:
    """A rendered message and the values that print it.

    Attributes:
        text: What the render path prints.
        values: The values as copy uses them.
        choices: The values in words, the conditions' first.
    """

    text: str
    values: Mapping[str, object]
    choices: tuple[tuple[str, str], ...]


def render_example(
    shape: Shape,
    path: Path,
    scope: Scope,
    worst: Worst | None = None,
    *,
    given: Mapping[str, object] | None = None,
) -> Example | None:
    """A message along a path, its holes filled with the worst where one is given.

    The worst of a hole alone may not go with the path's conditions; other values that
    do are taken then. Returns None where no values were found that lead along the
    path: its conditions may contradict each other in a way that the choices do not see.
    """
    texts = [worst, None] if worst is not None else [None]
    for wanted in texts:
        raws = _raw_values(shape, path.state, scope, wanted)
        values = _read(raws, path.state, scope)
        if values is None:
            continue
        around = {**(given or {}), **_unread(path.state)}
        found = solve(path.state, {**around, **values}, scope)
        if found is not None:
            values = found
            text = compile_shape(shape, scope)(values)
            return Example(text, values, _choices(path.state, values, scope))
    return None


def render_near(
    shape: Shape, path: Path, scope: Scope, wanted: Mapping[str, object]
) -> Example | None:
    """A message along a path with values that are wanted, as far as the path lets.

    Args:
        shape: The shape.
        path: A way through it.
        scope: What names mean.
        wanted: Values as copy uses them, by variable; others are chosen.

    Returns:
        The message, or None where no values were found that lead along the path.
    """
    example = render_example(shape, path, scope)
    if example is None:
        return None
    near = {name: wanted.get(name, value) for name, value in example.values.items()}
    values = solve(path.state, {**_unread(path.state), **near}, scope)
    if values is None:
        return example
    text = compile_shape(shape, scope)(values)
    return Example(text, values, _choices(path.state, values, scope))


def _unread(state: State) -> dict[str, object]:
    """How the conditions that could not be read go along a way."""
    return {
        unknown_key(key): cell
        for key, cell in state.cells.items()
        if isinstance(key, Unknown)
    }


def _read(
    raws: Mapping[str, object], state: State, scope: Scope
) -> dict[str, object] | None:
    """The values of raw ones, another one where a raw value is out of bounds."""
    values: dict[str, object] = {}
    for name, raw in raws.items():
        variable = scope.variables[name]
        read = reader(variable, locale=scope.locale)
        allowed = variable.missing.at(scope.locale) == ("use", raw)
        if allowed and raw in ("", []):
            values[name] = "" if raw == "" else ()
            continue
        value = read(raw)
        if value is MISSING:
            value = read(sample_value(variable, scope, state))
        if value is MISSING:
            return None
        values[name] = value
    return values


def _raw_values(
    shape: Shape, state: State, scope: Scope, worst: Worst | None
) -> dict[str, object]:
    """For each variable the shape reads, a raw value that agrees with the state."""
    raws: dict[str, object] = {}
    for expression, raw in worst.inputs if worst is not None else ():
        variable = _printed_variable(expression, scope)
        if variable is not None and variable.name not in raws:
            raws[variable.name] = raw
    for name in sorted(shape_variables(shape)):
        variable = scope.variables.get(name)
        if variable is not None and name not in raws:
            raws[name] = sample_value(variable, scope, state)
    return raws


def _printed_variable(expression: Expression, scope: Scope) -> Variable | None:
    """The variable that a hole prints, through filters only."""
    while isinstance(expression, Filtered):
        expression = expression.operand
    if not isinstance(expression, Var):
        return None
    return scope.variables.get(expression.name)


def _choices(
    state: State, values: Mapping[str, object], scope: Scope
) -> tuple[tuple[str, str], ...]:
    choices = dict(describe_state(state, scope))
    for name, value in values.items():
        variable = scope.variables.get(name)
        if variable is None or (name in choices and variable.type == "enum"):
            continue
        choices[name] = describe_value(value)
    return tuple(choices.items())


def describe_value(value: object) -> str:
    """A value in a few characters: a long text by its length and its start."""
    if isinstance(value, str):
        if len(set(value)) == 1 and len(value) > 1:
            return f"{len(value)} x '{value[0]}' (U+{ord(value[0]):04X})"
        if len(value) > _SHORT:
            return f"'{value[:_SHORT]}…' ({len(value)} characters)"
        return f"'{value}'"
    if isinstance(value, tuple | list):
        return f"{len(value)} items"
    return str(value)
