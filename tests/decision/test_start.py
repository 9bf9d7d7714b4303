from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from copylab.decision.start import find_obstacles, start
from copylab.errors import CopylabError, DataError, DecisionError, WorkspaceError
from copylab.experiment.frozen import frozen_findings
from copylab.lint.engine import lint_catalog
from copylab.workspace import load, open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.findings import Finding

FILE = "experiments/hook.yaml"


def run(root: Path, at: datetime, *, new_epoch: bool = False) -> str:
    plan = start(open_workspace(root), "hook", at=at, new_epoch=new_epoch)
    apply_changes([plan.change])
    return (root / FILE).read_text()


def refused(root: Path, at: datetime, *, new_epoch: bool = False) -> str:
    before = (root / FILE).read_bytes()
    with pytest.raises(DecisionError) as caught:
        start(open_workspace(root), "hook", at=at, new_epoch=new_epoch)
    assert (root / FILE).read_bytes() == before
    return str(caught.value)


def change(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new))


def test_a_start_adds_status_and_epoch_and_nothing_else(
    root: Path, at: datetime
) -> None:
    before = (root / FILE).read_text().splitlines()
    after = run(root, at).splitlines()
    added = [line for line in after if line not in before]
    assert [line for line in after if line in before] == before
    assert added[0] == "status: running"
    assert after.index("status: running") == after.index("channels: [sms]") + 1
    assert added[1:4] == ["epochs:", "  - epoch: 1", "    at: 2026-11-22T11:00:00Z"]


def test_the_epoch_freezes_what_is_sent(root: Path, at: datetime) -> None:
    run(root, at)
    workspace = load(root)
    experiment = workspace.experiments["hook"]
    assert experiment.status == "running"
    assert experiment.epoch == 1
    assert experiment.epochs[0].at == at
    assert dict(experiment.epochs[0].arms) == dict(experiment.arms)
    assert dict(experiment.epochs[0].copies) == workspace.arm_hashes(experiment)
    assert frozen_findings(experiment, workspace.arm_hashes(experiment)) == []


def test_a_running_experiment_is_not_started_twice(root: Path, at: datetime) -> None:
    run(root, at)
    later = at + timedelta(days=1)
    assert "nothing has changed" in refused(root, later)
    assert "nothing has changed" in refused(root, later, new_epoch=True)


def test_a_change_needs_a_new_epoch(root: Path, at: datetime) -> None:
    run(root, at)
    change(root, "templates/winback/sms.en-US.md", "a coupon", "two coupons")
    later = at + timedelta(days=1)
    told = refused(root, later)
    assert "the copy of 'coupon' changed" in told
    assert "--new-epoch" in told
    plan = start(open_workspace(root), "hook", at=later, new_epoch=True)
    assert plan.epoch.epoch == 2
    assert plan.changed == ("the copy of 'coupon' changed since epoch 1 began",)
    first = (root / FILE).read_text()
    assert run(root, later, new_epoch=True).startswith(first)
    assert load(root).experiments["hook"].epoch == 2


def test_a_new_epoch_begins_after_the_last(root: Path, at: datetime) -> None:
    run(root, at)
    change(root, FILE, "plain: 45%, coupon: 45%", "plain: 40%, coupon: 50%")
    assert "not before" in refused(root, at, new_epoch=True)


def test_a_concluded_experiment_stays_so(root: Path, at: datetime) -> None:
    change(root, FILE, "audience: open", "audience: open\nstatus: concluded")
    assert "concluded" in refused(root, at)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (FILE, "message: winback", "message: winbak", "there is no message 'winbak'"),
        (FILE, "coupon: 45%", "coupn: 45%", "'coupn' is no variant"),
        (FILE, "coupon: 45%", "coupon: 40%", "must sum to 100%"),
        (FILE, "[sms]", "[push]", "has no push copy"),
        (FILE, "audience: open", "audience: opn", "opn"),
        (FILE, "primary: click", "primary: clik", "'clik' is not declared"),
        ("experiments/audiences.yaml", "loans = 0", "loans =", "audiences.yaml"),
        ("templates/winback/sms.en-US.md", "a coupon", "{{ oops }}", "oops"),
        (
            "templates/winback/sms.en-US.md",
            "# coupon",
            "# cupon",
            "has no words in sms.en-US",
        ),
    ],
)
def test_an_experiment_with_errors_is_not_started(
    root: Path, at: datetime, file: str, old: str, new: str, told: str
) -> None:
    change(root, file, old, new)
    assert told in refused(root, at)


def test_errors_elsewhere_are_no_hindrance(root: Path, at: datetime) -> None:
    change(root, "templates/winback/sms.en-US.md", "a year", "{{ oops }}")
    (root / "templates" / "other").mkdir()
    (root / "templates" / "other" / "message.yaml").write_text("purpose: [\n")
    assert "status: running" in run(root, at)


def test_a_file_that_cannot_be_read_is_shown_with_its_findings(
    root: Path, at: datetime
) -> None:
    (root / FILE).write_text("message: [\n")
    with pytest.raises(WorkspaceError) as caught:
        start(open_workspace(root), "hook", at=at)
    assert caught.value.findings


def test_an_unknown_experiment_is_suggested(root: Path, at: datetime) -> None:
    with pytest.raises(DataError, match="did you mean 'hook'"):
        start(open_workspace(root), "hok", at=at)


def test_one_message_and_channel_has_one_experiment(root: Path, at: datetime) -> None:
    text = (root / FILE).read_text()
    (root / "experiments" / "rival.yaml").write_text(text.replace("hook.1", "rival.1"))
    plan = start(open_workspace(root), "rival", at=at)
    apply_changes([plan.change])
    assert "'rival' is running on winback (sms) already" in refused(root, at)


