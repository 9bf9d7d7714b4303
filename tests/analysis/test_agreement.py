"""Numbers that another implementation of the same method gives as well, to 9 digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from copylab.analysis.table_form import analyze_units

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.analysis.results import ArmComparison

DIGITS = 1e-9


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    generator = np.random.default_rng(71)
    n = 20_000
    arm = generator.integers(0, 2, n)
    before = generator.gamma(2, 3, n)
    return pd.DataFrame(
        {
            "variant": arm,
            "arm": np.where(arm == 1, "B", "A"),
            "click": (generator.random(n) < 0.05 + 0.004 * arm).astype(int),
            "before": before,
            "spend": generator.gamma(2, 5, n) + 0.7 * before + 0.2 * arm,
            "sends": generator.integers(1, 5, n),
        }
    )


@pytest.fixture
def path(tmp_path: Path, frame: pd.DataFrame) -> Path:
    path = tmp_path / "users.parquet"
    duckdb.from_df(frame).write_parquet(str(path))
    return path


def ours(path: Path, metric: str, **other: Any) -> ArmComparison:
    found = analyze_units(path, arm="arm", control="A", metrics=[metric], **other)
    return found.comparisons[0]


def theirs(frame: pd.DataFrame, metric: Any) -> Any:
    tt = pytest.importorskip("tea_tasting")
    return tt.Experiment(m=metric(tt)).analyze(frame)["m"]


def test_shares_are_those_of_statsmodels_and_tea_tasting(
    frame: pd.DataFrame, path: Path
) -> None:
    item = ours(path, "click:share")
    by_arm = frame.groupby("arm")["click"].agg(["sum", "count"]).loc[["B", "A"]]
    p_value = proportions_ztest(by_arm["sum"], by_arm["count"])[1]
    assert item.p_value == pytest.approx(p_value, rel=DIGITS)
    other = theirs(
        frame, lambda tt: tt.Proportion("click", method="norm", correction=False)
    )
    assert item.p_value == pytest.approx(other.pvalue, rel=DIGITS)
    assert item.diff.value == pytest.approx(other.effect_size, rel=DIGITS)


def test_means_are_those_of_statsmodels_and_tea_tasting(
    frame: pd.DataFrame, path: Path
) -> None:
    item = ours(path, "spend:mean")
    arms = [DescrStatsW(frame.loc[frame["arm"] == arm, "spend"]) for arm in "BA"]
    compared = CompareMeans(*arms)
    assert item.p_value == pytest.approx(
        compared.ttest_ind(usevar="unequal")[1], rel=DIGITS
    )
    low, high = compared.tconfint_diff(usevar="unequal")
    other = theirs(frame, lambda tt: tt.Mean("spend"))
    assert item.p_value == pytest.approx(other.pvalue, rel=DIGITS)
    for bound, reference, third in (
        (item.diff.low, low, other.effect_size_ci_lower),
        (item.diff.high, high, other.effect_size_ci_upper),
    ):
        assert bound == pytest.approx(reference, rel=DIGITS)
        assert bound == pytest.approx(third, rel=DIGITS)


def test_ratios_are_those_of_tea_tasting(frame: pd.DataFrame, path: Path) -> None:
    item = ours(path, "spend:ratio=sends")
    other = theirs(frame, lambda tt: tt.RatioOfMeans("spend", "sends"))
    assert item.p_value == pytest.approx(other.pvalue, rel=DIGITS)
    assert item.diff.low == pytest.approx(other.effect_size_ci_lower, rel=DIGITS)
    assert item.diff.high == pytest.approx(other.effect_size_ci_upper, rel=DIGITS)
    assert item.value == pytest.approx(other.treatment, rel=DIGITS)


def test_cuped_is_that_of_tea_tasting(frame: pd.DataFrame, path: Path) -> None:
    item = ours(path, "spend:mean", covariates=["before"])
    other = theirs(frame, lambda tt: tt.Mean("spend", covariate="before"))
    assert item.p_value == pytest.approx(other.pvalue, rel=DIGITS)
    assert item.diff.low == pytest.approx(other.effect_size_ci_lower, rel=DIGITS)
    assert item.value == pytest.approx(other.treatment, rel=DIGITS)


def test_cuped_of_a_ratio_differs_from_tea_tasting_by_its_linearisation_alone(
    frame: pd.DataFrame, path: Path
) -> None:
    """Theirs is taken at the ratio before the adjustment, ours after it."""
    item = ours(path, "spend:ratio=sends", covariates=["before"])
    other = theirs(frame, lambda tt: tt.RatioOfMeans("spend", "sends", "before"))
    assert item.diff.value == pytest.approx(other.effect_size, rel=1e-4)
    assert item.p_value == pytest.approx(other.pvalue, rel=1e-4)


@pytest.mark.parametrize(
    ("ours_name", "their_name"), [("holm", "holm"), ("bh", "fdr_bh")]
)
def test_corrections_are_those_of_statsmodels(
    tmp_path: Path, ours_name: Any, their_name: str
) -> None:
    generator = np.random.default_rng(72)
    arms = generator.integers(0, 7, 30_000)
    clicks = generator.random(30_000) < 0.05 + 0.002 * arms
    path = tmp_path / "many.csv"
    pd.DataFrame({"arm": [f"a{arm}" for arm in arms], "click": clicks * 1}).to_csv(
        path, index=False
    )
    found = analyze_units(
        path, arm="arm", control="a0", metrics=["click"], correction=ours_name
    )
    p_values = [item.p_value for item in found.comparisons]
    reference = multipletests(p_values, method=their_name)[1]
    assert [item.p_adjusted for item in found.comparisons] == pytest.approx(
        list(reference), rel=DIGITS
    )
