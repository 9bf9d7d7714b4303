"""What the commands say of epochs that move users, forced arms and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

FILES: dict[str, str | bytes] = {
    "copylab.yaml": "brand: {name: Acme}\nlocales: {default: en-US}\n"
    "attributes: {user_id: string}\n",
    "templates/hello/message.yaml": "purpose: transactional\nlive: plain\n"
    "variants: {plain: {}, warm: {}}\n",
    "templates/hello/sms.en-US.md": "# plain\nAcme: hello\n# warm\nAcme: good to see you\n",
    "experiments/metrics.yaml": "click: {event: click, kind: share, within: 3d}\n",
    "experiments/layers.yaml": "recall: {salt: recall.1}\n",
    "experiments/hook.yaml": "message: hello\nchannels: [sms]\nsalt: hook.1\n"
    "arms: {plain: 50%, warm: 50%}\ncontrol: plain\nmetrics: {primary: click}\n"
    "layer: recall\nslots: 40%\n",
}


@pytest.fixture
def root(make_files: Callable[[dict[str, str | bytes]], Path]) -> Path:
    return make_files(FILES)


def test_a_new_epoch_says_how_many_move_and_which_slots_it_has(
    root: Path, run_copylab: Callable[..., Any]
) -> None:
    first = run_copylab("start", "hook", "--at", "2026-11-01T00:00:00Z", cwd=root)
    assert first.code == 0, first.err
    assert "slots of the layer recall: 0-399999" in first.out
    assert "get another arm" not in first.out
    file = root / "experiments/hook.yaml"
    file.write_text(file.read_text().replace("50%, warm: 50%", "80%, warm: 20%", 1))
    told = run_copylab("start", "hook", "--at", "2026-11-08T00:00:00Z", cwd=root)
    assert told.code == 1
    assert "begin another epoch with --new-epoch" in told.err
    at = ("--at", "2026-11-08T00:00:00Z")
    second = run_copylab("start", "hook", "--new-epoch", *at, cwd=root)
    assert second.code == 0, second.err
    assert "30% of the units get another arm" in second.out
    file.write_text(file.read_text().replace("salt: hook.1\n", "salt: hook.2\n", 1))
    at = ("--at", "2026-11-15T00:00:00Z")
    third = run_copylab("start", "hook", "--new-epoch", *at, cwd=root)
    assert third.code == 0, third.err
    assert "everybody is drawn anew: 32% get another arm" in third.out


def test_explain_tries_an_arm_out(root: Path, run_copylab: Callable[..., Any]) -> None:
    how = ("explain", "hook", "--set", "user_id=u1", "--locale", "en-US")
    found = run_copylab(*how, "--force", "warm", cwd=root)
    assert found.code == 0, found.err
    assert "'warm', forced in this call" in found.out
    assert "good to see you" in found.out
    wrong = run_copylab(*how, "--force", "warmer", cwd=root)
    assert wrong.code == 2
    assert "must be an arm of hook: plain, warm" in wrong.err
    assert "Traceback" not in wrong.err


def test_arms_of_a_list_need_a_running_experiment(
    root: Path, run_copylab: Callable[..., Any]
) -> None:
    users = root / "users.csv"
    users.write_text("user_id,locale,arm\nu1,en-US,warm\nu2,en-US,plain\n")
    how = ("compose", "hello", "--users", "users.csv", "--output", "out.csv")
    refused = run_copylab(*how, "--arms", "arm", cwd=root)
    assert refused.code == 2
    assert "no experiment is running on hello sms" in refused.err
    assert run_copylab("start", "hook", cwd=root).code == 0
    done = run_copylab(*how, "--arms", "arm", cwd=root)
    assert done.code == 0, done.err
    rows = (root / "out.exposures.csv").read_text().splitlines()
    assert [("strata-v1" in row, ",assigned," in row) for row in rows[1:]] == [
        (True, True),
        (True, True),
    ]
