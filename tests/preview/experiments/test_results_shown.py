"""Results as a page may show them: nothing is spent by looking, nothing is told early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from copylab.decision.looks import mark_recorded, record_look
from copylab.decision.results import analyze_workspace
from copylab.preview.experiments.results import Results, find_results
from copylab.preview.reading import Reader
from copylab.write import apply_changes

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUNNING, DRAFT = "unfinished_sms_hook", "registered_push_hook"
CONCLUDED = "approved_sms_hook"


def results_of(root: Path, name: str, at: datetime = AT) -> Results:
    return find_results(Reader(root).look(at), name)


def files_of(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".copylab" not in path.parts[-2]
    }


def test_a_look_that_is_due_is_not_opened_by_looking_at_a_page(tried: Path) -> None:
    before = files_of(tried / "experiments")
    found = results_of(tried, RUNNING)
    assert found.analysis is not None
    assert found.due == 1
    assert found.analysis.verdict.action == "continue"
    primary = [item for item in found.analysis.comparisons if item.role == "primary"]
    assert primary == []
    assert found.analysis.looks is not None
    assert not found.analysis.looks.is_read
    assert found.analysis.guardrails
    assert files_of(tried / "experiments") == before


def test_a_look_that_was_recorded_is_shown(tried: Path) -> None:
    catalog = Reader(tried).look(AT).workspace
    analysis = analyze_workspace(catalog, RUNNING, at=AT)
    assert analysis.looks is not None
    assert analysis.looks.is_unrecorded
    experiment = catalog.experiments[RUNNING]
    look, changes = record_look(catalog, experiment, analysis, at=AT, data_until=AT)
    apply_changes(changes)
    found = results_of(tried, RUNNING)
    assert found.due == 0
    assert found.analysis is not None
    assert found.analysis.verdict == mark_recorded(analysis, look).verdict
    assert [item for item in found.analysis.comparisons if item.role == "primary"]


def test_what_the_page_holds_back_the_command_shows_as_a_look(tried: Path) -> None:
    catalog = Reader(tried).look(AT).workspace
    shown = analyze_workspace(catalog, RUNNING, at=AT)
    held = analyze_workspace(catalog, RUNNING, at=AT, wish="recorded")
    assert [item for item in shown.comparisons if item.role == "primary"]
    assert not [item for item in held.comparisons if item.role == "primary"]


def test_a_decision_stands_so_its_report_is_whole(tried_once: Path) -> None:
    found = results_of(tried_once, CONCLUDED)
    assert found.analysis is not None
    assert (found.analysis.verdict.action, found.analysis.verdict.arm) == (
        "promote",
        "coupon",
    )
    assert found.due == 0


def test_an_analysis_is_made_once_for_the_same_data(tried: Path) -> None:
    shown = Reader(tried).look(AT)
    first = find_results(shown, RUNNING)
    assert find_results(shown, RUNNING) is first
    assert results_of(tried, RUNNING) is first
    exposures = tried / "data" / "exposures" / f"{RUNNING}.parquet"
    exposures.touch()
    assert results_of(tried, RUNNING) is not first


def test_time_that_closes_windows_makes_it_new(tried: Path) -> None:
    early = datetime(2026, 10, 17, 12, tzinfo=UTC)  # the last sends are not through
    found = results_of(tried, RUNNING, early)
    later = results_of(tried, RUNNING, early + timedelta(days=30))
    assert found.analysis is not None
    assert later.analysis is not None
    closed = [
        sum(arm.n for arm in item.arms) for item in (found.analysis, later.analysis)
    ]
    assert closed[0] < closed[1] == 3200


def test_users_that_are_needed_are_told_by_arm_and_by_when(tried_once: Path) -> None:
    needs = results_of(tried_once, RUNNING).needs
    assert needs is not None
    assert needs.missing is not None
    assert needs.units == needs.missing + 3200
    assert sum(arm.needed for arm in needs.arms) == pytest.approx(needs.units, abs=2)
    assert sum(arm.found or 0 for arm in needs.arms) == 3200
    assert needs.per_day == pytest.approx(3200 / 7, rel=0.02)
    assert needs.end is not None
    days = needs.missing / needs.per_day
    assert needs.end == (AT + timedelta(days=14 + 1 + int(days))).date()


def test_a_draft_asks_for_users_by_what_was_measured_before(tried_once: Path) -> None:
    found = results_of(tried_once, DRAFT)
    assert found.analysis is None
    assert found.needs is not None
    assert found.needs.source == RUNNING
    assert found.needs.missing is None
    assert [arm.arm for arm in found.needs.arms] == [
        "plain",
        "coupon",
        "curiosity",
        "none",
    ]


def test_data_that_are_not_there_are_a_message_with_a_cure(own_sample: Path) -> None:
    found = results_of(own_sample, DRAFT)
    assert found.analysis is None
    (problem,) = found.unknown
    assert "data/exposures/*.parquet" in problem.place + problem.text


def test_data_that_are_no_parquet_are_a_message(tried: Path) -> None:
    (tried / "data" / "outcomes.parquet").write_bytes(b"no table at all")
    found = results_of(tried, RUNNING)
    assert found.analysis is None
    assert found.problems
    assert all(problem.text for problem in found.problems)


def test_a_column_that_is_missing_is_a_message(tried: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - one test writes a table

    file = tried / "data" / "outcomes.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["event"]), file)
    found = results_of(tried, RUNNING)
    assert "event" in found.problems[0].text


def test_a_ledger_that_was_changed_is_a_message(tried: Path) -> None:
    catalog = Reader(tried).look(AT).workspace
    analysis = analyze_workspace(catalog, RUNNING, at=AT)
    experiment = catalog.experiments[RUNNING]
    apply_changes(record_look(catalog, experiment, analysis, at=AT)[1])
    ledger = tried / f"experiments/decisions/{RUNNING}.looks.yaml"
    ledger.write_text(ledger.read_text().replace("look: 1", "look: 2"))
    found = results_of(tried, RUNNING)
    assert "was changed" in found.problems[0].text
    assert "git log" in found.problems[0].cure


def test_a_database_is_not_asked_by_a_page(tried: Path) -> None:
    settings = tried / "copylab.yaml"
    text = settings.read_text().replace(
        "exposures: data/exposures/*.parquet",
        'exposures: "postgres://analyst:secret@db.example/crm#exposures"',
    )
    settings.write_text(text)
    found = results_of(tried, RUNNING)
    assert found.analysis is None
    assert found.database == "postgres://db.example/crm#exposures"
