from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copylab.analysis.metrics import MetricSpec
from copylab.analysis.report import json as as_json
from copylab.analysis.report import text as as_text
from copylab.analysis.workspace_form import analyze_experiment
from copylab.errors import DataError, UnreadableError

if TYPE_CHECKING:
    from copylab.analysis.results import Analysis

REPOSITORY = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CLICK = MetricSpec("click", "click", within_hours=72, role="primary")
OPT_OUT = MetricSpec(
    "opt_out",
    "opt_out",
    within_hours=168,
    better="lower",
    margin=0.01,
    role="guardrail",
)
EXPOSURE = ["ts", "send_id", "experiment", "unit", "arm", "reason"]
ARMS = {"plain": 45.0, "coupon": 45.0, "none": 10.0}

Rows = list[dict[str, Any]]


def sent(unit: str, arm: str, **other: Any) -> dict[str, Any]:
    """A row of exposures; ``hours`` after the start, ``send`` as its key."""
    ts = START + timedelta(hours=other.pop("hours", 0))
    row = {
        "ts": ts.isoformat().replace("+00:00", "Z"),
        "send_id": other.pop("send", f"{unit}-1"),
        "experiment": "winback",
        "unit": unit,
        "arm": arm,
        "reason": "assigned",
    }
    return row | other


def happened(unit: str, event: str, hours: float, value: object = "") -> dict[str, Any]:
    at = START + timedelta(hours=hours)
    return {"unit": unit, "event": event, "at": at.isoformat(), "value": value}


