"""Assignments are logged as the exposures they would be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.errors import DataError
from copylab.experiment import ExposureLog
from copylab.experiment.allocation import allocate
from copylab.experiment.assign import Assignment, Split, assign
from copylab.experiment.buckets import salt_prefix

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
HASHES = {"plain": "11" * 32, "coupon": "22" * 32}
_ARMS = st.sampled_from(["plain", "coupon", "none", None])
_BUCKETS = st.none() | st.integers(0, 999_999)
_ASSIGNMENTS = st.builds(
    Assignment,
    arm=_ARMS,
    reason=st.sampled_from(
        ["assigned", "forced", "not_in_audience", "excluded_by_layer"]
    ),
    traffic_bucket=_BUCKETS,
    arm_bucket=_BUCKETS,
    epoch=st.integers(0, 3),
    unit=st.none() | st.text(max_size=8),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    assignments=st.lists(_ASSIGNMENTS, min_size=1, max_size=8),
    send_id=st.none() | st.text(max_size=8),
)
def test_an_assignment_is_logged_as_its_exposure(
    tmp_path_factory, make_exposure, assignments, send_id
) -> None:
    folder = tmp_path_factory.mktemp("log")
    with (
        ExposureLog(folder / "one", "jsonl") as log,
        ExposureLog(folder / "other", "jsonl") as other,
    ):
        bound = log.bind(make_exposure(), hashes=HASHES, layer_salt="recall.1")
        for number, assignment in enumerate([*assignments, *assignments]):
            at = AT + timedelta(seconds=number // 2)
            bound.append(at, send_id, assignment)
            other.append(bound.exposure(at, send_id, assignment))
    (one,), (two,) = (list((folder / name).iterdir()) for name in ("one", "other"))
    assert one.read_bytes() == two.read_bytes()


def test_arms_have_their_words_and_silence_has_none(
    tmp_path, make_exposure, read_finished
) -> None:
    shares = {arm: Fraction(1, 3) for arm in ("plain", "coupon", "none")}
    split = Split(salt_prefix("hook.9f3a1c"), "user_id", 800_000, allocate(shares), 2)
    with ExposureLog(tmp_path, buffer_rows=50) as log:
        bound = log.bind(make_exposure(salt="hook.9f3a1c"), hashes=HASHES)
        for number in range(300):
            user = {"user_id": f"user-{number}"}
            bound.append(AT, f"send-{number}", assign(split, user, now=AT))
    rows = read_finished(tmp_path)
    assert len(rows) == 300
    seen = {(row["arm"], row["variant"], row["template_hash"]) for row in rows}
    assert seen == {
        ("plain", "plain", HASHES["plain"]),
        ("coupon", "coupon", HASHES["coupon"]),
        ("none", None, None),
        (None, None, None),
    }
    assert {row["reason"] for row in rows} == {"assigned", "not_in_traffic"}
    assert {row["epoch"] for row in rows} == {2}


@pytest.mark.parametrize(
    "wrong",
    [
        Assignment(None, "unit", None, None, 1, None),
        Assignment("plain", "assigned", 1_000_000, 0, 1, "u"),
        Assignment("plain", "assigned", 1.0, 0, 1, "u"),
        Assignment("plain", "assigned", 1, 2, 1, 7),
    ],
)
def test_a_wrong_assignment_is_refused_and_the_log_goes_on(
    tmp_path, make_exposure, wrong
) -> None:
    with ExposureLog(tmp_path, "jsonl") as log:
        bound = log.bind(make_exposure())
        for _ in range(2):
            bound.append(AT, "s", Assignment("plain", "assigned", 1, 2, 1, "u"))
            with pytest.raises(DataError, match="must be"):
                bound.append(AT, "s", wrong)
    (path,) = tmp_path.iterdir()
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 2
