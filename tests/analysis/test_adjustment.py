from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.analysis.adjustment import add_up, adjust
from copylab.analysis.joint_moments import JointMoments
from copylab.analysis.means import compare_means
from copylab.analysis.ratios import compare_ratios

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = st.lists(
    st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=12
)


def joint(rows: Sequence[Sequence[float]]) -> JointMoments:
    """The moments of rows at hand, by numpy."""
    table = np.asarray(rows, dtype=float)
    n = len(table)
    covariances = np.zeros((table.shape[1],) * 2)
    if n > 1:
        covariances = np.atleast_2d(np.cov(table, rowvar=False))
    return JointMoments(
        n, tuple(map(float, table.mean(axis=0))),
        tuple(tuple(map(float, row)) for row in covariances),
    )  # fmt: skip


@settings(max_examples=200)
@given(ROWS, ROWS)
def test_parts_add_up_to_the_whole(
    left: list[tuple[float, float]], right: list[tuple[float, float]]
) -> None:
    both, whole = joint(left) + joint(right), joint(left + right)
    assert both.n == whole.n
    assert both.means == pytest.approx(whole.means, rel=1e-9, abs=1e-9)
    for ours, theirs in zip(both.covariances, whole.covariances, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-6)


def test_sums_around_pivots_keep_the_digits_of_a_large_offset() -> None:
    generator = np.random.default_rng(51)
    table = generator.normal(0, 1, (5_000, 2)) + 1e9
    shifted = table - 1e9
    found = JointMoments.from_sums(
        5_000, [float(column.sum()) for column in shifted.T],
        {(i, j): float((shifted[:, i] * shifted[:, j]).sum())
         for i in range(2) for j in range(i, 2)},
        [1e9, 1e9],
    )  # fmt: skip
    assert found.covariances[0][1] == pytest.approx(np.cov(shifted.T)[0, 1], rel=1e-9)


def draw(seed: int, n: int, effect: float) -> dict[str, np.ndarray]:
    """Arms with columns y, x and a stratum from 0 to 2, all from one model."""
    generator = np.random.default_rng(seed)
    found = {}
    for arm, lift in (("a", 0.0), ("b", effect)):
        stratum = generator.integers(0, 3, n)
        x = generator.gamma(2, 2, n) + stratum
        y = lift + 1.5 * x + 2.0 * stratum + generator.normal(0, 1, n)
        found[arm] = np.column_stack([y, x, stratum])
    return found


def cells(arms: dict[str, np.ndarray]) -> dict[str, dict[str, JointMoments]]:
    return {
        arm: {str(s): joint(table[table[:, 2] == s][:, :2]) for s in range(3)}
        for arm, table in arms.items()
    }


def test_cuped_is_the_regression_on_the_pooled_slope() -> None:
    arms = draw(52, 4_000, 0.3)
    parts = {arm: {"all": joint(table[:, :2])} for arm, table in arms.items()}
    found, note = adjust("m", "mean", parts, covariate="x", strata=None)
    everybody = np.concatenate(list(arms.values()))
    both = np.cov(everybody[:, 0], everybody[:, 1])
    theta = float(both[0, 1] / both[1, 1])
    assert note.theta == pytest.approx(theta, rel=1e-9)
    grand = np.concatenate([table[:, 1] for table in arms.values()]).mean()
    for arm, table in arms.items():
        adjusted = table[:, 0] - theta * (table[:, 1] - grand)
        assert found[arm].means[0] == pytest.approx(adjusted.mean(), rel=1e-9)
        assert found[arm].covariances[0][0] == pytest.approx(
            adjusted.var(ddof=1), rel=1e-9
        )
    before = sum(table[:, 0].var(ddof=1) for table in arms.values())
    after = sum(
        (table[:, 0] - theta * table[:, 1]).var(ddof=1) for table in arms.values()
    )
    assert note.variance_reduction == pytest.approx(1 - after / before, rel=1e-9)
    assert note.variance_reduction > 0.8
    assert note.applied == ("CUPED",)


def test_post_stratification_weighs_by_the_strata_of_all_arms() -> None:
    arms = draw(53, 900, 0.0)
    found, note = adjust("m", "mean", cells(arms), covariate=None, strata="stage")
    assert note.applied == ("post-stratified",)
    everybody = np.concatenate(list(arms.values()))
    for arm, table in arms.items():
        mean = variance = 0.0
        for s in range(3):
            weight = (everybody[:, 2] == s).mean()
            part = table[table[:, 2] == s][:, 0]
            mean += weight * part.mean()
            variance += weight**2 * part.var(ddof=1) / len(part)
        assert found[arm].means[0] == pytest.approx(mean, rel=1e-9)
        assert found[arm].covariances[0][0] / found[arm].n == pytest.approx(
            variance, rel=1e-9
        )


