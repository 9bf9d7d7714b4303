"""start, simulate, analyze and promote, as people run them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "approved_sms_hook"
AT = "2026-11-22T11:00:00Z"


@pytest.fixture
def sample(repository: Path, tmp_path: Path) -> Path:
    """A copy of the sample workspace."""
    root = tmp_path / "workspace"
    root.mkdir()
    shutil.copy(repository / "copylab.yaml", root)
    for name in ("templates", "experiments"):
        shutil.copytree(repository / name, root / name)
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_from_start_to_promotion(sample: Path, run_copylab: Callable[..., Any]) -> None:
    before = tree(sample)
    started = run_copylab("start", NAME, "--at", AT, cwd=sample)
    assert (started.code, started.err) == (0, "")
    assert "approved_sms_hook is running: epoch 1" in started.out
    again = run_copylab("start", NAME, cwd=sample / "templates")
    assert again.code == 1
    assert again.err.startswith("refused: 'approved_sms_hook' is running already")

    made = run_copylab(
        *("simulate", NAME, "--users", "12000", "--effect", "coupon=+60%"),
        *("--rate", "click=30%", "--seed", "7", "--at", AT),
        cwd=sample,
    )
    assert (made.code, made.err) == (0, "")
    data = set(tree(sample)) - set(before)
    assert data == {
        "data/users.parquet",
        "data/exposures/approved_sms_hook.parquet",
        "data/outcomes.parquet",
        "data/truth.json",
    }
    read = run_copylab("analyze", NAME, "--format", "json", cwd=sample)
    assert read.code == 0
    verdict = json.loads(read.out)["verdict"]
    assert (verdict["action"], verdict["arm"]) == ("promote", "coupon")

    held = tree(sample)
    tried = run_copylab(
        "promote", NAME, "--date", "2026-12-01", "--dry-run", cwd=sample
    )
    assert tried.code == 0
    assert "-live: plain\n+live: coupon" in tried.out
    assert tree(sample) == held
    done = run_copylab("promote", NAME, "--date", "2026-12-01", cwd=sample)
    assert (done.code, done.err) == (0, "")
    assert "-live: plain\n+live: coupon" in done.out
    after = tree(sample)
    assert {name for name in after if after[name] != held.get(name)} == {
        "templates/winback/approved_day7/message.yaml",
        "experiments/approved_sms_hook.yaml",
        "experiments/decisions/approved_sms_hook.yaml",
    }
    assert run_copylab("promote", NAME, cwd=sample).code == 1
    assert run_copylab("start", NAME, cwd=sample).code == 1


def test_a_draft_is_simulated_as_if_it_were_running(
    sample: Path, tmp_path: Path, run_copylab: Callable[..., Any]
) -> None:
    made = run_copylab(
        *("simulate", NAME, "--users", "300", "--at", AT),
        *("--output", str(tmp_path / "out" / "a"), "--workspace", str(sample)),
    )
    assert made.code == 0
    assert "is a draft: simulated as if it were running" in made.out
    assert {path.name for path in (tmp_path / "out" / "a").iterdir()} == {
        "users.parquet",
        "exposures.parquet",
        "outcomes.parquet",
        "truth.json",
    }
    refused = run_copylab("promote", NAME, cwd=sample)
    assert refused.code == 1
    assert "is a draft" in refused.err


def test_users_are_composed_by_the_real_command_and_given_outcomes(
    sample: Path, tmp_path: Path, run_copylab: Callable[..., Any]
) -> None:
    run_copylab("start", NAME, "--at", "2026-11-01T00:00:00Z", cwd=sample)
    made = run_copylab(
        *("simulate", NAME, "--users", "400", "--only", "users"),
        *("--at", AT, "--output", str(tmp_path)),
        cwd=sample,
    )
    assert (made.code, made.err) == (0, "")
    assert [path.name for path in tmp_path.glob("*.*")] == ["users.parquet"]
    (tmp_path / "sent").mkdir()
    sent = run_copylab(
        *("compose", "winback/approved_day7", "--channel", "sms", "--at", AT),
        *("--users", str(tmp_path / "users.parquet")),
        *("--output", str(tmp_path / "sent" / "messages.parquet")),
        cwd=sample,
    )
    assert sent.code == 0, sent.err
    (exposures,) = (tmp_path / "sent").glob("*exposures*")
    assert pq.read_table(exposures).num_rows == 400
    given = run_copylab(
        *("simulate", NAME, "--exposures", str(exposures)),
        *("--effect", "coupon=-50%", "--output", str(tmp_path / "out")),
        cwd=sample,
    )
    assert (given.code, given.err) == (0, "")
    truth = json.loads((tmp_path / "out" / "truth.json").read_text())
    assert sum(truth["units"].values()) == 400
    assert truth["effects"]["coupon"] == -0.5


def test_data_that_were_not_simulated_are_not_replaced(
    sample: Path, run_copylab: Callable[..., Any]
) -> None:
    (sample / "data").mkdir()
    (sample / "data" / "outcomes.parquet").write_bytes(b"ours")
    made = run_copylab("simulate", NAME, "--users", "50", cwd=sample)
    assert made.code == 2
    assert "nothing says that it was simulated" in made.err
    assert (sample / "data" / "outcomes.parquet").read_bytes() == b"ours"
    (sample / "data" / "truth.json").write_text('{"experiment": "another"}')
    made = run_copylab("simulate", NAME, "--users", "50", cwd=sample)
    assert (made.code, made.out) == (2, "")
    assert "holds the simulation of 'another'" in made.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["simulate", NAME], "how many users"),
        (["simulate", NAME, "--users", "0"], "0 is not in the range"),
        (["simulate", NAME, "--users", "many"], "'many' is not a valid"),
        (["simulate", NAME, "--users", "9", "--effect", "cupon=+5%"], "'cupon' is no arm"),
        (["simulate", NAME, "--users", "9", "--effect", "plain=+5%"], "is the control"),
        (["simulate", NAME, "--users", "9", "--effect", "none=+5%"], "sends nothing"),
        (["simulate", NAME, "--users", "9", "--effect", "coupon=5"], "write coupon=+15%"),
        (["simulate", NAME, "--users", "9", "--effect", "coupon"], "write coupon=+15%"),
        (["simulate", NAME, "--users", "9", "--effect", "coupon=-101%"], "more than there is"),
        (["simulate", NAME, "--users", "9", "--rate", "click=+5%"], "write click=6%"),
        (["simulate", NAME, "--users", "9", "--rate", "clik=5%"], "no metric counts"),
        (["simulate", NAME, "--users", "9", "--rate", "click=500%"], "must be 0% to 100%"),
        (["simulate", NAME, "--users", "9", *["--rate", "click=5%"] * 2], "twice"),
        (["simulate", NAME, "--users", "9", "--exposures", "x.parquet"], "leave out"),
        (["simulate", NAME, "--exposures", "x.parquet"], "names no file"),
        (["simulate", "approved_sms_hok", "--users", "9"], "did you mean"),
        (["promote", NAME, "--force"], "--force needs --reason"),
        (["promote", NAME, "--force", "--reason", " "], "--force needs --reason"),
        (["promote", NAME, "--reason", "x"], "--reason goes with --force"),
        (["promote", NAME, "--date", "tomorrow"], "'tomorrow' is not a date"),
        (["start", NAME, "--at", "soon"], "'soon' is not a time"),
        (["start", NAME, "--workspace", "nowhere"], "nowhere"),
        (["analyze", NAME], "names no file"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_one_message(
    sample: Path, run_copylab: Callable[..., Any], arguments: list[str], told: str
) -> None:
    before = tree(sample)
    ran = run_copylab(*arguments, cwd=sample)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert "fault in copylab" not in ran.err
    assert tree(sample) == before


@pytest.mark.parametrize("command", ["start", "promote"])
def test_an_unknown_experiment_cannot_run(
    sample: Path, run_copylab: Callable[..., Any], command: str
) -> None:
    ran = run_copylab(command, "approved_sms_hok", cwd=sample)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'approved_sms_hook'?" in ran.err
