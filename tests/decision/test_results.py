from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.decision.results import (
    analyze_workspace,
    data_places,
    metric_specs,
    planned_units,
)
from copylab.decision.start import start
from copylab.errors import DataError, UnreadableError, WorkspaceError
from copylab.simulation.run import Wish, simulate
from copylab.workspace import load, open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def fill(
    root: Path, at: datetime, users: int, *, seed: int = 7, lift: float = 0.6
) -> dict[str, bytes]:
    wish = Wish(seed, at, {"coupon": lift}, {"click": 0.2})
    files = dict(simulate(load(root), "hook", users, wish).files)
    (root / "data" / "exposures").mkdir(parents=True, exist_ok=True)
    name = f"{users}.{seed}.parquet"
    (root / "data" / "exposures" / name).write_bytes(files["exposures.parquet"])
    (root / "data" / "outcomes.parquet").write_bytes(files["outcomes.parquet"])
    return files


def change(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new))


def assert_same(found: object, expected: object) -> None:
    """Pass if all is equal; floats but for the order in which they were summed."""
    assert type(found) is type(expected)
    if isinstance(found, dict) and isinstance(expected, dict):
        assert list(found) == list(expected)
        assert_same(list(found.values()), list(expected.values()))
    elif isinstance(found, list) and isinstance(expected, list):
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    elif isinstance(found, float):
        assert found == pytest.approx(expected, rel=1e-12, abs=0)
    else:
        assert found == expected


def test_metrics_are_taken_from_the_workspace(root: Path) -> None:
    workspace = load(root)
    specs = metric_specs(workspace, workspace.experiments["hook"])
    told = {spec.name: (spec.role, spec.kind, spec.within_hours) for spec in specs}
    assert told == {
        "click": ("primary", "share", 72.0),
        "login": ("secondary", "share", 168.0),  # the plan's window
        "amount": ("secondary", "mean", 336.0),
        "opt_out": ("guardrail", "share", 168.0),
    }
    assert specs[2].winsorise == 0.999
    assert (specs[3].better, specs[3].margin) == ("lower", 0.01)


def test_a_winner_is_found_in_the_workspaces_data(root: Path, at: datetime) -> None:
    files = fill(root, at, 4000)
    found = analyze_workspace(load(root), "hook")
    truth = json.loads(files["truth.json"])
    assert found.verdict.action == "promote"
    assert found.verdict.arm == "coupon"
    assert {arm.arm: arm.n for arm in found.arms} == truth["units"]
    assert {arm.arm: arm.share for arm in found.arms} == pytest.approx(
        {"plain": 0.45, "coupon": 0.45, "none": 0.1}
    )
    # The amount is found in the column 'value', where the table has none of its name.
    amounts = [item for item in found.comparisons if item.metric == "amount"]
    assert all(item.control_value and item.control_value > 10 for item in amounts)


def test_an_analysis_says_what_was_tested_on_which_data(
    root: Path, at: datetime
) -> None:
    fill(root, at, 400)
    found = analyze_workspace(load(root), "hook")
    origin, span = found.origin, found.span
    assert origin is not None
    assert span is not None
    assert (origin.message, origin.channels) == ("winback", ("sms",))
    (file,) = origin.outcomes
    data = (root / "data/outcomes.parquet").read_bytes()
    assert (file.name, file.size_bytes) == ("data/outcomes.parquet", len(data))
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert set(origin.copies) == {"plain", "coupon"}
    times = pq.read_table(root / "data/exposures/400.7.parquet")["ts"].to_pylist()
    assert (span.first_send, span.last_send) == (min(times), max(times))
    assert span.last_outcome is not None
    assert span.last_outcome > span.first_send


def test_products_at_two_prices_leave_the_cost_open(root: Path, at: datetime) -> None:
    fill(root, at, 400)
    config = root / "copylab.yaml"
    usual = config.read_text("utf-8")
    config.write_text(f"{usual}sms: {{price: 0.01 USD}}\n", "utf-8")
    priced = analyze_workspace(load(root), "hook").costs
    assert {c for cost in priced for c in cost.amounts} == {"USD"}
    config.write_text(
        f"{usual}sms: {{profile: kr, price: {{US: {{SMS: 9 KRW, LMS: 0.02 USD}}}}}}\n",
        "utf-8",
    )
    open_cost = analyze_workspace(load(root), "hook").costs
    assert [cost.amounts for cost in open_cost] == [{} for _ in open_cost]
    assert all(cost.unpriced == cost.sends for cost in open_cost)


def test_a_winner_is_not_called_before_the_plan_is_used_up(
    root: Path, at: datetime
) -> None:
    fill(root, at, 4000)
    read = analyze_workspace(load(root), "hook")
    item = next(i for i in read.comparisons if i.arm == "coupon")
    assert item.significant
    assert (item.value, item.control_value) != (None, None)
    change(root, "experiments/hook.yaml", "mde: 50%", "mde: 5%")
    found = analyze_workspace(load(root), "hook")
    assert found.verdict.action == "continue"
    assert "4,000 of" in found.verdict.reason
    assert {i.role for i in found.comparisons} == {"guardrail"}
    assert found.looks is not None
    units = {arm.arm: arm.n for arm in found.arms}
    # The usual formula for two shares, by hand: (z of alpha + z of power)^2 times the
    # variance of the difference, over the square of the smallest effect; and 1.0077
    # times that for two looks.
    variance = sum(
        value * (1 - value) / (units[arm] / 4000)
        for arm, value in (("coupon", item.value), ("plain", item.control_value))
        if value is not None
    )
    effect = 0.05 * (item.control_value or 0)
    needed = 1.0077 * (1.959964 + 0.841621) ** 2 * variance / effect**2
    assert found.looks.planned_units == pytest.approx(needed, rel=0.01)