def test_a_ratio_is_adjusted_at_its_linearisation() -> None:
    generator = np.random.default_rng(54)
    tables = {}
    for arm in "ab":
        d = generator.integers(1, 5, 3_000).astype(float)
        x = generator.normal(0, 1, 3_000)
        tables[arm] = np.column_stack(
            [d * (1 + x) + generator.normal(0, 1, 3_000), d, x]
        )
    parts = {arm: {"all": joint(table)} for arm, table in tables.items()}
    found, note = adjust("m", "ratio", parts, covariate="x", strata=None)
    whole = np.concatenate(list(tables.values()))
    ratio = whole[:, 0].mean() / whole[:, 1].mean()
    both = np.cov(whole[:, 0] - ratio * whole[:, 1], whole[:, 2])
    assert note.theta == pytest.approx(both[0, 1] / both[1, 1], rel=1e-9)
    raw = compare_ratios(*(add_up([parts[arm]["all"]]).pair() for arm in "ba"))
    adjusted = compare_ratios(*(found[arm].pair() for arm in "ba"))
    assert adjusted.diff.high is not None
    assert adjusted.diff.low is not None
    assert raw.diff.high is not None
    assert raw.diff.low is not None
    width = (adjusted.diff.high - adjusted.diff.low) / (raw.diff.high - raw.diff.low)
    assert width**2 == pytest.approx(1 - note.variance_reduction, rel=0.01)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda x, _: np.full_like(x, 3.0), "the same for every unit"),
        (lambda x, arm: x + (arm == "b"), "before the assignment"),
    ],
)
def test_a_covariate_that_cannot_be_one_is_left_out_with_the_reason(
    change, part: str
) -> None:
    arms = draw(55, 2_000, 0.0)
    for arm, table in arms.items():
        table[:, 1] = change(table[:, 1], arm)
    parts = {arm: {"all": joint(table[:, :2])} for arm, table in arms.items()}
    found, note = adjust("m", "mean", parts, covariate="x", strata=None)
    assert note.applied == ()
    assert note.variance_reduction == 0.0
    assert part in note.reasons[0]
    assert found == {arm: p["all"] for arm, p in parts.items()}


def test_strata_that_the_arms_changed_are_left_out_with_the_reason() -> None:
    arms = draw(56, 1_000, 0.0)
    arms["b"][:700, 2] = 0
    _, note = adjust("m", "mean", cells(arms), covariate=None, strata="stage")
    assert note.applied == ()
    assert "differ between the arms" in note.reasons[0]


def test_small_strata_are_put_together_and_too_small_ones_left_out() -> None:
    arms = draw(57, 300, 0.0)
    for table in arms.values():
        table[:5, 2], table[5:9, 2], table[9:, 2] = 0, 1, 2
        table[9:150, 2] = 3
    parts = {
        arm: {str(s): joint(table[table[:, 2] == s][:, :2]) for s in range(4)}
        for arm, table in arms.items()
    }
    _, note = adjust("m", "mean", parts, covariate=None, strata="stage")
    assert note.applied == ("post-stratified",)
    few = {arm: {"x": joint(table[:15, :2]), "y": joint(table[15:25, :2])}
           for arm, table in arms.items()}  # fmt: skip
    _, note = adjust("m", "mean", few, covariate=None, strata="stage")
    assert "no two strata" in note.reasons[0]


@pytest.mark.fuzz
@pytest.mark.parametrize("ways", [("x", None), (None, "stage"), ("x", "stage")])
def test_adjusted_intervals_cover_and_reject_as_often_as_they_say(
    ways: tuple[str | None, str | None],
) -> None:
    covered = rejected = 0
    runs = 1_500
    for seed in range(runs):
        parts = cells(draw(1_000 + seed, 300, 0.5))
        found, _ = adjust("m", "mean", parts, covariate=ways[0], strata=ways[1])
        item = compare_means(found["b"].moments(), found["a"].moments())
        assert item.diff.low is not None
        assert item.diff.high is not None
        covered += item.diff.low <= 0.5 <= item.diff.high
        null, _ = adjust(
            "m", "mean", cells(draw(9_000 + seed, 300, 0.0)),
            covariate=ways[0], strata=ways[1],
        )  # fmt: skip
        rejected += compare_means(null["b"].moments(), null["a"].moments()).significant
    error = 3 * sqrt(0.05 * 0.95 / runs)
    assert covered / runs == pytest.approx(0.95, abs=error)
    assert rejected / runs == pytest.approx(0.05, abs=error)
