"""``copylab analyze`` on five million rows, beside the same by hand and tea-tasting.

Every side reads the same Parquet file and compares two arms with the control on a share
and on a mean, in a process of its own. The rounds alternate, so that a busy machine
slows all alike. "work" is what comes after the imports, "process" everything from start
to end, "peak" the largest resident size. Then 5,000 experiments from counts, all of them
analysed, in a process of their own. At the end stands what is claimed, and whether it
holds; a claim that does not is exit code 1.

    python benchmarks/analyze.py [rows] [rounds]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

TABLE = """
COPY (SELECT i AS unit, (hash(i) % 3)::INT AS arm,
  (hash(i * 7) % 100 < 4)::INT AS click,
  CASE WHEN hash(i * 11) % 100 < 3 THEN (hash(i * 13) % 10000) / 100.0 ELSE 0 END::DOUBLE
    AS spend
FROM range({rows}) AS units(i)) TO '{path}'
"""
MOST_MB = 500
MOST_SECONDS = 10
TIMED = """
import time
{imports}
start = time.perf_counter()
{work}
print("work", time.perf_counter() - start)
"""
OURS = TIMED.format(
    imports="import duckdb\nfrom copylab.analysis.table_form import analyze_units\n"
    "from copylab.analysis.report import json",
    work="print(json.write(analyze_units({path!r}, arm='arm', control='0',"
    " metrics=['click:share', 'spend:mean']))[:60])",
)
BY_HAND = TIMED.format(
    imports="import duckdb\n"
    "from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest\n"
    "from scipy.stats import ttest_ind_from_stats",
    work="""
rows = duckdb.sql('''SELECT arm, count(*), sum(click), avg(spend), stddev_samp(spend)
FROM '{path}' GROUP BY arm ORDER BY arm''').fetchall()
(_, n0, k0, m0, s0), *others = rows
for _, n, k, m, s in others:
    print(proportions_ztest([k, k0], [n, n0]),
          confint_proportions_2indep(k, n, k0, n0, method='newcomb'),
          confint_proportions_2indep(k, n, k0, n0, compare='ratio', method='log-adjusted'))
    print(ttest_ind_from_stats(m, s, n, m0, s0, n0, equal_var=False))
""",
)
PEER = """
experiment = tt.Experiment(click=tt.Proportion('click', correction=False), spend=tt.Mean('spend'))
print(experiment.__class__.__name__, len(str(tt.Experiment(
    dict(click=tt.Proportion('click', correction=False), spend=tt.Mean('spend')), 'arm'
).analyze({data}, control=0, all_variants=True))))
"""
PEERS = {
    "tea-tasting, pyarrow": (
        "import tea_tasting as tt\nimport pyarrow.parquet as pq",
        "pq.read_table({path!r}, columns=['arm', 'click', 'spend'])",
    ),
    "tea-tasting, pandas": (
        "import tea_tasting as tt\nimport pandas as pd",
        "pd.read_parquet({path!r}, columns=['arm', 'click', 'spend'])",
    ),
    "tea-tasting, polars": (
        "import tea_tasting as tt\nimport polars as pl",
        "pl.read_parquet({path!r}, columns=['arm', 'click', 'spend'])",
    ),
    "tea-tasting, polars lazy": (
        "import tea_tasting as tt\nimport polars as pl",
        "pl.scan_parquet({path!r})",
    ),
    "tea-tasting, Ibis": (
        "import tea_tasting as tt\nimport ibis",
        "ibis.duckdb.connect().read_parquet({path!r})",
    ),
    "tea-tasting, DuckDB": (
        "import tea_tasting as tt\nimport duckdb",
        "duckdb.sql('FROM {path!r}'.replace(chr(39) * 2, chr(39)))",
    ),
}


@dataclass
class Run:
    """What the rounds of one side measured: seconds, seconds, megabytes."""

    work: list[float]
    process: list[float]
    peak: list[float]


def scripts(path: str) -> dict[str, str]:
    found = {
        "copylab": OURS.replace("{path!r}", repr(path)),
        "by hand": BY_HAND.replace("{path}", path),
    }
    for name, (imports, data) in PEERS.items():
        relation = f'duckdb.sql("FROM {path!r}")' if "DuckDB" in name else data
        work = PEER.replace("{data}", relation.replace("{path!r}", repr(path)))
        found[name] = TIMED.format(imports=imports, work=work)
    return found


def run(script: str) -> tuple[float, float, float]:
    """The seconds of work, those of the process, and its largest size in MB."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=out, stderr=out
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        out.seek(0)
        text = out.read()
    if status:
        raise RuntimeError(text.strip().splitlines()[-1][:200])
    work = float(text.strip().splitlines()[-1].split()[1])
    return work, seconds, usage.ru_maxrss / 1024


