from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.composed import Sms
from copylab.compose.result import Rejected, Skipped
from copylab.compose.table import compose_table
from copylab.errors import WorkspaceError
from copylab.experiment.buckets import bucket
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

User = dict[str, Any]
HOOK = "experiments/hook.yaml"
FORCED = "forced: {coupon: [qa-1, qa-2], none: [qa-3], plain: [qa-4]}\n"
HELD = "holdout: {share: 100%, salt: all.1}\n"


@pytest.fixture
def forcing(write_shop: Callable[..., Path], shop_files: dict[str, str]) -> Workspace:
    return load(write_shop({HOOK: shop_files[HOOK] + FORCED}))


@pytest.fixture
def draft(write_shop: Callable[..., Path], shop_files: dict[str, str]) -> Workspace:
    text = shop_files[HOOK].partition("epochs:")[0].replace("running", "draft")
    config = shop_files["copylab.yaml"] + HELD
    return load(write_shop({HOOK: text + FORCED, "copylab.yaml": config}))


def test_who_tries_an_arm_out_gets_it_outside_of_the_audience_too(
    forcing: Workspace, user: User, at: datetime
) -> None:
    for change in ({}, {"loans": 5}, {"joined_at": None}):
        tester = {**user, **change, "user_id": "qa-1"}
        sms = forcing.compose("news", tester, channel="sms", at=at)
        assert isinstance(sms, Sms)
        row = sms.exposure
        assert (row.reason, row.arm, row.variant) == ("forced", "coupon", "coupon")
        assert (row.experiment, row.epoch, row.salt) == ("hook", 1, "hook.1a2b3c")
        assert (row.traffic_bucket, row.arm_bucket) == bucket("hook.1a2b3c", "qa-1")
        assert "coupon" in sms.text


def test_silence_can_be_tried_out(forcing: Workspace, user: User, at: datetime) -> None:
    found = forcing.compose("news", user | {"user_id": "qa-3"}, channel="sms", at=at)
    assert isinstance(found, Skipped)
    assert found.reason == "arm_none"
    assert found.exposure is not None
    assert (found.exposure.reason, found.exposure.arm) == ("forced", "none")


def test_everybody_else_is_assigned_as_before(
    forcing: Workspace, shop: Workspace, user: User, at: datetime
) -> None:
    for number in range(100):
        user["user_id"] = f"u{number}"
        found = forcing.compose("news", user, channel="sms", at=at)
        assert found == shop.compose("news", user, channel="sms", at=at)


def test_an_arm_is_tried_out_before_the_start_and_though_held_out(
    draft: Workspace, user: User, at: datetime
) -> None:
    sms = draft.compose("news", user | {"user_id": "qa-1"}, channel="sms", at=at)
    assert isinstance(sms, Sms)
    row = sms.exposure
    assert (row.reason, row.arm, row.experiment, row.epoch) == (
        "forced", "coupon", "hook", 0,
    )  # fmt: skip
    other = draft.compose("news", user, channel="sms", at=at)
    assert isinstance(other, Skipped)
    assert other.reason == "holdout"
    push = draft.compose("news", user | {"user_id": "qa-1"}, channel="push", at=at)
    assert isinstance(push, Skipped)  # the draft is about sms alone


def test_a_draft_that_forces_nobody_changes_nothing(
    write_shop: Callable[..., Path],
    shop_files: dict[str, str],
    quiet_shop: Workspace,
    user: User,
    at: datetime,
) -> None:
    text = shop_files[HOOK].partition("epochs:")[0].replace("running", "draft")
    shop = load(write_shop({HOOK: text}))
    found = shop.compose("news", user, channel="sms", at=at)
    assert found == quiet_shop.compose("news", user, channel="sms", at=at)
    forced = shop.compose("news", user, channel="sms", at=at, force="coupon")
    assert isinstance(forced, Sms)
    assert (forced.exposure.reason, forced.exposure.experiment) == ("forced", "hook")


