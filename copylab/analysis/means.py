"""Two means, or any two estimates with a variance: Welch's test and its intervals.

The difference is judged by Welch's t with Satterthwaite's degrees of freedom. The
lift's interval is Fieller's with the same quantile: the ratios that the same test
accepts. At a ratio of one the two are the same hypothesis, so p-value and intervals
cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, inf, isfinite, nextafter, sqrt

from copylab.analysis.comparison import UNDEFINED, Comparison, Interval, check_alpha
from copylab.analysis.distributions import (
    two_sided_student,
    two_sided_student_quantile,
)
from copylab.analysis.moments import Moments

METHOD = "Welch's t"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number estimated from an arm.

    Attributes:
        value: The estimate, None where it is not defined.
        variance: The variance of the estimate, not of the units.
        n: The units behind it.
    """

    value: float | None
    variance: float
    n: int


def compare_means(
    moments1: Moments, moments0: Moments, alpha: float = 0.05
) -> Comparison:
    """The comparison of a treatment's mean with a control's.

    Without any spread, or with fewer than two units in an arm, there is nothing to
    judge a difference by: p is 1 and the intervals have no bounds. The lift is None
    where the control's mean is not above zero, and has no bounds where the control's
    mean cannot be told from zero.

    Args:
        moments1: The treatment's moments.
        moments0: The control's moments.
        alpha: The level of the test.

    Raises:
        TypeError: An argument is no ``Moments``.
    """
    for name, moments in (("moments1", moments1), ("moments0", moments0)):
        if not isinstance(moments, Moments):
            raise TypeError(f"{name} == {moments!r}, must be Moments")
    return compare_estimates(
        _mean_estimate(moments1), _mean_estimate(moments0), alpha=alpha, method=METHOD
    )


def compare_estimates(
    one: Estimate, zero: Estimate, *, alpha: float, method: str
) -> Comparison:
    """The comparison of two independent estimates, as ``compare_means`` does it.

    Args:
        one: The treatment's estimate.
        zero: The control's estimate.
        alpha: The level of the test.
        method: The name the comparison bears.
    """
    check_alpha(alpha)
    error = sqrt(one.variance + zero.variance)
    p_value, statistic, diff, lift = 1.0, 0.0, UNDEFINED, UNDEFINED
    if one.value is not None and zero.value is not None:
        distance = one.value - zero.value
        lift = _bare_lift(one.value, zero.value)
        diff = Interval(distance, None, None)
        if error > 0 and min(one.n, zero.n) > 1:
            degrees = _degrees(one, zero)
            statistic = distance / error
            p_value = two_sided_student(statistic, degrees)
            critical = two_sided_student_quantile(alpha, degrees)
            sign = copysign(1.0, distance) if p_value < alpha else 0.0
            reach = critical * error
            diff = _on_side(distance, distance - reach, distance + reach, sign)
            lift = _fieller(one, zero, critical, sign)
    return Comparison(
        p_value=p_value,
        diff=diff,
        lift=lift,
        significant=p_value < alpha,
        method=method,
        alpha=alpha,
        value=one.value,
        control_value=zero.value,
        statistic=statistic,
    )


def _mean_estimate(moments: Moments) -> Estimate:
    variance = moments.var / moments.n if moments.n else 0.0
    return Estimate(moments.value, variance, moments.n)


def _degrees(one: Estimate, zero: Estimate) -> float:
    """Satterthwaite's degrees of freedom."""
    total = one.variance + zero.variance
    shares = (one.variance / total, zero.variance / total)
    return 1 / (shares[0] ** 2 / (one.n - 1) + shares[1] ** 2 / (zero.n - 1))


def _bare_lift(value: float, control: float) -> Interval:
    if control <= 0:
        return UNDEFINED
    lift = (value - control) / control
    return Interval(lift if isfinite(lift) else None, None, None)


def _on_side(value: float, low: float, high: float, sign: float) -> Interval:
    """The interval, on the side of zero on which the p-value puts it.

    Only the last digit of a bound can differ from that, by rounding.
    """
    if sign > 0:
        return Interval(value, max(low, nextafter(0.0, inf)), high)
    if sign < 0:
        return Interval(value, low, min(high, nextafter(0.0, -inf)))
    return Interval(value, min(low, 0.0), max(high, 0.0))


def _fieller(one: Estimate, zero: Estimate, critical: float, sign: float) -> Interval:
    """The relative difference with the bounds of Fieller (1954), where it has any.

    Solved for the lift itself, not for the ratio: near no difference at all, one less
    than a ratio has few digits left.
    """
    if one.value is None or zero.value is None or zero.value <= 0:
        return UNDEFINED
    value = (one.value - zero.value) / zero.value
    reach1 = critical * (sqrt(one.variance) / zero.value)
    reach0 = critical * (sqrt(zero.variance) / zero.value)
    a = 1 - reach0 * reach0
    b = value + reach0 * reach0
    c = value * value - reach1 * reach1 - reach0 * reach0
    if a <= 0 or not isfinite(b * b) or not isfinite(c):
        return Interval(value if isfinite(value) else None, None, None)
    root = sqrt(max(b * b - a * c, 0.0))
    far = b + copysign(root, b)
    low, high = sorted((far / a, c / far if far else 0.0))
    return _on_side(value, low, high, sign)
