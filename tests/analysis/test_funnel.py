from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.funnel import Funnel, build_funnel
from copylab.analysis.moments import Moments, Proportion

COUNTS = st.tuples(*[st.integers(1, 500)] * 4)


def funnel(control: tuple[int, ...], arm: tuple[int, ...]) -> Funnel | None:
    names = [f"step {i}" for i in range(len(control))]
    statistics = {
        name: {"a": Proportion(control[i], 500), "b": Proportion(arm[i], 500)}
        for i, name in enumerate(names)
    }
    return build_funnel(names, statistics, "a")


@given(COUNTS, COUNTS)
def test_contributions_add_up_to_the_final_difference(
    control: tuple[int, ...], arm: tuple[int, ...]
) -> None:
    found = funnel(control, arm)
    assert found is not None
    base, other = found.arms
    assert base.final_diff is None
    assert all(step.contribution is None for step in base.steps)
    assert other.final_diff == pytest.approx((arm[-1] - control[-1]) / 500)
    parts = [step.contribution for step in other.steps]
    assert None not in parts
    total = sum(part for part in parts if part is not None)
    assert total == pytest.approx(other.final_diff, abs=1e-9)
    rates = 1.0
    for step in other.steps:
        assert step.rate is not None
        rates *= step.rate
    assert rates == pytest.approx(arm[-1] / 500)


def test_the_step_where_an_arm_loses_is_named() -> None:
    found = funnel((200, 100, 50, 25), (300, 150, 40, 20))
    assert found is not None
    clicks, logins, applications, loans = found.arms[1].steps
    assert clicks.lift == pytest.approx(0.5)
    assert (logins.lift, loans.lift) == pytest.approx((0.0, 0.0))
    assert applications.rate == pytest.approx(40 / 150)
    assert clicks.contribution is not None
    assert applications.contribution is not None
    assert clicks.contribution > 0 > applications.contribution


def test_a_step_nobody_reached_leaves_the_split_open_and_not_the_rates() -> None:
    found = funnel((200, 100, 50, 25), (300, 0, 0, 0))
    assert found is not None
    steps = found.arms[1].steps
    assert [step.contribution for step in steps] == [None] * 4
    assert [step.rate for step in steps] == [0.6, 0.0, None, None]
    assert found.arms[1].final_diff == pytest.approx(-0.05)


def test_equal_arms_lose_nothing_anywhere() -> None:
    found = funnel((200, 100, 50, 25), (200, 100, 50, 25))
    assert found is not None
    assert [step.contribution for step in found.arms[1].steps] == [0.0] * 4


def test_one_share_is_no_funnel_and_means_are_no_steps() -> None:
    shares = {"a": Proportion(1, 9), "b": Proportion(2, 9)}
    means = {"a": Moments(9, 1.0, 1.0), "b": Moments(9, 1.0, 1.0)}
    both = {"click": shares, "spend": means}
    assert build_funnel(["click", "spend"], both, "a") is None
    more = both | {"loan": shares}
    found = build_funnel(["click", "spend", "loan"], more, "a")
    assert found is not None
    assert found.metrics == ("click", "loan")
