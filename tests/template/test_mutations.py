"""The laws notice a wrong contract, a wrong lowering and a wrong proof."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copylab.template import choices, contents, phrases
from copylab.template.automaton import EDGE, FOUND
from copylab.template.filters import FILTERS
from copylab.template.lower_body import _Body
from copylab.template.ranges import Words
from copylab.template.shape import EMPTY, Alt, Lit

if TYPE_CHECKING:
    from collections.abc import Callable

    Break = Callable[[pytest.MonkeyPatch], None]


def _laws(name: str) -> Any:
    """A module of laws beside this one; tests share nothing by import otherwise."""
    if name not in sys.modules:
        path = Path(__file__).with_name(f"{name}.py")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def break_contract(name: str) -> Break:
    def too_small(_call: object, _domain: object) -> Words:
        return Words((("", "x"),))

    def apply(patch: pytest.MonkeyPatch) -> None:
        patch.setitem(FILTERS, name, replace(FILTERS[name], bound=too_small))

    return apply


def swap_the_arms(patch: pytest.MonkeyPatch) -> None:
    whole = _Body.choice

    def choice(self: Any, node: Any) -> Any:
        alt = whole(self, node)
        first, last = alt.arms[0], alt.arms[-1]
        arms = ((first[0], last[1]), *alt.arms[1:-1], (last[0], first[1]))
        return Alt(arms, alt.place)

    patch.setattr(_Body, "choice", choice)


def shift_literals(patch: pytest.MonkeyPatch) -> None:
    whole = _Body.output

    def output(self: Any, node: Any) -> Any:
        shape = whole(self, node)
        if isinstance(shape, Lit) and shape.place.exact and shape.place.start:
            place = replace(
                shape.place, start=shape.place.start - 1, end=shape.place.end - 1
            )
            return Lit(shape.text, place)
        return shape

    patch.setattr(_Body, "output", output)


def drop_includes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(_Body, "include", lambda _self, _node: EMPTY)


def decide_too_early(patch: pytest.MonkeyPatch) -> None:
    whole = choices._split_opaque

    def split(*args: Any) -> Any:
        return whole(*args)[:1]

    patch.setattr(choices, "_split_opaque", split)


def narrow_charset(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(contents, "_of_variable", lambda _variable: frozenset("z"))


def forget_the_other_arm(patch: pytest.MonkeyPatch) -> None:
    def choose(self: Any, alt: Any, states: Any) -> Any:
        return self._read(alt.arms[0][1], states)

    patch.setattr(phrases._Reader, "_choice", choose)


def forget_the_end(patch: pytest.MonkeyPatch) -> None:
    def step(self: Any, states: Any, symbols: Any) -> Any:
        reached = {
            self.machine.step(s, x) for s in states for x in symbols if x != EDGE
        }
        self.found = self.found or FOUND in reached
        return frozenset(reached - {FOUND})

    patch.setattr(phrases._Reader, "_step", step)


def values_are_never_empty(patch: pytest.MonkeyPatch) -> None:
    def hole(self: Any, _hole: Any, states: Any) -> Any:
        return self._step(states, (self.machine.symbol("\ue000"),))

    patch.setattr(phrases._Reader, "_hole", hole)


BROKEN_LAWS = {
    "money's contract": break_contract("money"),
    "date's contract": break_contract("date"),
    "truncate's contract": break_contract("truncate"),
    "title's contract": break_contract("title"),
    "arms swapped": swap_the_arms,
    "literals one off": shift_literals,
    "includes dropped": drop_includes,
    "half of a choice": decide_too_early,
}
BROKEN_VERDICTS = {
    "a charset too narrow": narrow_charset,
    "one arm for all": forget_the_other_arm,
    "the end not read": forget_the_end,
    "values that print one sign": values_are_never_empty,
}


@pytest.mark.parametrize("broken", BROKEN_LAWS.values(), ids=BROKEN_LAWS)
def test_the_laws_notice(
    broken: Break, monkeypatch: pytest.MonkeyPatch, write_case: Any, draw_values: Any
) -> None:
    laws = _laws("test_template_laws")
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        laws.hold_on_many(write_case, draw_values, range(600), times=3)


@pytest.mark.parametrize("broken", BROKEN_VERDICTS.values(), ids=BROKEN_VERDICTS)
def test_the_law_of_phrases_notices(
    broken: Break, monkeypatch: pytest.MonkeyPatch, write_case: Any, draw_values: Any
) -> None:
    laws = _laws("test_phrase_verdicts")
    broken(monkeypatch)

    def hold_many() -> None:
        for seed in range(400):
            laws.hold_verdicts(write_case(seed), draw_values, seed, 4)

    with pytest.raises(AssertionError):
        hold_many()
