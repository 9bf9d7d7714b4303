from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import chi2

from copylab.analysis.heterogeneity import Heterogeneity, correct, judge_strata
from copylab.analysis.moments import Moments, Proportion


def cells(values: np.ndarray, variances: np.ndarray) -> dict[str, dict[str, Moments]]:
    """Arms by strata, each of 50 units."""
    return {
        f"arm {a}": {
            f"s{s}": Moments(50, float(values[a, s]), 50 * float(variances[a, s]))
            for s in range(values.shape[1])
        }
        for a in range(values.shape[0])
    }


def judge(table: dict[str, dict[str, Moments]], alpha: float = 0.05) -> Heterogeneity:
    return judge_strata(
        "m", "mean", "stage", table, control=next(iter(table)), alpha=alpha
    )


def test_q_is_the_weighted_rest_of_an_additive_fit() -> None:
    generator = np.random.default_rng(41)
    for arms, strata in ((2, 2), (2, 5), (4, 3)):
        values = generator.normal(0, 1, (arms, strata))
        variances = generator.uniform(0.1, 2, (arms, strata))
        found = judge(cells(values, variances))
        a, s = np.indices(values.shape)
        design = np.column_stack(
            [(a == i).ravel() for i in range(arms)]
            + [(s == j).ravel() for j in range(1, strata)]
        ).astype(float)
        fit = sm.WLS(values.ravel(), design, weights=1 / variances.ravel()).fit()
        q = float((fit.wresid**2).sum())
        assert found.degrees == (arms - 1) * (strata - 1)
        assert found.p_value == pytest.approx(chi2.sf(q, found.degrees), rel=1e-9)


def test_equal_differences_are_no_interaction_and_opposite_ones_are() -> None:
    values = np.array([[1.0, 5.0, 9.0], [2.0, 6.0, 10.0]])
    even = judge(cells(values, np.full((2, 3), 0.01)))
    assert even.p_value == pytest.approx(1.0)
    values[1] = [2.0, 4.0, 9.0]
    odd = judge(cells(values, np.full((2, 3), 0.01)))
    assert odd.p_value is not None
    assert odd.p_value < 1e-9


def test_strata_are_estimates_without_significance() -> None:
    table = {
        "a": {"x": Proportion(10, 100), "y": Proportion(20, 100)},
        "b": {"x": Proportion(40, 100), "y": Proportion(20, 100)},
    }
    found = judge_strata("m", "share", "stage", table, control="a", alpha=0.05)
    first = found.to_dict()["estimates"][0]  # type: ignore[index]
    assert set(first) == {"stratum", "arm", "n", "value", "control_value", "diff"}
    assert [item.diff.value for item in found.estimates] == pytest.approx([0.3, 0.0])
    assert found.p_value is not None
    assert found.p_value < 0.01


def test_a_stratum_missing_in_an_arm_is_shown_and_takes_no_part() -> None:
    table = {
        "a": {"x": Proportion(10, 100), "y": Proportion(20, 100)},
        "b": {"x": Proportion(40, 100)},
    }
    found = judge_strata("m", "share", "stage", table, control="a", alpha=0.05)
    assert found.p_value is None
    assert "two strata" in found.reason
    missing = found.estimates[1]
    assert (missing.stratum, missing.n, missing.diff.value) == ("y", 0, None)


def test_the_tests_are_corrected_over_the_metrics() -> None:
    values = np.array([[1.0, 5.0], [2.0, 6.4]])
    found = judge(cells(values, np.full((2, 2), 0.01)))
    both = correct([found, found])
    assert found.p_value is not None
    assert both[0].p_adjusted == pytest.approx(2 * found.p_value)
    assert both[0].corrections == ("holm",)
    assert correct([found])[0].corrections == ()


def test_rejections_under_equal_differences_stay_at_alpha() -> None:
    generator = np.random.default_rng(43)
    base, lift = np.array([0.03, 0.08, 0.2]), 0.02
    rejected = 0
    for _ in range(2_000):
        counts = generator.binomial(3_000, np.stack([base, base + lift]))
        table = {
            f"arm {a}": {
                f"s{s}": Proportion(int(counts[a, s]), 3_000) for s in range(3)
            }
            for a in range(2)
        }
        found = judge_strata("m", "share", "s", table, control="arm 0", alpha=0.05)
        assert found.p_value is not None
        rejected += found.p_value < 0.05
    assert rejected / 2_000 == pytest.approx(0.05, abs=0.015)
