"""Looks and their ledger, as people take them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "repaid_push_milestone"
LEDGER = f"experiments/decisions/{NAME}.looks.yaml"
FILE = f"experiments/{NAME}.yaml"


class Workspace:
    """A running experiment whose data come in bit by bit."""

    def __init__(self, root: Path, run: Callable[..., Any]) -> None:
        self.root = root
        self.run = run

    def fill(self, users: int, *, lift: str = "+3%", rate: str = "30%") -> None:
        made = self.run(
            *("simulate", NAME, "--users", str(users), "--seed", "7"),
            *("--effect", f"milestone={lift}", "--rate", f"click={rate}"),
            *("--at", "2026-10-20T11:00:00Z"),
            cwd=self.root,
        )
        assert (made.code, made.err) == (0, "")

    def analyze(self, *options: str) -> dict[str, Any]:
        ran = self.run("analyze", NAME, "--format", "json", *options, cwd=self.root)
        assert ran.code == 0, ran.err
        found: dict[str, Any] = json.loads(ran.out)
        return found

    def refused(self, *options: str) -> str:
        ran = self.run("analyze", NAME, *options, cwd=self.root)
        assert (ran.code, ran.out) == (2, "")
        assert "Traceback" not in ran.err
        assert "fault in copylab" not in ran.err
        return str(ran.err)

    def read(self, file: str) -> str:
        return (self.root / file).read_text()

    def write(self, file: str, old: str, new: str) -> None:
        text = self.read(file)
        assert old in text
        (self.root / file).write_text(text.replace(old, new, 1))


@pytest.fixture
def workspace(
    repository: Path, tmp_path: Path, run_copylab: Callable[..., Any]
) -> Workspace:
    root = tmp_path / "workspace"
    root.mkdir()
    shutil.copy(repository / "copylab.yaml", root)
    for name in ("templates", "experiments"):
        shutil.copytree(repository / name, root / name)
    made = Workspace(root, run_copylab)
    made.write(FILE, "looks: 3", "looks: 3, units: 3000")
    made.write("experiments/metrics.yaml", "margin: 0.2%", "margin: 5%")
    started = run_copylab("start", NAME, "--at", "2026-09-01T00:00:00Z", cwd=root)
    assert started.code == 0
    return made


def test_looks_are_taken_recorded_and_lead_to_a_promotion(workspace: Workspace) -> None:
    workspace.fill(700)
    early = workspace.analyze()
    assert early["looks"]["state"] == "between"
    assert early["verdict"]["action"] == "continue"
    # Health and guardrails, and no word of the metrics that decide.
    assert {item["metric"] for item in early["comparisons"]} == {"opt_out"}
    assert "click" not in json.dumps([early.get("holdout"), early.get("ranking")])
    assert not (workspace.root / LEDGER).exists()
    assert "none is due" in workspace.refused("--record")

    workspace.fill(1100)
    due = workspace.analyze()
    assert (due["looks"]["state"], due["looks"]["recorded"]) == ("look", False)
    assert not (workspace.root / LEDGER).exists()
    recorded = workspace.analyze("--record")
    assert recorded["looks"]["recorded"] is True
    assert recorded["verdict"] == due["verdict"]
    assert due["verdict"]["action"] == "continue"
    first = workspace.read(LEDGER)
    assert "look: 1" in first
    assert "ledger: 1-" in workspace.read(FILE)
    assert workspace.run("lint", cwd=workspace.root).code == 0

    # The same data are the same look.
    again = workspace.analyze("--record")
    assert again["looks"] == recorded["looks"]
    assert workspace.read(LEDGER) == first

    workspace.fill(1500)
    between = workspace.analyze()
    assert (between["looks"]["state"], between["looks"]["number"]) == ("between", 1)
    added = workspace.analyze("--look", "--record")
    assert added["looks"]["number"] == 2
    assert workspace.read(LEDGER).startswith(first)
    assert "ledger: 2-" in workspace.read(FILE)

    workspace.fill(3100, lift="+60%")
    last = workspace.analyze()
    assert (last["looks"]["last"], last["looks"]["number"]) == (True, 3)
    assert last["looks"]["alpha_spent"] == 0.05
    assert last["looks"]["boundary"] > 1.96
    assert last["verdict"]["action"] == "promote"
    done = workspace.run("promote", NAME, "--date", "2026-11-22", cwd=workspace.root)
    assert (done.code, done.err) == (0, "")
    assert "look: 3" in workspace.read(LEDGER)
    assert "ledger: 3-" in workspace.read(FILE)
    assert "number: 3" in workspace.read(f"experiments/decisions/{NAME}.yaml")


def test_a_crossed_boundary_stands_and_can_be_promoted_later(
    workspace: Workspace,
) -> None:
    workspace.fill(1100, lift="+80%")
    crossed = workspace.analyze("--record")
    assert (crossed["looks"]["last"], crossed["verdict"]["action"]) == (
        False,
        "promote",
    )
    workspace.fill(1200, lift="+80%")
    later = workspace.analyze()
    assert later["looks"]["state"] == "between"
    assert (later["verdict"]["action"], later["verdict"]["arm"]) == (
        "promote",
        "milestone",
    )
    assert "that stands" in later["verdict"]["reason"]
    done = workspace.run("promote", NAME, "--date", "2026-11-22", cwd=workspace.root)
    assert (done.code, done.err) == (0, "")


def test_the_last_look_can_be_taken_early_and_is_the_last(workspace: Workspace) -> None:
    workspace.fill(1900)
    final = workspace.analyze("--final", "--record")
    assert (final["looks"]["last"], final["looks"]["alpha_spent"]) == (True, 0.05)
    assert final["verdict"]["action"] == "keep"
    workspace.fill(2100)
    after = workspace.analyze()
    assert after["looks"]["state"] == "over"
    assert after["verdict"]["action"] == "keep"
    assert {item["metric"] for item in after["comparisons"]} == {"opt_out"}
    assert "all of alpha is spent" in workspace.refused("--look")


def test_an_experiment_that_gets_no_more_users_ends_with_the_last_look(
    workspace: Workspace,
) -> None:
    workspace.fill(1100)
    first = workspace.analyze("--record")
    assert first["verdict"]["action"] == "continue"
    kept = ("promote", NAME, "--keep", "--date", "2026-11-22")
    refused = workspace.run(*kept, cwd=workspace.root)
    assert refused.code == 1
    assert f"copylab analyze {NAME} --final --record" in refused.err
    final = workspace.analyze("--final", "--record")
    assert (final["looks"]["number"], final["looks"]["last"]) == (2, True)
    assert final["verdict"]["action"] != "continue"
    assert workspace.read(LEDGER).count("counts: ") == 2
    again = workspace.analyze()
    assert (again["looks"], again["verdict"]) == (final["looks"], final["verdict"])
    assert workspace.analyze("--final", "--record")["looks"] == final["looks"]
    done = workspace.run(*kept, cwd=workspace.root)
    assert (done.code, done.err) == (0, "")


def test_a_ledger_that_is_not_whole_is_never_passed_over(workspace: Workspace) -> None:
    workspace.fill(1100)
    workspace.analyze("--record")
    whole = workspace.read(LEDGER)
    path = workspace.root / LEDGER
    path.unlink()
    assert "the ledger is missing" in workspace.refused()
    path.write_text(whole.replace("boundary: 3", "boundary: 1"))
    told = workspace.refused()
    assert f"{LEDGER}:5: entry 1 was changed" in told
    path.write_text(whole + whole[whole.index("- epoch") :])
    assert "two ledgers were merged" in workspace.refused()
    path.write_text("<<<<<<< ours\n" + whole + ">>>>>>> theirs\n")
    assert f"{LEDGER}:1: holds the marks of a merge" in workspace.refused()
    path.write_text("looks: 3\n")
    assert "is no ledger of looks" in workspace.refused()
    path.write_text(whole)
    kept = workspace.read(FILE)
    anchor = next(line for line in kept.splitlines() if line.startswith("ledger"))
    workspace.write(FILE, anchor + "\n", "")
    assert "one of the two was changed" in workspace.refused("--record")
    (workspace.root / FILE).write_text(kept)
    assert workspace.analyze()["looks"]["recorded"] is True


def test_a_plan_that_changed_after_a_look_is_an_error(workspace: Workspace) -> None:
    workspace.fill(1100)
    workspace.analyze("--record")
    for old, new, told in (
        ("units: 3000", "units: 9000", "planned units were 3,000, are 9,000"),
        ("alpha: 0.05", "alpha: 0.1", "alpha was 0.05 and is 0.1"),
        ("looks: 3,", "looks: 3, spending: pocock,", "obrien-fleming and is pocock"),
        ("looks: 3,", "looks: any,", "come too late"),
    ):
        workspace.write(FILE, old, new)
        assert told in workspace.refused()
        workspace.write(FILE, new, old)


def test_units_need_their_time_before_they_count(workspace: Workspace) -> None:
    workspace.fill(1100)
    assert workspace.analyze()["looks"]["units"] == 1100
    ran = workspace.analyze("--at", "2026-10-18T00:00:00Z")
    assert 0 < ran["looks"]["units"] < 1100
    assert (
        ran["looks"]["units"] + ran["outlook"]["still_open"] == ran["outlook"]["units"]
    )
    none_yet = workspace.analyze("--at", "2026-10-01T00:00:00Z")
    assert (none_yet["looks"]["units"], none_yet["looks"]["state"]) == (0, "between")


def test_who_looks_at_any_time_pays_in_width(workspace: Workspace) -> None:
    workspace.write(FILE, "looks: 3", "looks: any")
    workspace.fill(1100, lift="+80%")
    found = workspace.analyze()
    assert (found["looks"]["state"], found["looks"]["planned"]) == ("any", "any")
    assert 1.5 < found["looks"]["width"] < 1.8
    assert found["verdict"]["action"] == "promote"
    click = next(item for item in found["comparisons"] if item["metric"] == "click")
    assert "valid at any look" in click["method"]
    assert "none has to be recorded" in workspace.refused("--record")
    text = workspace.run("analyze", NAME, cwd=workspace.root).out
    assert "times as wide as those of one planned look" in " ".join(text.split())


def test_a_table_can_be_looked_at_at_any_time(
    tmp_path: Path, run_copylab: Callable[..., Any]
) -> None:
    (tmp_path / "arms.csv").write_text("arm,n,clicks\nA,2500,250\nB,2500,320\n")
    table = ("analyze", "--counts", "arms.csv", "--arm", "arm", "--control", "A")
    ask = (*table, "--total", "n", "--metric", "clicks", "--format", "json")
    fixed = json.loads(run_copylab(*ask, cwd=tmp_path).out)
    assert "looks" not in fixed
    valid = json.loads(run_copylab(*ask, "--anytime", cwd=tmp_path).out)
    one, other = fixed["comparisons"][0], valid["comparisons"][0]
    assert one["p_value"] < 0.01 < other["p_value"]
    width = (other["diff"]["high"] - other["diff"]["low"]) / (
        one["diff"]["high"] - one["diff"]["low"]
    )
    assert width == pytest.approx(valid["looks"]["width"], rel=0.01)
    refused = run_copylab(*ask, "--look", cwd=tmp_path)
    assert refused.code == 2
    assert "--look goes with EXPERIMENT" in refused.err


def test_a_draft_has_no_looks_to_record(
    workspace: Workspace,
) -> None:
    workspace.fill(1100)
    text = workspace.read(FILE)
    (workspace.root / FILE).write_text(
        text[: text.index("epochs:")].replace("status: running", "status: draft")
    )
    assert "is draft, not running" in workspace.refused("--record")


def test_the_plan_is_put_to_the_test(workspace: Workspace) -> None:
    ask = ("simulate", NAME, "--aa", "--runs", "400", "--rate", "click=30%")
    ran = workspace.run(*ask, cwd=workspace.root)
    assert (ran.code, ran.err) == (0, "")
    assert "3,000 users" in ran.out
    assert "a false winner in" in ran.out
    assert workspace.run(*ask, cwd=workspace.root).out == ran.out
    record = json.loads(workspace.run(*ask, "--format", "json", cwd=workspace.root).out)
    assert record["aa"]["decided_rate"] < 0.09
    assert record["power"]["winner_rate"] > record["aa"]["winner_rate"]
    for wrong, told in (
        (("--output", "x"), "--aa writes nothing"),
        (("--rate", "open=5%"), "does not count the event 'open'"),
        (("--effect", "none=+5%"), "is no variant"),
    ):
        refused = workspace.run("simulate", NAME, "--aa", *wrong, cwd=workspace.root)
        assert (refused.code, refused.out) == (2, "")
        assert told in refused.err
