"""Do the arms differ in the same way in every stratum? One test of interaction.

Cochran's Q (1954) for all arms at once: the arms' values in all strata are fitted by an
effect of each arm and one of each stratum, weighted by their variances; what is left is
chi-square with (arms - 1)(strata - 1) degrees of freedom if every arm's difference from
the control is the same in each stratum. The differences are absolute, the scale on
which arms are chosen. There are no separate winners: the strata are shown as estimates
with intervals, and only the one p-value, corrected over the metrics, says whether it is
worth looking at them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from copylab.analysis.comparison import UNDEFINED, Interval
from copylab.analysis.corrections import adjust_holm
from copylab.analysis.distributions import upper_chi_square
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.pairs import compare
from copylab.analysis.ratios import ratio_estimate
from copylab.analysis.sequential.judge import PlannedLook, nominal_alpha
from copylab.analysis.sequential.judging import is_fixed, look_correction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.table_metrics import Kind
    from copylab.analysis.units import Statistic

METHOD = "Cochran's Q of the interaction"


@dataclass(frozen=True, slots=True)
class StratumEstimate:
    """An arm against the control in one stratum: an estimate, no verdict.

    Attributes:
        stratum: The stratum.
        arm: The arm.
        n: The arm's units in it.
        value: The arm's value, None where it is not defined.
        control_value: The control's value.
        diff: The difference with its interval, uncorrected.
    """

    stratum: str
    arm: str
    n: int
    value: float | None
    control_value: float | None
    diff: Interval

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "stratum": self.stratum,
            "arm": self.arm,
            "n": self.n,
            "value": self.value,
            "control_value": self.control_value,
            "diff": self.diff.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """A metric by strata.

    Attributes:
        metric: The metric.
        kind: How it is put together.
        strata: The column of the strata.
        p_value: Of equal differences in all strata, None where it cannot be tested.
        p_adjusted: After the corrections named.
        degrees: The degrees of freedom.
        corrections: The corrections that touched ``p_adjusted``.
        estimates: Each stratum's arms.
        reason: Why there is no p-value, or empty.
    """

    metric: str
    kind: Kind
    strata: str
    p_value: float | None
    p_adjusted: float | None
    degrees: int
    corrections: tuple[str, ...]
    estimates: tuple[StratumEstimate, ...]
    reason: str = ""

    def to_dict(self) -> dict[str, object]:
        """All attributes, with the name of the method."""
        return {
            "metric": self.metric,
            "strata": self.strata,
            "method": METHOD,
            "p_value": self.p_value,
            "p_adjusted": self.p_adjusted,
            "degrees": self.degrees,
            "corrections": list(self.corrections),
            "reason": self.reason,
            "estimates": [item.to_dict() for item in self.estimates],
        }


def judge_strata(
    metric: str,
    kind: Kind,
    strata: str,
    cells: Mapping[str, Mapping[str, Statistic]],
    *,
    control: str,
    alpha: float,
) -> Heterogeneity:
    """A metric's strata with the test of their interaction, not yet corrected.

    Cells without units or without a spread that could be estimated take no part in the
    test; a stratum counts with two arms at least.

    Args:
        metric: The metric's name.
        kind: How it is put together.
        strata: What the strata are called.
        cells: For each arm, the statistic of each stratum.
        control: The control.
        alpha: The intervals are at ``1 - alpha``.
    """
    names = sorted({name for parts in cells.values() for name in parts})
    known: dict[str, dict[str, tuple[float, float]]] = {}
    for name in names:
        found = {
            arm: estimate
            for arm, parts in cells.items()
            if name in parts and (estimate := _estimate(parts[name])) is not None
        }
        if len(found) > 1:
            known[name] = found
    arms = [arm for arm in cells if any(arm in found for found in known.values())]
    q, degrees = _interaction(known, arms)
    reason = "" if degrees > 0 else "fewer than two strata can be compared"
    p_value = upper_chi_square(q, degrees) if degrees > 0 else None
    estimates = tuple(
        _compare(name, arm, cells, control, alpha)
        for name in names
        for arm in cells
        if arm != control
    )
    return Heterogeneity(
        metric, kind, strata, p_value, p_value, max(degrees, 0), (), estimates, reason
    )


def correct(found: Sequence[Heterogeneity]) -> list[Heterogeneity]:
    """The tests with Holm's correction over all that have a p-value."""
    tested = [item.p_value for item in found if item.p_value is not None]
    if len(tested) < 2:  # noqa: PLR2004 - one test is no family
        return list(found)
    adjusted = iter(adjust_holm(tested))
    return [
        item
        if item.p_value is None
        else replace(item, p_adjusted=next(adjusted), corrections=("holm",))
        for item in found
    ]


