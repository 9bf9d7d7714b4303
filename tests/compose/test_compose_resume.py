"""Runs that are killed, gone on with, and compared with runs that were not."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.compose import compose_table
from copylab.compose.pool import WorkerError
from copylab.compose.work_folder import kept_run, work_path
from copylab.errors import DataError

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.workspace import Workspace

KILLS = 54
ROWS = 240
PARTS = ("", ".exposures", ".rejects")


def user_rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "user_id": f"u{i}",
            "locale": ["en-US", "zh-CN", "fr-FR"][i % 17 // 8],
            "loans": i % 5 // 4,
            "joined_at": "2026-01-01T00:00:00Z",
            "name": ["Ann", None, "张伟"][i % 3],
            "amount": None if i % 11 == 0 else 12 + i % 3,
            "days": 3,
            "link": f"a{i}",
        }
        for i in range(count)
    ]


def write_source(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        head = ",".join(rows[0])
        lines = [
            ",".join("" if v is None else f'"{v}"' for v in row.values())
            for row in rows
        ]
        path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def outputs(output: Path) -> dict[str, bytes]:
    return {
        part: output.with_name(f"{output.stem}{part}{output.suffix}").read_bytes()
        for part in PARTS
    }


class PlugPulledError(Exception):
    """Somebody pulls the plug."""


def stop_after(parts: int) -> Any:
    told = []

    def progress(rows: int, _of: int | None) -> None:
        told.append(rows)
        if len(told) > parts:
            raise PlugPulledError

    return progress


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
def test_any_number_of_workers_writes_the_same_bytes(
    shop: Workspace, tmp_path: Path, at: datetime, suffix: str
) -> None:
    source = write_source(tmp_path / f"in{suffix}", user_rows(ROWS))
    found = []
    for workers in (1, 2, 3):
        output = tmp_path / f"out{suffix}"
        summary = compose_table(
            shop, "news", source, output, channel="sms", at=at,
            workers=workers, part_rows=50,
        )  # fmt: skip
        assert summary.tally.rows == ROWS
        found.append((outputs(output), summary.tally))
    assert found[0] == found[1] == found[2]
    assert not work_path(output).exists()


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
def test_a_stopped_run_is_gone_on_with(
    shop: Workspace, tmp_path: Path, at: datetime, suffix: str
) -> None:
    source = write_source(tmp_path / f"in{suffix}", user_rows(ROWS))
    whole, output = tmp_path / f"whole{suffix}", tmp_path / f"out{suffix}"
    how: dict[str, Any] = {"channel": "sms", "at": at, "part_rows": 50, "workers": 1}
    expected = compose_table(shop, "news", source, whole, **how)
    with pytest.raises(PlugPulledError):
        compose_table(shop, "news", source, output, progress=stop_after(2), **how)
    assert not output.exists()
    run = kept_run(output)
    assert run is not None
    assert run["at"] == at.isoformat()
    told: list[int] = []
    summary = compose_table(
        shop, "news", source, output, progress=lambda n, _: told.append(n), **how
    )
    assert summary.resumed_rows == 150
    assert told == [150, 200, 240]
    assert summary.tally == expected.tally
    assert outputs(output) == outputs(whole)
    assert not work_path(output).exists()
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"users": 1}, "the users"),
        ({"content": 1}, "the words"),
        ({"at": timedelta(days=1)}, "--at, --send-id"),
        ({"locale": "zh-CN"}, "--locale"),
        ({"send_id": "mine"}, "--send-id"),
        ({"allow_duplicates": True}, "--allow-duplicates"),
    ],
)
def test_parts_of_another_run_are_not_mixed_with_this_one(
    shop: Workspace, tmp_path: Path, at: datetime, change: dict[str, Any], named: str
) -> None:
    rows = user_rows(ROWS)
    source = write_source(tmp_path / "in.jsonl", rows)
    output = tmp_path / "out.jsonl"
    how: dict[str, Any] = {"channel": "sms", "at": at, "part_rows": 50, "workers": 1}
    with pytest.raises(PlugPulledError):
        compose_table(shop, "news", source, output, progress=stop_after(1), **how)
    workspace = shop
    if "users" in change:
        write_source(source, [{**rows[0], "name": "Bob"}, *rows[1:]])
    elif "content" in change:
        other = replace(shop.experiments["hook"], salt="other.1")
        workspace = replace(shop, experiments={"hook": other})
    elif "at" in change:
        how["at"] = at + change["at"]
    else:
        how |= change
    with pytest.raises(DataError, match=named) as caught:
        compose_table(workspace, "news", source, output, **how)
    assert "--restart" in caught.value.help
    assert work_path(output).exists()
    summary = compose_table(workspace, "news", source, output, restart=True, **how)
    assert summary.resumed_rows == 0
    assert summary.tally.rows == ROWS
    fresh = tmp_path / "fresh.jsonl"
    compose_table(workspace, "news", source, fresh, **how)
    assert outputs(output) == outputs(fresh)


def test_two_runs_at_once_do_not_write_the_same_file(
    shop: Workspace, tmp_path: Path, at: datetime
) -> None:
    source = write_source(tmp_path / "in.jsonl", user_rows(ROWS))
    output = tmp_path / "out.jsonl"
    how: dict[str, Any] = {"channel": "sms", "at": at, "part_rows": 50, "workers": 1}
    refused: list[str] = []

    def again(rows: int, _of: int | None) -> None:
        with pytest.raises(DataError, match="another run is writing") as caught:
            compose_table(shop, "news", source, output, restart=True, **how)
        refused.append(f"{rows} {caught.value.help}")

    compose_table(shop, "news", source, output, progress=again, **how)
    assert len(refused) == 5
    assert len(output.read_text().splitlines()) > 0


def test_a_table_that_changes_under_a_run_is_refused(
    shop: Workspace, tmp_path: Path, at: datetime
) -> None:
    source = write_source(tmp_path / "in.jsonl", user_rows(ROWS))

    def touch(_rows: int, _of: int | None) -> None:
        os.utime(source, (1, 1))

    with pytest.raises(DataError, match="was changed while it was read"):
        compose_table(
            shop, "news", source, tmp_path / "out.jsonl", channel="sms", at=at,
            progress=touch,
        )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_full_disk_keeps_what_is_finished(
    shop: Workspace, tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_source(tmp_path / "in.jsonl", user_rows(ROWS))
    output = tmp_path / "out.jsonl"
    how: dict[str, Any] = {"channel": "sms", "at": at, "part_rows": 50, "workers": 1}
    sync, calls = os.fsync, []

    def full(number: int) -> None:
        calls.append(number)
        if len(calls) > 20:
            raise OSError(28, "No space left on device")
        sync(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="No space left on device"):
        compose_table(shop, "news", source, output, **how)
    monkeypatch.undo()
    assert not output.exists()
    summary = compose_table(shop, "news", source, output, **how)
    assert summary.resumed_rows >= 100
    assert summary.tally.rows == ROWS


def child_pids() -> list[int]:
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()
    return [int(pid) for pid in found.split()]


def is_worker(pid: int) -> bool:
    try:
        return b"copylab.compose.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_worker_that_the_system_ends_is_one_error_and_nothing_is_lost(
    shop: Workspace, tmp_path: Path, at: datetime
) -> None:
    source = write_source(tmp_path / "in.jsonl", user_rows(4000))
    output = tmp_path / "out.jsonl"
    how: dict[str, Any] = {"channel": "sms", "at": at, "part_rows": 100, "workers": 2}

    def shoot(_rows: int, _of: int | None) -> None:
        for pid in filter(is_worker, child_pids()):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(WorkerError, match="SIGKILL"):
        compose_table(shop, "news", source, output, progress=shoot, **how)
    assert not list(filter(is_worker, child_pids()))
    assert not output.exists()
    summary = compose_table(shop, "news", source, output, **how)
    assert summary.resumed_rows >= 100
    assert summary.tally.rows == 4000


def test_a_worker_whose_starter_dies_in_the_middle_of_a_task_ends_in_silence() -> None:
    half = pickle.dumps(list(range(1000)))[:100]
    program = "from copylab.compose.worker import main; main()"
    for given in (b"", half, pickle.dumps("a job") + half):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=given,
            capture_output=True,
            check=True,
        )
        assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize("kind", [".parquet", ".csv", ".jsonl"])
def test_a_user_twice_gets_one_message_and_is_told(
    shop: Workspace, tmp_path: Path, at: datetime, kind: str
) -> None:
    rows = user_rows(60)
    for place, of in ((20, 4), (41, 4), (59, 58)):
        rows[place] = {**rows[place], "user_id": f"u{of}"}
    source = write_source(tmp_path / f"in{kind}", rows)
    how: dict[str, Any] = {"channel": "sms", "at": at, "part_rows": 7}
    output = tmp_path / "out.jsonl"
    summary = compose_table(shop, "news", source, output, **how)
    assert summary.repeated_rows == (20, 41, 59)
    assert summary.tally.without["rejected", "duplicate"] == 3
    rejects = [json.loads(line) for line in outputs(output)[".rejects"].splitlines()]
    told = {r["row"]: r["problems"] for r in rejects if r["reason"] == "duplicate"}
    assert told == {
        20: "the same user stands in row 4",
        41: "the same user stands in row 4",
        59: "the same user stands in row 58",
    }
    units = [json.loads(line)["unit"] for line in outputs(output)[""].splitlines()]
    assert len(units) == len(set(units))
    summary = compose_table(shop, "news", source, output, allow_duplicates=True, **how)
    assert not summary.tally.without["rejected", "duplicate"]
    assert summary.repeated_rows == ()


SCRIPT = """
import sys
from pathlib import Path
from datetime import datetime
from copylab.workspace import load
from copylab.compose import compose_table
root, source, output, workers = sys.argv[1:]
workspace = load(root)
print("ready", flush=True)
while command := sys.stdin.readline():
    summary = compose_table(
        workspace, "news", source, output, channel="sms", part_rows=25,
        at=datetime.fromisoformat("2026-11-22T11:00:00+00:00"), workers=int(workers),
        progress=lambda rows, of: print(rows, flush=True),
    )
    print("done", summary.resumed_rows, flush=True)
