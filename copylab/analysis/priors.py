"""Lifts drawn towards a prior: what to expect of a winner, not what it showed.

The arm that looks best has had luck on top of merit, so its lift is too large on
average. With a normal prior on the logarithm of the ratio, ``log(1 + lift)``, the
expected lift is the mean of the two weighted by their precisions: normal-normal
shrinkage (Efron and Morris 1975, JASA 70). The standard error is read back from the
interval of the lift on the log scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, log1p, sqrt
from typing import TYPE_CHECKING

from copylab.analysis.comparison import Interval
from copylab.analysis.distributions import two_sided_normal_quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copylab.analysis.results import ArmComparison

FEWEST_PAST = 5
"""Past experiments from which a prior is learned; fewer say too little of its width."""

NARROWEST = 0.01
"""The least standard deviation of a learned prior: 1 % of lift is never certain."""


@dataclass(frozen=True, slots=True)
class LiftPrior:
    """What lifts are like before the data, on the scale of ``log(1 + lift)``.

    Attributes:
        mean: The mean of ``log(1 + lift)``.
        sd: Its standard deviation, above 0.
        source: Where it comes from: ``experiment``, ``workspace`` or ``learned``.
        experiments: For ``learned``, from how many past experiments.
    """

    mean: float
    sd: float
    source: str
    experiments: int = 0

    def __post_init__(self) -> None:
        """Refuse a width that shrinks nothing or everything."""
        if not self.sd > 0:
            raise ValueError(f"sd == {self.sd}, must be above 0")

    def to_dict(self) -> dict[str, object]:
        """All attributes; ``mean`` and ``sd`` of ``log(1 + lift)``."""
        return {
            "mean": self.mean,
            "sd": self.sd,
            "source": self.source,
            "experiments": self.experiments,
        }


@dataclass(frozen=True, slots=True)
class ShrunkLift:
    """A lift drawn towards a prior.

    Attributes:
        metric: The metric.
        arm: The arm.
        control: What it is compared with.
        raw: The lift as observed.
        lift: The lift to expect, with an interval that holds it with ``1 - alpha``.
        weight: How much of it is the data's: 0 is all prior, 1 is all data.
    """

    metric: str
    arm: str
    control: str
    raw: Interval
    lift: Interval
    weight: float

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "metric": self.metric,
            "arm": self.arm,
            "control": self.control,
            "raw": self.raw.to_dict(),
            "lift": self.lift.to_dict(),
            "weight": self.weight,
        }


def log_lift(lift: Interval, alpha: float) -> tuple[float, float] | None:
    """The logarithm of the ratio and its standard error, or None if it has none.

    Args:
        lift: A relative difference with its interval at ``1 - alpha``.
        alpha: The level.
    """
    if lift.value is None or lift.low is None or lift.high is None:
        return None
    if min(lift.value, lift.low) <= -1 or not lift.low < lift.high:
        return None
    reach = 2 * two_sided_normal_quantile(alpha)
    error = (log1p(lift.high) - log1p(lift.low)) / reach
    return (log1p(lift.value), error) if error > 0 else None


def shrink_lifts(
    comparisons: Iterable[ArmComparison],
    prior: LiftPrior,
    alpha: float,
    *,
    level: float | None = None,
) -> tuple[ShrunkLift, ...]:
    """The lifts drawn towards the prior; those without an interval are left out.

    Args:
        comparisons: Comparisons, each with its lift.
        prior: What lifts are like.
        alpha: The level of the intervals to make.
        level: That of the comparisons' intervals: at a look, its boundary's. None is
            alpha.
    """
    found = []
    for item in comparisons:
        known = log_lift(item.lift, alpha if level is None else level)
        if known is None:
            continue
        shrunk, weight = shrink(*known, prior, alpha)
        found.append(
            ShrunkLift(item.metric, item.arm, item.control, item.lift, shrunk, weight)
        )
    return tuple(found)


def shrink(
    estimate: float, error: float, prior: LiftPrior, alpha: float
) -> tuple[Interval, float]:
    """The expected lift with its interval, and the weight of the data in it.

    Args:
        estimate: ``log(1 + lift)`` as observed.
        error: Its standard error, above 0.
        prior: What it is like before the data.
        alpha: The level of the interval.
    """
    weight = prior.sd**2 / (prior.sd**2 + error**2)
    mean = prior.mean + weight * (estimate - prior.mean)
    reach = two_sided_normal_quantile(alpha) * sqrt(weight) * error
    lift = Interval(expm1(mean), expm1(mean - reach), expm1(mean + reach))
    return lift, weight


def learn_prior(
    past: Sequence[tuple[str, float, float]],
) -> LiftPrior | None:
    """The prior that past experiments give, or None where there are too few.

    It is centred on no effect, so that it never adds to what was observed; its variance
    is what the spread of past lifts leaves beyond their errors, by moments.

    Args:
        past: Of each past comparison the experiment, ``log(1 + lift)`` and its error.
    """
    experiments = len({name for name, _, _ in past})
    if experiments < FEWEST_PAST:
        return None
    weights = [1 / error**2 for _, _, error in past]
    spread = sum(
        weight * (value**2 - error**2)
        for weight, (_, value, error) in zip(weights, past, strict=True)
    ) / sum(weights)
    sd = max(sqrt(max(spread, 0.0)), NARROWEST)
    return LiftPrior(0.0, sd, "learned", experiments)
