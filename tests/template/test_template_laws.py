"""The laws of the language, held on random templates and random values."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import DictLoader

from copylab.channels.sms import measure
from copylab.template.bounds import bound_shape, worst_on_path
from copylab.template.environment import Environment
from copylab.template.filters import FILTERS
from copylab.template.formats import (
    format_clock,
    format_day,
    format_money,
    format_number,
    format_percent,
    plural_category,
)
from copylab.template.lower import lower_passage
from copylab.template.paths import enumerate_paths
from copylab.template.ranges import MEASURES, Words, cost, in_gsm7
from copylab.template.render import compile_shape
from copylab.template.shape import Lit, Rep, walk
from copylab.template.solve import agrees
from copylab.template.witness import render_example

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.message.model import Variable
    from copylab.template.bounds import Goal
    from copylab.template.paths import Path
    from copylab.template.scope import Scope
    from copylab.template.shape import Shape

    Write = Callable[[int], Any]
    Draw = Callable[[random.Random, str], dict[str, object]]

GOALS: tuple[Goal, ...] = (*MEASURES, "sms")
MOST_PATHS = 48


class Amount(Decimal):
    """A number that knows its currency and decimals, for Jinja's filters."""

    variable: Variable


def for_jinja(variable: Variable, value: Any) -> Any:
    if variable.type == "money":
        amount = Amount(value)
        amount.variable = variable
        return amount
    if variable.type == "list":
        return tuple(
            {name: for_jinja(variable.items[name], item[name]) for name in item}
            for item in value
        )
    return value


def jinja_template(case: Any) -> Any:
    """The template, compiled by Jinja's own sandbox with its own text filters."""
    environment = Environment()
    locale, zone = case.scope.locale, case.scope.timezone

    def money(value: Amount, style: str = "") -> str:
        variable = value.variable
        currency, decimals = variable.currency, variable.decimals
        return format_money(Decimal(value), currency, decimals, locale, style)

    def plural(value: Any, **forms: str) -> str:
        return forms.get(plural_category(value, locale), forms["other"])

    environment.filters |= {
        "money": money,
        "plural": plural,
        "number": lambda value: format_number(Decimal(value), locale),
        "percent": lambda value: format_percent(Decimal(value), locale),
        "date": lambda value, form="medium": format_day(value, form, locale, zone),
        "time": lambda value: format_clock(value, locale, zone),
    }
    if case.escape == "html":
        environment.finalize = lambda value: html.escape(str(value))
    partials = {name: passage.text for name, passage in case.partials.items()}
    environment.loader = DictLoader(partials)
    return environment.from_string(case.passage.text)


def render_by_jinja(template: Any, scope: Scope, values: Mapping[str, Any]) -> str:
    variables = scope.variables
    given = {name: for_jinja(variables[name], value) for name, value in values.items()}
    return str(template.render(brand=scope.brand, **given))


def segments(text: str) -> int:
    return measure(text).segments if text else 0


def price(text: str, goal: Goal) -> int:
    return segments(text) if goal == "sms" else cost(text, goal)


@dataclass
class Tally:
    """What was looked at, so that a law that was never tried is noticed."""

    renders: int = 0
    walked: int = 0
    too_many: int = 0
    paths: int = 0
    examples: int = 0


def hold_places(shape: Shape) -> None:
    for leaf in walk(shape):
        if isinstance(leaf, Lit) and leaf.place.exact:
            passage = leaf.place.passage
            for index, character in enumerate(leaf.text):
                offset = passage.offset(leaf.place.start + index)
                assert passage.source.text[offset] == character


def hold_bounds(text: str, shape: Shape, scope: Scope) -> None:
    bounds = bound_shape(shape, scope)
    assert len(text) >= bounds.shortest
    for goal in MEASURES:
        assert cost(text, goal) <= bounds.most[goal], goal
    if bounds.gsm7:
        assert in_gsm7(text)


