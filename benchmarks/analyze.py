"""How long ``copylab analyze`` takes on five million rows, against the sums by hand.

Both sides are whole processes: start Python, import, read the Parquet file, sum. The
rounds alternate, so that a busy machine slows both. Prints the median of each, their
ratio and the peak memory of the command.

    python benchmarks/analyze.py [rows]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROUNDS = 9
TABLE = """
COPY (SELECT i AS unit, 'arm ' || (hash(i) % 3) AS arm,
  (hash(i * 7) % 100 < 4)::INT AS click,
  CASE WHEN hash(i * 11) % 100 < 3 THEN (hash(i * 13) % 10000) / 100.0 ELSE 0 END::DOUBLE
    AS spend
FROM range({rows}) AS units(i)) TO '{path}'
"""
BY_HAND = """
import duckdb
print(duckdb.sql('''SELECT arm, count(*), sum(click), sum(spend), sum(spend * spend)
FROM '{path}' GROUP BY arm''').fetchall())
"""


def run(arguments: list[str]) -> float:
    """The seconds that a process takes from start to end."""
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    output = process.communicate()[0]
    seconds = time.perf_counter() - start
    assert process.returncode == 0, output
    return seconds


def peak_megabytes(arguments: list[str]) -> float:
    """The largest resident size of a process, by waiting for it alone."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return usage.ru_maxrss / 1024


def main() -> None:

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "units.parquet"
        duckdb.sql(TABLE.format(rows=rows, path=path))
        command = [
            sys.executable, "-c",
            "from copylab.cli.analyze import analyze; analyze()",
            "--data", str(path), "--arm", "arm", "--control", "arm 0",
            "--metric", "click:share", "--metric", "spend:mean",
        ]  # fmt: skip
        by_hand = [sys.executable, "-c", BY_HAND.format(path=path)]
        times: dict[str, list[float]] = {"copylab analyze": [], "by hand": []}
        for _ in range(ROUNDS):
            times["copylab analyze"].append(run(command))
            times["by hand"].append(run(by_hand))
        for name, seconds in times.items():
            print(f"{name:16} {statistics.median(seconds):.3f} s")
        ours, base = (statistics.median(seconds) for seconds in times.values())
        print(f"{'ratio':16} {ours / base:.2f} (at most 2)")
        print(f"{'peak memory':16} {peak_megabytes(command):.0f} MB (below 1,000)")
        print(f"{'peak by hand':16} {peak_megabytes(by_hand):.0f} MB")


if __name__ == "__main__":
    main()
