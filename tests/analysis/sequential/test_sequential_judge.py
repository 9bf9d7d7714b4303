from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.analysis.distributions import two_sided_normal
from copylab.analysis.sequential.judge import (
    AnyLook,
    PlannedLook,
    Stop,
    nominal_alpha,
)
from copylab.analysis.sequential.spending import SPENDINGS


def looks(*times: float, spending="obrien-fleming", alpha: float = 0.05) -> PlannedLook:
    return PlannedLook([Stop(t, min(t, 1)) for t in times], spending, alpha)


def test_a_single_last_look_is_the_fixed_test() -> None:
    judge = looks(1.3)
    assert judge.boundary == pytest.approx(1.959963984540054, rel=1e-12)
    assert nominal_alpha(judge) == pytest.approx(0.05, rel=1e-9)
    assert judge.p_value(2.5) == two_sided_normal(2.5)
    assert (judge.alpha_before, judge.alpha_spent) == (0.0, 0.05)


@settings(max_examples=60)
@given(
    times=st.lists(st.floats(0.05, 1.4), min_size=1, max_size=4, unique=True),
    spending=st.sampled_from(SPENDINGS),
    z=st.floats(0, 9),
)
def test_p_value_and_boundary_never_disagree(times, spending, z) -> None:
    ascending = sorted(times)
    if sum(t >= 1 for t in ascending) > 1:  # all is spent before the last one
        return
    if any(b - a < 0.01 for a, b in zip(ascending, ascending[1:])):  # noqa: B905, RUF007
        return
    judge = looks(*ascending, spending=spending)
    assert judge.p_value(judge.boundary) == pytest.approx(0.05, rel=1e-8)
    assert judge.p_value(z) >= two_sided_normal(z) * (1 - 1e-12)
    if abs(z - judge.boundary) > 1e-6:
        assert (judge.p_value(z) < 0.05) == (z > judge.boundary)
        assert (two_sided_normal(z) < nominal_alpha(judge)) == (z > judge.boundary)


def test_a_look_after_all_is_spent_reads_nothing() -> None:
    judge = PlannedLook([Stop(1, 1), Stop(1.2, 1)], "pocock", 0.05)
    assert judge.p_value(9.0) == 1.0
    assert judge.p_value(inf) == 1.0


def test_a_statistic_beyond_all_floats_is_certain() -> None:
    assert looks(0.5, 1).p_value(inf) == 0
    assert looks(0.5, 1).p_value(60) < 1e-300
    assert AnyLook(1, 0.05).p_value(inf) == 0


def test_leaving_out_a_planned_look_keeps_its_alpha_for_the_next() -> None:
    assert looks(0.75, 1).bounds[0] < looks(0.5, 0.75, 1).bounds[1]
    assert looks(1).boundary < looks(0.5, 1).boundary


def test_the_interval_of_any_look_is_narrowest_where_it_is_made_to_be() -> None:
    widths = {t: AnyLook(t, 0.05).width for t in (0.01, 0.1, 0.5, 1, 2, 10)}
    assert min(widths, key=widths.__getitem__) == 1
    assert widths[1] == pytest.approx(1.5486, abs=1e-4)
    for alpha in (0.01, 0.1):
        near = [AnyLook(t, alpha).boundary for t in (0.7, 1, 1.4)]
        assert near[1] == min(near)


def test_any_look_is_the_confidence_sequence_of_the_paper() -> None:
    """Waudby-Smith and others (2021), theorem 2.2, on n units with parameter rho."""
    n, alpha, target = 3000, 0.05, 5000
    rho = sqrt((-2 * np.log(alpha) + np.log(-2 * np.log(alpha) + 1)) / target)
    scaled = n * rho**2 + 1
    half = sqrt(2 * scaled / (n**2 * rho**2) * np.log(sqrt(scaled) / alpha))
    assert AnyLook(n / target, alpha).boundary == pytest.approx(half * sqrt(n))


@given(z=st.floats(0, 30), t=st.floats(0.001, 50), alpha=st.floats(0.001, 0.3))
def test_always_valid_p_and_interval_never_disagree(z, t, alpha) -> None:
    judge = AnyLook(t, alpha)
    assert judge.p_value(judge.boundary) == pytest.approx(alpha, rel=1e-9)
    if abs(z - judge.boundary) > 1e-9:
        assert (judge.p_value(z) < alpha) == (z > judge.boundary)


def test_looking_all_the_time_finds_at_most_alpha() -> None:
    """A fixed boundary would be crossed by more than a third of these paths."""
    rng = np.random.default_rng(11)
    steps = rng.standard_normal((4000, 500))
    n = np.arange(1, 501)
    z = np.abs(steps.cumsum(axis=1) / np.sqrt(n))
    bounds = np.array([AnyLook(k / 250, 0.05).boundary for k in n])
    assert (z > 1.96).any(axis=1).mean() > 0.3
    assert (z > bounds).any(axis=1).mean() < 0.05


@pytest.mark.parametrize("wrong", [(0, 0.5), (0.5, 0), (0.5, 1.1)])
def test_a_stop_out_of_range_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Stop(*wrong)


def test_a_plan_without_a_look_is_refused() -> None:
    with pytest.raises(ValueError, match="present look"):
        PlannedLook([], "pocock", 0.05)
    with pytest.raises(ValueError, match="above 0"):
        AnyLook(0, 0.05)
