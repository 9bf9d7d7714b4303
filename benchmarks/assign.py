"""What assigning costs, beside Eppo and GrowthBook; and whole tables, and audiences.

One user at a time: an audience of two conditions, three arms, everybody takes part, and
each assignment is recorded. All three are given the same users, with six attributes.
Eppo calls its logger and GrowthBook its callback, which append what they are given to a
list, as ours does; copylab's record has every column of an exposure, with both buckets
and the hash of the copy. The same is done for bare users, with neither audience nor
attributes but the unit; and into an ``ExposureLog``, whose rows stay written when the
process is killed. Rounds alternate, so that a busy machine slows all of them; the best
of each counts, in CPU-seconds of the process.

Whole tables: an Arrow table with the same audience. By the clock that depends on who
else is using the machine, so the rate is also given by CPU-seconds, for all its cores.

    python benchmarks/assign.py [users of the table]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import eppo_client
import pyarrow as pa
from eppo_client.assignment_logger import AssignmentLogger
from growthbook import Experiment as GrowthBookExperiment
from growthbook import GrowthBook

from copylab.audience.closure import compile_condition
from copylab.compose import assign_table
from copylab.compose.record import recorder
from copylab.experiment.bucket_arrays import bucket_arrays
from copylab.experiment.log import ExposureLog
from copylab.workspace import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.experiment.exposure import Exposure
    from copylab.workspace import Workspace

    Call = Callable[[dict[str, Any]], None]

ROOT = Path(__file__).resolve().parent.parent
MESSAGE, EXPERIMENT = "winback/approved_day7", "approved_sms_hook"
AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
USERS, ROUNDS = 2_000, 150
ARMS = ("plain", "coupon", "none")
AUDIENCE = "loans = 0 and app_installed"
LEAST = {"eppo, its logger": 3.0, "growthbook, its callback": 10.0}
LEAST_TABLE, LEAST_AUDIENCE = 2_000_000, 1_000_000


def experiment_of(workspace: Workspace, audience: str | None) -> Workspace:
    """The sample with one running experiment of three arms."""
    shares = {arm: Fraction(1, 3) for arm in ARMS}
    found = replace(
        workspace.experiments[EXPERIMENT],
        status="running",
        audience=audience,
        coverage=Fraction(1),
        arms=shares,
        epochs=(),
    )
    return replace(workspace, experiments={EXPERIMENT: found})


def copylab_call(workspace: Workspace, append: Callable[[Exposure], None]) -> Call:
    prepared = workspace.composer(MESSAGE, "sms").experiment
    assert prepared is not None
    place = prepared.split.placer(prepared.audience)
    record = recorder(MESSAGE, "sms", prepared)
    copies = workspace.copy_hashes
    hashes = {arm: copies.get((MESSAGE, "sms", "zh-CN", arm)) for arm in ARMS}

    def call(user: dict[str, Any]) -> None:
        placed = place(user, AT)
        arm = placed[0]
        append(record(AT, "s1", placed, arm, hashes[arm], "zh-CN", None))

    return call


class ListLogger(AssignmentLogger):
    """Eppo's logger, that appends the event it is given."""

    def __init__(self, events: list[Any]) -> None:
        self.append = events.append

    def log_assignment(self, event: dict[str, Any]) -> None:
        """Append it."""
        self.append(event)


def eppo_call(events: list[Any], *, audience: bool) -> Call:
    def shards(start: int, end: int) -> list[dict[str, Any]]:
        whole = {"salt": "traffic-hook", "ranges": [{"start": 0, "end": 10_000}]}
        own = {"salt": "split-hook", "ranges": [{"start": start, "end": end}]}
        return [whole, own]

    ends = [0, 3333, 6667, 10_000]
    splits = [
        {
            "variationKey": arm,
            "shards": shards(ends[i], ends[i + 1]),
            "extraLogging": {},
        }
        for i, arm in enumerate(ARMS)
    ]
    conditions = [
        {"attribute": "loans", "operator": "ONE_OF", "value": ["0"]},
        {"attribute": "app_installed", "operator": "ONE_OF", "value": ["true"]},
    ]
    rules = [{"conditions": conditions}] if audience else []
    flag = {
        "key": "hook",
        "enabled": True,
        "variationType": "STRING",
        "variations": {arm: {"key": arm, "value": arm} for arm in ARMS},
        "allocations": [
            {"key": "all", "rules": rules, "splits": splits, "doLog": True}
        ],
        "totalShards": 10_000,
    }
    flags = {
        "createdAt": "2026-01-01T00:00:00Z",
        "format": "SERVER",
        "environment": {"name": "bench"},
        "flags": {"hook": flag},
    }
    configuration = eppo_client.Configuration(
        flags_configuration=json.dumps(flags).encode()
    )
    client = eppo_client.init(
        eppo_client.ClientConfig(
            api_key="none",
            base_url="http://127.0.0.1:9",
            assignment_logger=ListLogger(events),
            poll_interval_seconds=None,
            initial_configuration=configuration,
        )
    )
    ask = client.get_string_assignment

    if audience:

        def call(user: dict[str, Any]) -> None:
            ask("hook", user["user_id"], user, "")
    else:

        def call(user: dict[str, Any]) -> None:
            ask("hook", user["user_id"], {}, "")

    return call