def test_the_plan_asks_for_the_same_whatever_has_come_in(
    root: Path, at: datetime
) -> None:
    workspace = load(root)
    experiment = workspace.experiments["hook"]
    smaller = replace(experiment, plan=replace(experiment.plan, mde=0.1))
    scaled = []
    for users in (2000, 8000):
        fill(root, at, users, lift=0.0)
        file = root / "data" / "exposures" / f"{users}.7.parquet"
        found = analyze_workspace(workspace, "hook", exposures=file)
        planned = planned_units(smaller, found)
        assert planned is not None
        base = found.comparisons[0].control_value
        assert base is not None
        scaled.append(planned * base / (1 - base))  # what does not hang on the rate
    assert scaled[0] == pytest.approx(scaled[1], rel=0.05)


def test_without_mde_or_events_there_is_no_plan(root: Path, at: datetime) -> None:
    fill(root, at, 500)
    workspace = load(root)
    experiment = workspace.experiments["hook"]
    found = analyze_workspace(workspace, "hook")
    open_plan = replace(experiment, plan=replace(experiment.plan, mde=None))
    assert planned_units(open_plan, found) is None
    nothing = [replace(item, control_value=0.0) for item in found.comparisons]
    assert planned_units(experiment, replace(found, comparisons=tuple(nothing))) is None


def test_only_the_present_epoch_counts(root: Path, at: datetime) -> None:
    apply_changes([start(open_workspace(root), "hook", at=at).change])
    fill(root, at, 1000)
    change(root, "templates/winback/sms.en-US.md", "a coupon", "two coupons")
    later = at + timedelta(days=30)
    plan = start(open_workspace(root), "hook", at=later, new_epoch=True)
    apply_changes([plan.change])
    fill(root, later, 700, seed=8)
    found = analyze_workspace(load(root), "hook")
    assert sum(arm.n for arm in found.arms) == 700


def test_alpha_and_time_are_the_callers(root: Path, at: datetime) -> None:
    fill(root, at, 1000)
    workspace = load(root)
    assert analyze_workspace(workspace, "hook", alpha=0.2).alpha == 0.2
    early = analyze_workspace(workspace, "hook", at=at - timedelta(days=10))
    assert early.verdict.action == "continue"
    assert "time for outcomes" in early.verdict.reason


def test_outcome_columns_can_be_mapped(root: Path, at: datetime) -> None:
    fill(root, at, 500)
    before = analyze_workspace(load(root), "hook").to_dict()
    path = root / "data" / "outcomes.parquet"
    table = pq.read_table(path)
    pq.write_table(
        pa.table(dict(zip(["uid", "name", "time", "cents"], table.columns))),  # noqa: B905
        path,
    )
    change(
        root,
        "copylab.yaml",
        "data: {",
        "data: {columns: {unit: uid, event: name, at: time, amount: cents}, ",
    )
    after = analyze_workspace(load(root), "hook").to_dict()
    assert after.pop("origin") != before.pop("origin")  # another file, with its hash
    assert_same(after, before)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'data: {exposures: "data/exposures/*.parquet", outcomes',
            "data: {x",
            "exposures are not said",
        ),
    ],
)
def test_data_that_are_not_files_are_said(
    root: Path, old: str, new: str, told: str
) -> None:
    change(root, "copylab.yaml", old, new)
    with pytest.raises(DataError, match=told) as caught:
        analyze_workspace(load(root), "hook")
    assert caught.value.file == "copylab.yaml"


def test_data_that_are_not_there_are_said(root: Path) -> None:
    with pytest.raises(UnreadableError, match="names no file"):
        analyze_workspace(load(root), "hook")


def test_several_patterns_are_read(root: Path, at: datetime) -> None:
    fill(root, at, 300)
    listed = '[data/exposures/3*.parquet, "data/exposures/*.7.parquet"]'
    change(root, "copylab.yaml", '"data/exposures/*.parquet"', listed)
    assert len(data_places(load(root), "exposures")) == 1


def test_an_experiment_without_metrics_or_with_unknown_ones_is_refused(
    root: Path,
) -> None:
    change(root, "experiments/hook.yaml", "primary: click", "primary: clik")
    with pytest.raises(WorkspaceError) as caught:
        analyze_workspace(open_workspace(root), "hook")
    assert "clik" in str(caught.value)
    text = (root / "experiments" / "hook.yaml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("metrics")]
    (root / "experiments" / "hook.yaml").write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError, match="has no metrics"):
        analyze_workspace(open_workspace(root), "hook")


def test_a_metric_without_a_time_is_refused(root: Path) -> None:
    change(root, "experiments/hook.yaml", ", window: 7d", "")
    with pytest.raises(DataError, match="how long its events count") as caught:
        analyze_workspace(load(root), "hook")
    assert (caught.value.file, caught.value.line) == ("experiments/metrics.yaml", 2)
