from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from copylab.analysis.metrics import MetricSpec
from copylab.analysis.workspace_form import analyze_experiment
from copylab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.analysis.results import Analysis

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ARMS = {"plain": 45.0, "coupon": 45.0, "none": 10.0}
COLUMNS = ["ts", "send_id", "experiment", "unit", "arm", "reason", "stage", "past"]


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 users whose loans after the message look like those before it."""
    folder = tmp_path_factory.mktemp("before")
    generator = random.Random(91)
    exposures, outcomes = [], []
    for i in range(3_000):
        arm = generator.choices([*ARMS], [*ARMS.values()])[0]
        stage = generator.choice(["new", "old"])
        past = generator.expovariate(0.01)
        exposures.append(
            [at(0), f"s{i}", "hook", f"u{i}", arm, "assigned", stage, past]
        )
        if i % 7 == 0:  # a later send, with other words about the unit
            exposures.append(
                [at(9), f"t{i}", "hook", f"u{i}", arm, "assigned", "later", 0]
            )
        outcomes.append([f"u{i}", "loan", at(-24 * 5), past])
        outcomes.append([f"u{i}", "loan", at(-24 * 50), 1_000 * generator.random()])
        later = past + 20 * (arm == "coupon") + generator.gauss(0, 10)
        outcomes.append([f"u{i}", "loan", at(5), later])
        for event, chance in (("click", 0.3), ("login", 0.2), ("application", 0.1)):
            if arm != "none" and generator.random() < chance:
                outcomes.append([f"u{i}", event, at(2), ""])
    for name, columns, rows in (
        ("exposures.csv", COLUMNS, exposures),
        ("outcomes.csv", ["unit", "event", "at", "value"], outcomes),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
    return folder


def analyze(folder: Path, *metrics: MetricSpec, **other: Any) -> Analysis:
    return analyze_experiment(
        "hook",
        exposures=[folder / "exposures.csv"],
        outcomes=[folder / "outcomes.csv"],
        arms=other.pop("arms", ARMS),
        control="plain",
        metrics=metrics,
        **other,
    )


def loan(**other: Any) -> MetricSpec:
    return MetricSpec(
        "loan", "loan", "mean", 72, value="value", role="primary", **other
    )


def width(analysis: Analysis) -> float:
    item = analysis.comparisons[0]
    assert item.diff.low is not None
    assert item.diff.high is not None
    return item.diff.high - item.diff.low


def test_the_same_measure_before_the_exposure_narrows_the_interval(
    folder: Path,
) -> None:
    plain = analyze(folder, loan())
    found = analyze(folder, loan(before_hours=24 * 28))
    (note,) = found.adjustments
    assert (note.covariate, note.applied) == ("loan before", ("CUPED",))
    assert note.theta == pytest.approx(1, abs=0.02)  # only the last 28 days count
    assert width(found) < width(plain) / 5
    assert found.comparisons[0].method == "Welch's t, CUPED"
    assert plain.adjustments == ()


def test_a_column_of_the_first_exposure_can_be_the_covariate(folder: Path) -> None:
    noted = analyze(folder, loan(covariate="past"))
    before = analyze(folder, loan(before_hours=24 * 28))
    assert noted.comparisons[0].p_value == pytest.approx(
        before.comparisons[0].p_value, rel=1e-9
    )
    with pytest.raises(DataError, match='no column "nothing"'):
        analyze(folder, loan(covariate="nothing"))


def test_nothing_before_the_exposure_falls_back_with_a_reason(folder: Path) -> None:
    click = MetricSpec(
        "click", "click", within_hours=72, role="primary", before_hours=24
    )
    found = analyze(folder, click)
    assert found.adjustments[0].applied == ()
    (note,) = (item for item in found.health if item.name == "not-adjusted")
    assert "the same for every unit" in note.message
    assert found.comparisons[0].method == "score test"


def test_strata_are_those_of_the_first_exposure(folder: Path) -> None:
    found = analyze(folder, loan(), strata="stage")
    (strata,) = found.strata
    assert {item.stratum for item in strata.estimates} == {"new", "old"}
    assert {item.arm for item in strata.estimates} == {"coupon", "none"}
    assert strata.p_value is not None


def test_funnel_ranking_and_lift_over_silence_of_an_experiment(folder: Path) -> None:
    names = ["click", "login", "application"]
    metrics = [
        MetricSpec(name, name, role="secondary" if i else "primary")
        for i, name in enumerate(names)
    ]
    found = analyze(folder, *metrics)
    assert found.funnel is not None
    assert found.funnel.metrics == tuple(names)
    assert [arm.arm for arm in found.funnel.arms] == ["plain", "coupon", "none"]
    assert found.ranking is not None
    assert {arm.arm for arm in found.ranking.arms} == set(ARMS)
    lift = found.holdout_lift[0]
    assert lift.arms == ("plain", "coupon")
    assert lift.comparison.control_value == 0.0
    assert lift.comparison.significant


def test_a_planned_arm_without_units_stays_empty_when_adjusted(folder: Path) -> None:
    arms = ARMS | {"empty": 1.0}
    found = analyze(folder, loan(before_hours=24 * 28), strata="stage", arms=arms)
    item = next(item for item in found.comparisons if item.arm == "empty")
    assert item.value is None
    share = MetricSpec("loan", "loan", within_hours=72, role="primary")
    found = analyze(folder, share, strata="stage", arms=arms)
    item = next(item for item in found.comparisons if item.arm == "empty")
    assert item.value is None


def test_metrics_with_two_covariates_contradict_themselves() -> None:
    with pytest.raises(ValueError, match="must not both"):
        loan(covariate="past", before_hours=24)
    with pytest.raises(ValueError, match="before_hours"):
        loan(before_hours=0)