def save(path: Path, columns: list[str], rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def analyze(folder: Path, exposures: Rows, outcomes: Rows, **other: Any) -> Analysis:
    save(folder / "exposures.csv", EXPOSURE, exposures)
    save(folder / "outcomes.csv", ["unit", "event", "at", "value"], outcomes)
    chosen: dict[str, Any] = {"arms": {"a": 1, "b": 1}, "control": "a"}
    chosen |= {"metrics": [CLICK]} | other
    return analyze_experiment(
        "winback",
        exposures=[folder / "exposures.csv"],
        outcomes=[folder / "outcomes.csv"],
        **chosen,
    )


def campaign(
    rates: dict[str, dict[str, float]], n: dict[str, int]
) -> tuple[Rows, Rows]:
    generator = random.Random(5)
    exposures, outcomes = [], []
    for arm, count in n.items():
        for i in range(count):
            unit = f"{arm}{i}"
            exposures.append(sent(unit, arm, hours=generator.random() * 24))
            for event, rate in rates[arm].items():
                if generator.random() < rate:
                    hours = 24 + generator.random() * 24
                    outcomes.append(happened(unit, event, hours))
    return exposures, outcomes


def values(analysis: Analysis, metric: str) -> dict[str, float | None]:
    items = [item for item in analysis.comparisons if item.metric == metric]
    return {items[0].control: items[0].control_value} | {i.arm: i.value for i in items}


def test_only_assigned_rows_of_the_experiment_count(tmp_path: Path) -> None:
    exposures = [
        sent("u1", "a"), sent("u2", "a"), sent("u3", "b"), sent("u4", "b"),
        sent("u5", "b", reason="forced"), sent("u6", "", reason="holdout"),
        sent("u7", "b", experiment="other"),
    ]  # fmt: skip
    outcomes = [happened("u3", "click", 1), happened("u5", "click", 1)]
    analysis = analyze(tmp_path, exposures, outcomes)
    assert {arm.arm: arm.n for arm in analysis.arms} == {"a": 2, "b": 2}
    assert values(analysis, "click") == {"a": 0.0, "b": 0.5}


def test_outcomes_count_from_the_first_exposure_to_the_last_moment(
    tmp_path: Path,
) -> None:
    exposures = [sent("a1", "a"), *(sent(f"b{i}", "b", hours=10) for i in range(6))]
    exposures.append(sent("b4", "b", send="again", hours=50))  # does not move its clock
    outcomes = [
        happened("b0", "click", 10),  # at the moment of the exposure
        happened("b1", "click", 82),  # 72 hours later, to the second
        happened("b2", "click", 82.001),
        happened("b3", "click", 9.999),
        happened("b4", "click", 110),
        happened("nobody", "click", 11),
        happened("b5", "login", 11),
    ]
    assert values(analyze(tmp_path, exposures, outcomes), "click")["b"] == 2 / 6


def test_means_ratios_and_repeated_rows(tmp_path: Path) -> None:
    exposures = [
        sent("a1", "a"), sent("a2", "a"), sent("b1", "b"), sent("b2", "b"),
        sent("b1", "b", hours=1),  # the same send, logged twice
        sent("b1", "b", send="second", hours=2),
        sent("b2", "b", send="late", hours=100),  # after the window
    ]  # fmt: skip
    outcomes = [
        happened("b1", "loan", 3, 100), happened("b1", "loan", 4, 50.5),
        happened("a1", "loan", 3, 10), happened("b1", "click", 5),
        happened("b2", "click", 5), happened("b2", "click", 6),
    ]  # fmt: skip
    metrics = [
        MetricSpec("amount", "loan", "mean", 72, value="value", role="primary"),
        MetricSpec("clicks", "click", "mean", 72),
        MetricSpec("rate", "click", "ratio", 72, per="exposure"),
        MetricSpec("per_loan", "click", "ratio", 72, per="loan"),
    ]
    analysis = analyze(tmp_path, exposures, outcomes, metrics=metrics)
    assert values(analysis, "amount") == {"a": 5.0, "b": 75.25}
    assert values(analysis, "clicks") == {"a": 0.0, "b": 1.5}
    assert values(analysis, "rate") == {"a": 0.0, "b": 3 / 3}
    assert values(analysis, "per_loan") == {"a": 0.0, "b": 3 / 2}


def test_winsorising_cuts_at_a_quantile_of_all_arms_together(tmp_path: Path) -> None:
    exposures = [sent(f"{arm}{i}", arm) for arm in "ab" for i in range(10)]
    outcomes = [
        happened(f"{arm}{i}", "loan", 1, i + 1) for arm in "ab" for i in range(9)
    ]
    outcomes += [happened("a9", "loan", 1, 10), happened("b9", "loan", 1, 10_000)]
    spec = MetricSpec(
        "loan", "loan", "mean", value="value", winsorise=0.5, role="primary"
    )
    cut = values(analyze(tmp_path, exposures, outcomes, metrics=[spec]), "loan")
    assert cut["a"] == cut["b"] == pytest.approx((1 + 2 + 3 + 4 + 5 + 5 * 5.5) / 10)


def test_units_in_two_arms_are_left_out_counted_and_named(tmp_path: Path) -> None:
    exposures = [sent(f"{arm}{i}", arm) for arm in "ab" for i in range(1_000)]
    few = [*exposures, sent("a7", "b", send="other")]
    analysis = analyze(tmp_path, few, [happened("b1", "click", 1)])
    assert {arm.arm: arm.n for arm in analysis.arms} == {"a": 999, "b": 1_000}
    (note,) = analysis.health
    assert note.ok
    assert "1 of 2,000 units" in note.message
    assert "(a7)" in note.message
    many = exposures + [sent(f"a{i}", "b", send="other") for i in range(3)]
    analysis = analyze(tmp_path, many, [happened("b1", "click", 1)])
    assert analysis.verdict.action == "invalid"
    assert "3 of 2,000 units" in analysis.verdict.reason


def test_two_arms_under_one_send_are_seen(tmp_path: Path) -> None:
    exposures = [sent("u1", "a"), sent("u1", "b"), sent("u2", "a"), sent("u3", "b")]
    analysis = analyze(tmp_path, exposures, [])
    assert analysis.health[0].name == "units-in-two-arms"
    assert analysis.verdict.action == "invalid"


def test_a_winner_with_silence_as_an_arm(tmp_path: Path) -> None:
    rates = {
        "plain": {"click": 0.04},
        "coupon": {"click": 0.08},
        "none": {"click": 0.0},
    }
    n = {"plain": 4_500, "coupon": 4_500, "none": 1_000}
    exposures, outcomes = campaign(rates, n)
    analysis = analyze(tmp_path, exposures, outcomes, arms=ARMS, control="plain")
    assert [arm.arm for arm in analysis.arms] == ["plain", "coupon", "none"]
    assert analysis.srm.ok
    assert (analysis.verdict.action, analysis.verdict.arm) == ("promote", "coupon")
    frame = analysis.to_frame()
    assert list(frame["arm"]) == ["coupon", "none"]
    assert frame["diff_low"][0] > 0


def test_a_guardrail_that_is_broken_stops_the_winner(tmp_path: Path) -> None:
    rates = {
        "a": {"click": 0.04, "opt_out": 0.005},
        "b": {"click": 0.08, "opt_out": 0.05},
    }
    exposures, outcomes = campaign(rates, {"a": 4_000, "b": 4_000})
    analysis = analyze(tmp_path, exposures, outcomes, metrics=[OPT_OUT, CLICK])
    assert analysis.comparisons[0].metric == "click"
    assert [item.state for item in analysis.guardrails] == ["broken"]
    assert (analysis.verdict.action, analysis.verdict.arm) == ("harm", "b")
    assert "opt_out of b is worse" in analysis.verdict.reason
    assert "broken: opt_out of b" in as_text.write(analysis)
    assert '"state": "broken"' in as_json.write(analysis)


def test_open_windows_and_missing_units_mean_continue(tmp_path: Path) -> None:
    rates = {"a": {"click": 0.02}, "b": {"click": 0.2}}
    exposures, outcomes = campaign(rates, {"a": 500, "b": 500})
    early = analyze(tmp_path, exposures, outcomes, at=START + timedelta(hours=80))
    assert early.verdict.action == "continue"
    assert "still have time for outcomes" in early.verdict.reason
    later = START + timedelta(hours=200)
    short = analyze(tmp_path, exposures, outcomes, at=later, planned_units=2_000)
    assert short.verdict.action == "continue"
    assert "1,000 of 2,000 planned units" in short.verdict.reason
    done = analyze(tmp_path, exposures, outcomes, at=later, planned_units=1_000)
    assert done.verdict.action == "promote"


def test_rows_after_the_time_of_analysis_are_not_looked_at(tmp_path: Path) -> None:
    exposures = [sent("a1", "a"), sent("b1", "b"), sent("b2", "b", hours=30)]
    outcomes = [happened("b1", "click", 25), happened("a1", "click", 1)]
    at = START + timedelta(hours=24)
    analysis = analyze(tmp_path, exposures, outcomes, at=at)
    assert {arm.arm: arm.n for arm in analysis.arms} == {"a": 1, "b": 1}
    assert values(analysis, "click") == {"a": 1.0, "b": 0.0}


def test_arms_that_are_not_planned_make_the_result_invalid(tmp_path: Path) -> None:
    exposures = [sent("u1", "a"), sent("u2", "b"), sent("u3", "c")]
    analysis = analyze(tmp_path, exposures, [])
    assert analysis.verdict.action == "invalid"
    assert '"c", which is not planned' in analysis.verdict.reason


def test_planned_arms_without_units_are_shown(tmp_path: Path) -> None:
    exposures = [sent("u1", "a"), sent("u2", "b")]
    arms = {"a": 1.0, "b": 1.0, "c": 1.0}
    analysis = analyze(tmp_path, exposures, [], arms=arms)
    assert [(arm.arm, arm.n) for arm in analysis.arms] == [("a", 1), ("b", 1), ("c", 0)]
    assert analysis.comparisons[1].value is None


def test_events_that_never_happen_are_noted(tmp_path: Path) -> None:
    exposures = [sent("u1", "a"), sent("u2", "b")]
    analysis = analyze(tmp_path, exposures, [happened("u1", "clicked", 1)])
    (note,) = analysis.health
    assert note.ok
    assert '"click" happened to no unit' in note.message


def test_columns_of_outcomes_can_have_other_names(tmp_path: Path) -> None:
    save(tmp_path / "exposures.csv", EXPOSURE, [sent("u1", "a"), sent("u2", "b")])
    row = {"user": "u2", "name": "click", "time": START.isoformat()}
    save(tmp_path / "outcomes.csv", ["user", "name", "time"], [row])
    analysis = analyze_experiment(
        "winback",
        exposures=[str(tmp_path / "expo*.csv")],
        outcomes=[tmp_path / "outcomes.csv"],
        arms={"a": 1, "b": 1},
        control="a",
        metrics=[CLICK],
        outcome_columns={"unit": "user", "event": "name", "at": "time"},
    )
    assert values(analysis, "click") == {"a": 0.0, "b": 1.0}


def test_times_without_a_zone_are_utc_wherever_the_machine_stands(
    tmp_path: Path,
) -> None:
    rows = [sent("u1", "a"), sent("u2", "b"), sent("u3", "b")]
    for row in rows:
        row["ts"] = row["ts"].replace("T", " ").rstrip("Z")
    save(tmp_path / "exposures.csv", EXPOSURE, rows)
    outcomes = [happened("u2", "click", 1), happened("u3", "click", -1)]
    save(tmp_path / "outcomes.csv", ["unit", "event", "at", "value"], outcomes)
    script = (
        "from copylab.analysis.workspace_form import analyze_experiment\n"
        "from copylab.analysis.metrics import MetricSpec\n"
        "found = analyze_experiment('winback', exposures=['exposures.csv'],\n"
        "    outcomes=['outcomes.csv'], arms={'a': 1, 'b': 1}, control='a',\n"
        "    metrics=[MetricSpec('click', 'click', role='primary')])\n"
        "print(found.comparisons[0].value)\n"
    )
    for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True, text=True, check=True, cwd=tmp_path,
            env=os.environ | {"TZ": zone, "PYTHONPATH": str(REPOSITORY)},
        )  # fmt: skip
        assert done.stdout.strip() == "0.5"


