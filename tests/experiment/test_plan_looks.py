"""The keys of a plan that say when one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.experiment.read import read_experiment
from copylab.source import SourceFile

if TYPE_CHECKING:
    from copylab.experiment.model import Plan

HEAD = "message: m\nsalt: s.1\narms: {a: 50%, b: 50%}\ncontrol: a\n"


def read(plan: str) -> tuple[Plan, list[str]]:
    source = SourceFile("experiments/x.yaml", f"{HEAD}plan: {plan}\n")
    experiment, findings = read_experiment(source, "x")
    assert experiment is not None
    return experiment.plan, [str(item) for item in findings]


def test_looks_are_a_number_places_or_any_time() -> None:
    plan, found = read("{looks: 4, spending: pocock, units: 900, futility: 10%}")
    assert found == []
    assert (plan.looks, plan.look_at, plan.anytime) == (4, (), False)
    assert (plan.spending, plan.units, plan.futility) == ("pocock", 900, 0.1)
    plan, found = read("{looks: [30%, 3/4, 100%]}")
    assert found == []
    assert (plan.looks, plan.look_at) == (3, (0.3, 0.75, 1.0))
    plan, found = read("{looks: any}")
    assert found == []
    assert plan.anytime


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("{looks: 0}", "at least 1"),
        ("{looks: 51}", "must be at most 50"),
        ("{looks: often}", "looks"),
        ("{looks: [50%, 90%]}", "rise from above 0% to 100%"),
        ("{looks: [50%, 50%, 100%]}", "rise from above 0% to 100%"),
        ("{looks: [0%, 100%]}", "rise from above 0% to 100%"),
        ("{looks: [x, 100%]}", "a look must be a share"),
        ("{looks: []}", "rise from above 0% to 100%"),
        ("{spending: haybittle}", "spending"),
        ("{units: 0}", "at least 1"),
        ("{futility: 100%}", "must be above 0% and below 100%"),
    ],
)
def test_what_is_no_plan_of_looks_is_a_finding(plan: str, told: str) -> None:
    _, found = read(plan)
    assert len(found) == 1
    assert told in found[0]
