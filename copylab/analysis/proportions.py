"""Two proportions: one test gives the p-value and both intervals.

The score test compares the observed difference with its standard error under the
hypothesis; the intervals hold the differences and the ratios it does not refuse. "No
difference" and "a ratio of one" are the same hypothesis with the same estimates, the
pooled rate, so the p-value of the pooled z and the two intervals cannot disagree. Tiny
tables get the exact form of the same test. Everything is defined at 0 and 100 percent.
"""

from __future__ import annotations

from math import inf, isinf, nextafter
from numbers import Real
from operator import index
from typing import TYPE_CHECKING

from copylab.analysis import exact_proportions
from copylab.analysis.comparison import UNDEFINED, Comparison, Interval, check_alpha
from copylab.analysis.distributions import two_sided_normal, two_sided_normal_quantile
from copylab.analysis.moments import Proportion
from copylab.analysis.roots import find_edge
from copylab.analysis.score_statistics import (
    difference_error,
    exact_difference,
    ratio_parts,
    score_statistic,
)

if TYPE_CHECKING:
    from collections.abc import Callable

METHOD = "score test"
_FIRST_REACH = 1.3


def compare_proportions(
    k1: int, n1: int, k0: int, n0: int, alpha: float = 0.05
) -> Comparison:
    """The comparison of ``k1`` of ``n1`` treated with ``k0`` of ``n0`` control units.

    The lift's value and upper bound are None where the control has no success, its
    lower bound where the treatment has none either. An arm without units leaves
    nothing to compare: p is 1 and nothing else is defined.

    Args:
        k1: Successes in the treatment.
        n1: Units in the treatment.
        k0: Successes in the control.
        n0: Units in the control.
        alpha: The level of the test.

    Raises:
        ValueError: A count is negative, not whole, or above its total.
        TypeError: A count is no number.
    """
    check_alpha(alpha)
    one = Proportion(_whole("k1", k1), _whole("n1", n1))
    zero = Proportion(_whole("k0", k0), _whole("n0", n0))
    z = score_statistic(one, zero)
    p_value, method = two_sided_normal(z), METHOD
    diff = lift = UNDEFINED
    if exact_proportions.needs_exact(one, zero):
        exact = exact_proportions.ExactTest(one, zero)
        p_value, method = exact.p_value(), exact_proportions.METHOD
        diff, lift = exact.difference(alpha), exact.lift(alpha)
    elif one.n and zero.n:
        critical = two_sided_normal_quantile(alpha)
        diff = _difference(one, zero, critical, significant=p_value < alpha)
        lift = _lift(one, zero, critical, significant=p_value < alpha)
    return Comparison(
        p_value=p_value,
        diff=diff,
        lift=lift,
        significant=p_value < alpha,
        method=method,
        alpha=alpha,
        value=one.value,
        control_value=zero.value,
        statistic=z,
    )


def _whole(name: str, count: float) -> int:
    if isinstance(count, float) and count.is_integer():
        return int(count)
    try:
        return index(count)  # type: ignore[arg-type]
    except TypeError:
        wrong = ValueError if isinstance(count, Real) else TypeError
        raise wrong(f"{name} == {count!r}, must be a whole number") from None


def _difference(
    one: Proportion, zero: Proportion, critical: float, *, significant: bool
) -> Interval:
    value = exact_difference(one, zero)

    def excess(delta: float) -> float:
        error = difference_error(one, zero, delta)
        return abs(value - delta) - critical * error

    low_inside, low_outside = min(value, 0.0), -1.0
    high_inside, high_outside = max(value, 0.0), 1.0
    if significant and value > 0:
        low_inside, low_outside = value, 0.0
    elif significant:
        high_inside, high_outside = value, 0.0
    reach = _FIRST_REACH * critical * difference_error(one, zero, value)
    near_low = max(low_outside, low_inside - reach)
    near_high = min(high_outside, high_inside + reach)
    low = find_edge(
        excess, low_inside, near_low if excess(near_low) > 0 else low_outside
    )
    high = find_edge(
        excess, high_inside, near_high if excess(near_high) > 0 else high_outside
    )
    if significant:  # where rounding puts the edge on zero itself
        low = max(low, nextafter(0.0, 1.0)) if value > 0 else low
        high = min(high, nextafter(0.0, -1.0)) if value < 0 else high
    return Interval(value, low, high)


def _lift(
    one: Proportion, zero: Proportion, critical: float, *, significant: bool
) -> Interval:
    if not (one.successes or zero.successes):
        return UNDEFINED
    ratio = one.successes * zero.n / (zero.successes * one.n) if zero.successes else inf

    def excess(theta: float) -> float:
        distance, error = ratio_parts(one, zero, theta)
        return abs(distance) - critical * error

    low = _low_ratio(excess, ratio, above_one=significant and ratio > 1) - 1
    if significant and ratio > 1:
        low = max(low, nextafter(0.0, 1.0))
    if isinf(ratio):
        return Interval(None, low, None)
    high = _high_ratio(excess, ratio, below_one=significant and ratio < 1) - 1
    if significant and ratio < 1:
        high = min(high, nextafter(0.0, -1.0))
    value = exact_difference(one, zero) / (zero.successes / zero.n)
    return Interval(value, low, high)


def _low_ratio(
    excess: Callable[[float], float], ratio: float, *, above_one: bool
) -> float:
    """The lower edge of the ratios that are accepted."""
    if ratio == 0:
        return 0.0
    if above_one:
        inside, outside = min(ratio, 2.0), 1.0
        while inside < ratio and excess(inside) > 0:
            inside, outside = min(ratio, 2 * inside), inside
        return find_edge(excess, inside, outside)
    inside = min(ratio, 1.0)
    outside = inside / 2
    while excess(outside) <= 0:
        inside, outside = outside, outside / 2
    return find_edge(excess, inside, outside)


def _high_ratio(
    excess: Callable[[float], float], ratio: float, *, below_one: bool
) -> float:
    """The upper edge of the ratios that are accepted."""
    if below_one:
        inside, outside = max(ratio, 0.5), 1.0
        while inside > ratio and excess(inside) > 0:
            inside, outside = max(ratio, inside / 2), inside
        return find_edge(excess, inside, outside)
    inside = max(ratio, 1.0)
    outside = 2 * inside
    while excess(outside) <= 0:
        inside, outside = outside, 2 * outside
    return find_edge(excess, inside, outside)
