"""Many tests as one: random-effects meta-analysis.

The spread between tests is estimated by DerSimonian and Laird (1986, Controlled
Clinical Trials 7), the interval of the mean by Hartung and Knapp (2001, Statistics in
Medicine 20) with Student's t. Their scale is not let below 1, as Knapp and Hartung
(2003) advise, so that a few tests that agree by chance claim no certainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from copylab.analysis.comparison import Interval
from copylab.analysis.distributions import (
    two_sided_normal,
    two_sided_normal_quantile,
    two_sided_student,
    two_sided_student_quantile,
    upper_chi_square,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

METHOD = "DerSimonian-Laird with Hartung-Knapp"
FEW_TESTS = 5
"""Below so many tests the spread between them is hardly known."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """What many estimates of one thing say together.

    Attributes:
        count: How many there are.
        mean: Their mean with its interval.
        p_value: Of no effect, two-sided.
        q: Cochran's Q.
        q_p_value: Of equal effects in all tests; 1 for a single one.
        i2: The share of the spread that is more than error, 0 to 1.
        tau2: The variance of the effects between tests.
        predicted: Where the effect of a further test is to be expected; None with
            fewer than three.
        error: The standard error of the mean.
    """

    count: int
    mean: Interval
    p_value: float
    q: float
    q_p_value: float
    i2: float
    tau2: float
    predicted: Interval | None
    error: float

    @property
    def is_few(self) -> bool:
        """Whether there are too few to know the spread between tests."""
        return self.count < FEW_TESTS


def pool(
    estimates: Sequence[float],
    errors: Sequence[float],
    alpha: float = 0.05,
    *,
    least_scale: float = 1.0,
) -> Pooled:
    """The estimates as one, by a random-effects model.

    A single estimate is returned with its own normal interval.

    Args:
        estimates: One for each test.
        errors: Their standard errors, above 0.
        alpha: The level of the intervals.
        least_scale: What the scale of Hartung and Knapp is not let below; 0 takes it as
            it is.

    Raises:
        ValueError: There are none, their numbers differ, or an error is not above 0.
    """
    count = len(estimates)
    if not count or count != len(errors):
        raise ValueError(f"{count} estimates and {len(errors)} errors, must be as many")
    if min(errors) <= 0:
        raise ValueError(f"min(errors) == {min(errors)}, must be above 0")
    if count == 1:
        return _alone(estimates[0], errors[0], alpha)
    weights = [1 / error**2 for error in errors]
    q, tau2 = _spread(estimates, weights)
    within = [1 / (error**2 + tau2) for error in errors]
    total = sum(within)
    mean = sum(w * y for w, y in zip(within, estimates, strict=True)) / total
    scale = sum(w * (y - mean) ** 2 for w, y in zip(within, estimates, strict=True)) / (
        count - 1
    )
    error = sqrt(max(scale, least_scale) / total)
    degrees = count - 1
    reach = two_sided_student_quantile(alpha, degrees) * error
    return Pooled(
        count=count,
        mean=Interval(mean, mean - reach, mean + reach),
        p_value=two_sided_student(mean / error, degrees) if error else 1.0,
        q=q,
        q_p_value=upper_chi_square(q, degrees),
        i2=max(1 - degrees / q, 0.0) if q > 0 else 0.0,
        tau2=tau2,
        predicted=_predict(mean, error, tau2, count, alpha),
        error=error,
    )


def _alone(estimate: float, error: float, alpha: float) -> Pooled:
    reach = two_sided_normal_quantile(alpha) * error
    mean = Interval(estimate, estimate - reach, estimate + reach)
    p_value = two_sided_normal(estimate / error)
    return Pooled(1, mean, p_value, 0.0, 1.0, 0.0, 0.0, None, error)


def _spread(
    estimates: Sequence[float], weights: Sequence[float]
) -> tuple[float, float]:
    """Cochran's Q, and the variance between tests by DerSimonian and Laird."""
    total = sum(weights)
    mean = sum(w * y for w, y in zip(weights, estimates, strict=True)) / total
    q = sum(w * (y - mean) ** 2 for w, y in zip(weights, estimates, strict=True))
    room = total - sum(w * w for w in weights) / total
    return q, max((q - (len(estimates) - 1)) / room, 0.0)


def _predict(
    mean: float, error: float, tau2: float, count: int, alpha: float
) -> Interval | None:
    """The prediction interval of Higgins, Thompson and Spiegelhalter (2009)."""
    if count < 3:  # noqa: PLR2004 - count - 2 degrees of freedom
        return None
    reach = two_sided_student_quantile(alpha, count - 2) * sqrt(tau2 + error**2)
    return Interval(mean, mean - reach, mean + reach)
