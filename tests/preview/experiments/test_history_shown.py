"""Decisions as history: in time, with lifts, and one that is broken hides no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.preview.experiments.history import find_history
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "experiments/decisions/approved_sms_hook.yaml"


def test_decisions_are_told_newest_first(tried_once: Path) -> None:
    history = find_history(open_workspace(tried_once))
    assert history.problems == ()
    kept, promoted = history.entries
    assert (kept.decision.date, promoted.decision.date) == ("2026-10-25", "2026-10-21")
    assert not kept.decision.is_promotion
    assert (kept.decision.action, kept.decision.arm) == ("keep", "plain")
    one = promoted.decision
    assert one.is_promotion
    assert (one.previous, one.arm, one.file) == ("plain", "coupon", RECORD)
    assert one.verdict == "promote"
    assert "coupon" in one.why
    assert promoted.message_file == "templates/winback/approved_day7/message.yaml"
    assert promoted.line is not None
    lines = (tried_once / promoted.message_file).read_text().splitlines()
    assert lines[promoted.line - 1].startswith("live: coupon")


def test_the_arm_that_went_live_comes_first_and_silence_last(tried_once: Path) -> None:
    _, promoted = find_history(open_workspace(tried_once)).entries
    arms = [item.arm for item in promoted.lifts]
    assert (arms[0], arms[-1]) == ("coupon", "none")
    first = promoted.lifts[0]
    assert first.is_chosen
    assert first.control == "plain"
    assert first.lift.startswith("+")
    assert first.value.endswith("%")
    assert first.ends is not None
    assert first.ends[1] < first.ends[0] < first.ends[2]
    assert promoted.level == "95%"


def test_what_has_gone_live_since_is_told(tried: Path) -> None:
    file = tried / "templates/winback/approved_day7/message.yaml"
    file.write_text(file.read_text().replace("live: coupon", "live: milestone"))
    _, promoted = find_history(open_workspace(tried)).entries
    assert promoted.is_superseded
    assert promoted.live == "milestone"


def test_a_decision_outlives_its_experiment_and_its_message(tried: Path) -> None:
    import shutil  # noqa: PLC0415 - one test removes files

    (tried / "experiments/approved_sms_hook.yaml").unlink()
    shutil.rmtree(tried / "templates/winback/approved_day7")
    _, promoted = find_history(open_workspace(tried)).entries
    assert not promoted.has_experiment
    assert (promoted.live, promoted.message_file) == ("", "")
    assert promoted.decision.arm == "coupon"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("comparisons:", "comparison:", "'comparisons' is missing"),
        ("date: 2026-10-21", "date: yesterday", "is no record of a decision"),
        ("action: promote", "action: applaud", "'applaud' is none of"),
        ("planned_units: ", "planned_units: 0 # ", "units is none"),
        ("experiment: approved_sms_hook", "experiment: [", ""),
    ],
)
def test_a_record_that_cannot_be_read_hides_no_other(
    tried: Path, old: str, new: str, told: str
) -> None:
    file = tried / RECORD
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    history = find_history(open_workspace(tried))
    assert [item.decision.experiment for item in history.entries] == [
        "repaid_push_milestone"
    ]
    (problem,) = history.problems
    assert told in problem.text
    assert problem.place.startswith(RECORD)
    assert "restore the file" in problem.cure


def test_a_record_is_read_again_when_it_or_its_tags_change(tried: Path) -> None:
    first = find_history(open_workspace(tried)).of("approved_sms_hook")
    again = find_history(open_workspace(tried)).of("approved_sms_hook")
    assert first is not None
    assert again is not None
    assert again.decision is first.decision
    record = tried / RECORD
    record.write_text(
        record.read_text().replace("date: 2026-10-21", "date: 2026-10-30")
    )
    dated = find_history(open_workspace(tried)).of("approved_sms_hook")
    assert dated is not None
    assert dated.decision.date == "2026-10-30"
    file = tried / "templates/winback/approved_day7/message.yaml"
    file.write_text(file.read_text().replace("hook: discount", "hook: price"))
    tagged = find_history(open_workspace(tried)).of("approved_sms_hook")
    assert tagged is not None
    assert tagged.decision is not dated.decision