def compare_on_rows(rows: int, rounds: int) -> dict[str, bool]:
    """Prints the table; which claims hold."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "units.parquet")
        duckdb.sql(TABLE.format(rows=rows, path=path))
        wanted = scripts(path)
        found = {name: Run([], [], []) for name in wanted}
        failed: dict[str, str] = {}
        for _ in range(rounds):
            for name, script in wanted.items():
                if name in failed:
                    continue
                try:
                    work, process, peak = run(script)
                except RuntimeError as error:
                    failed[name] = str(error)
                    continue
                found[name].work.append(work)
                found[name].process.append(process)
                found[name].peak.append(peak)
    # Other work on the machine only ever adds: the fastest rounds are compared.
    base = min(found["by hand"].work)
    print(f"{rows:,} rows, the fastest of {rounds} rounds, and the median")
    print(
        f"{'':25}{'work s':>8} {'ratio':>7} {'median s':>9} {'process s':>10} "
        f"{'peak MB':>8}"
    )
    for name, times in found.items():
        if name in failed:
            print(f"{name:22} does not run here: {failed[name]}")
            continue
        work = min(times.work)
        print(
            f"{name:25}{work:8.3f} {work / base:7.2f} "
            f"{statistics.median(times.work):9.3f} {min(times.process):10.3f} "
            f"{max(times.peak):8.0f}"
        )
    ours = found["copylab"]
    work = min(ours.work)
    claims = {
        "at most 1.5 times the work by hand": work <= 1.5 * base,
        "at most 500 MB": max(ours.peak) <= MOST_MB,
    }
    for name in PEERS:
        if name not in failed:
            claims[f"faster than {name}"] = work < min(found[name].work)
    return claims


COUNTS = """
import random
import resource
import time

from copylab.analysis.table_form import analyze_counted


def make(experiments):
    generator = random.Random(1)
    for i in range(experiments):
        units = {arm: generator.randint(2_000, 50_000) for arm in "ABCD"[: 2 + i % 3]}
        clicks = {
            arm: int(n * generator.uniform(0.01, 0.05)) for arm, n in units.items()
        }
        yield units, clicks


made = list(make(5_000))
start, spent = time.perf_counter(), time.process_time()
for units, clicks in made:
    split = ",".join(f"{arm}={n}" for arm, n in units.items())
    analyze_counted("many", units, {"click": clicks}, control="A", split=split)
seconds, spent = time.perf_counter() - start, time.process_time() - spent
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(len(made), seconds, spent, peak)
"""


def compare_counts() -> dict[str, bool]:
    """5,000 experiments of two to four arms, from counts at hand; which claims hold."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTS], check=True, capture_output=True, text=True
    )
    count, seconds, spent, peak = map(float, done.stdout.split())
    print(
        f"{count:,.0f} experiments from counts: {seconds:.1f} s, "
        f"{spent:.1f} s of a core, {peak:.0f} MB"
    )
    return {
        "5,000 experiments in 10 s of a core": spent <= MOST_SECONDS,
        "5,000 experiments in 500 MB": peak <= MOST_MB,
    }


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    claims = {**compare_on_rows(rows, rounds), **compare_counts()}
    for claim, holds in claims.items():
        print(f"{'holds' if holds else 'DOES NOT HOLD'}: {claim}")
    sys.exit(0 if all(claims.values()) else 1)


if __name__ == "__main__":
    main()
