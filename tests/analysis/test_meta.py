"""Random-effects meta-analysis, held to statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from copylab.analysis.meta import pool

tests = st.lists(
    st.tuples(st.floats(-1, 1), st.floats(0.02, 0.5)), min_size=2, max_size=12
)


@given(tests, st.sampled_from([0.05, 0.1, 0.01]))
@settings(max_examples=80)
def test_it_equals_statsmodels(found: list[tuple[float, float]], alpha: float) -> None:
    effects = np.array([effect for effect, _ in found])
    errors = np.array([error for _, error in found])
    assume(np.ptp(effects) > 1e-3)
    ours = pool(list(effects), list(errors), alpha, least_scale=0.0)
    assume(ours.tau2 > 0)  # they let a variance be negative
    theirs = combine_effects(effects, errors**2, method_re="dl", use_t=True)
    assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-9)
    assert ours.q == pytest.approx(theirs.q, rel=1e-9)
    assert ours.mean.value == pytest.approx(theirs.mean_effect_re, rel=1e-9, abs=1e-12)
    assert ours.error == pytest.approx(theirs.sd_eff_w_re_hksj, rel=1e-9)
    low, high = theirs.conf_int(alpha=alpha)[3]  # random effects, Hartung-Knapp
    assert ours.mean.low == pytest.approx(low, rel=1e-7, abs=1e-10)
    assert ours.mean.high == pytest.approx(high, rel=1e-7, abs=1e-10)
    assert ours.i2 == pytest.approx(max(theirs.i2, 0), abs=1e-9)


@given(tests)
def test_a_few_tests_that_agree_by_chance_claim_no_certainty(
    found: list[tuple[float, float]],
) -> None:
    effects, errors = (list(part) for part in zip(*found, strict=True))
    usual, bare = pool(effects, errors), pool(effects, errors, least_scale=0.0)
    assert usual.error >= bare.error - 1e-15
    assert (
        usual.error >= (1 / sum(1 / (e**2 + usual.tau2) for e in errors)) ** 0.5 - 1e-12
    )
    assert usual.mean.value == bare.mean.value


def test_one_test_is_itself() -> None:
    one = pool([0.2], [0.1])
    assert (one.count, one.mean.value, one.tau2, one.i2) == (1, 0.2, 0.0, 0.0)
    assert one.mean.low == pytest.approx(0.2 - 0.196, abs=1e-4)
    assert one.predicted is None
    assert one.is_few


def test_a_next_test_is_less_certain_than_the_mean() -> None:
    found = pool([0.1, 0.3, -0.1, 0.2, 0.5], [0.05] * 5)
    assert found.predicted is not None
    assert found.predicted.low < found.mean.low  # type: ignore[operator]
    assert not found.is_few
    assert found.q_p_value < 0.001


@pytest.mark.parametrize(
    ("effects", "errors"), [([], []), ([0.1], [0.1, 0.2]), ([0.1], [0.0])]
)
def test_what_cannot_be_pooled_is_a_bad_call(
    effects: list[float], errors: list[float]
) -> None:
    with pytest.raises(ValueError, match="must be"):
        pool(effects, errors)
