"""What assignment promises of many units at once, and of the oddest single ones."""

from __future__ import annotations

import pickle
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise

import pytest
from scipy.stats import chisquare

from copylab.experiment.assign import Split, assign, force, prepare_split
from copylab.experiment.buckets import SLOTS, bucket
from copylab.experiment.frozen import next_epoch
from copylab.experiment.holdout import Holdout, prepare_holdout
from copylab.experiment.model import Experiment, LayerSlots
from copylab.findings import Finding

NOW = datetime(2026, 11, 22, tzinfo=UTC)
UNITS = [f"user-{number}" for number in range(10_000)]
PAIRS = [
    *(((f"hook.{n}", f"hook.{n + 1}")) for n in range(9)),  # the last character differs
    *((f"winback.{n:06x}", f"winback.{n + 1:06x}") for n in range(0, 4_000, 200)),
    *((f"a{n}", f"b{n}") for n in range(21)),
]
Read = Callable[[str], tuple[Experiment | None, list[Finding]]]


def in_layer(experiment: Experiment, low: int, high: int, salt: str) -> Split:
    """An experiment with slots of a layer, as if it were started."""
    owned = LayerSlots("recall", "recall.1", ((low, high),))
    own = replace(experiment, salt=salt, coverage=Fraction(1))
    epoch = next_epoch(own, {}, NOW, layer=owned)
    return prepare_split(replace(own, status="running", epochs=(epoch,)))


