"""Who is best of all arms: the chance of being it, and what choosing another costs.

A posterior for each arm's value, independent of the others: for a share, the Beta that
follows from Jeffreys's prior, Beta(1/2, 1/2); for a mean or a ratio the normal with the
estimate and its variance, which is what a flat prior gives in large samples. A Beta
with 100,000 successes and failures or more is taken for the normal of the same mean and
variance, which moves the chances by less than a thousandth. The chances and losses are
integrals over one dimension, summed on a fixed grid: the same data give the same digits.

Expected loss: how much better the best arm is on average than the one chosen, in the
metric's units, counting nothing where the chosen one is the best. Neither number is
corrected for anything: they rank, and the tests decide. The test of the first against
the second needs no correction either: picking the observed best and testing it
two-sided at alpha against the runner-up errs at most with alpha, however many arms
there are (Gutmann and Maymin 1987). At a look it has the look's boundary.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.analysis.moments import Proportion
from copylab.analysis.pairs import compare
from copylab.analysis.posteriors import find_posterior, integrate
from copylab.analysis.sequential.judging import fixed_level, judge_pair, touched_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.analysis.comparison import Comparison
    from copylab.analysis.guardrails import Better
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.units import Statistic

METHOD = "Beta posterior with Jeffreys's prior"
METHOD_NORMAL = "normal posterior with a flat prior"
MOST_ARMS = 100
"""The arms above which nobody is ranked: the integral is left out."""


@dataclass(frozen=True, slots=True)
class RankedArm:
    """An arm's place among all arms, the control among them.

    Attributes:
        arm: The arm.
        value: Its value.
        probability_best: The chance that its true value is the best, 0 to 1.
        expected_loss: What choosing it costs on average, in the metric's units, 0 or
            more.
    """

    arm: str
    value: float
    probability_best: float
    expected_loss: float

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "arm": self.arm,
            "value": self.value,
            "probability_best": self.probability_best,
            "expected_loss": self.expected_loss,
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """All arms of a metric, the best first.

    Attributes:
        metric: The metric.
        better: Which direction is good.
        arms: The arms that have a value, by value.
        separable: Whether the first is shown to be ahead of the second.
        comparison: The first against the second.
        method: The posterior.
        corrections: The corrections that touched the comparison: for looks, if any.
    """

    metric: str
    better: Better
    arms: tuple[RankedArm, ...]
    separable: bool
    comparison: Comparison
    method: str
    corrections: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """All attributes, the comparison as that of the runner-up."""
        return {
            "metric": self.metric,
            "better": self.better,
            "method": self.method,
            "corrections": [],
            "arms": [arm.to_dict() for arm in self.arms],
            "runner_up": {
                "arm": self.arms[1].arm,
                "diff": self.comparison.diff.to_dict(),
                "p_value": self.comparison.p_value,
                "separable": self.separable,
                "corrections": list(self.corrections),
                "method": self.comparison.method,
            },
        }


def rank_arms(
    metric: str,
    statistics: Mapping[str, Statistic],
    *,
    better: Better,
    alpha: float,
    adjusted: str = "",
    judge: Judge | None = None,
) -> Ranking | None:
    """The arms from best to worst; None for fewer than two with a spread, or over 100.

    Args:
        metric: The metric's name.
        statistics: The statistic of every arm, the control's too.
        better: Which direction is good.
        alpha: The level at which the first must differ from the second.
        adjusted: What was done to the statistics, for the name of the method.
        judge: What judges at a look; None for a fixed test.
    """
    known = {
        arm: posterior
        for arm, statistic in statistics.items()
        if (posterior := find_posterior(statistic, better)) is not None
    }
    if not 2 <= len(known) <= MOST_ARMS:  # noqa: PLR2004 - nothing to rank below
        return None
    found = integrate(list(known.values()))
    sign = -1.0 if better == "higher" else 1.0
    ranked = sorted(
        (
            RankedArm(arm, statistics[arm].value or 0.0, chance, loss)
            for arm, (chance, loss) in zip(known, found, strict=True)
        ),
        key=lambda item: sign * item.value,
    )
    first, second = (statistics[item.arm] for item in ranked[:2])
    comparison = compare(first, second, fixed_level(judge, alpha))
    if adjusted:
        comparison = replace(comparison, method=f"{comparison.method}, {adjusted}")
    comparison = judge_pair(comparison, judge)
    shares = all(isinstance(statistics[arm], Proportion) for arm in known)
    return Ranking(
        metric,
        better,
        tuple(ranked),
        comparison.significant,
        comparison,
        METHOD if shares else METHOD_NORMAL,
        touched_by(judge),
    )
