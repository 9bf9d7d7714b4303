"""All sending against the global holdout, over messages and experiments."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.analysis.proportions import compare_proportions
from copylab.decision.global_holdout import analyze_global_holdout
from copylab.errors import DataError
from copylab.experiment.buckets import bucket
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SALT = "holdout.7c2e91"
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
SHARE = 200_000
UNITS = 4_000


def row(unit: str, message: str, day: int, **other: Any) -> dict[str, Any]:
    held = bucket(SALT, unit)[0] < SHARE
    made = {
        "ts": AT + timedelta(days=day),
        "send_id": f"{message}-{unit}-{day}",
        "experiment": None,
        "salt": SALT if held else None,
        "unit_type": "user_id",
        "unit": unit,
        "arm": None,
        "reason": "holdout" if held else "no_experiment",
        "template_id": message,
    }
    return made | other


def exposures() -> list[dict[str, Any]]:
    """Two marketing messages to everybody, and rows that are not to count."""
    rows = []
    for i in range(UNITS):
        unit = f"u{i}"
        rows.append(row(unit, "news", 0))
        rows.append(row(unit, "offer", 5))
        rows.append(row(unit, "receipt", -3, reason="no_experiment", salt=None))
    rows.append(row("tester", "news", 0, reason="forced", salt=None))
    rows.append(row("house", "news", 0, unit_type="household_id"))
    rows.append(row("former", "news", 0, reason="holdout", salt="holdout.old"))
    return rows


def outcomes(rate: float = 0.2, silent: float = 0.1) -> list[dict[str, Any]]:
    """Loans on day 2, and some before the first message, which must not count."""
    drawn = np.random.default_rng(5).random(UNITS)
    found: list[dict[str, Any]] = []
    for i in range(UNITS):
        held = bucket(SALT, f"u{i}")[0] < SHARE
        if drawn[i] < (silent if held else rate):
            found.append({"unit": f"u{i}", "event": "loan", "day": 2})
        elif drawn[i] > 0.9:
            found.append({"unit": f"u{i}", "event": "loan", "day": -1})
    return [
        {"unit": one["unit"], "event": "loan", "at": AT + timedelta(days=one["day"])}
        for one in found
    ]


def write(root: Path, name: str, rows: Iterable[dict[str, Any]]) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([*rows]), root / name)


@pytest.fixture
def held(files: dict[str, str], make_files: Callable[[dict[str, str]], Path]) -> Path:
    changed = dict(files)
    changed["copylab.yaml"] += f"holdout: {{share: 20%, salt: {SALT}}}\n"
    message = files["templates/winback/message.yaml"]
    for name, purpose in (
        ("news", "marketing"), ("offer", "marketing"), ("receipt", "transactional"),
    ):  # fmt: skip
        changed[f"templates/{name}/message.yaml"] = message.replace(
            "purpose: transactional", f"purpose: {purpose}"
        )
        changed[f"templates/{name}/sms.en-US.md"] = files[
            "templates/winback/sms.en-US.md"
        ]
    changed["experiments/metrics.yaml"] = (
        "loan: {event: loan, kind: share, within: 28d}\n"
        "opened: {event: open, kind: ratio, per: exposure, within: 3d}\n"
        "late: {event: loan, kind: share}\n"
    )
    del changed["experiments/hook.yaml"]
    root = make_files(changed)
    write(root, "data/exposures/1.parquet", exposures())
    write(root, "data/outcomes.parquet", outcomes())
    return root


def counted() -> tuple[int, int, int, int]:
    """By hand: loans and users of all sending, and of the holdout."""
    loans = {one["unit"] for one in outcomes() if one["at"] > AT}
    silent = {f"u{i}" for i in range(UNITS) if bucket(SALT, f"u{i}")[0] < SHARE}
    sent = {f"u{i}" for i in range(UNITS)} - silent
    return len(loans & sent), len(sent), len(loans & silent), len(silent)


def test_a_user_counts_once_over_all_messages_from_its_first_row(held: Path) -> None:
    found = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    expected = compare_proportions(*counted())
    (item,) = found.comparisons
    assert (item.arm, item.control, item.metric) == ("sent", "none", "loan")
    assert item.diff == expected.diff
    assert item.lift == expected.lift
    assert item.p_value == expected.p_value
    assert {arm.arm: arm.n for arm in found.arms} == {
        "sent": counted()[1], "none": counted()[3],
    }  # fmt: skip
    assert found.verdict.action == "keep"
    assert found.verdict.arm == "sent"
    assert "Sending is worth it: it changes loan by +" in found.verdict.reason


def test_what_does_not_count_is_told(held: Path) -> None:
    found = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    told = {note.name: note.message for note in found.health}
    assert told["other-holdout"].startswith("1 rows are of another holdout")
    assert told["other-units"].startswith("1 rows name no user_id")
    assert sum(arm.n for arm in found.arms) == UNITS


def test_the_sample_ratio_is_that_of_the_share(held: Path) -> None:
    found = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    assert found.srm.ok
    assert found.srm.expected["none"] == pytest.approx(0.2 * UNITS)
    lost = [
        one
        for one in exposures()
        if one["reason"] != "holdout" or not one["unit"].endswith(("6", "7", "8"))
    ]
    write(held, "data/exposures/1.parquet", lost)
    broken = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    assert not broken.srm.ok
    assert broken.verdict.action == "invalid"


def test_sending_that_does_harm_is_called_so(held: Path) -> None:
    write(held, "data/outcomes.parquet", outcomes(rate=0.05, silent=0.15))
    found = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    assert (found.verdict.action, found.verdict.arm) == ("harm", "sent")
    write(held, "data/outcomes.parquet", outcomes(rate=0.1, silent=0.1))
    same = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    assert same.verdict.action == "inconclusive"


def test_one_who_may_look_at_any_time_gets_wider_intervals(held: Path) -> None:
    once = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    often = analyze_global_holdout(open_workspace(held), metrics=["loan"], anytime=True)
    one, many = once.comparisons[0], often.comparisons[0]
    assert many.corrections == ("any-look",)
    assert many.p_value > one.p_value
    assert one.diff.low is not None
    assert many.diff.low is not None
    assert many.diff.low < one.diff.low


def test_who_is_held_in_one_row_and_sent_to_in_another_is_set_aside(
    held: Path,
) -> None:
    moved = exposures()
    first = next(f"u{i}" for i in range(99) if bucket(SALT, f"u{i}")[0] < SHARE)
    moved.append(row(first, "offer", 9, reason="no_experiment", salt=None))
    write(held, "data/exposures/1.parquet", moved)
    found = analyze_global_holdout(open_workspace(held), metrics=["loan"])
    assert sum(arm.n for arm in found.arms) == UNITS - 1
    assert any(note.name == "units-in-two-arms" for note in found.health)


@pytest.mark.parametrize(
    ("metrics", "text"),
    [
        (["lone"], "the metric 'lone' is not declared"),
        (["opened"], "who is held out has none"),
        (["late"], "does not say how long its events count"),
    ],
)
def test_a_metric_that_cannot_be_measured_is_refused(
    held: Path, metrics: list[str], text: str
) -> None:
    with pytest.raises(DataError, match=text) as caught:
        analyze_global_holdout(open_workspace(held), metrics=metrics)
    assert caught.value.help


def test_without_a_holdout_or_its_rows_there_is_nothing_to_compare(
    held: Path,
) -> None:
    sent = [one for one in exposures() if one["reason"] != "holdout"]
    write(held, "data/exposures/1.parquet", sent)
    with pytest.raises(DataError, match=r"no row of the exposures is of the holdout"):
        analyze_global_holdout(open_workspace(held), metrics=["loan"])
    file = held / "copylab.yaml"
    file.write_text(file.read_text().split("holdout:", maxsplit=1)[0])
    with pytest.raises(DataError, match="no global holdout is declared"):
        analyze_global_holdout(open_workspace(held), metrics=["loan"])


def test_as_people_run_it(held: Path, run_copylab: Callable[..., Any]) -> None:
    told = run_copylab(
        *("analyze", "--global-holdout", "--metric", "late", "--within", "28d"),
        *("--at", "2026-12-20", "--format", "json"),
        cwd=held,
    )
    assert told.code == 0, told.err
    found = json.loads(told.out)
    assert found["verdict"]["action"] == "keep"
    assert found["comparisons"][0]["control_value"] == pytest.approx(
        counted()[2] / counted()[3]
    )
    shown = run_copylab(
        *("analyze", "--global-holdout", "--metric", "loan", "--at", "2026-12-20"),
        *("--locale", "zh-CN"),
        cwd=held,
    )
    assert shown.code == 0, shown.err
    assert "发送有效：与完全不发送相比，loan 变化 +" in shown.out
    assert "下一步：继续发送" in shown.out
    wrong = run_copylab("analyze", "--global-holdout", "--data", "x.csv", cwd=held)
    assert wrong.code == 2
    assert "--data does not go with --global-holdout" in wrong.err
    alone = run_copylab("analyze", "hook", "--within", "28d", cwd=held)
    assert "--within goes with --global-holdout" in alone.err
