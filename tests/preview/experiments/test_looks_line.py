"""Looks on a line: planned, taken, due, left out, and where the users are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from copylab.analysis.sequential.plan import PastLook
from copylab.analysis.sequential.standing import find_standing
from copylab.decision.history import DecidedAt, PastDecision
from copylab.decision.ledger import add_look
from copylab.decision.looks import look_plan
from copylab.errors import DataError
from copylab.experiment.model import Plan
from copylab.preview.experiments.looks import LookLine, find_look_line
from copylab.workspace import open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.analysis.sequential.standing import Standing
    from copylab.experiment.model import Experiment

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
NAME = "unfinished_sms_hook"
RULES = {"alpha": 0.05, "spending": "obrien-fleming", "looks": [0.33, 0.67, 1.0]}


def experiment_of(root: Path, **changed: Any) -> Experiment:
    return replace(open_workspace(root).experiments[NAME], **changed)


def take(root: Path, number: int, units: int, action: str = "continue") -> None:
    """Record a look of 9,000 planned users."""
    experiment = experiment_of(root)
    look = PastLook(
        number=number, at=AT, units=units, planned_units=9000,
        information=units / 9000, time=min(units / 9000, 1.0),
        alpha_spent=0.002 * number, boundary=3.0, counts=f"c{number}", action=action,
        arm="curiosity" if action == "promote" else None,
    )  # fmt: skip
    apply_changes(add_look(root, experiment, look, rules=RULES, spent_now=0.002))


def stand(experiment: Experiment, units: int, *past: PastLook) -> Standing:
    return find_standing(
        look_plan(experiment.plan), past, units=units, planned_units=9000, counts="new"
    )


def kinds(line: LookLine) -> list[tuple[int, str]]:
    return [(stop.number, stop.kind) for stop in line.stops]


def test_a_plan_says_where_looks_will_be_before_anything_is_known(
    own_sample: Path,
) -> None:
    line = find_look_line(own_sample, experiment_of(own_sample))
    assert kinds(line) == [(1, "planned"), (2, "planned"), (3, "planned")]
    assert [stop.left for stop in line.stops] == [33.33, 66.67, 100.0]
    assert [stop.units for stop in line.stops] == [None] * 3
    # gsDesign: gsDesign(k=3, test.type=2, sfu="OF" spending of Lan and DeMets)
    assert [stop.boundary for stop in line.stops] == ["3.71", "2.51", "1.99"]
    assert (line.units, line.planned_units, line.information) == (None, None, None)


def test_units_of_the_plan_say_at_how_many_users_each_look_is(own_sample: Path) -> None:
    plan = Plan(looks=2, units=1001, mde=0.1)
    line = find_look_line(own_sample, experiment_of(own_sample, plan=plan))
    assert [stop.units for stop in line.stops] == [501, 1001]


def test_taken_looks_come_from_the_ledger_and_the_rest_is_still_to_come(
    own_sample: Path,
) -> None:
    take(own_sample, 1, 3000)
    line = find_look_line(own_sample, experiment_of(own_sample))
    assert kinds(line) == [(1, "taken"), (2, "planned"), (3, "planned")]
    assert (line.taken, line.units, line.planned_units) == (1, 3000, 9000)
    assert line.stops[0].at == AT
    assert line.reached == 33.33


def test_after_a_look_that_decided_no_other_is_planned(own_sample: Path) -> None:
    take(own_sample, 1, 3000, "promote")
    line = find_look_line(own_sample, experiment_of(own_sample))
    assert kinds(line) == [(1, "taken")]
    assert (line.stops[0].action, line.stops[0].arm) == ("promote", "curiosity")


def test_users_that_have_come_in_make_a_look_due_and_leave_earlier_ones_out(
    own_sample: Path,
) -> None:
    experiment = experiment_of(own_sample)
    line = find_look_line(own_sample, experiment, stand(experiment, 6500))
    assert kinds(line) == [(0, "passed"), (1, "due"), (2, "planned")]
    assert line.information == pytest.approx(6500 / 9000)
    at_end = find_look_line(own_sample, experiment, stand(experiment, 9000))
    assert kinds(at_end) == [(0, "passed"), (0, "passed"), (1, "due")]
    # One look alone at the end is a fixed test.
    assert at_end.stops[-1].boundary == "1.96"


def test_more_users_than_the_line_can_show_are_said_to_be_beyond_it(
    own_sample: Path,
) -> None:
    experiment = experiment_of(own_sample)
    line = find_look_line(own_sample, experiment, stand(experiment, 20_000))
    assert line.is_beyond
    assert (line.end, line.reached) == (80.0, 100.0)
    assert all(0 <= stop.left <= 100 for stop in line.stops)


def test_looks_at_any_time_have_no_places(own_sample: Path) -> None:
    plan = Plan(anytime=True, mde=0.1)
    line = find_look_line(own_sample, experiment_of(own_sample, plan=plan))
    assert line.is_any
    assert line.stops == ()


def test_a_concluded_experiment_shows_the_look_of_its_record(own_sample: Path) -> None:
    decision = PastDecision(
        NAME, "m", "2026-12-01", 0.05, (), verdict="keep", action="keep",
        look=DecidedAt(1, "3", 9000, 9000, 0.05, 1.96),
    )  # fmt: skip
    experiment = experiment_of(own_sample, status="concluded")
    line = find_look_line(own_sample, experiment, decision=decision)
    assert kinds(line) == [(0, "passed"), (0, "passed"), (1, "taken")]
    assert line.stops[-1].action == "keep"
    assert (line.taken, line.units) == (1, 9000)


def test_a_ledger_that_was_changed_is_an_error_with_a_cure(own_sample: Path) -> None:
    take(own_sample, 1, 3000)
    ledger = own_sample / f"experiments/decisions/{NAME}.looks.yaml"
    ledger.write_text(ledger.read_text().replace("3000", "4000"))
    with pytest.raises(DataError, match="was changed") as caught:
        find_look_line(own_sample, experiment_of(own_sample))
    assert caught.value.help
