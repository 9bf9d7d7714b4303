"""What composing a table on Spark costs, beside the local engine, in one run.

Both compose the same Parquet file of users of the sample workspace into Parquet, in an
experiment of five arms; Spark runs on two cores of this machine. For each size: wall
seconds, CPU-seconds of all processes, which a busy machine hardly changes, users a
CPU-second, and the most memory that Spark's processes held together so far. Starting
Spark is told by itself; the first size is composed twice and the second time counts,
as Java is slow at first. Then a line through Spark's CPU-seconds, a start plus so much
a user, and what it says of larger tables.

    python benchmarks/spark.py [users]...      10000 100000 where none is named
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from copylab.compose.spark_session import spark_session
from copylab.compose.spark_table import compose_spark_table
from copylab.compose.table import compose_table
from copylab.workspace import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import SparkSession

    from copylab.compose import TableSummary, Tally
    from copylab.workspace import Workspace

    Points = list[tuple[int, float]]

ROOT = Path(__file__).resolve().parent.parent
MESSAGE, EXPERIMENT = "winback/approved_day7", "approved_sms_hook"
AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
HOW: dict[str, Any] = {"channel": "sms", "at": AT}
SIZES = (10_000, 100_000)
CORES = 2
LARGE = (10_000_000, 100_000_000)
SLICE = 500_000


def write_users(path: Path, count: int) -> None:
    """Users of the sample, as many as asked for, a slice at a time."""
    writer = None
    for start in range(0, count, SLICE):
        n = np.arange(start, min(start + SLICE, count))
        text = n.astype(str)
        names = np.array(["张伟", "王女士", "Ann", "李小明", "Maria"])
        table = pa.table(
            {
                "user_id": pa.array(np.char.add("user-", text)),
                "locale": pa.array(np.where(n % 5 == 0, "en-US", "zh-CN")),
                "call_name": pa.array(names[n % len(names)]),
                "limit": pa.array((n % 200 + 5) * 100),
                "days_approved": pa.array(n % 400 + 7),
                "app_installed": pa.array(n % 3 > 0),
                "coupon_ends": pa.array(["2026-12-24"] * len(n)),
                "link": pa.array(np.char.add("w/", (n % 1000).astype(str))),
                "unsubscribe_url": pa.array(np.char.add("u", text)),
                "registered_at": pa.array([AT.isoformat()] * len(n)),
                "approved_at": pa.array(["2026-10-01T00:00:00Z"] * len(n)),
                "last_visit_at": pa.array(["2026-10-02T00:00:00Z"] * len(n)),
                "loans": pa.array(n % 4 // 3),
            }
        )
        writer = pq.ParquetWriter(path, table.schema) if writer is None else writer
        writer.write_table(table)
    assert writer is not None
    writer.close()


@contextmanager
def watched_memory() -> Iterator[list[int]]:
    """The most bytes that this process's children held together, in a list of one."""
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            most[0] = max(most[0], _bytes_of_children())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def _children() -> list[int]:
    """The processes below this one."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parts = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(parts[1])
    found, here = [], os.getpid()
    for process in parents:
        above = process
        while above in parents and above != here:
            above = parents[above]
        if above == here and process != here:
            found.append(process)
    return found


def _bytes_of_children() -> int:
    """Resident bytes of all processes below this one."""
    total, page = 0, os.sysconf("SC_PAGE_SIZE")
    for process in _children():
        with suppress(OSError):
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * page
    return total


def _cpu_seconds() -> float:
    """CPU-seconds of this process and all below it, the ended ones among them."""
    times = os.times()
    total = times.user + times.system + times.children_user + times.children_system
    ticks = os.sysconf("SC_CLK_TCK")
    for process in _children():
        try:
            text = Path(f"/proc/{process}/stat").read_text()
        except OSError:
            continue
        total += sum(map(int, text.rpartition(")")[2].split()[11:15])) / ticks
    return total


def measured_run(work: Callable[[], TableSummary]) -> tuple[Tally, float, float]:
    """What was composed, wall seconds and CPU-seconds."""
    wall, cpu = time.perf_counter(), _cpu_seconds()
    tally = work().tally
    return tally, time.perf_counter() - wall, _cpu_seconds() - cpu


def measure(session: SparkSession, workspace: Workspace, sizes: list[int]) -> Points:
    """Users and CPU-seconds of Spark for each size; a line is printed for each."""
    points = []
    for place, size in enumerate(sizes):
        for _ in range(2 if place == 0 else 1):
            with tempfile.TemporaryDirectory() as name, watched_memory() as most:
                users = Path(name) / "users.parquet"
                write_users(users, size)
                to = (workspace, MESSAGE, users, Path(name) / "local.parquet")
                here = measured_run(lambda to=to: compose_table(*to, **HOW))
                on = (workspace, MESSAGE, str(users), f"{name}/spark.parquet")
                there = measured_run(
                    lambda on=on: compose_spark_table(session, *on, **HOW)
                )
            assert here[0] == there[0]
        points.append((size, there[2]))
        cells = [f"{size:>11,}"]
        for _, wall, cpu in (here, there):
            cells.append(f"{wall:>8.1f} {cpu:>8.1f} {size / cpu:>9,.0f}")
        print("  ".join(cells), f"{most[0] / 1e6:>8,.0f}", flush=True)
    return points


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        print("spark: Java is not there; run: sh scripts/servers.sh")
        return
    workspace = load(ROOT)
    running = replace(workspace.experiments[EXPERIMENT], status="running")
    workspace = replace(workspace, experiments={EXPERIMENT: running})
    start = time.perf_counter()
    with spark_session(f"local[{CORES}]") as session:
        session.range(1).count()
        print(f"starting Spark on {CORES} cores: {time.perf_counter() - start:.1f} s")
        names = "wall s    CPU s  users/CPU"
        print(f"{'users':>11}    local {names}    Spark {names}  memory MB", flush=True)
        points = measure(session, workspace, sizes)
    if len(points) < 2:
        return
    slope, base = np.polyfit(*np.array(points).T, 1)
    print(f"a line: {base:.1f} CPU-s and {slope * 1e6:.1f} CPU-s a million users")
    for size in LARGE:
        cpu = base + slope * size
        print(
            f"{size:>11,}  {cpu / CORES / 60:.0f} min on {CORES} cores, "
            f"{cpu / 64 / 60:.1f} min on 64, if all of them are busy"
        )


if __name__ == "__main__":
    main()
