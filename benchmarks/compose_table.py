"""A table of users against a loop of one-user calls: rows a second, and memory.

The loop composes the same users, which are dicts already, and appends each text and its
exposure to a list: it reads no file and writes none. A second loop also reads the users
and writes messages, exposures and rejects as JSON lines, which is what a table does. The
table reads Parquet, looks for users who stand in it twice, composes with 1 and with 2
workers, and writes three Parquet files. Rounds alternate, so that a busy machine slows
all; the best round of each counts. Beside the time on the clock stands the time of the
processor, that of all processes, which other work on the machine disturbs less.

    python benchmarks/compose_table.py [rows ...]     default 100000 1000000
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from compose_one import AT, MESSAGE, running_workspace

from copylab.compose import compose_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.workspace import Workspace

LOOP_ROWS, ROUNDS, CHUNK = 50_000, 3, 50_000
NAMES = ("张伟", "王芳", "李娜", "刘洋", "陈静", None, "欧阳娜娜", "赵六")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LOOP = "loop, nothing written"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def short_link(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits


def make_user(number: int, chance: random.Random) -> dict[str, object]:
    """A user with a name, an amount, dates and a link of their own."""
    return {
        "user_id": f"u{number:09d}",
        "locale": "zh-CN",
        "call_name": chance.choice(NAMES),
        "limit": chance.randrange(5, 2000) * 100,
        "days_approved": chance.randrange(7, 400),
        "approved_at": FIRST + timedelta(seconds=chance.randrange(300 * 86_400)),
        "loans": chance.choice((0, 0, 0, 1)),
        "app_installed": chance.random() < 0.9,
        "coupon_ends": f"2026-12-{chance.randrange(1, 29):02d}",
        "link": short_link(number),
    }


def write_users(path: Path, rows: int) -> None:
    chance = random.Random(1)
    writer = None
    for first in range(0, rows, CHUNK):
        numbers = range(first, min(rows, first + CHUNK))
        part = pa.Table.from_pylist([make_user(n, chance) for n in numbers])
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part)
    assert writer is not None
    writer.close()


def loop(workspace: Workspace, users: list[dict[str, object]]) -> None:
    kept = []
    for user in users:
        message = workspace.compose(MESSAGE, user, channel="sms", at=AT)
        kept.append((getattr(message, "text", None), message.exposure))


def loop_and_write(workspace: Workspace, source: Path, folder: Path) -> None:
    names = ("messages", "exposures", "rejects")
    files = [(folder / name).open("w", encoding="utf-8") for name in names]
    read = pq.ParquetFile(source).iter_batches(4096)
    users = (user for batch in read for user in batch.to_pylist())
    for user, _ in zip(users, range(LOOP_ROWS), strict=False):
        message = workspace.compose(MESSAGE, user, channel="sms", at=AT)
        text = getattr(message, "text", None)
        if text is None:
            files[2].write(json.dumps(user, default=str) + "\n")
        else:
            files[0].write(json.dumps({"user": user["user_id"], "text": text}) + "\n")
        files[1].write(json.dumps(message.exposure.to_dict()) + "\n")
    for file in files:
        file.close()


def compose_once(workers: int, source: str, output: str) -> None:
    """One run in a process of its own, and the most memory of any of its processes."""
    workspace = running_workspace()
    start, start_busy = time.perf_counter(), time.process_time()
    summary = compose_table(
        workspace, MESSAGE, source, output, channel="sms", at=AT, workers=workers
    )
    seconds = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = time.process_time() - start_busy + children.ru_utime + children.ru_stime
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    theirs = children.ru_maxrss / 1024
    print(json.dumps([summary.tally.rows, seconds, busy, own, theirs]))


def run_table(workers: int, source: Path, folder: Path) -> list[float]:
    command = [sys.executable, __file__, "--once", str(workers)]
    command += [str(source), str(folder / "out.parquet")]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    result: list[float] = json.loads(done.stdout)
    return result


class Best:
    """The best rounds: rows a second, processor microseconds a row, and memory."""

    def __init__(self) -> None:
        self.rates: dict[str, float] = {}
        self.costs: dict[str, float] = {}
        self.memory: dict[str, tuple[float, float]] = {}

    def note(self, name: str, rows: int, seconds: float, busy: float) -> None:
        """Note a round: its seconds on the clock and those of processors."""
        rate, cost = rows / seconds, busy / rows * 1e6
        self.rates[name] = max(self.rates.get(name, 0.0), rate)
        self.costs[name] = min(self.costs.get(name, cost), cost)

    def time(self, name: str, rows: int, call: Callable[[], object]) -> None:
        """Note a round in this process."""
        start, busy = time.perf_counter(), time.process_time()
        call()
        busy = time.process_time() - busy
        self.note(name, rows, time.perf_counter() - start, busy)

    def show(self) -> None:
        """Print all, beside the loop that writes nothing."""
        base = self.rates[LOOP]
        for name, rate in self.rates.items():
            own, theirs = self.memory.get(name, (0.0, 0.0))
            room = f"   {own:5,.0f} MB" if own else ""
            room += f" + {theirs:,.0f} MB a worker" if theirs else ""
            cost = f"{self.costs[name]:6.2f} µs of CPU a row"
            print(f"{name:22} {rate:9,.0f} rows/s {rate / base:6.2f} x {cost}{room}")


def compare(workspace: Workspace, rows: int, folder: Path) -> None:
    source = folder / "users.parquet"
    write_users(source, rows)
    few = pq.ParquetFile(source).iter_batches(LOOP_ROWS)
    users = next(few).to_pylist()
    best = Best()
    for _ in range(ROUNDS if rows <= 1_000_000 else 1):
        count = len(users)
        best.time(LOOP, count, lambda: loop(workspace, users))
        best.time(
            "loop, files in and out",
            count,
            lambda: loop_and_write(workspace, source, folder),
        )
        for workers in (1, 2):
            found, seconds, busy, own, theirs = run_table(workers, source, folder)
            assert found == rows
            name = f"table, {workers} worker{'s' if workers > 1 else ''}"
            best.note(name, rows, seconds, busy)
            best.memory[name] = own, theirs
    print(f"{rows:,} users, load {os.getloadavg()[0]:.1f}")
    best.show()


def main() -> None:
    if sys.argv[1:2] == ["--once"]:
        compose_once(int(sys.argv[2]), *sys.argv[3:])
        return
    workspace = running_workspace()
    for rows in [int(given) for given in sys.argv[1:]] or [100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as folder:
            compare(workspace, rows, Path(folder))


if __name__ == "__main__":
    main()
