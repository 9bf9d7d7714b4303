"""Variance reduction: CUPED and post-stratification, on moments of arms and strata.

CUPED (Deng, Xu, Kohavi and Walker 2013): what a covariate from before the assignment
explains is subtracted, ``y - theta (x - mean of x)``; theta is pooled over all arms, so
that all arms are changed by the same rule. A ratio's theta is that of its linearisation
(Deng, Knoblich and Lu 2018). Post-stratification (Miratrix, Sekhon and Yu 2013): each
arm's mean is the mean of its strata, weighted by the strata's shares of all arms. Both
keep the estimate where it is on average, and make it vary less.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.analysis.distributions import upper_chi_square
from copylab.analysis.joint_moments import JointMoments
from copylab.analysis.means import compare_means
from copylab.analysis.ratios import ratio_estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.table_metrics import Kind

    Cells = Mapping[str, Mapping[str, JointMoments]]

CHANGED_BELOW = 0.001
"""The p-value of equal covariates in all arms below which one is not believed."""
SMALLEST_STRATUM = 20
"""The units an arm must have in a stratum that is not put together with others."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was done to a metric to make it vary less, or why nothing was.

    Attributes:
        metric: The metric's name.
        covariate: What CUPED subtracts, None if it was not asked for.
        strata: The column of strata, None if not asked for.
        applied: What was done: ``CUPED``, ``post-stratified``, both or nothing.
        theta: The slope of CUPED, None where it was not applied.
        variance_reduction: How much smaller the variances of the arms' values are
            together, 0 to 1; slightly below 0 where nothing was explained.
        reasons: Why something asked for was not done, a sentence each.
    """

    metric: str
    covariate: str | None = None
    strata: str | None = None
    applied: tuple[str, ...] = ()
    theta: float | None = None
    variance_reduction: float = 0.0
    reasons: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "metric": self.metric,
            "covariate": self.covariate,
            "strata": self.strata,
            "applied": list(self.applied),
            "theta": self.theta,
            "variance_reduction": self.variance_reduction,
            "reasons": list(self.reasons),
        }


def adjust(
    metric: str,
    kind: Kind,
    cells: Cells,
    *,
    covariate: str | None,
    strata: str | None,
) -> tuple[dict[str, JointMoments], Adjustment]:
    """The adjusted moments of every arm, and what was done.

    Args:
        metric: The metric's name.
        kind: ``ratio`` if the second quantity is a denominator.
        cells: For each arm, the moments of each stratum (one, where there are none):
            the value, the denominator of a ratio, and the covariate if there is one.
        covariate: What the covariate is called, None without one.
        strata: What the strata are called, None without.
    """
    raw = {arm: add_up(list(parts.values())) for arm, parts in cells.items()}
    reasons = []
    applied = []
    theta = None
    if covariate is not None:
        refusal = refuse_covariate(covariate, raw)
        if refusal is None:
            theta = _slope(kind, cells)
            center = add_up(list(raw.values())).means[-1]
            cells = {
                arm: {s: _subtract(cell, theta, center) for s, cell in parts.items()}
                for arm, parts in cells.items()
            }
            applied.append("CUPED")
        else:
            reasons.append(refusal)
    adjusted = {arm: add_up(list(parts.values())) for arm, parts in cells.items()}
    if strata is not None:
        refusal, grouped = _usable_strata(strata, cells)
        if refusal is None:
            adjusted = _post_stratify(grouped)
            applied.append("post-stratified")
        else:
            reasons.append(refusal)
    before, after = _variance(kind, raw), _variance(kind, adjusted)
    reduction = 1 - after / before if before > 0 and applied else 0.0
    return adjusted, Adjustment(
        metric, covariate, strata, tuple(applied), theta, reduction, tuple(reasons)
    )


def add_up(parts: Sequence[JointMoments]) -> JointMoments:
    """All parts together; one at least."""
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


def refuse_covariate(name: str, arms: Mapping[str, JointMoments]) -> str | None:
    """Why the last quantity cannot be a covariate, None if it can.

    It must vary, and its mean must not differ between the arms more than one in a
    thousand times by chance: the assignment cannot change what was before it.

    Args:
        name: What it is called.
        arms: The moments of every arm, the covariate last.
    """
    filled = [cell for cell in arms.values() if cell.n > 1]
    if not sum(cell.covariances[-1][-1] for cell in filled):
        return f'the covariate "{name}" is the same for every unit'
    whole = add_up(filled)
    # Kept as one test of all arms: the squared distances of their means.
    variance = sum((c.n - 1) * c.covariances[-1][-1] for c in filled)
    variance /= max(sum(cell.n - 1 for cell in filled), 1)
    distance = sum(cell.n * (cell.means[-1] - whole.means[-1]) ** 2 for cell in filled)
    p_value = upper_chi_square(distance / variance, len(filled) - 1)
    if len(filled) == 2:  # noqa: PLR2004 - then Welch says it exactly
        one, zero = (cell.moments(-1) for cell in filled)
        p_value = compare_means(one, zero).p_value
    if p_value < CHANGED_BELOW:
        return (
            f'the covariate "{name}" differs between the arms (p = {p_value:.2g}): '
            "it does not come from before the assignment"
        )
    return None


def refuse_strata(name: str, sizes: Sequence[Sequence[int]]) -> str | None:
    """Why strata cannot be used, None if they can: the arms must be alike in them.

    Args:
        name: What they are called.
        sizes: For each arm with units, its units in each stratum.
    """
    columns = [sum(column) for column in zip(*sizes, strict=True)]
    if len(columns) < 2:  # noqa: PLR2004 - one stratum divides nothing
        return f'"{name}" has no two strata with {SMALLEST_STRATUM} units in every arm'
    total = sum(columns)
    statistic = sum(
        (n - sum(row) * column / total) ** 2 / (sum(row) * column / total)
        for row in sizes
        for n, column in zip(row, columns, strict=True)
    )
    p_value = upper_chi_square(statistic, (len(sizes) - 1) * (len(columns) - 1))
    if p_value < CHANGED_BELOW:
        return (
            f'the strata "{name}" differ between the arms (p = {p_value:.2g}): '
            "they do not come from before the assignment"
        )
    return None


def group_strata(cells: Cells) -> dict[str, dict[str, JointMoments]]:
    """The cells with small strata put together, until each arm has 20 units in each.

    Arms without any units are left as they are.
    """
    filled = {arm: parts for arm, parts in cells.items() if _units(parts)}
    names = {name for parts in filled.values() for name in parts}
    smallest = {
        name: min(parts[name].n if name in parts else 0 for parts in filled.values())
        for name in names
    }
    order = sorted(names, key=lambda name: (smallest[name], name))
    together: list[str] = []
    reached = 0
    while order and (
        smallest[order[0]] < SMALLEST_STRATUM or 0 < reached < SMALLEST_STRATUM
    ):
        together.append(order.pop(0))
        reached = (
            min(
                sum(parts[name].n for name in together if name in parts)
                for parts in filled.values()
            )
            or 1
        )
    label = together[0] if len(together) == 1 else "(others)"
    grouped: dict[str, dict[str, JointMoments]] = {}
    for arm, parts in filled.items():
        kept = {name: parts[name] for name in sorted(order)}
        rest = [parts[name] for name in together if name in parts]
        grouped[arm] = kept | ({label: add_up(rest)} if rest else {})
    return grouped


def _units(parts: Mapping[str, JointMoments]) -> int:
    return sum(cell.n for cell in parts.values())


def _usable_strata(
    name: str, cells: Cells
) -> tuple[str | None, dict[str, dict[str, JointMoments]]]:
    grouped = group_strata(cells)
    strata = {stratum for parts in grouped.values() for stratum in parts}
    if not grouped or any(len(parts) != len(strata) for parts in grouped.values()):
        return f'the strata "{name}" leave arms without units in some', {}
    refusal = refuse_strata(
        name, [[parts[s].n for s in sorted(strata)] for parts in grouped.values()]
    )
    return refusal, grouped


def _slope(kind: Kind, cells: Cells) -> float:
    """Theta: the slope of the value on the covariate, all arms of a stratum together."""
    strata: dict[str, list[JointMoments]] = {}
    for parts in cells.values():
        for name, cell in parts.items():
            strata.setdefault(name, []).append(cell)
    pooled = [add_up(parts) for parts in strata.values()]
    ratio = 0.0
    if kind == "ratio":
        whole = add_up(pooled)
        ratio = whole.means[0] / whole.means[1] if whole.means[1] else 0.0
    together = spread = 0.0
    for cell in pooled:
        shared = cell.covariances[0][-1]
        if kind == "ratio":
            shared -= ratio * cell.covariances[1][-1]
        together += (cell.n - 1) * shared
        spread += (cell.n - 1) * cell.covariances[-1][-1]
    return together / spread if spread else 0.0


def _subtract(cell: JointMoments, theta: float, center: float) -> JointMoments:
    """The cell with its value less what the covariate explains."""
    mean = cell.means[0] - theta * (cell.means[-1] - center)
    last = cell.covariances[-1]
    first = [
        shared - theta * other
        for shared, other in zip(cell.covariances[0], last, strict=True)
    ]
    first[0] = max(
        cell.covariances[0][0] - 2 * theta * last[0] + theta * theta * last[-1], 0.0
    )
    rows = [list(row) for row in cell.covariances]
    rows[0] = first
    for i in range(1, len(first)):
        rows[i][0] = first[i]
    return JointMoments(cell.n, (mean, *cell.means[1:]), tuple(map(tuple, rows)))


def _post_stratify(
    cells: Mapping[str, Mapping[str, JointMoments]],
) -> dict[str, JointMoments]:
    """The arms' means weighted by the strata's shares of all arms.

    The covariances are those that give the variance of the weighted mean when divided
    by the arm's units.
    """
    total = sum(_units(parts) for parts in cells.values())
    names = next(iter(cells.values()))
    weights = {
        name: sum(parts[name].n for parts in cells.values()) / total for name in names
    }
    found = {}
    for arm, parts in cells.items():
        n = _units(parts)
        size = len(next(iter(parts.values())).means)
        means = tuple(
            sum(weights[s] * cell.means[i] for s, cell in parts.items())
            for i in range(size)
        )
        rows = tuple(
            tuple(
                n
                * sum(
                    weights[s] ** 2 * cell.covariances[i][j] / cell.n
                    for s, cell in parts.items()
                )
                for j in range(size)
            )
            for i in range(size)
        )
        found[arm] = JointMoments(n, means, rows)
    return found


def _variance(kind: Kind, arms: Mapping[str, JointMoments]) -> float:
    """The sum of the variances of the arms' values."""
    filled = [cell for cell in arms.values() if cell.n > 1]
    if kind == "ratio":
        return sum(ratio_estimate(cell.pair()).variance for cell in filled)
    return sum(cell.covariances[0][0] / cell.n for cell in filled)