@pytest.mark.parametrize(
    ("exposures", "outcomes", "part"),
    [
        ([], [], "no unit was assigned"),
        ([sent("u1", "a", ts="soon")], [], '"ts" is empty or unreadable in 1 row'),
        ([sent("", "a")], [], '"unit" is empty'),
        ([sent("u1", "a"), sent("u2", "b")],
         [happened("u1", "click", 1) | {"at": "x"}], '"at" is empty or unreadable'),
        ([sent("u1", "a"), sent("u2", "b")], [happened("u1", "loan", 1, "nan")],
         '"value" has 1 empty, NaN'),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used_are_counted(
    tmp_path: Path, exposures: Rows, outcomes: Rows, part: str
) -> None:
    loan = MetricSpec("loan", "loan", "mean", value="value")
    with pytest.raises(DataError, match=part):
        analyze(tmp_path, exposures, outcomes, metrics=[CLICK, loan])


def test_patterns_without_files_and_plans_without_sense(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="names no file"):
        analyze_experiment(
            "winback",
            exposures=[tmp_path / "*.parquet"],
            outcomes=[],
            arms={"a": 1},
            control="a",
            metrics=[CLICK],
        )
    with pytest.raises(ValueError, match="control == 'z'"):
        analyze(tmp_path, [], [], control="z")
    with pytest.raises(ValueError, match="2 primary"):
        analyze(tmp_path, [], [], metrics=[CLICK, CLICK])
    with pytest.raises(ValueError, match="time zone"):
        analyze(tmp_path, [sent("u1", "a")], [], at=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault looked for


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"within_hours": 0}, "within_hours"),
        ({"kind": "ratio"}, "per"),
        ({"per": "exposure"}, "per"),
        ({"value": "amount"}, "share"),
        ({"kind": "mean", "winsorise": 1.5}, "winsorise"),
        ({"margin": -0.1}, "margin"),
    ],
)
def test_metrics_that_contradict_themselves(fields: dict[str, Any], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        MetricSpec("m", "click", **fields)


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    exposures = [
        sent("a1", "a"), sent("a2", "a"), sent("b1", "b"), sent("b2", "b", hours=10),
        sent("b1", "b", hours=1),  # logged twice
        sent("b1", "b", send="later", hours=200),
        sent("b3", "b", reason="holdout"), sent("b4", "b", experiment="other"),
    ]  # fmt: skip
    outcomes = [
        happened("b1", "click", 2), happened("b1", "click", 3),
        happened("a1", "click", 72.5),  # after the window
        happened("a2", "click", 60),  # after the time of the analysis
        happened("b2", "click", 9),  # before its send, by one of the clocks
        happened("b3", "click", 2), happened("nobody", "click", 2),
        happened("b1", "page", 2),  # of no metric
    ]  # fmt: skip
    late = START + timedelta(hours=50)
    found = analyze(tmp_path, exposures, outcomes, at=late).rows
    assert found is not None
    assert found.to_dict() == {
        "exposures": 5,
        "exposures_repeated": 1,
        "outcomes": 7,
        "outcomes_not_assigned": 2,
        "outcomes_before": 1,
        "outcomes_late": 2,
        "outcomes_counted": 2,
    }


def test_an_arm_planned_without_a_share_makes_the_result_invalid(
    tmp_path: Path,
) -> None:
    exposures = [sent("u1", "a"), sent("u2", "b"), sent("u3", "c")]
    arms = {"a": 1.0, "b": 1.0, "c": 0.0}
    analysis = analyze(tmp_path, exposures, [], arms=arms)
    assert analysis.srm.p_value == 0.0
    assert analysis.verdict.action == "invalid"


def test_a_mean_that_never_varies_is_no_evidence(tmp_path: Path) -> None:
    exposures = [sent(f"{arm}{i}", arm) for arm in "ab" for i in range(20)]
    loan = MetricSpec("loan", "loan", "mean", value="value", role="primary")
    (item,) = analyze(tmp_path, exposures, [], metrics=[loan]).comparisons
    assert (item.value, item.p_value, item.significant) == (0.0, 1.0, False)
    assert item.diff.to_dict() == {"value": 0.0, "low": None, "high": None}