def judge_at_look(
    found: Sequence[Heterogeneity], judge: Judge | None
) -> list[Heterogeneity]:
    """The tests as a look reads them.

    A planned look reads them at the alpha that it spends itself, so that over all looks
    a false finding is no likelier than alpha (Bonferroni, for the statistic has no
    boundaries of its own); with looks at any time, at the nominal level of the boundary,
    for which no such promise is known. ``p_adjusted`` is scaled to be below alpha exactly
    where the test is below that level.

    Args:
        found: The tests, corrected over the metrics.
        judge: What judges; None leaves the tests as they are.
    """
    if judge is None or is_fixed(judge):
        return list(found)
    level = nominal_alpha(judge)
    if isinstance(judge, PlannedLook):
        level = judge.alpha_spent - judge.alpha_before
    times = judge.alpha / level if level > 0 else inf
    return [
        item
        if item.p_adjusted is None
        else replace(
            item,
            p_adjusted=min(1.0, item.p_adjusted * times) if times < inf else 1.0,
            corrections=(*item.corrections, look_correction(judge)),
        )
        for item in found
    ]


def _compare(
    name: str,
    arm: str,
    cells: Mapping[str, Mapping[str, Statistic]],
    control: str,
    alpha: float,
) -> StratumEstimate:
    one, zero = cells[arm].get(name), cells[control].get(name)
    if one is None or zero is None:
        alone = one.value if one is not None else None
        other = zero.value if zero is not None else None
        n = one.n if one is not None else 0
        return StratumEstimate(name, arm, n, alone, other, UNDEFINED)
    found = compare(one, zero, alpha)
    return StratumEstimate(
        name, arm, one.n, found.value, found.control_value, found.diff
    )


def _estimate(statistic: Statistic) -> tuple[float, float] | None:
    """The value and its variance, None where there is none to go by.

    A share's variance is that of half a success and half a failure more (Haldane and
    Anscombe), so that no cell is thought to be known for certain.
    """
    match statistic:
        case Proportion(successes, n) if n:
            rate = (successes + 0.5) / (n + 1)
            return successes / n, rate * (1 - rate) / n
        case Moments(n, mean, var) if n > 1 and var > 0:
            return mean, var / n
        case PairMoments():
            estimate = ratio_estimate(statistic)
            if estimate.value is not None and estimate.variance > 0:
                return estimate.value, estimate.variance
    return None


def _interaction(
    strata: Mapping[str, Mapping[str, tuple[float, float]]], arms: Sequence[str]
) -> tuple[float, int]:
    """Q and its degrees of freedom: the weighted squares left by arms plus strata."""
    cells = sum(len(found) for found in strata.values())
    degrees = cells - len(strata) - (len(arms) - 1)
    if degrees < 1:
        return 0.0, degrees
    # Within a stratum values are taken from its weighted mean; the arms' effects then
    # solve the normal equations, the first arm's being zero.
    size = len(arms) - 1
    place = {arm: i - 1 for i, arm in enumerate(arms)}
    matrix = [[0.0] * size for _ in range(size)]
    right = [0.0] * size
    centered = []
    for found in strata.values():
        weights = {arm: 1 / variance for arm, (_, variance) in found.items()}
        total = sum(weights.values())
        mean = sum(weights[arm] * value for arm, (value, _) in found.items()) / total
        centered.append((found, weights, total, mean))
        for arm, (value, _) in found.items():
            i = place[arm]
            if i < 0:
                continue
            right[i] += weights[arm] * (value - mean)
            matrix[i][i] += weights[arm]
            for other in found:
                if place[other] >= 0:
                    matrix[i][place[other]] -= weights[arm] * weights[other] / total
    effects = _solve(matrix, right)
    if effects is None:
        return 0.0, 0
    q = 0.0
    for found, weights, total, mean in centered:

        def effect(arm: str) -> float:
            return effects[place[arm]] if place[arm] >= 0 else 0.0

        usual = sum(weights[arm] * effect(arm) for arm in found) / total
        q += sum(
            weights[arm] * (value - mean - effect(arm) + usual) ** 2
            for arm, (value, _) in found.items()
        )
    return q, degrees


def _solve(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """The solution by elimination with pivots, None where there is not one."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(size):
        best = max(range(i, size), key=lambda j: abs(rows[j][i]))
        rows[i], rows[best] = rows[best], rows[i]
        if abs(rows[i][i]) <= 1e-12 * max(map(abs, rows[i]), default=0.0):
            return None
        for j in range(i + 1, size):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    found = [0.0] * size
    for i in range(size - 1, -1, -1):
        known = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - known) / rows[i][i]
    return found