def hold_path(
    text: str, values: Mapping[str, object], paths: list[Path], scope: Scope
) -> None:
    followed = [path for path in paths if agrees(path.state, values, scope)]
    assert len(followed) == 1, "values follow exactly one way"
    loops = any(isinstance(leaf, Rep) for leaf in followed[0].leaves)
    for goal in MEASURES if loops else GOALS:
        worst = worst_on_path(followed[0], scope, goal)
        assert price(text, goal) <= price(worst.text, goal), (goal, worst.text)


def hold_laws(case: Any, draw: Draw, seed: int, times: int, tally: Tally) -> None:
    """Hold every law on one template.

    Raises:
        AssertionError: A law is broken.
    """
    scope = case.scope
    lowered = lower_passage(
        case.passage, scope, escape=case.escape, partials=case.partials
    )
    assert lowered.findings == (), [str(finding) for finding in lowered.findings]
    shape = lowered.shape
    hold_places(shape)
    render, template = compile_shape(shape, scope), jinja_template(case)
    paths = enumerate_paths(shape, scope, limit=MOST_PATHS)
    tally.walked += paths is not None
    tally.too_many += paths is None
    rng = random.Random(seed)
    for _ in range(times):
        values = draw(rng, scope.locale)
        needed = {name: values[name] for name in lowered.used}
        text = render(needed)
        tally.renders += 1
        assert text == render_by_jinja(template, scope, values)
        hold_bounds(text, shape, scope)
        if paths is not None:
            hold_path(text, needed, paths, scope)
    goal = GOALS[seed % len(GOALS)]
    for path in (paths or ())[:8]:
        tally.paths += 1
        example = render_example(shape, path, scope, worst_on_path(path, scope, goal))
        if example is not None:
            tally.examples += 1
            values = {name: example.values[name] for name in example.values}
            assert agrees(path.state, values, scope)
            assert example.text == render(values)
            hold_bounds(example.text, shape, scope)


def hold_on_many(write: Write, draw: Draw, seeds: range, times: int) -> Tally:
    tally = Tally()
    for seed in seeds:
        case = write(seed)
        try:
            hold_laws(case, draw, seed, times, tally)
        except Exception as error:
            text = case.passage.text
            error.add_note(f"seed {seed}, {case.scope.locale}: {text!r}")
            error.add_note(str({n: p.text for n, p in case.partials.items()}))
            raise
    return tally


def test_laws_hold_on_random_templates(write_case: Write, draw_values: Draw) -> None:
    tally = hold_on_many(write_case, draw_values, range(150), times=4)
    assert tally.walked > tally.too_many
    assert tally.examples > 0.95 * tally.paths


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(10))
def test_laws_hold_on_a_hundred_thousand_renders(
    write_case: Write, draw_values: Draw, part: int
) -> None:
    seeds = range(1000 + part * 1200, 1000 + (part + 1) * 1200)
    tally = hold_on_many(write_case, draw_values, seeds, times=10)
    assert tally.renders >= 10_000


@pytest.mark.parametrize("name", ["money", "number", "date", "upper", "plural"])
def test_a_filter_with_a_wrong_contract_breaks_a_law(
    name: str, monkeypatch: pytest.MonkeyPatch, write_case: Write, draw_values: Draw
) -> None:
    def too_small(_call: object, _domain: object) -> Words:
        return Words((("", "x"),))

    broken = replace(FILTERS[name], bound=too_small)
    monkeypatch.setitem(FILTERS, name, broken)
    with pytest.raises(AssertionError):
        hold_on_many(write_case, draw_values, range(600), times=3)


def test_an_implementation_that_prints_more_breaks_a_law(
    monkeypatch: pytest.MonkeyPatch, write_case: Write, draw_values: Draw
) -> None:
    def louder(_call: object, _domain: object) -> Callable[[object], str]:
        return lambda value: str(value).upper() + "!"

    monkeypatch.setitem(FILTERS, "upper", replace(FILTERS["upper"], apply=louder))
    with pytest.raises(AssertionError):
        hold_on_many(write_case, draw_values, range(600), times=3)
