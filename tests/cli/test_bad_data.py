"""Every kind of bad data by the command line: named, counted, decided by its rule."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
UNITS = 4_000
Rows = list[dict[str, Any]]
FILES = {
    "copylab.yaml": """\
brand: {name: Sample, signature: Sample}
markets: [US]
locales: {default: en-US}
attributes: {user_id: string, loans: int}
data: {exposures: data/exposures.csv, outcomes: data/outcomes.csv}
""",
    "templates/winback/message.yaml": """\
purpose: transactional
live: plain
variants: {plain: {}, coupon: {}, year: {}}
variables: {name: {type: person_name, max: 20, charset: latin, missing: there}}
""",
    "templates/winback/sms.en-US.md": """\
# plain
Sample: hello {{ name }}.
# coupon
Sample: hello {{ name }}, a coupon.
# year
Sample: hello {{ name }}, a year.
""",
    "experiments/audiences.yaml": "open: loans = 0\n",
    "experiments/metrics.yaml": """\
click: {event: click, kind: share, within: 3d}
amount: {event: loan, kind: mean, value: amount, within: 3d}
""",
    "experiments/hook.yaml": """\
message: winback
channels: [sms]
audience: open
salt: hook.1
arms: {plain: 50%, coupon: 50%}
control: plain
metrics: {primary: click, secondary: [amount]}
plan: {window: 3d}
""",
}


def sent(unit: str, arm: str, **other: Any) -> dict[str, Any]:
    return {
        "ts": START.isoformat(), "send_id": f"s-{unit}", "experiment": "hook",
        "unit": unit, "arm": arm, "reason": "assigned",
    } | other  # fmt: skip


def event(unit: str, name: str, hours: float, amount: Any = "") -> dict[str, Any]:
    at = START + timedelta(hours=hours)
    return {"unit": unit, "event": name, "at": at.isoformat(), "amount": amount}


def exposures() -> Rows:
    return [sent(f"u{i}", ("plain", "coupon")[i % 2]) for i in range(UNITS)]


def outcomes() -> Rows:
    rows = [event(f"u{i}", "click", 1) for i in range(0, UNITS, 7)]
    return rows + [event(f"u{i}", "loan", 2, 100 + i % 13) for i in range(0, UNITS, 50)]


class Bench:
    """A workspace, its data, and the command."""

    def __init__(self, root: Path, run: Callable[..., Any]) -> None:
        self.root, self.run = root, run
        self.files, self.exposures, self.outcomes = dict(FILES), exposures(), outcomes()

    def ran(self) -> Any:
        for name, text in self.files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)
        for name, rows in (("exposures", self.exposures), ("outcomes", self.outcomes)):
            (self.root / "data").mkdir(exist_ok=True)
            with (self.root / f"data/{name}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, [*rows[0]])
                writer.writeheader()
                writer.writerows(rows)
        return self.run("analyze", "hook", "--format", "json", cwd=self.root)

    def found(self) -> dict[str, Any]:
        done = self.ran()
        assert (done.code, done.err) == (0, "")
        record = json.loads(done.out)
        assert isinstance(record, dict)
        return record


@pytest.fixture
def bench(tmp_path: Path, run_copylab: Callable[..., Any]) -> Bench:
    return Bench(tmp_path, run_copylab)


def notes(record: dict[str, Any]) -> dict[str, str]:
    return {item["name"]: item["message"] for item in record.get("health", [])}


def assert_same_figures(found: Any, expected: Any) -> None:
    """Pass if all is equal, floats to 9 digits.

    The engine adds on several threads, in an order that differs from run to run, so
    that sums differ in their last digits.
    """
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for key, value in expected.items():
            assert_same_figures(found[key], value)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same_figures(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-9)
    else:
        assert found == expected


def test_what_does_not_count_is_set_aside_and_counted(bench: Bench) -> None:
    plain = bench.found()
    bench.outcomes += [event("stranger", "click", 1)] * 3  # no exposure
    bench.outcomes += [event("u1", "click", -5)] * 2  # a clock out of order
    bench.outcomes += [event("u2", "click", 24 * 9)]  # after the window
    bench.exposures += [sent(f"u{i}", ("plain", "coupon")[i % 2]) for i in range(6)]
    again = bench.found()
    assert_same_figures(again["comparisons"], plain["comparisons"])
    assert_same_figures(again["verdict"], plain["verdict"])
    before, after = (
        json.dumps(record["rows"], sort_keys=True) for record in (plain, again)
    )
    assert before != after
    told = again["rows"]
    shown = {key: value for part in (told, *(
        v for v in told.values() if isinstance(v, dict)
    )) for key, value in part.items() if isinstance(value, int)}  # fmt: skip
    first = {key: value for part in (plain["rows"], *(
        v for v in plain["rows"].values() if isinstance(v, dict)
    )) for key, value in part.items() if isinstance(value, int)}  # fmt: skip
    grown = sorted(shown[key] - first[key] for key in shown if shown[key] != first[key])
    assert grown == sorted([6, 6, 6, 3, 2, 1])


def test_a_few_users_in_two_arms_are_left_out_and_named(bench: Bench) -> None:
    bench.exposures += [sent("u0", "coupon", send_id="again")]
    found = bench.found()
    assert "1 of 4,000 units" in notes(found)["units-in-two-arms"]
    assert "u0" in notes(found)["units-in-two-arms"]
    assert sum(arm["n"] for arm in found["arms"]) == UNITS - 1
    assert found["verdict"]["action"] == "inconclusive"


def test_many_users_in_two_arms_make_the_result_unreadable(bench: Bench) -> None:
    bench.exposures += [sent(f"u{i}", "coupon", send_id="x") for i in range(0, 40, 2)]
    found = bench.found()
    assert "20 of 4,000 units" in notes(found)["units-in-two-arms"]
    assert found["verdict"]["action"] == "invalid"


@pytest.mark.parametrize("planned", ["", ", year: 0%"])
def test_users_in_an_arm_that_was_not_planned_or_at_nothing(
    bench: Bench, planned: str
) -> None:
    bench.files["experiments/hook.yaml"] = FILES["experiments/hook.yaml"].replace(
        "coupon: 50%", f"coupon: 50%{planned}"
    )
    bench.exposures += [sent(f"v{i}", "year") for i in range(3)]
    found = bench.found()
    assert found["verdict"]["action"] == "invalid"
    if planned:
        assert found["srm"] == {"p_value": 0.0, "ok": False}
    else:
        assert notes(found)["unplanned-arm"].startswith('3 units are in the arm "year"')


def test_numbers_that_do_not_fit_the_plan(bench: Bench) -> None:
    bench.exposures = [
        row for i, row in enumerate(bench.exposures) if i % 2 or i % 8
    ]  # a quarter of one arm is lost
    found = bench.found()
    assert not found["srm"]["ok"]
    assert found["srm"]["p_value"] < 0.001
    assert found["verdict"]["action"] == "invalid"


def test_an_arm_without_users_is_compared_with_nothing(bench: Bench) -> None:
    bench.files["experiments/hook.yaml"] = FILES["experiments/hook.yaml"].replace(
        "coupon: 50%", "coupon: 50%, year: 0%"
    )
    found = bench.found()
    assert 'no units in "year"' in notes(found)["no-units"]
    (empty,) = (
        item
        for item in found["comparisons"]
        if (item["arm"], item["metric"]) == ("year", "click")
    )
    assert empty["p_value"] is None
    assert empty["diff"] == {"value": None, "low": None, "high": None}
    assert found["verdict"]["action"] == "inconclusive"


def test_a_metric_without_any_spread_is_no_evidence(bench: Bench) -> None:
    bench.outcomes = [
        {**row, "amount": 5}
        for row in (event(f"u{i}", "loan", 2) for i in range(UNITS))
    ]
    bench.outcomes += [event(f"u{i}", "click", 1, 0) for i in range(UNITS)]
    found = bench.found()
    share, mean = found["comparisons"]
    assert (share["value"], share["control_value"], share["p_value"]) == (1.0, 1.0, 1.0)
    assert share["diff"]["low"] < 0 < share["diff"]["high"]
    assert (mean["p_value"], mean["diff"]) == (
        1.0, {"value": 0.0, "low": None, "high": None},
    )  # fmt: skip


@pytest.mark.parametrize("bad", ["", "NaN", "inf", "much"])
def test_a_value_that_is_no_number_is_refused_and_counted(
    bench: Bench, bad: str
) -> None:
    bench.outcomes += [event(f"u{i}", "loan", 3, bad) for i in (1, 3)]
    done = bench.ran()
    assert (done.code, done.out) == (2, "")
    assert 'column "amount" has 2 empty, NaN, infinite or unreadable' in done.err
    assert "help:" in done.err


@pytest.mark.parametrize(
    ("column", "bad"), [("unit", ""), ("ts", ""), ("ts", "yesterday")]
)
def test_a_send_without_a_user_or_a_time_is_refused_and_counted(
    bench: Bench, column: str, bad: str
) -> None:
    bench.exposures += [sent("v1", "plain") | {column: bad}]
    done = bench.ran()
    assert (done.code, done.out) == (2, "")
    assert f'column "{column}" is empty or unreadable in 1 row(s)' in done.err


def test_an_event_without_a_readable_time_is_refused_and_counted(bench: Bench) -> None:
    bench.outcomes += [event("u1", "click", 1) | {"at": "33.11.2026"}] * 2
    done = bench.ran()
    assert (done.code, done.out) == (2, "")
    assert 'column "at" is empty or unreadable in 2 row(s)' in done.err


@pytest.mark.parametrize(
    ("added", "is_thinned"),
    [
        ([sent(f"u{i}", "coupon", send_id="x") for i in range(0, 40, 2)], False),
        ([sent(f"v{i}", "year") for i in range(3)], False),
        ([], True),
    ],
)
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_every_fault_says_what_to_do(
    bench: Bench, added: Rows, *, is_thinned: bool, locale: str
) -> None:
    bench.exposures += added
    if is_thinned:
        bench.exposures = [
            row for i, row in enumerate(bench.exposures) if i % 2 or i % 8
        ]
    assert bench.found()["verdict"]["action"] == "invalid"
    done = bench.run("analyze", "hook", "--locale", locale, cwd=bench.root)
    assert done.code == 0
    _, _, health = done.out.partition(
        "Health of the data" if locale == "en-US" else "数据健康"
    )
    assert ("What to do: " if locale == "en-US" else "处理办法：") in health