"""


def test_kills_at_random_neither_lose_nor_double_a_row(
    shop_files: dict[str, str], tmp_path: Path, shop: Workspace, at: datetime
) -> None:
    """Fork servers would be quicker, yet a kill must hit all that a real run has."""
    root = tmp_path / "shop"
    for name, text in shop_files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    chance = random.Random(20261122)
    source = write_source(tmp_path / "in.parquet", user_rows(1000))
    whole = tmp_path / "whole.parquet"
    compose_table(
        shop, "news", source, whole, channel="sms", at=at, part_rows=25, workers=1
    )
    expected = outputs(whole)
    output = tmp_path / "out.parquet"
    kills = finished = resumed = 0
    until = time.monotonic() + 120
    while kills < KILLS:
        assert time.monotonic() < until
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            _run_and_die(shop, source, output, at)
        time.sleep(chance.uniform(0, 0.25))
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            kills += 1
            parts = list(work_path(output).glob("0*.json"))
            resumed += bool(parts)
        else:
            assert os.waitstatus_to_exitcode(status) == 0
        if output.exists():
            assert outputs(output) == expected
            if not work_path(output).exists():
                finished += 1
                for part in PARTS:
                    (tmp_path / f"out{part}.parquet").unlink()
    compose_table(
        shop, "news", source, output, channel="sms", at=at, part_rows=25, workers=1
    )
    assert outputs(output) == expected
    assert resumed > 10


def _run_and_die(shop: Workspace, source: Path, output: Path, at: datetime) -> None:
    try:
        compose_table(
            shop, "news", source, output, channel="sms", at=at, part_rows=25, workers=1
        )
    except BaseException:  # noqa: BLE001 - a child must not run the rest of the suite
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_whole_group_of_a_real_run_is_killed(
    shop_files: dict[str, str],
    tmp_path: Path,
    shop: Workspace,
    at: datetime,
    workers: int,
) -> None:
    root = tmp_path / "shop"
    for name, text in shop_files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    source = write_source(tmp_path / "in.csv", user_rows(2000))
    whole, output = tmp_path / "whole.csv", tmp_path / "out.csv"
    compose_table(
        shop, "news", source, whole, channel="sms", at=at, part_rows=25, workers=1
    )
    command = [sys.executable, "-c", SCRIPT, *map(str, (root, source, output, workers))]
    for kill in (True, False):
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True, text=True,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.stdin.write("go\n")
            process.stdin.close()
            for line in process.stdout:
                if kill and int(line) >= 100:
                    os.killpg(process.pid, signal.SIGKILL)
                    break
            else:
                assert line.startswith("done 1")
    assert outputs(output) == outputs(whole)