def growthbook_call(events: list[Any], *, audience: bool) -> Call:
    def on_viewed(experiment: object, result: object, user_context: object) -> None:
        events.append((experiment, result, user_context))

    weights = [1 / 3, 1 / 3, 1 / 3]
    experiment = GrowthBookExperiment(
        key="hook",
        variations=list(ARMS),
        weights=weights,
        hashAttribute="user_id",
        hashVersion=2,
        condition={"loans": 0, "app_installed": True} if audience else None,
    )
    client = GrowthBook(attributes={}, on_experiment_viewed=on_viewed)

    def call(user: dict[str, Any]) -> None:
        client.set_attributes(user)
        client.run(experiment)

    return call


def make_users(number: int, *, audience: bool) -> list[dict[str, Any]]:
    """New users each round: nobody gains by what is remembered of the old ones."""
    known = {
        "locale": "zh-CN",
        "loans": 0,
        "app_installed": True,
        "days_approved": 90,
        "limit": 50_000,
    }
    more = known if audience else {}
    return [{"user_id": f"user-{number}-{i}", **more} for i in range(USERS)]


def compare_one(workspace: Workspace, folder: Path, *, audience: bool) -> bool:
    """Print users a second of each; whether ours has the lead that is promised."""
    lists: list[list[Any]] = [[], [], []]
    one = ExposureLog(folder / f"one-{audience}")
    many = ExposureLog(folder / f"many-{audience}", buffer_rows=1000)
    calls = {
        "copylab, a list": copylab_call(workspace, lists[0].append),
        "eppo, its logger": eppo_call(lists[1], audience=audience),
        "growthbook, its callback": growthbook_call(lists[2], audience=audience),
        "copylab, ExposureLog": copylab_call(workspace, one.append),
        "copylab, 1000 rows at once": copylab_call(workspace, many.append),
    }
    best = dict.fromkeys(calls, float("inf"))
    for number in range(ROUNDS):
        users = make_users(number, audience=audience)
        for name, call in calls.items():
            start = time.process_time()
            for user in users:
                call(user)
            best[name] = min(best[name], (time.process_time() - start) / USERS)
        assert [len(events) for events in lists] == [USERS] * len(lists)
        for events in lists:
            events.clear()
    for log in (one, many):
        log.close()
        assert log.written == USERS * ROUNDS
    return show(best, "with an audience" if audience else "bare", gated=audience)


def show(best: dict[str, float], kind: str, *, gated: bool) -> bool:
    """Print users a second of each; whether ours has the lead that is promised."""
    mine = best["copylab, a list"]
    print(f"{f'one user, {kind}':30} {'users/s':>10}   copylab's list is faster by")
    good = True
    for name, seconds in best.items():
        ratio = "" if name.startswith("copylab") else f"{seconds / mine:6.1f}x"
        least = LEAST.get(name) if gated else None
        good = good and (least is None or seconds / mine >= least)
        wanted = f"   (at least {least:g}x)" if least else ""
        print(f"{name:30} {1 / seconds:10,.0f}   {ratio}{wanted}".rstrip())
    return good


def compare_tables(workspace: Workspace, users: int) -> bool:
    """Print what whole tables and audiences take; whether that is as promised."""
    table = pa.table(
        {
            "user_id": [f"user-{index}" for index in range(users)],
            "loans": pa.array((index % 3 for index in range(users)), pa.int64()),
            "app_installed": pa.array((i % 5 > 0 for i in range(users)), pa.bool_()),
        }
    )
    salt = workspace.experiments[EXPERIMENT].salt
    runs = {
        "buckets alone": lambda: bucket_arrays(salt, table["user_id"]),
        "audience, arm, reason": lambda: assign_table(
            table, workspace, EXPERIMENT, at=AT
        ),
    }
    cores = os.cpu_count() or 1
    rates = {}
    for name, run in runs.items():
        wall = work = float("inf")
        for _ in range(5):
            start, begun = time.perf_counter(), time.process_time()
            run()
            wall = min(wall, time.perf_counter() - start)
            work = min(work, time.process_time() - begun)
        rates[name] = users * cores / work
        print(
            f"table, {name:23} {rates[name]:10,.0f} users/s on {cores} cores of one's own"
            f"   (at least {LEAST_TABLE:,}); now, by the clock, {users / wall:,.0f}"
        )
    audience = workspace.audience_of(workspace.experiments[EXPERIMENT])
    assert audience is not None
    matches = compile_condition(audience.condition).matches
    rows = table.slice(0, 100_000).to_pylist()
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for row in rows:
            matches(row, AT)
        best = min(best, time.process_time() - start)
    rate = len(rows) / best
    print(
        f"{'audience, one user at a time':30} {rate:10,.0f} users/s, 1 core"
        f"   (at least {LEAST_AUDIENCE:,})"
    )
    return min(rates.values()) >= LEAST_TABLE and rate >= LEAST_AUDIENCE


def main() -> None:
    sample = load(ROOT)
    bare, inside = experiment_of(sample, None), experiment_of(sample, AUDIENCE)
    with tempfile.TemporaryDirectory() as folder:
        good = compare_one(inside, Path(folder), audience=True)
        compare_one(bare, Path(folder), audience=False)
    users = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000_000
    if not (compare_tables(inside, users) and good):
        sys.exit("below what is promised")


if __name__ == "__main__":
    main()