def test_line_ends_and_a_byte_order_mark_are_kept(root: Path, at: datetime) -> None:
    data = (root / FILE).read_bytes().replace(b"\n", b"\r\n")
    (root / FILE).write_bytes(b"\xef\xbb\xbf" + data)
    run(root, at)
    after = (root / FILE).read_bytes()
    assert after.startswith(b"\xef\xbb\xbf# The hook\r\n")
    assert after.count(b"\n") == after.count(b"\r\n")


def test_a_file_changed_in_between_is_not_written(root: Path, at: datetime) -> None:
    plan = start(open_workspace(root), "hook", at=at)
    change(root, FILE, "# The hook", "# Another hook")
    before = (root / FILE).read_bytes()
    with pytest.raises(Exception, match="somebody else"):
        apply_changes([plan.change])
    assert (root / FILE).read_bytes() == before


def test_a_time_without_a_zone_is_a_wrong_call(root: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        start(open_workspace(root), "hook", at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point


def test_who_loses_a_race_is_told_of_the_winner(root: Path, at: datetime) -> None:
    """Two people read the workspace, and one of them starts first."""
    late = open_workspace(root)
    run(root, at)
    won = (root / FILE).read_bytes()
    with pytest.raises(CopylabError, match="changed by somebody else") as caught:
        start(late, "hook", at=at)
    assert caught.value.file == FILE
    assert (root / FILE).read_bytes() == won


EPOCHS = """\
status: running
epochs:
  - epoch: 1
    at: 2026-10-01T00:00:00Z
    hash: "0"
    arms: {plain: 45%, coupon: 40%, none: 10%}
"""


@pytest.mark.parametrize("new_epoch", [False, True])
def test_a_record_that_was_damaged_is_shown_with_its_place(
    root: Path, at: datetime, *, new_epoch: bool
) -> None:
    with (root / FILE).open("a") as file:
        file.write(EPOCHS)
    told = refused(root, at, new_epoch=new_epoch)
    assert "the arms of epoch 1 sum to 95%, must sum to 100%" in told
    assert "hook.yaml:12:5" in told
    assert "layer" not in told


def with_two_epochs(root: Path, at: datetime) -> None:
    run(root, at - timedelta(days=9))
    change(root, FILE, "plain: 45%, coupon: 45%", "plain: 40%, coupon: 50%")
    run(root, at - timedelta(days=5), new_epoch=True)


def cl503(root: Path) -> list[Finding]:
    return [i for i in open_workspace(root).lint().findings if i.code == "CL503"]


def test_an_older_record_that_was_changed_by_hand_is_an_error(
    root: Path, at: datetime
) -> None:
    with_two_epochs(root, at)
    assert not cl503(root)
    before = (root / FILE).read_text()
    after = before.replace("share: 45%", "share: 44%", 1)
    (root / FILE).write_text(after.replace("share: 45%", "share: 46%", 1))
    (found,) = cl503(root)
    assert found.message == "the record of epoch 1 was changed by hand"
    assert found.severity == "error"
    line = (root / FILE).read_text().splitlines()[found.line - 1]
    assert line.strip() == "- epoch: 1"
    assert "put the record back as copylab start wrote it" in found.help
    change(root, FILE, "plain: 40%, coupon: 50%", "plain: 30%, coupon: 60%")
    told = refused(root, at, new_epoch=True)
    assert "the record of epoch 1 was changed by hand" in told
    assert "put the record back" in told


@pytest.mark.parametrize("new_epoch", [False, True])
def test_a_present_record_that_was_changed_by_hand_is_put_back(
    root: Path, at: datetime, *, new_epoch: bool
) -> None:
    """Another epoch upon it would take over what was never so."""
    run(root, at - timedelta(days=9))
    change(root, FILE, "control: plain", "control: coupon")  # there, and in the record
    (found,) = cl503(root)
    assert found.message == "its record was changed by hand since epoch 1 began"
    assert "put the record back" in found.help
    told = refused(root, at, new_epoch=new_epoch)
    assert "the record of epoch 1 was changed by hand" in told
    assert "put the record back" in told


def test_epochs_begin_one_after_the_other(root: Path, at: datetime) -> None:
    with_two_epochs(root, at)
    change(root, FILE, "at: 2026-11-13T11:00:00Z", "at: 2026-11-18T11:00:00Z")
    (wrong,) = open_workspace(root).errors()
    assert wrong.message == (
        "epoch 2 began at 2026-11-17T11:00:00Z, not after epoch 1 at 2026-11-18T11:00:00Z"
    )
    assert "put the record back" in wrong.help
    assert "not after epoch 1" in refused(root, at)


def obstacles(root: Path, at: datetime) -> list[str]:
    catalog = open_workspace(root)
    linted = lint_catalog(catalog).findings
    return [
        item.message for item in find_obstacles(catalog, "hook", at=at, linted=linted)
    ]


def test_nothing_hinders_what_can_be_started(root: Path, at: datetime) -> None:
    assert obstacles(root, at) == []
    run(root, at)


def test_what_hinders_a_start_is_what_the_start_refuses(
    root: Path, at: datetime
) -> None:
    change(root, FILE, "coupon: 45%", "cuopon: 45%")
    change(root, FILE, "audience: open", "audience: opne")
    found = obstacles(root, at)
    assert len(found) == 2
    told = refused(root, at)
    assert all(item in told for item in found)


def test_a_rival_hinders_a_start(root: Path, at: datetime) -> None:
    run(root, at)
    rival = (root / FILE).read_text().replace("hook.1", "rival.1")
    (root / "experiments/rival.yaml").write_text(rival)
    change(root, FILE, "status: running", "status: draft")
    (found,) = obstacles(root, at)
    assert "'rival' is running on winback (sms) already" in found
    assert found in refused(root, at)
