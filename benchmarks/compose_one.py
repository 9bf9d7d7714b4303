"""What composing one user costs, against Jinja alone; and a table against a loop.

Composing decides the audience and the arm, reads the values strictly, renders, measures
the SMS and makes the exposure. Jinja renders the same copy with values that are ready,
its money filter by the same formatter. Rounds alternate, so that a busy machine slows
both; the least time of each counts. Then the rows a second of the table form, Parquet
in and out, against a loop of one-user calls that writes nothing, and its peak memory.

    python benchmarks/compose_one.py [rows]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import pyarrow as pa
import pyarrow.parquet as pq

from copylab.compose import compose_table
from copylab.template.formats import format_money
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
MESSAGE, EXPERIMENT = "winback/approved_day7", "approved_sms_hook"
AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
CALLS, ROUNDS = 500, 250
LEAST = 1.0
"""Composing is promised to be no slower than Jinja's render of the same copy."""
USER = {
    "user_id": "u2",
    "locale": "zh-CN",
    "call_name": "张伟",
    "limit": 50_000,
    "days_approved": 90,
    "approved_at": datetime(2026, 5, 1, tzinfo=UTC),
    "loans": 0,
    "app_installed": True,
    "coupon_ends": "2026-12-01",
    "link": "a1",
}


def running_workspace() -> Workspace:
    """The sample with its SMS experiment started."""
    workspace = load(ROOT)
    experiment = replace(workspace.experiments[EXPERIMENT], status="running")
    return replace(workspace, experiments={EXPERIMENT: experiment})


def jinja_templates(workspace: Workspace) -> dict[str, jinja2.Template]:
    """The same copy in plain Jinja: as written, and with its include written out."""
    words = workspace.messages[MESSAGE].copies["sms", "zh-CN"].variants["plain"]
    partials = {name: part.text for name, part in workspace.partials.items()}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(partials), autoescape=False
    )
    environment.filters["money"] = lambda n: format_money(n, "CNY", 0, "zh-CN")
    text = written_out = words["body"].text
    for name, part in partials.items():
        written_out = written_out.replace(f'{{% include "{name}" %}}', part)
    return {
        "as written": environment.from_string(text),
        "include written out": environment.from_string(written_out),
    }


def seconds_of(call: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - start) / CALLS


def compare_one(workspace: Workspace) -> bool:
    """Print what one user costs; whether that is as promised."""
    templates = jinja_templates(workspace)
    values = {"limit_cny": Decimal(50_000), "link": "https://s.samplelend.example/a1"}
    sms = workspace.compose(MESSAGE, USER, channel="sms", at=AT)
    assert sms.exposure.arm == "plain"
    calls: dict[str, Callable[[], object]] = {
        "copylab, all of it": lambda: workspace.compose(
            MESSAGE, USER, channel="sms", at=AT
        )
    }
    for name, template in templates.items():
        assert template.render(values) == sms.text
        calls[f"jinja, {name}"] = lambda template=template: template.render(values)
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            best[name] = min(best[name], seconds_of(call))
    ours = best.pop("copylab, all of it")
    print(f"{'copylab, all of it':32} {ours * 1e6:6.2f} µs")
    for name, seconds in best.items():
        faster = f"copylab is {seconds / ours:.2f}x as fast"
        print(f"{name:32} {seconds * 1e6:6.2f} µs   {faster}")
    return best["jinja, as written"] / ours >= LEAST


def compare_table(workspace: Workspace, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        users = Path(folder) / "users.parquet"
        with pq.ParquetWriter(users, pa.Table.from_pylist([USER]).schema) as writer:
            for first in range(0, rows, 10_000):
                numbers = range(first, min(rows, first + 10_000))
                part = [{**USER, "user_id": f"u{i}", "link": f"a{i}"} for i in numbers]
                writer.write_table(pa.Table.from_pylist(part, schema=writer.schema))
        start = time.perf_counter()
        output = Path(folder) / "out.parquet"
        summary = compose_table(workspace, MESSAGE, users, output, channel="sms", at=AT)
        table = rows / (time.perf_counter() - start)
        assert summary.tally.rows == rows
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start = time.perf_counter()
        for i in range(min(rows, 50_000)):
            user = {**USER, "user_id": f"u{i}", "link": f"a{i}"}
            workspace.compose(MESSAGE, user, channel="sms", at=AT)
        loop = min(rows, 50_000) / (time.perf_counter() - start)
    print(f"{'table, files in and out':32} {table:9,.0f} rows/s")
    print(
        f"{'loop, nothing written':32} {loop:9,.0f} rows/s   ratio {table / loop:.2f}"
    )
    print(f"{'peak memory of the table':32} {peak:9,.0f} MB for {rows:,} rows")


def main() -> None:
    workspace = running_workspace()
    good = compare_one(workspace)
    compare_table(workspace, int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
    if not good:
        sys.exit(f"below what is promised: {LEAST}x as fast as Jinja, copy as written")


if __name__ == "__main__":
    main()