@pytest.mark.parametrize("unit", ["u1", None, 7, "\ud83d"])
def test_one_call_forces_an_arm_whoever_the_user_is(
    shop: Workspace, user: User, at: datetime, unit: object
) -> None:
    user["user_id"] = unit
    sms = shop.compose("news", user, channel="sms", at=at, force="coupon")
    assert isinstance(sms, Sms)
    row = sms.exposure
    assert (row.reason, row.arm) == ("forced", "coupon")
    known = unit if unit == "u1" else None
    assert row.unit == known
    assert (row.arm_bucket is None) is (known is None)


def test_what_cannot_be_forced_is_an_error_of_the_call(
    shop: Workspace, quiet_shop: Workspace, user: User, at: datetime
) -> None:
    with pytest.raises(ValueError, match="must be an arm of hook: plain, coupon, none"):
        shop.compose("news", user, channel="sms", at=at, force="gift")
    with pytest.raises(ValueError, match="no experiment is on news push"):
        quiet_shop.compose("news", user, channel="push", at=at, force="plain")


def test_values_that_are_missing_are_missing_for_who_tries_out_too(
    forcing: Workspace, user: User, at: datetime
) -> None:
    del user["link"]
    found = forcing.compose("news", user | {"user_id": "qa-1"}, channel="sms", at=at)
    assert isinstance(found, Rejected)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{gift: [qa-1]}", "'gift' is no arm of the experiment"),
        ("{coupon: [qa-1], plain: [qa-1]}", "'qa-1' is forced into two arms"),
        ("{coupon: qa-1}", "coupon must be a list"),
        ("{coupon: [[qa-1]]}", "forced must list units"),
        ("[qa-1]", "forced must be a mapping"),
    ],
)
def test_what_is_written_wrong_is_told(
    write_shop: Callable[..., Path],
    shop_files: dict[str, str],
    written: str,
    told: str,
) -> None:
    root = write_shop({HOOK: f"{shop_files[HOOK]}forced: {written}\n"})
    with pytest.raises(WorkspaceError) as caught:
        load(root)
    assert any(told in item.message for item in caught.value.findings)


def test_a_draft_cannot_force_an_arm_without_words(
    write_shop: Callable[..., Path], shop_files: dict[str, str]
) -> None:
    text = shop_files[HOOK].partition("epochs:")[0].replace("running", "draft")
    text = text.replace("coupon", "gift")
    load(write_shop({HOOK: text}))  # an unfinished draft is nobody's business
    with pytest.raises(WorkspaceError) as caught:
        load(write_shop({HOOK: text + "forced: {gift: [qa-1]}\n"}))
    (found,) = caught.value.findings
    assert "'gift' is no variant" in found.message


@pytest.mark.parametrize("which", ["forcing", "draft"])
def test_a_table_forces_the_same_users(
    request: pytest.FixtureRequest, which: str, at: datetime, tmp_path: Path, user: User
) -> None:
    shop: Workspace = request.getfixturevalue(which)
    names = ["user_id", "locale", "loans", "joined_at", "name", "amount", "link"]
    units = [*(f"qa-{n}" for n in range(1, 5)), *(f"u{n}" for n in range(100))]
    rows = [[unit, *(str(user[name]) for name in names[1:])] for unit in units]
    path = tmp_path / "users.csv"
    path.write_text("\n".join(",".join(row) for row in [names, *rows]))
    compose_table(shop, "news", path, tmp_path / "out.csv", channel="sms", at=at)
    with (tmp_path / "out.exposures.csv").open() as file:
        logged = {row["unit"]: row for row in csv.DictReader(file)}
    assert len(logged) == len(units)
    for row in rows:
        one = shop.compose(
            "news", dict(zip(names, row, strict=True)), channel="sms", at=at
        )
        exposure = one.exposure  # type: ignore[union-attr]
        assert exposure is not None
        for name in ("experiment", "reason", "arm", "salt", "epoch", "arm_bucket"):
            value = getattr(exposure, name)
            assert logged[row[0]][name] == ("" if value is None else str(value)), name
