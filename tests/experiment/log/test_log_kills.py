"""Writers are killed at random points; what they reported is there, once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copylab.experiment.log import ExposureLog, list_journals, recover_exposures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPT = Path(__file__).with_name("log_writer.py")


class Nursery:
    """Forks writers into one folder, and reaps them through their parent."""

    def __init__(self, folder: Path, told: Path) -> None:
        self.told = told
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def fork(self, name: str, form: str, roll_rows: int, buffer_rows: int) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        told = self.told / name
        print(
            roll_rows, form, buffer_rows, name, told,
            file=self.process.stdin, flush=True,
        )  # fmt: skip
        return int(self.process.stdout.readline())

    def wait_for_rows(self, name: str) -> None:
        end = time.monotonic() + 60
        path = self.told / name
        while not path.exists() or not path.stat().st_size:
            assert time.monotonic() < end, "the writer has told nothing for a minute"
            time.sleep(0.002)

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    (tmp_path / "told").mkdir()
    made = Nursery(tmp_path / "log", tmp_path / "told")
    yield made
    made.close()


def _kill_often(nursery: Nursery, times: int, seed: int) -> int:
    """Kill so many writers, two at a time in one folder; how many had told of rows."""
    chance = random.Random(seed)
    for start in range(0, times, 2):
        names = [f"w{number}" for number in range(start, min(start + 2, times))]
        writers = []
        for name in names:
            form = chance.choice(("parquet", "parquet", "jsonl"))
            roll_rows, buffer_rows = chance.choice(
                ((5, 1), (60, 1), (40, 7), (9999, 1))
            )
            writers.append(nursery.fork(name, form, roll_rows, buffer_rows))
        for name, writer in zip(names, writers, strict=True):
            if chance.random() < 0.85:
                nursery.wait_for_rows(name)
            time.sleep(chance.random() * 0.05)
            os.kill(writer, signal.SIGKILL)
    return sum(1 for path in nursery.told.iterdir() if path.stat().st_size)


def _check(folder: Path, told: Path, read: Callable[[Path], list[Any]]) -> None:
    end = time.monotonic() + 30
    while any(journal.is_live for journal in list_journals(folder)):
        assert time.monotonic() < end, "a killed process still holds its journal"
        time.sleep(0.01)
    recover_exposures(folder)
    assert not list_journals(folder)
    assert not list(folder.glob("*.broken"))
    seen = Counter(row["send_id"] for row in read(folder))
    assert {send: n for send, n in seen.items() if n > 1} == {}
    reported = [
        line
        for path in told.iterdir()
        for line in path.read_text().splitlines(keepends=True)
        if line.endswith("\n")
    ]
    assert len(reported) == len(set(reported))
    assert [line for line in reported if line[:-1] not in seen] == []
    # One row at most, or one buffer of them, was on its way when its writer was killed.
    assert len(seen) <= len(reported) + 7 * len(list(told.iterdir()))


def test_sixty_kills_lose_and_double_no_row_that_was_reported(
    nursery, tmp_path, read_finished
) -> None:
    told = _kill_often(nursery, 60, seed=20261122)
    assert told >= 40
    _check(tmp_path / "log", tmp_path / "told", read_finished)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(5))
def test_six_hundred_kills_lose_and_double_no_row(
    nursery, tmp_path, read_finished, seed
) -> None:
    _kill_often(nursery, 120, seed=seed)
    _check(tmp_path / "log", tmp_path / "told", read_finished)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_kill_between_the_finished_file_and_its_journal_doubles_nothing(
    tmp_path, make_exposure, read_finished, form
) -> None:
    log = ExposureLog(tmp_path, form)
    log.append_all(make_exposure(send_id=f"s{n}") for n in range(10))
    (journal,) = log.unfinished
    left = journal.read_bytes()
    log.close()
    journal.write_bytes(left)  # as if it had not been taken away
    done = recover_exposures(tmp_path)
    assert [(item.journal, item.rows) for item in done] == [(journal.name, 10)]
    assert len(read_finished(tmp_path)) == 10
    assert not list_journals(tmp_path)


def test_what_a_killed_process_left_of_a_finished_file_is_written_over(
    tmp_path, make_exposure, read_finished
) -> None:
    with ExposureLog(tmp_path) as log:
        log.append(make_exposure())
        (journal,) = log.unfinished
        left = journal.read_bytes()
    (finished,) = tmp_path.glob("*.parquet")
    finished.rename(finished.with_name(f".{finished.name}.part"))
    finished.with_name(f".{finished.name}.part").write_bytes(b"half")
    journal.write_bytes(left)
    recover_exposures(tmp_path)
    assert len(read_finished(tmp_path)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [finished.name]