def test_two_experiments_agree_on_a_unit_as_often_as_chance() -> None:
    assert len(PAIRS) == 50
    halves: dict[str, list[bool]] = {}
    for salt in {salt for pair in PAIRS for salt in pair}:
        halves[salt] = [bucket(salt, unit)[1] < SLOTS // 2 for unit in UNITS]
    for one, other in PAIRS:
        same = sum(a == b for a, b in zip(halves[one], halves[other], strict=True))
        z = (same - len(UNITS) / 2) / (len(UNITS) / 4) ** 0.5
        assert abs(z) < 4, (one, other, z)


def test_arms_have_their_shares_inside_one_percent_of_traffic(
    winback: Experiment,
) -> None:
    split = prepare_split(replace(winback, coverage=Fraction(1, 100)))
    found = [split.at(f"unit-{number}") for number in range(200_000)]
    inside = [item.arm for item in found if item.reason == "assigned"]
    assert abs(len(inside) - 2000) < 4 * (2000 * 0.99) ** 0.5
    seen = [inside.count(arm) for arm in winback.arms]
    planned = [float(share) * len(inside) for share in winback.arms.values()]
    assert chisquare(seen, planned).pvalue > 1e-4


def test_nobody_is_in_two_experiments_of_a_layer_and_nobody_is_lost(
    winback: Experiment,
) -> None:
    splits = [
        in_layer(winback, low, high, f"exp.{low}")
        for low, high in pairwise((0, 200_000, 450_000, 1_000_000))
    ]
    owners: list[list[int]] = []
    for unit in UNITS:
        reasons = [split.at(unit).reason for split in splits]
        assert set(reasons) <= {"assigned", "excluded_by_layer"}
        owners.append([n for n, why in enumerate(reasons) if why == "assigned"])
    assert all(len(own) == 1 for own in owners)
    seen = [sum(own == [n] for own in owners) for n in range(3)]
    planned = [share * len(UNITS) for share in (0.20, 0.25, 0.55)]
    assert chisquare(seen, planned).pvalue > 1e-4


def test_arms_say_nothing_about_the_slots_of_the_layer_or_the_holdout(
    winback: Experiment,
) -> None:
    split = in_layer(winback, 0, 500_000, "exp.1")
    held = prepare_holdout(Holdout(Fraction(1, 2), "holdout.1"))
    counts: dict[tuple[bool, str], int] = {}
    for unit in UNITS:
        found = split.at(unit)
        if found.arm in {"plain", "coupon"}:
            key = (held.at(unit).held, found.arm)
            counts[key] = counts.get(key, 0) + 1
    total = sum(counts.values())
    assert abs(total - 4500) < 4 * (10_000 * 0.45 * 0.55) ** 0.5
    assert chisquare(list(counts.values()), [total / 4] * 4).pvalue > 1e-4


def test_an_excluded_unit_shows_its_slot_in_the_salt_of_the_layer(
    winback: Experiment,
) -> None:
    split = in_layer(winback, 0, 500_000, "exp.1")
    for unit in UNITS[:200]:
        found = split.at(unit)
        salt = "recall.1" if found.reason == "excluded_by_layer" else "exp.1"
        assert (found.traffic_bucket, found.arm_bucket) == bucket(salt, unit)
        assert (bucket("recall.1", unit)[0] < 500_000) is (salt == "exp.1")
    assert pickle.loads(pickle.dumps(split)).at("u") == split.at("u")


def test_coverage_inside_a_layer_is_the_experiments_own(winback: Experiment) -> None:
    whole = in_layer(winback, 0, 500_000, "exp.1")
    half = replace(whole, threshold=SLOTS // 2)
    for unit in UNITS[:500]:
        if whole.at(unit).reason == "assigned":
            inside = bucket("exp.1", unit)[0] < SLOTS // 2
            assert (half.at(unit).reason == "assigned") is inside
            assert not inside or half.at(unit) == whole.at(unit)


def test_who_is_forced_is_asked_nothing_else(winback: Experiment) -> None:
    closed = replace(winback, forced={"qa": "coupon"}, coverage=Fraction(0))
    forced = prepare_split(closed)
    user = {"user_id": "qa"}
    found = assign(forced, user, now=NOW, audience=lambda _user, _now: False)
    assert found == force(forced, "coupon", "qa")
    assert (found.arm, found.reason, found.unit) == ("coupon", "forced", "qa")
    other = assign(forced, {"user_id": "u"}, now=NOW)
    assert other.reason == "not_in_traffic"


@pytest.mark.parametrize(
    "unit",
    [
        "x" * 1_048_576,
        "汉" * 349_525,
        unicodedata.normalize("NFC", "é"),
        unicodedata.normalize("NFD", "é"),
        " u ",
        "\x00",
        "a:b",
        "🙂",
    ],
)
def test_a_unit_is_taken_as_it_is(winback: Experiment, unit: str) -> None:
    split = prepare_split(winback)
    found = assign(split, {"user_id": unit}, now=NOW)
    assert found.reason == "assigned"
    assert (found.traffic_bucket, found.arm_bucket) == bucket(winback.salt, unit)


@pytest.mark.parametrize("unit", [7, 7.0, True, None, b"u", "", "\ud83d", ["u"], {}])
def test_what_is_no_unit_is_told_and_never_hashed(
    winback: Experiment, unit: object
) -> None:
    for experiment in (winback, replace(winback, forced={"u": "plain"})):
        found = assign(prepare_split(experiment), {"user_id": unit}, now=NOW)
        assert (found.arm, found.reason, found.unit) == (None, "unit", None)


def test_an_arm_with_a_share_of_zero_gets_nobody(winback: Experiment) -> None:
    arms = {"plain": Fraction(1), "coupon": Fraction(0), "none": Fraction(0)}
    split = prepare_split(replace(winback, arms=arms))
    assert {split.at(unit).arm for unit in UNITS[:500]} == {"plain"}


@pytest.mark.parametrize(
    ("arms", "told"),
    [
        ("{plain: 33.3%, coupon: 33.3%, none: 33.3%}", "the arms sum to 99.9%"),
        ("{plain: 0.333333, coupon: 0.333333, none: 0.333333}", "sum to 99.9999%"),
        ("{plain: 50%, coupon: 50.000001%}", "the arms sum to 100.000001%"),
        ("{plain: 100%, coupon: -0%}", "must be a share"),
    ],
)
def test_shares_that_are_off_by_a_rounding_are_told(
    read: Read, winback_text: str, arms: str, told: str
) -> None:
    text = winback_text.replace("{plain: 45%, coupon: 45%, none: 10%}", arms)
    _, findings = read(text)
    assert any(told in item.message for item in findings), findings


@pytest.mark.parametrize("salt", ["A", "a b", "a:b", "ä", "a/b", ""])
def test_a_salt_out_of_its_alphabet_is_told(
    read: Read, winback_text: str, salt: str
) -> None:
    _, findings = read(winback_text.replace("winback_hook.9f3a1c", f'"{salt}"'))
    assert any("salt" in item.message for item in findings)
