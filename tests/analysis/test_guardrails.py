from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.comparing import compare_arms
from copylab.analysis.distributions import upper_normal
from copylab.analysis.guardrails import Better, GuardrailResult, judge_guardrail
from copylab.analysis.moments import Proportion
from copylab.analysis.proportions import score_statistic


def judge(
    arm: Proportion, control: Proportion, better: Better, margin: float | None
) -> GuardrailResult:
    (item,) = compare_arms(
        "opt_out", "share", {"control": control, "a": arm}, "control",
        alpha=0.05, correction="none", role="guardrail",
    )  # fmt: skip
    return judge_guardrail(item, better=better, margin=margin)


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.0005, 0.05))
def test_held_is_the_one_sided_test_of_the_margin(
    k1: int, k0: int, margin: float
) -> None:
    one, zero = Proportion(k1, 10_000), Proportion(k0, 10_000)
    p_value = upper_normal(-score_statistic(one, zero, delta=margin))
    held = judge(one, zero, "lower", margin).state == "held"
    if abs(p_value - 0.025) > 1e-9:
        assert held == (p_value < 0.025)


def test_worse_beyond_the_margin_is_broken() -> None:
    result = judge(Proportion(300, 10_000), Proportion(100, 10_000), "lower", 0.002)
    assert result.state == "broken"
    assert "tolerated 0.200 points" in result.reason


def test_worse_but_within_the_margin_is_held() -> None:
    result = judge(
        Proportion(1_300, 100_000), Proportion(1_000, 100_000), "lower", 0.01
    )
    assert result.state == "held"


def test_too_little_data_is_open() -> None:
    assert judge(Proportion(3, 500), Proportion(3, 500), "lower", 0.002).state == "open"


def test_without_a_margin_only_shown_harm_counts() -> None:
    assert judge(Proportion(3, 500), Proportion(3, 500), "lower", None).state == "held"
    worse = judge(Proportion(60, 500), Proportion(3, 500), "lower", None)
    assert worse.state == "broken"
    better = judge(Proportion(60, 500), Proportion(3, 500), "higher", None)
    assert better.state == "held"


def test_higher_is_better_mirrors_lower() -> None:
    fell = judge(Proportion(100, 10_000), Proportion(300, 10_000), "higher", 0.002)
    assert fell.state == "broken"


def test_negative_margin_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        judge(Proportion(1, 5), Proportion(1, 5), "lower", -0.1)
