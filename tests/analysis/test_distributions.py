from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from copylab.analysis.distributions import (
    two_sided_normal,
    two_sided_normal_quantile,
    two_sided_student,
    two_sided_student_quantile,
    upper_chi_square,
)


def test_normal_tail_does_not_underflow_far_out() -> None:
    assert two_sided_normal(13.5) == pytest.approx(1.5557e-41, rel=1e-4)
    assert two_sided_normal(-37) > 0


@given(st.floats(1e-300, 1.0))
def test_normal_quantile_inverts_the_tail(probability: float) -> None:
    z = two_sided_normal_quantile(probability)
    assert two_sided_normal(z) == pytest.approx(probability, rel=1e-12)


@given(st.floats(1e-3, 35), st.floats(1, 1e9))
def test_student_tail_equals_scipy(t: float, degrees: float) -> None:
    reference = 2 * special.stdtr(degrees, -t)
    assert two_sided_student(t, degrees) == pytest.approx(reference, rel=1e-10)


@given(st.floats(1e-12, 0.999), st.floats(1, 1e9))
def test_student_quantile_inverts_the_tail(probability: float, degrees: float) -> None:
    t = two_sided_student_quantile(probability, degrees)
    assert two_sided_student(t, degrees) == pytest.approx(probability, rel=1e-10)


@given(st.floats(1e-6, 1300), st.integers(1, 200))
def test_chi_square_tail_equals_scipy(statistic: float, degrees: int) -> None:
    reference = stats.chi2.sf(statistic, degrees)
    assert upper_chi_square(statistic, degrees) == pytest.approx(
        reference, rel=1e-11, abs=1e-307
    )


def test_extremes_have_values() -> None:
    assert two_sided_student(0.0, 5) == 1.0
    assert two_sided_student(float("inf"), 5) == 0.0
    assert two_sided_normal_quantile(1.0) == 0.0
    assert upper_chi_square(0.0, 3) == 1.0
    assert upper_chi_square(5.0, 0) == 1.0
