from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.composed import Sms
from copylab.compose.result import Rejected, Skipped
from copylab.compose.table import compose_table
from copylab.errors import DataError, WorkspaceError
from copylab.experiment.buckets import bucket
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

User = dict[str, Any]
SALT = "holdout.7c2e91"


def config(shop_files: dict[str, str], holdout: str) -> str:
    return shop_files["copylab.yaml"] + f"holdout: {holdout}\n"


@pytest.fixture
def held_shop(write_shop: Callable[..., Path], shop_files: dict[str, str]) -> Workspace:
    text = config(shop_files, f"{{share: 20%, salt: {SALT}}}")
    return load(write_shop({"copylab.yaml": text}))


def a_unit(*, held: bool, share: int = 200_000) -> str:
    return next(
        f"u{i}" for i in range(1000) if (bucket(SALT, f"u{i}")[0] < share) is held
    )


@pytest.mark.parametrize("channel", ["sms", "push", "email"])
def test_who_is_held_out_gets_nothing_in_any_channel(
    held_shop: Workspace, user: User, at: datetime, channel: str
) -> None:
    user["user_id"] = a_unit(held=True)
    skipped = held_shop.compose("news", user, channel=channel, at=at, send_id="s")
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "holdout"
    row = skipped.exposure
    assert row is not None
    assert (row.reason, row.arm, row.variant, row.template_hash) == (
        "holdout", None, None, None,
    )  # fmt: skip
    assert (row.experiment, row.epoch, row.layer) == (None, None, None)
    assert (row.salt, row.scheme) == (SALT, "md5-v1")
    assert (row.unit_type, row.unit) == ("user_id", user["user_id"])
    assert (row.traffic_bucket, row.arm_bucket) == bucket(SALT, user["user_id"])
    assert (row.template_id, row.channel, row.send_id) == ("news", channel, "s")


def test_everybody_else_is_composed_as_if_there_were_no_holdout(
    held_shop: Workspace, shop: Workspace, user: User, at: datetime
) -> None:
    seen = set()
    for number in range(300):
        user["user_id"] = f"u{number}"
        here = held_shop.compose("news", user, channel="sms", at=at)
        if bucket(SALT, user["user_id"])[0] >= 200_000:
            assert here == shop.compose("news", user, channel="sms", at=at)
        else:
            assert isinstance(here, Skipped)
            assert here.reason == "holdout"
        seen.add(type(here))
    assert seen == {Sms, Skipped}


@pytest.mark.parametrize("purpose", ["transactional", "otp"])
def test_what_somebody_waits_for_is_never_held_back(
    write_shop: Callable[..., Path],
    shop_files: dict[str, str],
    user: User,
    at: datetime,
    purpose: str,
) -> None:
    name = "templates/news/message.yaml"
    root = write_shop(
        {
            "copylab.yaml": config(shop_files, f"{{share: 100%, salt: {SALT}}}"),
            name: shop_files[name].replace("marketing", purpose),
            "experiments/hook.yaml": None,
        }
    )
    assert isinstance(load(root).compose("news", user, channel="sms", at=at), Sms)


@pytest.mark.parametrize("unit", [None, "", 7, b"u1", "\ud83d"])
def test_nobody_is_sent_marketing_who_cannot_be_placed(
    held_shop: Workspace, user: User, at: datetime, unit: object
) -> None:
    user["user_id"] = unit
    found = held_shop.compose("news", user, channel="push", at=at)
    assert found == Rejected("unit", ("user_id is missing or is not a text",))


def test_a_larger_share_lets_nobody_go(
    write_shop: Callable[..., Path],
    shop_files: dict[str, str],
    user: User,
    at: datetime,
) -> None:
    held: list[set[str]] = []
    for share in ("1%", "2%", "10%"):
        text = config(shop_files, f"{{share: {share}, salt: {SALT}}}")
        shop = load(write_shop({"copylab.yaml": text}))
        units = [f"u{i}" for i in range(2000)]
        composed = {
            unit: shop.compose("news", user | {"user_id": unit}, channel="push", at=at)
            for unit in units
        }
        held.append({u for u, c in composed.items() if isinstance(c, Skipped)})
    assert held[0] < held[1] < held[2]
    assert 150 < len(held[2]) < 250


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{share: 2%}", "no 'salt'"),
        ("{salt: a}", "no 'share'"),
        ("{share: 120%, salt: a}", "share must be a share"),
        ("{share: 2%, salt: A:b}", "'A:b' is not a salt"),
        ("{share: 2%, salt: a, purposes: [otp]}", "'otp' cannot be held out"),
        ("{share: 2%, salt: a, unit: member}", "'member' is no attribute of users"),
        ("{share: 2%, salt: a, shar: 1}", "knows no key 'shar'"),
        ("2%", "holdout must be a mapping"),
    ],
)
def test_what_is_written_wrong_is_told(
    write_shop: Callable[..., Path], shop_files: dict[str, str], written: str, told: str
) -> None:
    root = write_shop({"copylab.yaml": config(shop_files, written)})
    with pytest.raises(WorkspaceError) as caught:
        load(root)
    findings = caught.value.findings
    assert any(told in item.message for item in findings), findings
    assert all(item.file == "copylab.yaml" and item.line for item in findings)


def test_a_table_of_users_writes_the_row_of_each_who_is_held_out(
    held_shop: Workspace, at: datetime, tmp_path: Path
) -> None:
    users, output = tmp_path / "users.csv", tmp_path / "out.csv"
    rows = [f"u{i},en-US,Ann,12,a,hello" for i in range(200)]
    users.write_text("\n".join(["user_id,locale,name,amount,link,note", *rows]))
    summary = compose_table(held_shop, "news", users, output, channel="push", at=at)
    assert summary.tally.without == {
        ("skipped", "holdout"): summary.tally.count("skipped")
    }
    with (tmp_path / "out.exposures.csv").open() as file:
        logged = list(csv.DictReader(file))
    held = {row["unit"] for row in logged if row["reason"] == "holdout"}
    assert held == {f"u{i}" for i in range(200) if bucket(SALT, f"u{i}")[0] < 200_000}
    assert len(logged) == 200


def test_a_table_without_the_unit_of_the_holdout_is_refused(
    held_shop: Workspace, at: datetime, tmp_path: Path
) -> None:
    users = tmp_path / "users.csv"
    users.write_text("locale,name,amount,link\nen-US,Ann,12,a\n")
    with pytest.raises(DataError, match="the unit of the holdout"):
        compose_table(
            held_shop, "news", users, tmp_path / "o.csv", channel="push", at=at
        )
