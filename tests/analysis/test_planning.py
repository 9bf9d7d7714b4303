from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from copylab.analysis.plan_answer import Supply, answer_metric, find_nearer
from copylab.analysis.planning import (
    Baseline,
    Design,
    detectable_effect,
    power_at,
    required_units,
)
from copylab.analysis.sequential.plan import equal_looks


def two(rate: float, **changes: object) -> Design:
    return Design(Baseline("share", rate), {"b": 0.5}, 0.5, **changes)  # type: ignore[arg-type]


def test_the_size_of_a_test_of_two_shares_is_that_of_the_textbook() -> None:
    """4 % against 4.4 % with the pooled test: 78,950 users, Fleiss's formula by hand."""
    assert required_units(two(0.04), 0.1) == 78_950
    z, power = norm.ppf(0.975), norm.ppf(0.8)
    pooled = 0.042
    alone = sqrt(2 * pooled * (1 - pooled)), sqrt(0.04 * 0.96 + 0.044 * 0.956)
    by_hand = 2 * ((z * alone[0] + power * alone[1]) / 0.004) ** 2
    assert required_units(two(0.04), 0.1) == pytest.approx(by_hand, abs=2)


def test_a_mean_needs_what_the_normal_formula_says() -> None:
    shares = {"b": 0.25, "c": 0.25}
    design = Design(Baseline("mean", 12.0, 40.0), shares, 0.5, correction="none")
    by_hand = (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * 40**2 * (4 + 2) / (0.6) ** 2
    assert required_units(design, 0.05) == pytest.approx(by_hand, abs=2)


DESIGNS = st.builds(
    Design,
    baseline=st.one_of(
        st.builds(Baseline, st.just("share"), st.floats(0.001, 0.6)),
        st.builds(
            Baseline,
            st.sampled_from(["mean", "ratio"]),
            st.floats(0.1, 100),
            st.floats(0.1, 300),
        ),
    ),
    shares=st.sampled_from([{"b": 0.5}, {"b": 0.2, "c": 0.3}, {"b": 0.3, "c": 0.3}]),
    control_share=st.sampled_from([0.2, 0.4]),
    alpha=st.sampled_from([0.01, 0.05, 0.1]),
    power=st.sampled_from([0.7, 0.8, 0.95]),
    looks=st.sampled_from([(1.0,), (0.5, 1.0), (0.2, 0.7, 1.0), ()]),
    spending=st.sampled_from(["obrien-fleming", "pocock"]),
    correction=st.sampled_from(["holm", "dunnett", "none"]),
    better=st.sampled_from(["higher", "lower"]),
)


@settings(max_examples=50, deadline=None)
@given(design=DESIGNS, mde=st.floats(0.02, 0.6))
def test_units_and_effect_and_power_are_inverses(design: Design, mde: float) -> None:
    units = required_units(design, mde)
    assume(units is not None)
    assert units is not None
    assert power_at(design, mde, units) >= design.power - 1e-9
    if units > 2:
        assert power_at(design, mde, units - 1) < design.power
    found = detectable_effect(design, units)
    assert found is not None
    assert found <= mde * (1 + 1e-9)
    # Exactly so below half a billion; beyond, an effect has no digits left to say more.
    assert required_units(design, found) == pytest.approx(units, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(design=DESIGNS, units=st.integers(50, 2_000_000))
def test_the_effect_of_so_many_units_needs_so_many_units(
    design: Design, units: int
) -> None:
    effect = detectable_effect(design, units)
    if effect is None:
        assert design.baseline.kind == "share" or design.better == "lower"
        return
    assert power_at(design, effect, units) == pytest.approx(design.power, abs=1e-6)
    again = required_units(design, effect)
    assert again is not None
    assert abs(again - units) <= 1 + 1e-6 * units


def test_looks_arms_and_corrections_cost_units() -> None:
    one = required_units(two(0.03), 0.15)
    three = required_units(two(0.03, looks=equal_looks(3)), 0.15)
    pocock = required_units(two(0.03, looks=equal_looks(3), spending="pocock"), 0.15)
    anytime = required_units(two(0.03, looks=()), 0.15)
    assert one is not None
    assert three is not None
    assert pocock is not None
    assert anytime is not None
    assert 1.01 < three / one < 1.02
    assert 1.16 < pocock / one < 1.18
    assert anytime / one > 1.8
    arms = {"b": 0.25, "c": 0.25, "d": 0.25}
    base = Baseline("share", 0.03)
    sizes = {
        name: required_units(Design(base, arms, 0.25, correction=name), 0.15) or 0
        for name in ("none", "dunnett", "holm")
    }
    assert sizes["none"] < sizes["dunnett"] < sizes["holm"]


def test_an_effect_out_of_range_needs_more_than_there_is() -> None:
    assert required_units(two(0.9), 0.2) is None
    assert required_units(two(1e-12), 1e-6) is None
    assert detectable_effect(two(0.9), 20) is None


def test_a_rare_metric_cannot_be_decided_and_a_nearer_one_can() -> None:
    supply = Supply(per_day=2_000)
    loan, click, visit = (
        answer_metric(name, two(rate), supply, mde=0.1, units=None)
        for name, rate in (("loan", 0.001), ("click", 0.04), ("visit", 0.3))
    )
    assert loan.is_decidable is False
    assert find_nearer(loan, [visit, click]) is click
    assert (click.days, click.available) == (40, 180_000)
    assert answer_metric("x", two(0.1), Supply(), mde=None, units=900).mde is not None
    with pytest.raises(ValueError, match="one must be given"):
        answer_metric("x", two(0.1), Supply(), mde=None, units=None)


def test_days_and_units_are_inverses() -> None:
    supply = Supply(per_day=731.5, coverage=0.4, days=12)
    assert supply.available is not None
    assert supply.days_for(supply.available) == 12
    assert supply.days_for(supply.available + 1) == 13


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Baseline("share", 1.0),
        lambda: Baseline("share", 0.5, 2.0),
        lambda: Baseline("mean", 0.0, 1.0),
        lambda: Baseline("mean", 1.0),
        lambda: two(0.1, power=0.04),
        lambda: Design(Baseline("share", 0.1), {}, 0.5),
        lambda: required_units(two(0.1), 0),
        lambda: power_at(two(0.9), 0.5, 100),
    ],
)
def test_what_cannot_be_planned_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"==|must|Baseline"):
        wrong()


@pytest.mark.fuzz
@pytest.mark.parametrize("looks", [(1.0,), equal_looks(3), (0.3, 1.0)])
@pytest.mark.parametrize("rate", [0.03, 0.4])
def test_power_is_met_within_a_point(looks: tuple[float, ...], rate: float) -> None:
    """40,000 simulated experiments, read by the pooled score test at each look."""
    design = two(rate, looks=looks)
    units = required_units(design, 0.15)
    assert units is not None
    rng = np.random.default_rng(5)
    ends = [round(part * units / 2) for part in looks]
    steps = np.diff([0, *ends])
    zero = rng.binomial(steps, rate, (40_000, len(ends))).cumsum(axis=1)
    one = rng.binomial(steps, rate * 1.15, (40_000, len(ends))).cumsum(axis=1)
    n = np.array(ends)
    pooled = (one + zero) / (2 * n)
    z = (one - zero) / n / np.sqrt(2 * pooled * (1 - pooled) / n)
    found = (z > np.array(design.bounds)).any(axis=1).mean()
    assert found == pytest.approx(0.8, abs=0.01)
