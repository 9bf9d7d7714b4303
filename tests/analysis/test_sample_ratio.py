from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from copylab.analysis.sample_ratio import check_sample_ratio


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.floats(0.1, 10)), min_size=2, max_size=8
    )
)
def test_p_value_equals_scipy(rows: list[tuple[int, float]]) -> None:
    counts = {f"arm {i}": count for i, (count, _) in enumerate(rows)}
    shares = {f"arm {i}": share for i, (_, share) in enumerate(rows)}
    result = check_sample_ratio(counts, shares)
    total = sum(counts.values())
    if total:
        fair = [total * share / sum(shares.values()) for share in shares.values()]
        reference = stats.chisquare(list(counts.values()), fair).pvalue
        assert result.p_value == pytest.approx(reference, rel=1e-9, abs=1e-300)
    else:
        assert result.p_value == 1.0


def test_users_in_an_arm_planned_empty_raise_the_alarm() -> None:
    shares = {"a": 0.5, "b": 0.5, "c": 0.0}
    assert not check_sample_ratio({"a": 5_000, "b": 5_000, "c": 3}, shares).ok
    assert check_sample_ratio({"a": 5_000, "b": 5_000, "c": 3}, shares).p_value == 0
    assert check_sample_ratio({"a": 5_000, "b": 5_000, "c": 0}, shares).p_value == 1


def test_an_arm_that_got_nobody_counts() -> None:
    assert not check_sample_ratio({"a": 100}, {"a": 1, "b": 1}).ok


def test_alarm_is_below_one_in_a_thousand() -> None:
    shares = {"a": 1, "b": 1}
    assert check_sample_ratio({"a": 5_160, "b": 4_840}, shares).ok
    assert not check_sample_ratio({"a": 5_170, "b": 4_830}, shares).ok


@pytest.mark.parametrize("shares", [{"a": 0, "b": 0}, {"a": -1, "b": 2}, {"a": 1}])
def test_impossible_plans_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="share"):
        check_sample_ratio({"a": 1, "b": 1}, shares)
