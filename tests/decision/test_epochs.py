"""Epochs from start to result: slots are kept, movers are flagged, each can be rebuilt."""

from __future__ import annotations

import itertools
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.compose.columns import EXPOSURE_TABLE, arrow_batch
from copylab.decision.results import analyze_workspace
from copylab.decision.start import start
from copylab.experiment.allocation import allocate, moved_slots, reallocate
from copylab.experiment.buckets import SLOTS
from copylab.workspace import Workspace, load, open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from copylab.decision.start import StartPlan
    from copylab.experiment.exposure import Exposure

FILE = "experiments/hook.yaml"
USUAL = "{plain: 45%, coupon: 45%, none: 10%}"
MORE_PLAIN = "{plain: 60%, coupon: 30%, none: 10%}"
PLAN = "plan: {mde: 50%, looks: 2, window: 7d}"


def begin(root: Path, at: datetime, *, new_epoch: bool = False) -> StartPlan:
    plan = start(open_workspace(root), "hook", at=at, new_epoch=new_epoch)
    apply_changes([plan.change])
    return plan


def change(root: Path, old: str, new: str) -> None:
    text = (root / FILE).read_text()
    assert old in text
    (root / FILE).write_text(text.replace(old, new, 1))


def simplify(root: Path) -> None:
    """One metric, one look."""
    change(root, PLAN, "plan: {window: 7d}")
    change(root, "secondary: [login, amount], guardrails: [opt_out]", "secondary: []")


def arms_of(workspace: Workspace, at: datetime, units: int = 3000) -> dict[str, str]:
    found = {}
    for number in range(units):
        user = {"user_id": f"u{number}", "loans": 0, "locale": "en-US", "name": "Ann"}
        row: Any = workspace.compose("winback", user, channel="sms", at=at)
        found[f"u{number}"] = row.exposure.arm
    return found


def test_a_new_epoch_moves_as_few_users_as_the_shares_allow(
    root: Path, at: datetime
) -> None:
    begin(root, at)
    before = arms_of(load(root), at)
    change(root, USUAL, MORE_PLAIN)
    plan = begin(root, at + timedelta(days=7), new_epoch=True)
    assert plan.moved == Fraction(15, 100)
    assert not plan.is_anew
    after = arms_of(load(root), at)
    moved = {unit for unit in before if before[unit] != after[unit]}
    assert {(before[unit], after[unit]) for unit in moved} == {("coupon", "plain")}
    assert abs(len(moved) / 3000 - 0.15) < 4 * (0.15 * 0.85 / 3000) ** 0.5


def test_every_epoch_can_be_rebuilt_from_its_own_entry(
    root: Path, at: datetime
) -> None:
    begin(root, at)
    chain = [
        "{plain: 30%, coupon: 60%, none: 10%}",
        "{plain: 30%, coupon: 30%, milestone: 30%, none: 10%}",
        "{plain: 50%, milestone: 50%}",
    ]
    written = "{plain: 45%, coupon: 45%, none: 10%}"
    expected = [allocate(load(root).experiments["hook"].arms)]
    for number, arms in enumerate(chain, start=1):
        change(root, f"arms: {written}", f"arms: {arms}")
        written = arms
        begin(root, at + timedelta(days=number), new_epoch=True)
        present = load(root).experiments["hook"]
        expected.append(reallocate(expected[-1], present.arms))
    epochs = load(root).experiments["hook"].epochs
    assert [epoch.allocation for epoch in epochs] == expected
    for old, new in itertools.pairwise(epochs):
        lost = sum(
            max(0, count - new.allocation.slots().get(arm, 0))
            for arm, count in old.allocation.slots().items()
        )
        assert moved_slots(old.allocation, new.allocation) == lost
    assert [item for item in load(root).lint().findings if "CL503" in item.code] == []


def test_another_unit_draws_everybody_anew(root: Path, at: datetime) -> None:
    """The shares stay, so the slots do; yet each user is another unit now."""
    begin(root, at)
    change(root, "audience: open", "audience: open\nunit: household")
    plan = begin(root, at + timedelta(days=1), new_epoch=True)
    assert plan.epoch.allocation == load(root).experiments["hook"].epochs[0].allocation
    assert plan.is_anew
    assert plan.moved == 1 - (Fraction(45, 100) ** 2 * 2 + Fraction(10, 100) ** 2)


def test_another_salt_draws_everybody_anew(root: Path, at: datetime) -> None:
    begin(root, at)
    change(root, "salt: hook.1", "salt: hook.2")
    plan = begin(root, at + timedelta(days=1), new_epoch=True)
    same = Fraction(45, 100) ** 2 * 2 + Fraction(10, 100) ** 2
    assert plan.moved == 1 - same
    assert plan.is_anew
    assert plan.epoch.slots is None
    assert sum(plan.epoch.allocation.slots().values()) == SLOTS


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("channels: [sms]", "channels: [sms]\nunit: loans", "the unit went from"),
        ("control: plain", "control: coupon", "the control went from"),
        ("audience: open", "audience: loans = 1", "the audience changed"),
        ("salt: hook.1", "salt: hook.1\ncoverage: 50%", "the coverage fell from 100%"),
    ],
)
def test_lint_tells_what_else_changed(
    root: Path, at: datetime, old: str, new: str, told: str
) -> None:
    begin(root, at)
    assert not [i for i in load(root).lint().findings if i.code == "CL503"]
    change(root, old, new)
    found = [i for i in open_workspace(root).lint().findings if i.code == "CL503"]
    assert [told in item.message for item in found] == [True]
    assert found[0].file == FILE


