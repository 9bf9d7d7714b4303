import pickle
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.experiment import buckets
from copylab.experiment.allocation import allocate
from copylab.experiment.assign import Assignment, Split, assign, prepare_split
from copylab.experiment.buckets import bucket
from copylab.experiment.model import Experiment, LayerSlots

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def split(winback: Experiment) -> Split:
    return prepare_split(winback)


def test_agrees_with_bucket_and_allocation(winback: Experiment) -> None:
    half = prepare_split(replace(winback, coverage=Fraction(1, 2)))
    allocation = allocate(winback.arms)
    for number in range(2000):
        unit = f"用户{number}"
        traffic, slot = bucket(winback.salt, unit)
        inside = traffic < 500_000
        assert assign(half, {"user_id": unit}, now=NOW) == Assignment(
            allocation.arm_at(slot) if inside else None,
            "assigned" if inside else "not_in_traffic",
            traffic,
            slot,
            0,
            unit,
        )


def test_arms_get_their_shares(split: Split) -> None:
    users = [{"user_id": f"user-{number}"} for number in range(20_000)]
    arms = Counter(assign(split, user, now=NOW).arm for user in users)
    shares = {"plain": 0.45, "coupon": 0.45, "none": 0.1}
    expected = {arm: share * len(users) for arm, share in shares.items()}
    chi_squared = sum((arms[a] - n) ** 2 / n for a, n in expected.items())
    assert set(arms) == set(shares)
    assert chi_squared < 18.5  # the 0.9999 quantile with 2 degrees of freedom


def test_the_audience_sees_user_and_time(split: Split) -> None:
    seen = []

    def audience(user: Mapping[str, object], now: datetime) -> bool:
        seen.append((user, now))
        return False

    user = {"user_id": "user-1", "loans": 0}
    found = assign(split, user, now=NOW, audience=audience)
    assert found == Assignment(None, "not_in_audience", None, None, 0, "user-1")
    assert seen == [(user, NOW)]
    inside = assign(split, user, now=NOW, audience=lambda _user, _now: True)
    assert inside.reason == "assigned"


@pytest.mark.parametrize("unit", [None, "", 7, 7.0, True, b"u", "\ud800"])
def test_a_user_without_usable_unit_is_reported(split: Split, unit: object) -> None:
    expected = Assignment(None, "unit", None, None, 0, None)
    assert assign(split, {"user_id": unit}, now=NOW) == expected
    assert assign(split, {}, now=NOW) == expected


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.fractions(0, 1),
    st.fractions(0, 1),
)
def test_a_ramp_keeps_everybody_in_their_arm(
    unit: str, one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    arms = {"a": Fraction(1, 3), "b": Fraction(2, 3)}
    base = Experiment("e", "m", (), "draft", None, "id", "s", low, arms, "a")
    before = assign(prepare_split(base), {"id": unit}, now=NOW)
    after = assign(prepare_split(replace(base, coverage=high)), {"id": unit}, now=NOW)
    if before.arm is not None:
        assert after == before
    assert after.arm_bucket == before.arm_bucket


def test_an_experiment_that_was_reported_cannot_be_prepared(
    winback: Experiment,
) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        prepare_split(replace(winback, arms={"plain": Fraction(1, 2)}))
    with pytest.raises(ValueError, match="salt"):
        prepare_split(replace(winback, salt="A"))


UNITS = ["user-1", "用户", "\ud800", "", None, 7, b"u", "x" * 300]


@pytest.mark.parametrize("coverage", [Fraction(0), Fraction(1, 3), Fraction(1)])
@pytest.mark.parametrize("forced", [{}, {"user-1": "coupon"}])
@pytest.mark.parametrize("layered", [False, True])
def test_what_is_bound_places_users_as_assign_does(
    winback: Experiment, coverage: Fraction, forced: dict, layered
) -> None:
    split = prepare_split(replace(winback, coverage=coverage, forced=forced))
    if layered:
        split = replace(split, layer=LayerSlots("l", "l.1", ((100_000, 600_000),)))

    def audience(user: Mapping[str, object], _now: datetime) -> bool:
        return user["loans"] == 0

    units = [*UNITS, *(f"u{number}" for number in range(500))]
    users = [{"user_id": unit, "loans": loans} for unit in units for loans in (0, 1)]
    reasons = set()
    for inside in (None, audience):
        place = split.placer(inside)
        for user in users:
            expected = assign(split, user, now=NOW, audience=inside)
            assert place(user, NOW) == expected
            reasons.add(expected.reason)
    assert {"unit", "not_in_audience"} <= reasons
    assert ("excluded_by_layer" in reasons) == layered


@pytest.mark.parametrize("name", ["_md5", "hashlib"])
def test_every_md5_of_python_gives_the_same_buckets(name, monkeypatch) -> None:
    source = Path(buckets.__file__).read_text("utf-8")
    if name == "hashlib":
        monkeypatch.setitem(sys.modules, "_md5", None)
    names: dict = {"__name__": "again"}
    exec(compile(source, buckets.__file__, "exec"), names)
    assert ("openssl" in repr(names["_md5"])) == (name == "hashlib")
    for unit in ("user-1", "用户", "x" * 300):
        assert names["bucket"]("e.1", unit) == bucket("e.1", unit)


def test_goes_to_another_process(split: Split) -> None:
    copy = pickle.loads(pickle.dumps(split))
    assert copy == split
    assert copy.at("user-1") == split.at("user-1")
