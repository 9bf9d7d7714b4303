from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.composed import Sms
from copylab.compose.table import compose_table
from copylab.decision.start import start
from copylab.errors import DecisionError
from copylab.experiment.buckets import bucket
from copylab.workspace import Workspace, load, open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from copylab.experiment.exposure import Exposure

User = dict[str, Any]
LAYERS = "recall: {salt: recall.1}\nhomes: {salt: homes.1, unit: member}\n"
CONFIG = """\
brand: {name: Shop, signature: Shop}
locales: {default: en-US}
attributes: {user_id: string, member: string?}
"""
MESSAGES = ("news", "offer", "tips")


def experiment(message: str, slots: str = "40%", **more: str) -> str:
    lines = {
        "message": message,
        "channels": "[sms]",
        "salt": f"{message}.1",
        "arms": "{plain: 50%, coupon: 50%}",
        "control": "plain",
        "metrics": "{primary: click}",
        "layer": "recall",
        "slots": slots,
        **more,
    }
    return "".join(f"{key}: {value}\n" for key, value in lines.items())


@pytest.fixture
def three(write_shop: Callable[..., Path], shop_files: dict[str, str]) -> Path:
    """A shop with three messages, an experiment on each, and layers."""
    files: dict[str, str | None] = {
        "experiments/layers.yaml": LAYERS,
        "experiments/metrics.yaml": "click: {event: click, kind: share, within: 3d}\n",
        "experiments/hook.yaml": None,
        "experiments/audiences.yaml": None,
        "copylab.yaml": CONFIG,
        **dict.fromkeys(name for name in shop_files if "/news/" in name),
        **dict.fromkeys(name for name in shop_files if "/_layouts/" in name),
    }
    for message in MESSAGES:
        files[f"experiments/{message}.yaml"] = experiment(message)
        for name, text in shop_files.items():
            if name.endswith(("/news/message.yaml", "/news/sms.en-US.md")):
                files[name.replace("/news/", f"/{message}/")] = text
    return write_shop(files)


def begin(root: Path, name: str, at: datetime, *, new_epoch: bool = False) -> str:
    plan = start(open_workspace(root), name, at=at, new_epoch=new_epoch)
    apply_changes([plan.change])
    return (root / f"experiments/{name}.yaml").read_text()


def slots_of(workspace: Workspace, name: str) -> tuple[tuple[int, int], ...]:
    design = workspace.experiments[name].epochs[-1].design
    assert design is not None
    assert design.layer is not None
    return design.layer.stretches


def rows_of(
    workspace: Workspace, user: User, at: datetime, units: int = 600
) -> dict[str, list[Exposure]]:
    rows: dict[str, list[Exposure]] = {name: [] for name in MESSAGES}
    for name in MESSAGES:
        for number in range(units):
            person = user | {"user_id": f"u{number}"}
            sms = workspace.compose(name, person, channel="sms", at=at)
            assert isinstance(sms, Sms)
            rows[name].append(sms.exposure)
    return rows


def test_nobody_is_in_two_experiments_of_a_layer(
    three: Path, user: User, at: datetime
) -> None:
    begin(three, "news", at)
    begin(three, "offer", at)
    workspace = load(three)
    assert slots_of(workspace, "news") == ((0, 400_000),)
    assert slots_of(workspace, "offer") == ((400_000, 800_000),)
    rows = rows_of(workspace, user, at)
    inside = {
        name: {row.unit for row in rows[name] if row.reason == "assigned"}
        for name in ("news", "offer")
    }
    assert not inside["news"] & inside["offer"]
    assert all(200 < len(units) < 280 for units in inside.values())
    for name in ("news", "offer"):
        for row in rows[name]:
            assert row.layer == "recall"
            place = bucket("recall.1", str(row.unit))
            if row.reason == "assigned":
                own = bucket(f"{name}.1", str(row.unit))
                assert (row.traffic_bucket, row.arm_bucket) == own
                assert row.salt == f"{name}.1"
                assert row.arm == ("plain" if own[1] < 500_000 else "coupon")
            else:
                assert (row.reason, row.arm, row.variant) == (
                    "excluded_by_layer", None, "plain",
                )  # fmt: skip
                assert (row.salt, row.scheme) == ("recall.1", "md5-v1")
                assert (row.traffic_bucket, row.arm_bucket) == place
            low, high = slots_of(workspace, name)[0]
            assert (low <= place[0] < high) is (row.reason == "assigned")


def test_arms_do_not_follow_the_slots_of_the_layer(
    three: Path, user: User, at: datetime
) -> None:
    begin(three, "news", at)
    rows = rows_of(load(three), user, at, 2000)["news"]
    halves: list[list[bool]] = [[], []]
    for row in rows:
        if row.reason == "assigned":
            slot = bucket("recall.1", str(row.unit))[0]
            halves[slot >= 200_000].append(row.arm == "plain")
    for half in halves:
        n = len(half)
        assert abs(sum(half) / n - 0.5) < 4 * (0.25 / n) ** 0.5