def test_a_named_audience_that_changes_is_told_at_the_experiment(
    root: Path, at: datetime
) -> None:
    begin(root, at)
    (root / "experiments/audiences.yaml").write_text("open: loans = 0 or loans = 1\n")
    found = [i for i in load(root).lint().findings if i.code == "CL503"]
    assert [item.message for item in found] == [
        "the audience changed since epoch 1 began"
    ]


def write_tables(root: Path, rows: list[Exposure], outcomes: dict[str, list]) -> None:
    data = root / "data" / "exposures"
    data.mkdir(parents=True, exist_ok=True)
    batch = arrow_batch(EXPOSURE_TABLE, rows)
    pq.write_table(pa.Table.from_batches([batch]), data / "all.parquet")
    pq.write_table(pa.table(outcomes), root / "data" / "outcomes.parquet")


def send(
    workspace: Workspace, users: list[dict[str, object]], at: datetime, send_id: str
) -> list[Exposure]:
    found: list[Any] = [
        workspace.compose("winback", user, channel="sms", at=at, send_id=send_id)
        for user in users
    ]
    return [item.exposure for item in found]


def test_movers_are_flagged_and_only_the_present_epoch_is_read(
    root: Path, at: datetime
) -> None:
    users: list[dict[str, object]] = [
        {"user_id": f"u{n}", "loans": 0, "locale": "en-US", "name": "Ann"}
        for n in range(2000)
    ]
    begin(root, at)
    rows = send(load(root), users, at + timedelta(hours=1), "one")
    change(root, USUAL, MORE_PLAIN)
    simplify(root)
    later = at + timedelta(days=1)
    begin(root, later, new_epoch=True)
    second = send(load(root), users, later + timedelta(hours=1), "two")
    moved = sum(one.arm != two.arm for one, two in zip(rows, second, strict=True))
    assert 200 < moved < 400
    outcomes = {
        "unit": [f"u{n}" for n in range(0, 2000, 10)],
        "event": ["click"] * 200,
        "at": [later + timedelta(hours=2)] * 200,
    }
    write_tables(root, [*rows, *second], outcomes)
    found = analyze_workspace(load(root), "hook")
    (note,) = [item for item in found.health if item.name == "moved-between-epochs"]
    assert note.facts["units"] == moved
    assert sum(arm.n for arm in found.arms) == 2000


def test_forced_and_held_out_rows_are_in_no_result(root: Path, at: datetime) -> None:
    change(root, "control: plain", "control: plain\nforced: {coupon: [qa-1, qa-2]}")
    simplify(root)
    begin(root, at)
    units = [*(f"u{n}" for n in range(400)), "qa-1", "qa-2"]
    users: list[dict[str, object]] = [
        {"user_id": unit, "loans": 0, "locale": "en-US", "name": "Ann"}
        for unit in units
    ]
    workspace = load(root)
    rows = send(workspace, users, at + timedelta(hours=1), "one")
    assert [row.reason for row in rows[-2:]] == ["forced", "forced"]
    outcomes = {"unit": ["qa-1"], "event": ["click"], "at": [at + timedelta(hours=2)]}
    write_tables(root, rows, outcomes)
    found = analyze_workspace(load(root), "hook")
    assert sum(arm.n for arm in found.arms) == 400
    click = next(item for item in found.comparisons if item.metric == "click")
    assert (click.value, click.control_value) == (0, 0)


@pytest.mark.parametrize("mapped", [False, True])
def test_households_are_drawn_and_measured_as_one(
    root: Path, at: datetime, *, mapped: bool
) -> None:
    config = root / "copylab.yaml"
    column = "hh" if mapped else "household_id"
    text = config.read_text().replace("loans: int", "household_id: string, loans: int")
    if mapped:
        text = text.replace("data: {", "data: {columns: {household_id: hh}, ")
    config.write_text(text)
    change(root, "control: plain", "control: plain\nunit: household_id")
    simplify(root)
    begin(root, at)
    users: list[dict[str, object]] = [
        {
            "user_id": f"u{n}",
            "household_id": f"h{n // 3}",
            "loans": 0,
            "locale": "en-US",
            "name": "Ann",
        }
        for n in range(1200)
    ]
    rows = send(load(root), users, at + timedelta(hours=1), "one")
    assert {row.unit_type for row in rows} == {"household_id"}
    homes: dict[str | None, set[str | None]] = {}
    for row in rows:
        homes.setdefault(row.unit, set()).add(row.arm)
    assert len(homes) == 400
    assert all(len(arms) == 1 for arms in homes.values())
    clicking = [n for n in range(1200) if n % 3 == 0 and n % 2 == 0]
    outcomes: dict[str, list] = {
        "unit": [f"u{n}" for n in clicking],
        column: [f"h{n // 3}" for n in clicking],
        "event": ["click"] * len(clicking),
        "at": [at + timedelta(hours=2)] * len(clicking),
    }
    write_tables(root, rows, outcomes)
    found = analyze_workspace(load(root), "hook")
    assert sum(arm.n for arm in found.arms) == 400
    clicked = {f"h{n // 3}" for n in clicking}
    (coupon,) = [
        item
        for item in found.comparisons
        if (item.metric, item.arm) == ("click", "coupon")
    ]
    for arm, value in (("coupon", coupon.value), ("plain", coupon.control_value)):
        own = {home for home, arms in homes.items() if arms == {arm}}
        assert value == pytest.approx(len(own & clicked) / len(own))
