"""plan, as people run it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "approved_sms_hook"


@pytest.fixture
def sample(repository: Path, tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    root.mkdir()
    shutil.copy(repository / "copylab.yaml", root)
    for name in ("templates", "experiments"):
        shutil.copytree(repository / name, root / name)
    return root


def test_units_and_effect_are_inverses_on_the_command_line(
    tmp_path: Path, run_copylab: Callable[..., Any]
) -> None:
    common = ["plan", "--rate", "3%", "--arms", "3", "--looks", "3", "--format", "json"]
    asked = run_copylab(*common, "--mde", "15%", cwd=tmp_path)
    assert (asked.code, asked.err) == (0, "")
    plan = json.loads(asked.out)
    assert [look["look"] for look in plan["looks"]] == [1, 2, 3]
    assert plan["looks"][-1]["units"] == plan["units"]
    back = run_copylab(*common, "--units", str(plan["units"]), cwd=tmp_path)
    found = json.loads(back.out)
    assert found["mde"] == pytest.approx(0.15, rel=1e-4)
    assert found["units"] == plan["units"]
    power = run_copylab(
        *common, "--units", str(plan["units"]), "--mde", "15%", cwd=tmp_path
    )
    assert json.loads(power.out)["power"] == pytest.approx(0.8, abs=1e-4)


def test_what_cannot_be_decided_is_said_with_a_nearer_metric(
    sample: Path, run_copylab: Callable[..., Any]
) -> None:
    text = (sample / "experiments" / f"{NAME}.yaml").read_text()
    text = text.replace("primary: click, secondary: [login, application, loan]",
                        "primary: loan, secondary: [application, login, click]")  # fmt: skip
    (sample / "experiments" / f"{NAME}.yaml").write_text(text)
    rates = ("--rate", "click=6%", "--rate", "application=2%", "--rate", "loan=0.1%")
    ran = run_copylab("plan", NAME, *rates, "--users-per-day", "1500", cwd=sample)
    assert (ran.code, ran.err) == (0, "")
    assert "loan CANNOT be decided: it needs 2,8" in ran.out
    assert "a nearer one can: click needs" in ran.out
    ran = run_copylab(
        *("plan", NAME, *rates, "--users-per-day", "1500", "--format", "json"),
        cwd=sample,
    )
    plan = json.loads(ran.out)
    assert (plan["decidable"], plan["nearer"]) == (False, "click")
    assert [other["metric"] for other in plan["funnel"]] == ["application", "click"]


def test_baselines_and_audience_are_taken_from_data(
    sample: Path, run_copylab: Callable[..., Any]
) -> None:
    at = ("--at", "2026-11-20T11:00:00Z")
    run_copylab("simulate", NAME, "--users", "3000", *at, cwd=sample)
    users = ("--users", "data/users.parquet", "--format", "json")
    ran = run_copylab("plan", NAME, *users, *at, cwd=sample)
    assert (ran.code, ran.err) == (0, "")
    plan = json.loads(ran.out)
    assert f"users of {NAME}" in plan["source"]
    assert plan["value"] == pytest.approx(0.06, abs=0.02)
    assert plan["available"] == 3000
    assert plan["mde"] == 0.2


def test_an_audience_is_not_counted_past_what_cannot_be_read(
    sample: Path, run_copylab: Callable[..., Any]
) -> None:
    """Users would be missing from the plan without a word."""
    row = "u{},2026-01-01,{},true\n"
    rows = [row.format(0, 0), row.format(1, "many"), row.format(2, 0)]
    table = "user_id,approved_at,loans,app_installed\n" + "".join(rows)
    (sample / "users.csv").write_text(table, "utf-8")
    asked = ("plan", NAME, "--rate", "click=6%", "--users", "users.csv")
    ran = run_copylab(*asked, cwd=sample)
    assert (ran.code, ran.out) == (2, "")
    assert "users.csv: row 1, counted from 0: loans: 'many' is no int" in ran.err
    (sample / "users.csv").write_text(table.replace("many", ""), "utf-8")
    assert run_copylab(*asked, cwd=sample).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--mde", "15%"], "name EXPERIMENT, or one of --rate"),
        (["--rate", "3%"], "name --mde 15%, --units 40000"),
        (["--rate", "130%", "--mde", "5%"], "must be above 0% and below 100%"),
        (["--mean", "nan", "--sd", "1", "--mde", "5%"], "--mean nan: must not"),
        (["--ratio", "0", "--sd", "1", "--mde", "5%"], "--ratio 0: must not"),
        (["--mean", "5", "--sd", "inf", "--mde", "5%"], "--sd inf: must not"),
        (["--rate", "60%", "--mde", "90%"], "leads above 100%"),
        (["--mean", "12", "--mde", "5%"], "--mean needs --sd"),
        (["--mean", "0", "--sd", "5", "--mde", "5%"], "must not be 0"),
        (["--rate", "3%", "--sd", "1", "--mde", "5%"], "--sd goes with"),
        (["--rate", "3%", "--mde", "5%", "--split", "50"], "two shares or more"),
        (["--rate", "3%", "--mde", "5%", "--looks", "often"], "a number up to"),
        (["--rate", "3%", "--mde", "5%", "--power", "3%"], "must be above alpha"),
        (["--rate", "3%", "--users", "x.csv"], "--users goes with EXPERIMENT"),
        ([NAME, "--rate", "3%"], "write METRIC=3%"),
        ([NAME, "--arms", "3"], "--arms describes an experiment"),
        ([NAME], "nothing says what 'click' is like now"),
        ([f"{NAME}x"], "did you mean"),
    ],
)
def test_what_cannot_be_planned_is_one_message(
    sample: Path, run_copylab: Callable[..., Any], arguments: list[str], told: str
) -> None:
    ran = run_copylab("plan", *arguments, cwd=sample)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert "fault in copylab" not in ran.err
