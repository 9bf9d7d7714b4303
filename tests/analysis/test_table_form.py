from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from copylab.analysis.table_form import analyze_counted, analyze_counts, analyze_units
from copylab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.analysis.results import Analysis, ArmComparison


def users(seed: int = 61, n: int = 4_000) -> pd.DataFrame:
    """A row per user, with what was known before."""
    generator = np.random.default_rng(seed)
    stage = generator.choice(["new", "old"], n)
    before = generator.gamma(2, 3, n)
    arm = generator.choice(["A", "B"], n)
    spend = before + 5 * (stage == "old") + 0.4 * (arm == "B")
    return pd.DataFrame(
        {
            "user": [f"u{i}" for i in range(n)],
            "arm": arm,
            "stage": stage,
            "before": before,
            "spend": spend + generator.normal(0, 1, n),
            "click": (generator.random(n) < 0.1).astype(int),
            "loan": (generator.random(n) < 0.03).astype(int),
            "sends": generator.integers(1, 4, n),
        }
    )


def save(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "users.csv"
    frame.to_csv(path, index=False)
    return path


def analyze(path: Path, *metrics: str, **other: Any) -> Analysis:
    return analyze_units(path, arm="arm", control="A", metrics=metrics, **other)


def only(analysis: Analysis) -> ArmComparison:
    (item,) = analysis.comparisons
    return item


def notes(analysis: Analysis) -> dict[str, str]:
    return {note.name: note.message for note in analysis.health}


def test_a_covariate_narrows_the_interval_around_the_same_effect(
    tmp_path: Path,
) -> None:
    path = save(tmp_path, users())
    plain = only(analyze(path, "spend:mean"))
    found = analyze(path, "spend:mean", covariates=["before"])
    item = only(found)
    (note,) = found.adjustments
    assert item.method == "Welch's t, CUPED"
    assert found.ranking is not None
    assert found.ranking.comparison.method == item.method
    assert note.theta == pytest.approx(1, abs=0.05)
    for narrow, wide in ((item.diff, plain.diff),):
        assert narrow.low is not None
        assert narrow.high is not None
        assert wide.low is not None
        assert wide.high is not None
        shrunk = (narrow.high - narrow.low) / (wide.high - wide.low)
        assert shrunk == pytest.approx(sqrt(1 - note.variance_reduction), rel=0.01)
        assert narrow.low < 0.4 < narrow.high


def test_cuped_is_near_the_regression_of_statsmodels(tmp_path: Path) -> None:
    frame = users()
    item = only(analyze(save(tmp_path, frame), "spend:mean", covariates=["before"]))
    fit = smf.ols("spend ~ (arm == 'B') + before", frame).fit(cov_type="HC1")
    assert item.diff.value == pytest.approx(fit.params.iloc[1], rel=1e-3)
    assert item.diff.high is not None
    assert item.diff.value is not None
    reach = item.diff.high - item.diff.value
    assert reach == pytest.approx(1.96 * fit.bse.iloc[1], rel=5e-3)


def test_strata_narrow_the_interval_and_are_tested_once(tmp_path: Path) -> None:
    path = save(tmp_path, users())
    found = analyze(path, "spend:mean", "click", strata="stage")
    assert found.comparisons[0].method == "Welch's t, post-stratified"
    assert found.adjustments[0].variance_reduction > 0.2
    assert [item.metric for item in found.strata] == ["spend", "click"]
    assert all(item.corrections == ("holm",) for item in found.strata)
    assert {item.stratum for item in found.strata[0].estimates} == {"new", "old"}
    record = found.to_dict()["strata"]
    assert "significant" not in str(record)


def test_rows_of_a_unit_are_one_cluster(tmp_path: Path) -> None:
    frame = users(n=600)
    frame = frame.loc[frame.index.repeat(frame["sends"])].copy()
    generator = np.random.default_rng(62)
    frame["click"] = (generator.random(len(frame)) < 0.1 + 0.3 * (frame["click"])) * 1
    path = save(tmp_path, frame)
    found = analyze(path, "click", unit="user")
    item = only(found)
    assert item.method == "Welch's t, delta method, clustered by unit"
    assert sum(arm.n for arm in found.arms) == 600
    by_arm = frame.groupby("arm")["click"].mean()
    assert item.value == pytest.approx(by_arm["B"])
    fit = smf.ols("click ~ C(arm)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(frame["user"])[0]}
    )
    assert item.diff.value is not None
    assert item.diff.high is not None
    reach = item.diff.high - item.diff.value
    assert reach == pytest.approx(1.96 * fit.bse.iloc[1], rel=0.01)
    naive = only(analyze(path, "click"))
    assert naive.diff.high is not None
    assert naive.diff.value is not None
    assert "rows belong to 600 units" in notes(found)["repeated-units"]


def test_a_unit_column_without_repeats_changes_nothing(tmp_path: Path) -> None:
    path = save(tmp_path, users(n=500))
    plain = analyze(path, "click", "spend:mean")
    named = analyze(path, "click", "spend:mean", unit="user")
    for one, other in zip(plain.comparisons, named.comparisons, strict=True):
        assert one.p_value == pytest.approx(other.p_value, rel=1e-9)
        assert one.method == other.method
    assert named.health == ()


def test_units_in_two_arms_are_left_out_and_many_make_it_invalid(
    tmp_path: Path,
) -> None:
    frame = users(n=2_500)
    twin = frame.iloc[[0]].assign(arm="B" if frame["arm"][0] == "A" else "A")
    path = save(tmp_path, pd.concat([frame, twin]))
    found = analyze(path, "click", unit="user")
    assert sum(arm.n for arm in found.arms) == 2_499
    assert "1 of 2,500 units" in notes(found)["units-in-two-arms"]
    assert found.verdict.action != "invalid"
    twins = frame.iloc[:20].assign(arm=np.where(frame["arm"][:20] == "A", "B", "A"))
    found = analyze(save(tmp_path, pd.concat([frame, twins])), "click", unit="user")
    assert found.verdict.action == "invalid"


@pytest.mark.parametrize(
    ("column", "part"),
    [
        (lambda _: 1.0, "the same for every unit"),
        (lambda _: np.nan, "the same for every unit"),
        (lambda f: f["before"] + (f["arm"] == "B"), "before the assignment"),
    ],
)
def test_a_useless_covariate_is_left_out_with_the_reason(
    tmp_path: Path, column: Any, part: str
) -> None:
    frame = users()
    frame["known"] = column(frame)
    path = save(tmp_path, frame)
    found = analyze(path, "spend:mean", covariates=["known"])
    assert part in notes(found)["not-adjusted"]
    plain = only(analyze(path, "spend:mean"))
    assert only(found).p_value == pytest.approx(plain.p_value, rel=1e-9)
    assert only(found).method == plain.method == "Welch's t"


def test_missing_covariates_are_counted_and_taken_as_the_mean(tmp_path: Path) -> None:
    frame = users()
    frame.loc[::10, "before"] = np.nan
    found = analyze(save(tmp_path, frame), "spend:mean", covariates=["before"])
    assert "missing for 400 units" in notes(found)["covariate-missing"]
    filled = frame.assign(before=frame["before"].fillna(frame["before"].mean()))
    again = analyze(save(tmp_path, filled), "spend:mean", covariates=["before"])
    assert only(found).p_value == pytest.approx(only(again).p_value, rel=1e-9)


def test_rows_without_a_stratum_are_a_stratum(tmp_path: Path) -> None:
    frame = users()
    frame.loc[::3, "stage"] = None
    found = analyze(save(tmp_path, frame), "click", strata="stage")
    names = {item.stratum for item in found.strata[0].estimates}
    assert names == {"(none)", "new", "old"}


@pytest.mark.parametrize(
    ("change", "other", "part"),
    [
        (
            {"before": np.inf},
            {"covariates": ["before"]},
            "4000 infinite|4,000 infinite",
        ),
        ({"user": None}, {"unit": "user"}, "no unit in 4,000 rows"),
        ({}, {"covariates": ["nothing"]}, 'no column "nothing"'),
        ({}, {"covariates": ["loan=before"]}, '"loan" is not a metric'),
        ({}, {"covariates": ["before", "sends"]}, "two covariates"),
        ({}, {"covariates": ["spend"]}, "its own covariate"),
        ({}, {"strata": "user"}, "more than 1,000 different strata"),
        ({"spend": np.nan}, {"strata": "stage"}, "4,000 empty"),
        ({"arm": None}, {"strata": "stage"}, "no arm"),
    ],
)
def test_what_cannot_be_used_is_named_and_counted(
    tmp_path: Path, change: dict[str, Any], other: dict[str, Any], part: str
) -> None:
    path = save(tmp_path, users().assign(**change))
    with pytest.raises(DataError, match=part):
        analyze(path, "spend:mean", **other)


def test_the_shares_in_order_are_the_funnel(tmp_path: Path) -> None:
    found = analyze(save(tmp_path, users()), "click", "spend:mean", "loan")
    assert found.funnel is not None
    assert found.funnel.metrics == ("click", "loan")
    assert [arm.arm for arm in found.funnel.arms] == ["A", "B"]
    assert found.to_dict()["funnel"]["metrics"] == ["click", "loan"]  # type: ignore[index]


def test_all_that_send_are_compared_with_those_held_out(tmp_path: Path) -> None:
    table = tmp_path / "arms.csv"
    table.write_text("arm,n,k\nA,900,90\nB,900,110\nnone,300,15\n")
    found = analyze_counts(table, arm="arm", control="A", total="n", metrics=["k"])
    (lift,) = found.holdout_lift
    assert (lift.n, lift.holdout_n) == (1_800, 300)
    assert lift.comparison.value == pytest.approx(200 / 1_800)
    assert lift.comparison.control_value == pytest.approx(0.05)
    named = analyze_counts(
        table, arm="arm", control="A", total="n", metrics=["k"], holdout="B"
    )
    assert named.holdout_lift[0].arms == ("A", "none")
    unknown = analyze_counts(
        table, arm="arm", control="A", total="n", metrics=["k"], holdout="x"
    )
    assert unknown.holdout_lift == ()


def test_a_metric_that_never_varies_is_no_evidence(tmp_path: Path) -> None:
    frame = users().assign(spend=3.0)
    item = only(analyze(save(tmp_path, frame), "spend:mean"))
    assert (item.p_value, item.significant) == (1.0, False)
    assert item.diff.to_dict() == {"value": 0.0, "low": None, "high": None}
    found = analyze(save(tmp_path, frame), "spend:mean", covariates=["before"])
    assert only(found).p_value == 1.0
    assert found.ranking is None


def test_counts_at_hand_give_what_a_table_of_them_gives(tmp_path: Path) -> None:
    table = tmp_path / "arms.csv"
    table.write_text("arm,n,k,l\nA,900,90,9\nB,900,110,20\nC,800,70,3\n")
    read = analyze_counts(
        table,
        arm="arm",
        control="A",
        total="n",
        metrics=["k", "l"],
        split="A=9,B=9,C=8",
    )
    given = analyze_counted(
        "arms.csv",
        {"A": 900, "B": 900, "C": 800},
        {"k": {"A": 90, "B": 110, "C": 70}, "l": {"A": 9, "B": 20, "C": 3}},
        control="A",
        split="A=9,B=9,C=8",
    )
    assert given == read


@pytest.mark.parametrize(
    ("units", "successes", "error"),
    [
        ({"A": 9, "B": 9}, {}, ValueError),
        ({"A": 9, "B": 9}, {"k": {"A": 1}}, ValueError),
        ({"A": 9, "B": 9}, {"k": {"A": 1, "B": 10}}, ValueError),
        ({"A": 9}, {"k": {"A": 1}}, DataError),
        ({"B": 9, "C": 9}, {"k": {"B": 1, "C": 1}}, DataError),
    ],
)
def test_counts_at_hand_that_cannot_be_used(
    units: dict[str, int], successes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        analyze_counted("many", units, successes, control="A")


def test_a_covariate_goes_to_a_ratio_by_its_whole_name(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    before = rng.gamma(2, 5, 3000)
    frame = pd.DataFrame(
        {
            "arm": np.tile(["A", "B"], 1500),
            "spend": before + rng.normal(size=3000),
            "sends": rng.integers(1, 4, 3000),
            "before": before,
        }
    )
    found = analyze(
        save(tmp_path, frame), "spend:mean", "spend:ratio=sends",
        covariates=["spend:ratio=sends=before"],
    )  # fmt: skip
    assert [(item.metric, item.applied) for item in found.adjustments] == [
        ("spend:ratio=sends", ("CUPED",))
    ]
    with pytest.raises(DataError, match='"spend" is not a metric') as error:
        analyze(
            save(tmp_path, frame), "spend:mean", "spend:ratio=sends",
            covariates=["spend=before"],
        )  # fmt: skip
    assert '"spend:mean", "spend:ratio=sends"' in str(error.value)
