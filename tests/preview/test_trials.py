"""The experiments beside their messages, with the looks that are due."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from copylab.analysis.sequential.plan import PastLook
from copylab.decision.ledger import add_look
from copylab.preview.trials import find_trials
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.emit import Plain

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = "approved_sms_hook"
MESSAGE = "winback/approved_day7"


@pytest.fixture(scope="module")
def started(
    sample: Path, tmp_path_factory: pytest.TempPathFactory, run_copylab: Any
) -> str:
    """The file of the experiment once it runs."""
    folder = tmp_path_factory.mktemp("started") / "it"
    shutil.copytree(sample, folder)
    done = run_copylab("start", NAME, cwd=folder)
    assert done.code == 0, done.err
    text: str = (folder / f"experiments/{NAME}.yaml").read_text()
    return text


@pytest.fixture
def running(own_sample: Path, started: str) -> Path:
    (own_sample / f"experiments/{NAME}.yaml").write_text(started)
    return own_sample


def trial_of(root: Path, at: datetime = AT) -> Any:
    trials = find_trials(open_workspace(root), root, at)[MESSAGE]
    return next(trial for trial in trials if trial.name == NAME)


def look(number: int, information: float, action: str = "continue") -> PastLook:
    return PastLook(
        number=number,
        at=AT,
        units=int(30_000 * information),
        planned_units=30_000,
        information=information,
        time=information,
        alpha_spent=0.01 * number,
        boundary=3.0,
        counts=f"{number:064}",
        action=action,
        arm=None,
        also=(),
        statistics={},
    )


def record(root: Path, *looks: PastLook) -> None:
    for item in looks:
        experiment = open_workspace(root).experiments[NAME]
        rules: dict[str, Plain] = {
            "alpha": 0.05,
            "spending": "obrien-fleming",
            "looks": [1.0],
        }
        for change in add_look(root, experiment, item, rules=rules, spent_now=0.01):
            path = root / change.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.after)


def test_experiments_that_run_come_before_drafts(running: Path) -> None:
    trials = find_trials(open_workspace(running), running, AT)[MESSAGE]
    assert [(trial.name, trial.status) for trial in trials] == [
        (NAME, "running"),
        ("approved_6m_email_coupon", "draft"),
    ]
    assert trials[1].looks is None


def test_arms_have_their_shares(running: Path) -> None:
    trial = trial_of(running)
    assert [(arm.name, arm.share, arm.is_silent) for arm in trial.arms] == [
        ("plain", "20%", False),
        ("coupon", "20%", False),
        ("curiosity", "20%", False),
        ("milestone", "20%", False),
        ("none", "20%", True),
    ]
    assert trial.channels == ("sms",)
    assert trial.window_days == 14


def test_the_first_look_is_due_at_its_part_of_the_plan(running: Path) -> None:
    looks = trial_of(running).looks
    assert (looks.taken, looks.planned, looks.next_percent) == (0, 3, "33%")
    assert looks.next_units == 0
    assert not looks.is_decided


def test_after_a_look_the_next_is_due_at_so_many_users(running: Path) -> None:
    record(running, look(1, 0.4))
    looks = trial_of(running).looks
    assert (looks.taken, looks.next_percent, looks.next_units) == (1, "67%", 20_000)


def test_after_a_decision_nothing_is_due(running: Path) -> None:
    record(running, look(1, 0.4, action="promote"))
    looks = trial_of(running).looks
    assert looks.is_decided
    assert looks.next_percent == ""


def test_a_ledger_that_is_not_whole_is_told(running: Path) -> None:
    record(running, look(1, 0.4))
    (running / f"experiments/decisions/{NAME}.looks.yaml").unlink()
    looks = trial_of(running).looks
    assert "ledger is missing" in looks.problem
    assert looks.planned == 3


def test_the_first_outcomes_are_complete_after_the_window(running: Path) -> None:
    (epoch,) = open_workspace(running).experiments[NAME].epochs
    closes = epoch.at + timedelta(days=14)
    assert trial_of(running, epoch.at).looks.closes == closes.date()
    assert trial_of(running, closes).looks.closes is None
    assert isinstance(closes.date(), date)


def test_looks_at_any_time_are_never_due(running: Path) -> None:
    file = running / f"experiments/{NAME}.yaml"
    file.write_text(file.read_text().replace("looks: 3", "looks: any"))
    looks = trial_of(running).looks
    assert (looks.planned, looks.next_percent) == (0, "")
