"""Arms that were drawn with a list: what composing makes of them."""

from __future__ import annotations

import csv
import pickle
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.composed import Sms
from copylab.compose.one import Composer
from copylab.compose.result import Rejected, Skipped
from copylab.compose.table import compose_table
from copylab.experiment.buckets import bucket
from copylab.experiment.strata import STRATA_SCHEME, stratified_split

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from copylab.workspace import Workspace

User = dict[str, Any]


def test_a_user_gets_the_arm_of_the_list_whatever_the_buckets_say(
    shop: Workspace, user: User, at: datetime
) -> None:
    composer = pickle.loads(pickle.dumps(Composer(shop, "news", "sms", "drawn")))
    for number in range(40):
        user |= {"user_id": f"u{number}", "drawn": "coupon", "loans": 9}
        sms = composer.compose(user, at)
        assert isinstance(sms, Sms)
        row: Any = sms.exposure
        assert (row.arm, row.variant, row.reason) == ("coupon", "coupon", "assigned")
        assert (row.scheme, row.salt, row.epoch) == (STRATA_SCHEME, "hook.1a2b3c", 1)
        buckets = bucket("hook.1a2b3c", user["user_id"])
        assert (row.traffic_bucket, row.arm_bucket) == buckets
    silent = composer.compose(user | {"drawn": "none"}, at)
    assert isinstance(silent, Skipped)
    assert silent.reason == "arm_none"


@pytest.mark.parametrize("drawn", [None, ""])
def test_who_is_not_on_the_list_is_outside_of_the_experiment(
    shop: Workspace, user: User, at: datetime, drawn: object
) -> None:
    sms = Composer(shop, "news", "sms", "drawn").compose(user | {"drawn": drawn}, at)
    assert isinstance(sms, Sms)
    row: Any = sms.exposure
    assert (row.reason, row.arm, row.variant) == ("not_in_audience", None, "plain")


@pytest.mark.parametrize("drawn", ["gift", 7, ["coupon"], " coupon"])
def test_an_arm_that_there_is_not_is_told(
    shop: Workspace, user: User, at: datetime, drawn: object
) -> None:
    found = Composer(shop, "news", "sms", "drawn").compose(user | {"drawn": drawn}, at)
    assert found == Rejected("arm", (f"drawn is {drawn!r}, no arm there is",))
    found = Composer(shop, "news", "sms", "drawn").compose({"drawn": "coupon"}, at)
    assert isinstance(found, Rejected)
    assert found.reason == "unit"


def test_a_list_needs_a_running_experiment(quiet_shop: Workspace) -> None:
    with pytest.raises(ValueError, match="no experiment is running on news sms"):
        Composer(quiet_shop, "news", "sms", "drawn")


def test_a_table_is_sent_with_the_exact_split_of_its_list(
    shop: Workspace, user: User, at: datetime, tmp_path: Path
) -> None:
    units = [f"u{number}" for number in range(205)]
    strata = ["new" if number % 3 else "old" for number in range(205)]
    shares = shop.experiments["hook"].arms
    arms = stratified_split(units[:200], strata[:200], shares, "list.1")
    names = ["locale", "name", "amount", "link"]
    rows = [
        [unit, arm, *(str(user[name]) for name in names)]
        for unit, arm in zip(units, [*arms, *[""] * 4, "gift"], strict=True)
    ]
    path = tmp_path / "users.csv"
    header = ["user_id", "drawn", *names]
    path.write_text("\n".join(",".join(row) for row in [header, *rows]))
    output = tmp_path / "out.csv"
    summary = compose_table(
        shop, "news", path, output, channel="sms", at=at, arms="drawn"
    )
    with (tmp_path / "out.exposures.csv").open() as file:
        logged = {row["unit"]: row for row in csv.DictReader(file)}
    assert [logged[unit]["arm"] for unit in units[:200]] == arms
    assert {logged[unit]["scheme"] for unit in units[:200]} == {STRATA_SCHEME}
    assert {logged[unit]["reason"] for unit in units[200:204]} == {"not_in_audience"}
    assert units[204] not in logged
    assert summary.tally.without["rejected", "arm"] == 1
    counted = Counter(row["arm"] for row in logged.values())
    assert counted == {"plain": 80, "coupon": 80, "none": 40, "": 4}
