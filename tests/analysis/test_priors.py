"""Lifts drawn towards a prior."""

from __future__ import annotations

from math import expm1, log1p, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.comparison import Interval
from copylab.analysis.priors import LiftPrior, learn_prior, log_lift, shrink

Z = 1.959963984540054


def test_a_published_example_is_met() -> None:
    """Observed +27.7% [+6.4, +53.1], sd 10%: +14.0% [-0.2, +30.3]."""
    estimate, error = log_lift(Interval(0.277, 0.064, 0.531), 0.05) or (0, 1)
    found, weight = shrink(estimate, error, LiftPrior(0.0, 0.1, "experiment"), 0.05)
    assert found.value == pytest.approx(0.140, abs=0.0006)
    assert found.low == pytest.approx(-0.002, abs=0.0006)
    assert found.high == pytest.approx(0.303, abs=0.0006)
    assert 0.5 < weight < 0.55


@given(st.floats(-1, 1), st.floats(0.01, 1), st.floats(-0.2, 0.2), st.floats(0.02, 1))
def test_it_is_the_posterior_of_two_normals(
    estimate: float, error: float, mean: float, sd: float
) -> None:
    found, weight = shrink(estimate, error, LiftPrior(mean, sd, "x"), 0.05)
    precision = 1 / sd**2 + 1 / error**2
    centre = (mean / sd**2 + estimate / error**2) / precision
    assert found.value == pytest.approx(expm1(centre), abs=1e-12)
    assert found.high == pytest.approx(expm1(centre + Z / sqrt(precision)), rel=1e-9)
    assert 0 < weight < 1
    low, high = sorted((estimate, mean))
    assert low - 1e-12 <= log1p(found.value or 0) <= high + 1e-12


@pytest.mark.parametrize(
    "lift",
    [
        Interval(None, None, None),
        Interval(0.1, None, 0.2),
        Interval(-1.0, -1.0, -0.9),
        Interval(0.1, 0.1, 0.1),
    ],
)
def test_a_lift_without_a_logarithm_is_not_shrunk(lift: Interval) -> None:
    assert log_lift(lift, 0.05) is None


def test_few_past_experiments_teach_no_prior() -> None:
    past = [(f"e{i % 4}", 0.1, 0.05) for i in range(20)]
    assert learn_prior(past) is None


def test_a_learned_prior_is_centred_and_as_wide_as_what_errors_leave() -> None:
    past = [(f"e{i}", 0.2 if i % 2 else -0.2, 0.1) for i in range(10)]
    prior = learn_prior(past)
    assert prior is not None
    assert (prior.mean, prior.source, prior.experiments) == (0.0, "learned", 10)
    assert prior.sd == pytest.approx(sqrt(0.04 - 0.01))


def test_past_lifts_that_are_all_error_leave_a_narrow_prior() -> None:
    prior = learn_prior([(f"e{i}", 0.01, 0.1) for i in range(6)])
    assert prior is not None
    assert prior.sd == 0.01


def test_a_prior_without_width_is_a_bad_call() -> None:
    with pytest.raises(ValueError, match="sd == 0"):
        LiftPrior(0.0, 0.0, "x")
