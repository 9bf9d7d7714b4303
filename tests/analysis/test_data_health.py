"""Health of the data: delivery, machines, changed copy, epochs, missing outcomes."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from scipy.stats import chi2_contingency

from copylab.analysis.delivery import check_delivery
from copylab.analysis.engines.embedded import Embedded
from copylab.analysis.epoch_ratio import check_epochs
from copylab.analysis.metrics import MetricSpec
from copylab.analysis.sources import open_source
from copylab.analysis.workspace_form import analyze_experiment
from copylab.data_settings import MachineRules

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.analysis.results import Analysis, HealthNote

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CLICK = MetricSpec("click", "click", within_hours=72, role="primary")
Rows = list[dict[str, Any]]


def sent(unit: str, arm: str, *, hours: float = 0, **other: Any) -> dict[str, Any]:
    return {
        "ts": (START + timedelta(hours=hours)).isoformat(),
        "send_id": f"{unit}-{hours}",
        "experiment": "winback",
        "unit": unit,
        "arm": arm,
        "reason": "assigned",
        "channel": "sms",
        "locale": "zh-CN",
        "segments": 2,
        "template_hash": arm,
        "epoch": 1,
    } | other


def event(unit: str, name: str, seconds: float, agent: str = "phone") -> dict[str, Any]:
    at = START + timedelta(seconds=seconds)
    return {"unit": unit, "event": name, "at": at.isoformat(), "agent": agent}


def save(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    return path


def analyze(folder: Path, exposures: Rows, outcomes: Rows, **other: Any) -> Analysis:
    chosen: dict[str, Any] = {"arms": {"a": 1, "b": 1}, "control": "a"}
    return analyze_experiment(
        "winback",
        exposures=[save(folder / "exposures.csv", exposures)],
        outcomes=[save(folder / "outcomes.csv", outcomes)],
        **(chosen | {"metrics": [CLICK]} | other),
    )


def note(analysis: Analysis, name: str) -> HealthNote | None:
    return next((item for item in analysis.health if item.name == name), None)


def campaign(units: int = 400) -> Rows:
    return [sent(f"u{i}", "ab"[i % 2]) for i in range(units)]


def clicks(units: int = 400, every: int = 5) -> Rows:
    return [event(f"u{i}", "click", 3600) for i in range(0, units, every)]


def test_a_filtered_wording_shows_in_delivery(tmp_path: Path) -> None:
    arrived = [
        event(f"u{i}", "delivered", 30)
        for i in range(400)
        if i % 2 == 0 or i % 10 != 1  # a fifth of b is filtered
    ]
    found = analyze(tmp_path, campaign(), clicks() + arrived)
    assert found.delivery is not None
    assert not found.delivery.ok
    assert found.srm.ok
    told = note(found, "delivery-differs")
    assert told is not None
    assert (
        'messages of "b" arrive less often: 80.00% against 100.00% of "a"'
        in told.message
    )
    assert "ask the operator" in told.cure


def test_delivery_is_pearsons_test() -> None:
    ours = check_delivery(
        {"a": 900, "b": 1000, "c": 500}, {"a": 850, "b": 900, "c": 460}
    )
    table = [[850, 900, 460], [50, 100, 40]]
    assert ours.p_value == pytest.approx(chi2_contingency(table).pvalue, rel=1e-9)


@pytest.mark.parametrize("hits", [0, 10])
def test_all_or_nothing_delivered_is_no_difference(hits: int) -> None:
    assert check_delivery({"a": 10, "b": 10}, {"a": hits, "b": hits}).p_value == 1


def test_more_arrivals_than_sends_is_a_bad_call() -> None:
    with pytest.raises(ValueError, match=r"must be 0\.\.10"):
        check_delivery({"a": 10}, {"a": 11})


def test_without_an_event_of_delivery_nothing_is_said(tmp_path: Path) -> None:
    assert analyze(tmp_path, campaign(), clicks()).delivery is None
    named = [event(f"u{i}", "arrived", 30) for i in range(400)]
    found = analyze(tmp_path, campaign(), clicks() + named, delivered="arrived")
    assert found.delivery is not None
    assert found.delivery.ok


def test_clicks_of_machines_are_left_out_and_counted_by_arm(tmp_path: Path) -> None:
    rules = MachineRules(within_seconds=2, agents=("SCANNER",))
    soon = [event(f"u{i}", "click", 1) for i in range(1, 100, 2)]  # arm b, at once
    scans = [event(f"u{i}", "click", 900, "Link-Scanner/2") for i in range(1, 40, 2)]
    people = clicks()
    found = analyze(tmp_path, campaign(), people + soon + scans, machines=rules)
    clean = analyze(tmp_path, campaign(), people)
    assert found.comparisons == clean.comparisons
    told = note(found, "machine-events")
    assert told is not None
    assert told.facts["machine"] == len(soon) + len(scans)
    assert "b " in told.message
    assert note(clean, "machine-events") is None
    believed = analyze(tmp_path, campaign(), people + soon + scans)
    assert believed.comparisons != clean.comparisons


def test_a_click_is_soon_after_any_send_to_its_unit(tmp_path: Path) -> None:
    again = [*campaign(), sent("u0", "a", hours=5)]
    late = [event("u0", "click", 5 * 3600 + 1)]
    rules = MachineRules(within_seconds=2)
    found = analyze(tmp_path, again, clicks(every=7) + late, machines=rules)
    told = note(found, "machine-events")
    assert told is not None
    assert told.facts["machine"] == 1


def test_words_changed_in_mid_test_make_the_result_invalid(tmp_path: Path) -> None:
    rows = campaign()
    for row in rows[:100]:
        row["template_hash"] = "older-" + row["arm"]
    found = analyze(tmp_path, rows, clicks())
    assert found.verdict.action == "invalid"
    assert 'the words of "a" (sms.zh-CN) changed in mid-test' in found.verdict.reason
    told = note(found, "copy-changed")
    assert told is not None
    assert "--new-epoch" in told.cure


def test_sends_after_the_window_are_noted(tmp_path: Path) -> None:
    rows = [*campaign(), sent("u1", "b", hours=100), sent("u2", "a", hours=101)]
    told = note(analyze(tmp_path, rows, clicks()), "sends-after-window")
    assert told is not None
    assert told.ok
    assert "2 sends went to 2 units after the 72 hours" in told.message


def test_outcomes_that_end_before_the_sends_do_are_a_fault(tmp_path: Path) -> None:
    rows = campaign() + [sent(f"v{i}", "ab"[i % 2], hours=48) for i in range(200)]
    found = analyze(tmp_path, rows, clicks())
    assert found.verdict.action == "invalid"
    told = note(found, "outcomes-end-early")
    assert told is not None
    assert told.facts["late"] == 200
    assert "export the outcomes again" in told.cure
    few = campaign() + [sent(f"v{i}", "ab"[i % 2], hours=48) for i in range(4)]
    assert note(analyze(tmp_path, few, clicks()), "outcomes-end-early") is None


def test_outcomes_of_nobody_assigned_are_a_broken_join(tmp_path: Path) -> None:
    rows = [event(f"0{i}", "click", 3600) for i in range(50)]
    found = analyze(tmp_path, campaign(), rows)
    assert found.verdict.action == "invalid"
    assert "none of 50 outcomes belongs to a unit" in found.verdict.reason


def test_an_arm_without_an_event_the_other_has_is_told(tmp_path: Path) -> None:
    rows = [event(f"u{i}", "click", 3600) for i in range(0, 400, 10)]  # even: arm a
    found = analyze(tmp_path, campaign(), rows)
    told = note(found, "silent-arm")
    assert told is not None
    assert 'no unit of "b" has the event "click"' in told.message
    assert told.ok


def ratios(tmp_path: Path, rows: Rows, shares: dict[int, dict[str, float]]) -> Any:
    with Embedded() as engine:
        source = open_source(engine, save(tmp_path / "exposures.csv", rows))
        return check_epochs(engine, source, "winback", shares)


def test_an_arm_that_is_not_planned_hides_no_epoch(tmp_path: Path) -> None:
    rows = [sent(f"u{i}", "ab"[i % 2]) for i in range(1000)]
    shares = {1: {"a": 0.5, "b": 0.5}}
    planned, _ = ratios(tmp_path, rows, shares)
    found, _ = ratios(tmp_path, [*rows, sent("v", "c")], shares)
    assert found == planned
    assert found[0].units == {"a": 500, "b": 500}


def test_each_epoch_has_its_own_sample_ratio(tmp_path: Path) -> None:
    """Both epochs fit their shares, and together they fit neither."""
    first = [sent(f"u{i}", "a" if i % 2 else "b") for i in range(1000)]
    second = [
        sent(f"v{i}", "b" if i % 10 else "a", hours=48, epoch=2) for i in range(1000)
    ]
    shares = {1: {"a": 0.5, "b": 0.5}, 2: {"a": 0.1, "b": 0.9}}
    found, notes = ratios(tmp_path, first + second, shares)
    assert [(item.epoch, item.ratio.ok) for item in found] == [(1, True), (2, True)]
    assert notes == []
    swapped = {1: shares[2], 2: shares[1]}
    found, notes = ratios(tmp_path, first + second, swapped)
    assert [item.ratio.ok for item in found] == [False, False]
    assert [item.name for item in notes] == ["older-epoch-ratio"]


def test_units_that_moved_and_epochs_nobody_knows_are_told(tmp_path: Path) -> None:
    rows = campaign(100)
    rows += [sent(f"u{i}", "b", hours=48, epoch=2) for i in range(100)]
    rows += [sent(f"w{i}", "a", epoch=7) for i in range(3)]
    shares = {1: {"a": 0.5, "b": 0.5}, 2: {"a": 0.0, "b": 1.0}}
    _, notes = ratios(tmp_path, rows, shares)
    told = {item.name: item.message for item in notes}
    assert "3 units were logged in epochs" in told["unknown-epoch"]
    assert "50 units had another arm" in told["moved-between-epochs"]


def test_every_note_can_be_said_in_chinese(tmp_path: Path) -> None:
    from copylab.analysis.report.words import Words  # noqa: PLC0415 - read by this alone

    rows = [*campaign(), sent("u1", "b", hours=100), sent("x", "a"), sent("x", "b")]
    rows[0]["template_hash"] = "other"
    delivered = [event(f"u{i}", "delivered", 9) for i in range(0, 400, 2)]
    found = analyze(
        tmp_path,
        rows,
        [event(f"u{i}", "click", 1) for i in range(0, 400, 9)] + delivered,
        machines=MachineRules(within_seconds=2),
    )
    assert len(found.health) >= 5
    for item in found.health:
        shown = Words("zh-CN").health(item)
        assert shown != item.message
        assert "{" not in shown
