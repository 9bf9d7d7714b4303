"""``copylab audit`` from the command line: what it prints, and its exit codes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copylab.experiment import ExposureLog
from copylab.experiment.exposure import Exposure
from copylab.workspace import load

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
FILES = {
    "copylab.yaml": "brand: {name: Acme}\nlocales: {default: en-US}\nmarkets: [US]\n"
    "data: {exposures: data/exposures/*.parquet}\n",
    "templates/hello/message.yaml": "purpose: transactional\nlive: plain\n"
    "variants: {plain: {}, coupon: {}}\n",
    "templates/hello/sms.en-US.md": "# plain\nAcme: hello\n# coupon\nAcme: a gift\n",
    "experiments/hook.yaml": "message: hello\nchannels: [sms]\nstatus: draft\n"
    "unit: user_id\nsalt: hook.9f3a1c\narms: {plain: 50%, coupon: 50%}\n"
    "control: plain\n",
}


@pytest.fixture
def root(make_files, run_copylab) -> Path:
    folder = make_files(FILES)
    started = run_copylab("start", "hook", "--at", "2026-11-01", cwd=folder)
    assert started.code == 0, started.err
    return folder


def _exposures(root: Path, count: int) -> list[Exposure]:
    """What a service logs of what it composes."""
    workspace = load(root)
    found = [
        workspace.compose(
            "hello", {"user_id": f"user-{n}"}, channel="sms", locale="en-US", at=AT,
            send_id=f"send-{n}",
        ).exposure
        for n in range(count)
    ]  # fmt: skip
    assert all(isinstance(item, Exposure) for item in found)
    return found


def test_what_is_composed_and_logged_passes_the_audit(root, run_copylab) -> None:
    with ExposureLog(root / "data/exposures", roll_rows=40) as log:
        for exposure in _exposures(root, 100):
            log.append(exposure)
    ran = run_copylab("audit", cwd=root)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("100 rows in 3 files, 100 computed again\n")
    assert (
        "hook, epoch 1: 100 rows\n  assigned 100\n  all channels: 100 units" in ran.out
    )
    assert ran.out.endswith("Every arm is the one its salt and unit give.\n")
    assert "not checked" not in ran.out


def test_a_wrong_arm_is_told_with_its_unit_and_the_exit_code(root, run_copylab) -> None:
    rows = _exposures(root, 50)
    wrong = next(row for row in rows if row.arm == "plain")
    with ExposureLog(root / "data/exposures") as log:
        log.append_all(row for row in rows if row is not wrong)
        log.append(wrong._replace(arm="coupon", variant="coupon"))
    ran = run_copylab("audit", "data/exposures", cwd=root)
    assert ran.code == 1
    assert (
        "error arm-differs: hook, epoch 1: one row has another arm than its salt and "
        f"unit give\n  for example: {wrong.unit}\n  help: "
    ) in ran.out
    assert ran.out.splitlines()[-1] in {"1 error, 0 warnings.", "2 errors, 0 warnings."}
    assert run_copylab("audit", "--fail-on", "never", cwd=root).code == 0
    found = json.loads(run_copylab("audit", "--format", "json", cwd=root).out)
    assert {item["check"] for item in found["findings"]} <= {
        "arm-differs",
        "copy-differs",
    }
    assert found["findings"][0]["examples"] == [wrong.unit]


def test_json_says_what_a_program_needs(root, run_copylab) -> None:
    with ExposureLog(root / "data/exposures") as log:
        log.append_all(_exposures(root, 20))
    found = json.loads(run_copylab("audit", "--format", "json", cwd=root).out)
    assert [*found] == [
        "files", "rows", "recomputed", "epochs", "findings", "journals", "recovered",
    ]  # fmt: skip
    (epoch,) = found["epochs"]
    assert [*epoch] == [
        "experiment", "epoch", "rows", "reasons", "shares", "ratios", "unchecked",
    ]  # fmt: skip
    assert [*epoch["ratios"][0]] == ["channel", "units", "p_value", "ok"]


def test_rows_of_journals_are_told_and_taken_up_when_asked(root, run_copylab) -> None:
    folder = root / "data/exposures"
    rows = _exposures(root, 30)
    log = ExposureLog(folder, roll_rows=20)
    for row in rows:
        log.append(row)
    ran = run_copylab("audit", cwd=root)
    assert ran.out.startswith("20 rows in 1 file")
    assert "Not read: 10 rows that running services" in ran.out
    assert (
        "10 rows"
        not in run_copylab("audit", str(folder), "--recover", cwd=root).out[:40]
    )
    (journal,) = log.unfinished
    left = journal.read_bytes()
    log.close()
    (finished,) = [p for p in folder.glob("*.parquet") if "-1-" in p.name]
    finished.unlink()
    journal.write_bytes(left)  # as a killed service leaves it
    assert "Not read: 10 rows of killed services." in run_copylab("audit", cwd=root).out
    ran = run_copylab("audit", "data/exposures", "--recover", cwd=root)
    assert ran.out.startswith(f"taken up: {journal.name}, 10 rows\n30 rows in 2 files")
    assert ran.code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.parquet"], "nowhere.parquet: names no file"),
        (["copylab.yaml"], "which is not known"),
        (["templates"], "holds no finished files"),
        (["--workspace", "/"], "no workspace here or above"),
        (["--recover"], "--recover goes with the folder"),
        (["--fail-on", "sometimes"], "Invalid value"),
        ([], "names no file"),
    ],
)
def test_what_cannot_run_is_one_message_and_exit_code_2(
    root, run_copylab, arguments, words
) -> None:
    ran = run_copylab("audit", *arguments, cwd=root)
    assert ran.code == 2
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_a_hostile_name_is_spelt_out_on_the_terminal(root, run_copylab) -> None:
    (row,) = _exposures(root, 1)
    with ExposureLog(root / "data/exposures") as log:
        log.append(row._replace(experiment="\x1b[2J", unit="\x07u"))
    ran = run_copylab("audit", cwd=root)
    assert "\x1b" not in ran.out
    assert "<U+001B>[2J" in ran.out