def test_a_layer_that_is_full_takes_no_more_until_one_is_concluded(
    three: Path, at: datetime
) -> None:
    begin(three, "news", at)
    begin(three, "offer", at)
    warned = [i for i in load(three).lint().findings if i.rule == "bad-layer"]
    assert [item.severity for item in warned] == ["warning"]
    with pytest.raises(DecisionError, match="has 20% left, and 'tips' asks for 40%"):
        begin(three, "tips", at)
    news = three / "experiments/news.yaml"
    news.write_text(news.read_text().replace("running", "concluded"))
    text = begin(three, "tips", at)
    assert "slots: [0-399999]" in text
    assert slots_of(load(three), "tips") == ((0, 400_000),)
    assert not [i for i in load(three).lint().findings if i.rule.startswith("layer")]


def test_a_new_epoch_keeps_the_slots_it_has_and_adds_the_lowest_free(
    three: Path, at: datetime
) -> None:
    (three / "experiments/offer.yaml").write_text(experiment("offer", "10%"))
    for name in ("news", "offer"):
        begin(three, name, at)
    news = three / "experiments/news.yaml"
    text = news.read_text().replace("slots: 40%", "slots: 60%")
    news.write_text(text)
    later = at.replace(year=at.year + 1)
    with pytest.raises(DecisionError, match="the slots of the layer changed"):
        begin(three, "news", later)
    begin(three, "news", later, new_epoch=True)
    assert slots_of(load(three), "news") == ((0, 400_000), (500_000, 700_000))


def test_slots_can_be_asked_for_by_number(three: Path, at: datetime) -> None:
    (three / "experiments/news.yaml").write_text(
        experiment("news", "[700000-899999, 0-99999]")
    )
    begin(three, "news", at)
    assert slots_of(load(three), "news") == ((0, 100_000), (700_000, 900_000))
    (three / "experiments/offer.yaml").write_text(experiment("offer", "[50000-150000]"))
    with pytest.raises(DecisionError, match="another experiment: 50000-99999"):
        begin(three, "offer", at)
    (three / "experiments/offer.yaml").write_text(experiment("offer", "70%"))
    begin(three, "offer", at)
    assert slots_of(load(three), "offer") == ((100_000, 700_000), (900_000, 1_000_000))


def test_two_that_were_started_on_branches_are_told_and_set_apart(
    three: Path, at: datetime
) -> None:
    alone = (three / "experiments/news.yaml").read_text()
    begin(three, "news", at)
    started = (three / "experiments/news.yaml").read_text()
    (three / "experiments/news.yaml").write_text(alone)
    begin(three, "offer", at)
    (three / "experiments/news.yaml").write_text(started)
    told = [i for i in load(three).lint().findings if i.rule == "layer-overlap"]
    assert [(item.file, item.severity) for item in told] == [
        ("experiments/offer.yaml", "error")
    ]
    assert "'news' owns slots of the layer 'recall', too: 0-399999" in told[0].message
    begin(three, "offer", at.replace(year=at.year + 1), new_epoch=True)
    workspace = load(three)
    assert slots_of(workspace, "offer") == ((400_000, 800_000),)
    assert not [i for i in workspace.lint().findings if i.rule == "layer-overlap"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"layer": "recal"}, "there is no layer 'recal'"),
        ({"layer": "homes"}, "the unit is 'user_id', and that of the layer 'homes'"),
        ({"salt": "recall.1"}, "the salt is that of the layer 'recall'"),
        ({"slots": "0%"}, "slots is none of the layer"),
        ({"slots": "[0-1000000]"}, "is no stretch of slots"),
        ({"slots": "[0-9, 5-20]"}, "slots names a slot twice"),
    ],
)
def test_what_cannot_be_in_a_layer_is_told_and_not_started(
    three: Path, at: datetime, more: dict[str, str], told: str
) -> None:
    (three / "experiments/news.yaml").write_text(experiment("news", **more))
    found = open_workspace(three).lint().findings
    assert any(told in item.message for item in found if item.severity == "error")
    with pytest.raises(DecisionError, match="cannot be started"):
        begin(three, "news", at)


def test_a_table_excludes_the_same_users(
    three: Path, at: datetime, tmp_path: Path, user: User
) -> None:
    begin(three, "news", at)
    workspace = load(three)
    names = ["user_id", "locale", "name", "amount", "link"]
    rows = [[f"u{n}", *(str(user[name]) for name in names[1:])] for n in range(300)]
    path = tmp_path / "users.csv"
    path.write_text("\n".join(",".join(row) for row in [names, *rows]))
    compose_table(workspace, "news", path, tmp_path / "out.csv", channel="sms", at=at)
    with (tmp_path / "out.exposures.csv").open() as file:
        logged = {row["unit"]: row for row in csv.DictReader(file)}
    for row in rows:
        person = dict(zip(names, row, strict=True))
        one = workspace.compose("news", person, channel="sms", at=at)
        assert isinstance(one, Sms)
        for name in ("reason", "arm", "salt", "layer", "traffic_bucket", "arm_bucket"):
            value = getattr(one.exposure, name)
            assert logged[row[0]][name] == ("" if value is None else str(value)), name
