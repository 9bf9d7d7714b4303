"""The audit finds each way in which rows can be wrong, and nothing in right ones."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.decision.audit import audit_exposures
from copylab.decision.audit.judge import make_finding
from copylab.decision.audit.messages import CHECKS
from copylab.decision.audit.table import ROW_CHECKS
from copylab.errors import DataError, UnreadableError
from copylab.experiment.allocation import Allocation, allocate
from copylab.experiment.buckets import bucket
from copylab.experiment.exposure import EXPOSURE_REASONS


def units(count: int, start: int = 0) -> list[str]:
    return [f"user-{number}" for number in range(start, start + count)]


def checks(audit) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in audit.findings:
        found[item.check] = found.get(item.check, 0) + item.rows
    return found


def test_rows_as_python_makes_them_have_nothing_wrong(workspace, row, write) -> None:
    audit = audit_exposures(workspace(), [write([row(u) for u in units(2000)])])
    assert audit.findings == ()
    assert (audit.files, audit.rows, audit.recomputed) == (1, 2000, 2000)
    (epoch,) = audit.epochs
    assert (epoch.experiment, epoch.epoch, epoch.rows) == ("hook", 1, 2000)
    assert epoch.reasons == {"assigned": 2000}
    together, sms = epoch.ratios
    assert (together.channel, sms.channel) == (None, "sms")
    assert together.units == sms.units
    assert sum(together.units.values()) == 2000
    assert together.ratio.ok


@pytest.mark.parametrize(
    "name", ["rows.jsonl", "rows.csv", "a 'quoted' [name].parquet"]
)
def test_other_formats_and_names_say_the_same(workspace, row, write, name) -> None:
    rows = [row(u) for u in [*units(300), "a'b", "用户", "é", "e\u0301", " x "]]
    rows.append(
        row("user-x", arm="coupon" if row("user-x")["arm"] == "plain" else "plain")
    )
    audit = audit_exposures(workspace(), [write(rows, name)])
    wrong = checks(audit)
    assert wrong.pop("variant-differs", 1) == 1
    assert wrong == {"arm-differs": 1}


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv", "rows.parquet"])
def test_units_that_look_like_something_else_stay_what_they_are(
    workspace, row, write, name
) -> None:
    names = [
        *[f"0B6A5E3C-9D1F-4E2A-8C7B-00000000000{n}" for n in range(9)],
        "2026-11-22T11:00:00Z",
        "2026-11-22",
        "007",
        "1e5",
        "true",
        "null",
    ]
    for some in (names[:9], names[9:10], names[10:11], names[11:]):
        path = write([row(unit) for unit in some], name)
        audit = audit_exposures(workspace(), [path])
        assert audit.findings == ()
        assert audit.recomputed == len(some)


def test_a_table_without_rows_has_nothing_wrong(workspace, write) -> None:
    audit = audit_exposures(workspace(), [write([])])
    assert (audit.rows, audit.epochs, audit.findings) == (0, (), ())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9),
        min_size=1,
        max_size=30,
        unique=True,
    )
)
def test_any_unit_is_computed_as_python_does(workspace, row, write, names) -> None:
    audit = audit_exposures(workspace(), [write([row(name) for name in names])])
    assert [item for item in audit.findings if item.check != "sample-ratio"] == []


def _other(arm: str) -> str:
    return "coupon" if arm == "plain" else "plain"


WRONG = {
    "arm-differs": lambda r: {"arm": _other(r["arm"]), "variant": _other(r["arm"])},
    "bucket-differs": lambda r: {
        "traffic_bucket": (r["traffic_bucket"] + 1) % 1_000_000
    },
    "salt-differs": lambda _: {"salt": "hook.other"},
    "unknown-experiment": lambda _: {"experiment": "nobody"},
    "unknown-epoch": lambda _: {"epoch": 2},
    "no-experiment": lambda _: {"experiment": None},
    "unknown-reason": lambda _: {"reason": "because"},
    "unknown-scheme": lambda _: {"scheme": "md5-v9"},
    "unreadable-row": lambda _: {"ts": None},
    "variant-differs": lambda _: {"variant": "other"},
    "unit-differs": lambda _: {"unit_type": "device_id"},
    "message-differs": lambda _: {"template_id": "bye"},
    "layer-unlike-epoch": lambda _: {"layer": "recall"},
    "before-epoch": lambda r: {"ts": r["ts"] - timedelta(days=60)},
    "stray-arm": lambda _: {"reason": "not_in_audience"},
    "unknown-arm": lambda _: {"reason": "forced", "arm": "gone", "variant": "gone"},
}


@pytest.mark.parametrize("check", sorted(WRONG))
def test_each_wrong_thing_is_found_by_its_name_among_right_rows(
    workspace, row, write, check
) -> None:
    rows = [row(unit) for unit in units(60)]
    spoilt = next(r for r in rows if r["arm"] == "plain" and r["unit"] > "user-2")
    unit = spoilt["unit"]
    spoilt |= WRONG[check](spoilt)
    if check == "salt-differs":
        spoilt |= row(unit, salt="hook.other")
    audit = audit_exposures(workspace(), [write(rows)])
    (found,) = [item for item in audit.findings if item.check == check]
    assert found.rows == 1
    assert found.examples == (unit,)
    assert found.message == CHECKS[check][1]
    assert found.help
    expected = {check}
    if check == "salt-differs" and row(unit, salt="hook.other")["arm"] == "plain":
        expected |= {"arm-differs"} & set(checks(audit))
    assert set(checks(audit)) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"arm_bucket": None},
        {"traffic_bucket": None},
        {"arm_bucket": 5, "arm": "plain", "variant": "plain"},
    ],
)
def test_a_bucket_that_is_missing_or_made_up_is_found(
    workspace, row, write, values
) -> None:
    audit = audit_exposures(workspace(), [write([row("user-1") | values])])
    assert checks(audit)["bucket-differs"] == 1


def test_a_number_that_is_none_makes_a_row_unreadable(workspace, row, write) -> None:
    rows = [row(u) for u in units(3)]
    rows[1]["arm_bucket"] = "many"
    path = write(rows, "rows.jsonl")
    assert checks(audit_exposures(workspace(), [path]))["unreadable-row"] == 1


def test_a_row_whose_unit_is_missing_is_unreadable(workspace, row, write) -> None:
    rows = [row(u) for u in units(3)]
    rows[0]["unit"], rows[1]["unit"] = None, ""
    assert checks(audit_exposures(workspace(), [write(rows)]))["unreadable-row"] == 2


def test_units_seen_in_two_arms_are_counted_once(workspace, row, write) -> None:
    rows = [row(u) for u in units(10)]
    other = row("user-3", send_id="second")
    other |= {"arm": _other(other["arm"]), "variant": _other(other["arm"])}
    audit = audit_exposures(workspace(), [write([*rows, other, other])])
    found = checks(audit)
    assert found["units-in-two-arms"] == 1
    assert found["arm-differs"] == 2
    assert found["repeated-rows"] == 1


def test_rows_that_repeat_are_told_and_are_no_fault(workspace, row, write) -> None:
    rows = [row(u) for u in units(40)]
    late = [{**r, "ts": r["ts"] + timedelta(seconds=5)} for r in rows[:7]]
    audit = audit_exposures(
        workspace(),
        [write(rows), write(late, "b.parquet"), write(rows[:1], "c.parquet")],
    )
    (found,) = audit.findings
    assert (found.check, found.severity, found.rows) == ("repeated-rows", "info", 8)
    assert sum(audit.epochs[0].ratios[0].units.values()) == 40


def test_rows_without_a_send_are_told_apart_by_their_time(
    workspace, row, write
) -> None:
    one = row("user-1", send_id=None)
    later = {**one, "ts": one["ts"] + timedelta(days=1)}
    audit = audit_exposures(workspace(), [write([one, later])])
    assert audit.findings == ()
    audit = audit_exposures(workspace(), [write([one, one, later])])
    assert checks(audit) == {"repeated-rows": 1}


def test_a_send_whose_rows_disagree_is_a_fault(workspace, row, write) -> None:
    rows = [row("user-1"), row("user-1", channel="push")]
    audit = audit_exposures(workspace(), [write(rows)])
    assert checks(audit) == {"repeated-rows": 1, "repeats-disagree": 1}
    assert audit.findings[0].examples == ("user-1",)


def test_the_sample_ratio_is_checked_by_epoch_and_channel(
    workspace, row, write
) -> None:
    fair = [row(u) for u in units(4000)]
    lost = [
        row(u, channel="push")
        for u in units(4000, start=5000)
        if row(u)["arm"] != "coupon" or int(u[5:]) % 3
    ]
    audit = audit_exposures(workspace(), [write([*fair, *lost])])
    (epoch,) = audit.epochs
    by_channel = {item.channel: item.ratio.ok for item in epoch.ratios}
    assert by_channel == {None: False, "push": False, "sms": True}
    messages = [item.message for item in audit.findings]
    assert {item.check for item in audit.findings} == {"sample-ratio"}
    assert any("in push (p" in message for message in messages)
    assert not any("in sms" in message for message in messages)


def test_coverage_may_rise_within_an_epoch_and_not_fall(workspace, row, write) -> None:
    ramped = workspace(began_with="20%", coverage="50%")
    rows = []
    for unit in units(400):
        made = row(unit)
        traffic = made["traffic_bucket"]
        if traffic < 350_000:  # as a day in the middle of the ramp had it
            rows.append(made)
        else:
            rows.append(
                made | {"arm": None, "variant": None, "reason": "not_in_traffic"}
            )
    assert audit_exposures(ramped, [write(rows)]).findings == ()
    inside = next(r for r in rows if r["traffic_bucket"] < 200_000)
    inside |= {"arm": None, "variant": None, "reason": "not_in_traffic"}
    beyond = next(r for r in rows if r["traffic_bucket"] >= 500_000)
    beyond |= {"arm": row(beyond["unit"])["arm"], "reason": "assigned"}
    audit = audit_exposures(ramped, [write(rows)])
    assert checks(audit) == {"inside-coverage": 1, "outside-coverage": 1}


def test_each_epoch_has_its_own_slots_and_shares(workspace, row, write) -> None:
    halves = Allocation.of(
        {"plain": [(0, 100_000), (600_000, 1_000_000)], "coupon": [(100_000, 600_000)]}
    )
    epochs = (
        "  - epoch: 1\n    at: 2026-11-01T00:00:00Z\n    hash: '1'\n"
        "    arms: {plain: 20%, coupon: 80%}\n"
        "  - epoch: 2\n    at: 2026-11-10T00:00:00Z\n    hash: '2'\n"
        "    arms: {plain: 50%, coupon: 50%}\n"
        "    slots: {plain: [0-99999, 600000-999999], coupon: [100000-599999]}\n"
    )
    first = allocate({"plain": Fraction(1, 5), "coupon": Fraction(4, 5)})
    rows = [row(u, allocation=first) for u in units(900)]
    rows += [row(u, allocation=halves, epoch=2, send_id=f"2-{u}") for u in units(900)]
    audit = audit_exposures(workspace(epochs), [write(rows)])
    assert checks(audit) == {}
    assert [epoch.shares["plain"] for epoch in audit.epochs] == [0.2, 0.5]
    swapped = [{**r, "epoch": 3 - r["epoch"]} for r in rows]
    assert checks(audit_exposures(workspace(epochs), [write(swapped)]))["arm-differs"]


def test_a_layer_decides_who_is_excluded(workspace, row, write) -> None:
    epochs = (
        "  - epoch: 1\n    at: 2026-11-01T00:00:00Z\n    hash: '1'\n"
        "    arms: {plain: 45%, coupon: 45%, none: 10%}\n"
        "    design:\n      {message: hello, salt: hook.9f3a1c, unit: user_id, "
        "control: plain, coverage: 100%,\n"
        "       layer: {name: recall, salt: recall.4f1e07, slots: [200000-499999]}}\n"
    )
    layered = workspace(
        epochs,
        extra="layer: recall\nslots: [200000-499999]\n",
        files={"experiments/layers.yaml": "recall: {salt: recall.4f1e07}\n"},
    )
    rows = []
    for unit in units(500):
        place, other = bucket("recall.4f1e07", unit)
        if 200_000 <= place < 500_000:
            rows.append(row(unit, layer="recall"))
        else:
            rows.append(
                row(
                    unit, layer="recall", salt="recall.4f1e07", arm=None, variant=None,
                    reason="excluded_by_layer", traffic_bucket=place, arm_bucket=other,
                )
            )  # fmt: skip
    assert audit_exposures(layered, [write(rows)]).findings == ()
    out = next(r for r in rows if r["reason"] == "excluded_by_layer")
    out |= row(out["unit"], layer="recall")
    inside = next(r for r in rows if r["reason"] == "assigned" and r is not out)
    place, other = bucket("recall.4f1e07", inside["unit"])
    inside |= {
        "salt": "recall.4f1e07", "arm": None, "variant": None,
        "reason": "excluded_by_layer", "traffic_bucket": place, "arm_bucket": other,
    }  # fmt: skip
    assert checks(audit_exposures(layered, [write(rows)])) == {"layer-differs": 2}


def test_the_holdout_is_held_to_its_own_salt(workspace, row, write) -> None:
    rows = []
    for unit in units(400):
        traffic, other = bucket("holdout.7c2e91", unit)
        rows.append(
            row(
                unit, experiment=None, salt="holdout.7c2e91", epoch=None, arm=None,
                variant=None, reason="holdout", traffic_bucket=traffic, arm_bucket=other,
            )
        )  # fmt: skip
    held = [r for r in rows if r["traffic_bucket"] < 100_000]
    declared = workspace(holdout="holdout: {share: 10%, salt: holdout.7c2e91}\n")
    assert audit_exposures(declared, [write(held)]).findings == ()
    audit = audit_exposures(declared, [write(rows)])
    assert checks(audit) == {"holdout-differs": len(rows) - len(held)}
    assert audit.findings[0].severity == "warning"
    other = workspace(holdout="holdout: {share: 10%, salt: holdout.new}\n")
    assert checks(audit_exposures(other, [write(held)])) == {
        "holdout-differs": len(held)
    }
    assert checks(audit_exposures(workspace(), [write(held)])) == {
        "holdout-differs": len(held)
    }


def test_units_that_the_holdout_holds_and_were_sent_to_are_told(
    workspace, row, write
) -> None:
    rows = [row(unit) for unit in units(400)]
    held = [u for u in units(400) if bucket("holdout.7c2e91", u)[0] < 100_000]
    declared = workspace(holdout="holdout: {share: 10%, salt: holdout.7c2e91}\n")
    audit = audit_exposures(declared, [write(rows)])
    assert checks(audit) == {"holdout-ignored": len(held)}
    assert set(audit.findings[0].examples) <= set(held)
    let_go = [r for r in rows if r["unit"] not in held]
    assert audit_exposures(declared, [write(let_go)]).findings == ()


def test_columns_that_should_repeat_and_do_not_are_an_error(
    workspace, row, write, monkeypatch
) -> None:
    monkeypatch.setattr("copylab.decision.audit.table.MOST_GROUPS", 50)
    rows = [row(unit, template_hash=unit) for unit in units(60)]
    with pytest.raises(DataError, match="more than 50 different combinations"):
        audit_exposures(workspace(), [write(rows)])


def test_forced_rows_and_rows_outside_are_counted_and_left_out(
    workspace, row, write
) -> None:
    rows = [row(u) for u in units(50)]
    rows += [
        row(u, reason="forced", arm="coupon", variant="coupon") for u in ["qa1", "qa2"]
    ]
    none = {"arm": None, "variant": None, "traffic_bucket": None, "arm_bucket": None}
    rows += [row("out", reason="not_in_audience", **none)]
    live = row("live", reason="no_experiment", experiment=None, epoch=None, **none)
    rows += [live | {"salt": None, "scheme": None}]
    audit = audit_exposures(workspace(), [write(rows)])
    assert audit.findings == ()
    (epoch,) = audit.epochs
    assert epoch.reasons == {"assigned": 50, "forced": 2, "not_in_audience": 1}
    assert sum(epoch.ratios[0].units.values()) == 50
    assert set(epoch.reasons) <= set(EXPOSURE_REASONS)


def test_words_that_the_epoch_does_not_have_are_found_and_else_it_says_so(
    workspace, row, write
) -> None:
    made = workspace()
    hashes = made.arm_hashes(made.experiments["hook"])
    epochs = (
        "  - epoch: 1\n    at: 2026-11-01T00:00:00Z\n    hash: '1'\n    arms:\n"
        f"      plain: {{share: 45%, hash: {hashes['plain']}}}\n"
        f"      coupon: {{share: 45%, hash: {'0' * 64}}}\n"
        "      none: 10%\n"
    )
    known = made.copy_hashes["hello", "sms", "en-US", "plain"]
    rows = [row(u) for u in units(80)]
    for item in rows:
        item["template_hash"] = None if item["arm"] == "none" else known
    audit = audit_exposures(workspace(epochs), [write(rows)])
    assert audit.findings == ()
    (sentence, *_) = audit.epochs[0].unchecked
    assert sentence.startswith("the words of coupon:")
    changed = [r for r in rows if r["arm"] == "plain"][:3]
    for item in changed:
        item["template_hash"] = "ff" * 32
    audit = audit_exposures(workspace(epochs), [write(rows)])
    assert checks(audit) == {"copy-differs": 3}


def test_sha256_rows_are_computed_by_their_own_scheme(workspace, row, write) -> None:
    made = row("user-1", scheme="sha256-v1")
    traffic, slot = bucket(made["salt"], "user-1", scheme="sha256-v1")
    usual = allocate(
        {
            "plain": Fraction(45, 100),
            "coupon": Fraction(45, 100),
            "none": Fraction(1, 10),
        }
    )
    arm = usual.arm_at(slot)
    made |= {"traffic_bucket": traffic, "arm_bucket": slot, "arm": arm, "variant": arm}
    assert audit_exposures(workspace(), [write([made])]).findings == ()


def test_the_place_of_the_data_is_the_default_and_a_folder_will_do(
    workspace, row, write, tmp_path
) -> None:
    made = workspace()
    write([row("user-1")], "workspace/data/exposures/a.parquet")
    assert audit_exposures(made).rows == 1
    assert audit_exposures(made, [tmp_path / "workspace/data/exposures"]).rows == 1


def test_what_cannot_be_audited_is_an_error_with_its_place(workspace, tmp_path) -> None:
    made = workspace()
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no finished files"):
        audit_exposures(made, [tmp_path / "empty"])
    with pytest.raises(UnreadableError, match="names no file"):
        audit_exposures(made, [tmp_path / "nothing.parquet"])
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(UnreadableError, match="cannot be read"):
        audit_exposures(made, [tmp_path / "broken.parquet"])
    (tmp_path / "few.csv").write_text("unit,arm\nu,plain\n")
    with pytest.raises(DataError, match='no column "ts"'):
        audit_exposures(made, [tmp_path / "few.csv"])


def test_an_audit_within_little_memory_says_the_same(workspace, row, write) -> None:
    rows = [row(u) for u in units(30_000)]
    rows += rows[:500]
    made, path = workspace(), write(rows)
    small = audit_exposures(made, [path], memory_mb=60)
    assert small.to_dict() == audit_exposures(made, [path]).to_dict()
    assert checks(small) == {"repeated-rows": 500}


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_check_speaks_of_one_row_and_of_many(check) -> None:
    severity, one, more, _ = CHECKS[check]
    assert severity in {"error", "warning", "info"}
    assert make_finding(check, 1).message == one
    many = make_finding(check, 12_345).message
    assert "12,345" in many
    assert "{" not in many
    assert more != one


def test_every_check_of_rows_has_its_words() -> None:
    assert set(ROW_CHECKS) <= set(CHECKS)
