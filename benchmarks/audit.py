"""How long an audit of ten million exposures takes, and how much memory.

The rows are made on the fly: an experiment with two epochs and two channels, hashed by
another path than the audit's (numpy over Arrow columns), written as a log writes them.
A hundred rows are spoilt, a thousand repeat others: both must be found. The audit runs
in a process of its own, so that its memory is its own.

    python benchmarks/audit.py [rows]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from copylab.experiment.bucket_arrays import bucket_arrays

ROWS = 10_000_000
ROWS_A_FILE = 500_000
SPOILT, REPEATED = 100, 1_000
BOUND_S = 60
SALT = "speed.9f3a1c"
ARMS = ("plain", "coupon", "none")
ENDS = (450_000, 900_000, 1_000_000)
HASH = "ab" * 32
FILES = {
    "copylab.yaml": "brand: {name: Acme}\nlocales: {default: en-US}\nmarkets: [US]\n",
    "templates/speed/message.yaml": "purpose: marketing\nlive: plain\n"
    "variants: {plain: {}, coupon: {}}\n",
    "templates/speed/sms.en-US.md": "# plain\nAcme: hello\n# coupon\nAcme: a gift\n",
    "experiments/speed.yaml": f"""\
message: speed
channels: [sms]
status: running
unit: user_id
salt: {SALT}
coverage: 100%
arms: {{plain: 45%, coupon: 45%, none: 10%}}
control: plain
epochs:
  - {{epoch: 1, at: 2026-10-01T00:00:00Z, hash: "1", arms: {{plain: 45%, coupon: 45%, none: 10%}}}}
  - {{epoch: 2, at: 2026-11-01T00:00:00Z, hash: "2", arms: {{plain: 45%, coupon: 45%, none: 10%}}}}
""",
}


def make_table(start: int, rows: int) -> pa.Table:
    """Rows of so many users, from one on."""
    units = pa.array([f"user-{number:012d}" for number in range(start, start + rows)])
    found = bucket_arrays(SALT, units)
    slot = found.arm.to_numpy()
    place = np.searchsorted(ENDS, slot, side="right")
    arms = np.array(ARMS)[place]
    if not start:
        arms[:SPOILT] = np.array(ARMS)[(place[:SPOILT] + 1) % 3]
    at = np.datetime64("2026-11-02T00:00:00", "us") + np.arange(start, start + rows)
    numbers = np.arange(rows)

    def same(text: str | None) -> pa.Array:
        return pa.repeat(pa.scalar(text, pa.string()), rows)

    return pa.table(
        {
            "ts": pa.array(at, pa.timestamp("us", "UTC")),
            "send_id": pa.array(
                [f"s{number:012d}" for number in range(start, start + rows)]
            ),
            "experiment": same("speed"),
            "salt": same(SALT),
            "scheme": same("md5-v1"),
            "unit_type": same("user_id"),
            "unit": units,
            "traffic_bucket": found.traffic,
            "arm_bucket": found.arm,
            "epoch": pa.array(1 + numbers % 2, pa.int32()),
            "layer": same(None),
            "arm": pa.array(arms),
            "reason": same("assigned"),
            "audience_hash": same(HASH),
            "template_id": same("speed"),
            "variant": pa.array(np.where(arms == "none", None, arms), pa.string()),
            "template_hash": same(HASH),
            "channel": pa.array(np.where(numbers % 4 < 2, "sms", "push")),
            "locale": same("en-US"),
            "segments": pa.repeat(pa.scalar(1, pa.int32()), rows),
            "lib_version": same("1"),
        }
    )


def write_rows(folder: Path, rows: int) -> float:
    """Write so many rows and those that repeat; their size in MB."""
    for start in range(0, rows, ROWS_A_FILE):
        table = make_table(start, min(ROWS_A_FILE, rows - start))
        pq.write_table(table, folder / f"{start:012d}.parquet", compression="zstd")
        if not start:
            again = table.slice(SPOILT, REPEATED)
            pq.write_table(again, folder / "again.parquet", compression="zstd")
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def audit(workspace: str, folder: str) -> None:
    """Audit, and print what it found and took."""
    from copylab.decision.audit import audit_exposures  # noqa: PLC0415 - timed

    began, cpu = time.perf_counter(), time.process_time()
    checks: Counter[str] = Counter()
    from copylab.workspace import open_workspace  # noqa: PLC0415 - timed

    found = audit_exposures(open_workspace(workspace), [folder])
    for item in found.findings:
        checks[item.check] += item.rows
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "cpu": time.process_time() - cpu,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "rows": found.rows,
                "checks": checks,
                "ratios": [r.ratio.ok for epoch in found.epochs for r in epoch.ratios],
            }
        )
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as place:
        workspace, folder = Path(place) / "workspace", Path(place) / "exposures"
        folder.mkdir()
        for name, text in FILES.items():
            path = workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        began = time.perf_counter()
        size_mb = write_rows(folder, rows)
        made = time.perf_counter() - began
        print(f"made {rows:,} rows in {made:.0f} s, {size_mb:,.0f} MB of Parquet")
        done = subprocess.run(
            [sys.executable, __file__, "--audit", str(workspace), str(folder)],
            capture_output=True,
            text=True,
            check=True,
        )
    found = json.loads(done.stdout)
    checks = found["checks"]
    print(
        f"audited {found['rows']:,} rows in {found['seconds']:.1f} s "
        f"({found['cpu']:.0f} CPU-s, {found['rows'] / found['seconds'] / 1e6:.2f} "
        f"million a second), peak {found['peak_mb']:,.0f} MB; found {checks}"
    )
    assert found["rows"] == rows + REPEATED
    assert checks["arm-differs"] == SPOILT
    assert checks["repeated-rows"] == REPEATED
    assert all(found["ratios"])
    # A machine that others keep busy is not held against it: one idle core counts.
    took = min(found["seconds"], found["cpu"])
    assert took < BOUND_S * max(rows, ROWS) / ROWS, f"slower than {BOUND_S} s"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--audit"]:
        audit(*sys.argv[2:])
    else:
        main()
