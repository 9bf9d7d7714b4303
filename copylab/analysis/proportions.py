"""Two proportions: one score test gives the p-value and both intervals.

The test compares the observed difference with its standard error under the hypothesis,
the two rates being estimated by maximum likelihood subject to it: Mee (1984) and
Miettinen and Nurminen (1985) without their factor N / (N - 1), Koopman (1984) for the
ratio. "No difference" and "a ratio of one" are the same hypothesis with the same
estimates, the pooled rate, so the p-value of the pooled z and the two intervals cannot
disagree. Everything is defined at 0 and 100 percent.
"""

from __future__ import annotations

from math import acos, copysign, cos, hypot, inf, isinf, nextafter, pi, sqrt
from numbers import Real
from operator import index
from typing import TYPE_CHECKING

from copylab.analysis.comparison import UNDEFINED, Comparison, Interval, check_alpha
from copylab.analysis.distributions import two_sided_normal, two_sided_normal_quantile
from copylab.analysis.moments import Proportion
from copylab.analysis.roots import find_edge

if TYPE_CHECKING:
    from collections.abc import Callable

METHOD = "score test"
_POLISHES = 4
_SMALL = 1e-3


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
    p_value = two_sided_normal(z)
    diff = lift = UNDEFINED
    if one.n and zero.n:
        critical = two_sided_normal_quantile(alpha)
        diff = _difference(one, zero, critical, significant=p_value < alpha)
        lift = _lift(one, zero, critical, significant=p_value < alpha)
    return Comparison(
        p_value=p_value,
        diff=diff,
        lift=lift,
        significant=p_value < alpha,
        method=METHOD,
        alpha=alpha,
        value=one.value,
        control_value=zero.value,
        statistic=z,
    )


def score_statistic(one: Proportion, zero: Proportion, *, delta: float = 0.0) -> float:
    """The z of the hypothesis that the rates differ by ``delta``; may be infinite.

    Args:
        one: The treatment.
        zero: The control.
        delta: The difference under the hypothesis, above -1 and below 1.
    """
    if not (one.n and zero.n):
        return 0.0
    distance = _exact_difference(one, zero) - delta
    if distance == 0:
        return 0.0
    error = _difference_error(one, zero, delta)
    return distance / error if error else copysign(inf, distance)


def _whole(name: str, count: float) -> int:
    if isinstance(count, float) and count.is_integer():
        return int(count)
    try:
        return index(count)  # type: ignore[arg-type]
    except TypeError:
        wrong = ValueError if isinstance(count, Real) else TypeError
        raise wrong(f"{name} == {count!r}, must be a whole number") from None


def _exact_difference(one: Proportion, zero: Proportion) -> float:
    """The difference of the rates, rounded once."""
    return (one.successes * zero.n - zero.successes * one.n) / (one.n * zero.n)


def _flip(arm: Proportion) -> Proportion:
    return Proportion(arm.n - arm.successes, arm.n)


def _difference(
    one: Proportion, zero: Proportion, critical: float, *, significant: bool
) -> Interval:
    value = _exact_difference(one, zero)

    def excess(delta: float) -> float:
        error = _difference_error(one, zero, delta)
        return abs(value - delta) - critical * error

    low_inside, low_outside = min(value, 0.0), -1.0
    high_inside, high_outside = max(value, 0.0), 1.0
    if significant and value > 0:
        low_inside, low_outside = value, 0.0
    elif significant:
        high_inside, high_outside = value, 0.0
    low = find_edge(excess, low_inside, low_outside)
    high = find_edge(excess, high_inside, high_outside)
    if significant:  # where rounding puts the edge on zero itself
        low = max(low, nextafter(0.0, 1.0)) if value > 0 else low
        high = min(high, nextafter(0.0, -1.0)) if value < 0 else high
    return Interval(value, low, high)


def _difference_error(one: Proportion, zero: Proportion, delta: float) -> float:
    """The standard error of the difference if it is ``delta`` in truth.

    Turned so that rates are small and the second is the smaller one: then no rate is
    the difference of two others, and none loses its digits.
    """
    if 2 * (one.successes + zero.successes) > one.n + zero.n:
        one, zero, delta = _flip(one), _flip(zero), -delta
    if delta < 0:
        one, zero, delta = zero, one, -delta
    low = _constrained_rate(one, zero, delta)
    high = min(low + delta, 1.0)
    return hypot(sqrt(high * (1 - high) / one.n), sqrt(low * (1 - low) / zero.n))


def _constrained_rate(one: Proportion, zero: Proportion, delta: float) -> float:
    """The likeliest rate of ``zero`` if that of ``one`` is higher by ``delta``.

    The root of the likelihood's cubic (Miettinen and Nurminen 1985, appendix), then
    polished by Newton's method: their cosine formula loses its digits at small rates.

    Args:
        one: The arm with the higher rate.
        zero: The arm with the lower rate.
        delta: How much higher, 0 to 1.
    """
    total = one.n + zero.n
    successes = one.successes + zero.successes
    if delta == 0:
        return successes / total
    b = (delta * (one.n + 2 * zero.n) - successes) / total - 1
    c = (delta * (zero.n * delta - 2 * zero.successes) + successes) / total - delta
    if zero.successes == 0:  # the cubic has the root zero
        if c <= 0:
            return 0.0
        return min(2 * c / (sqrt(max(b * b - 4 * c, 0.0)) - b), 1 - delta)
    d = zero.successes / total * delta * (1 - delta)
    rate = _small_root(b, c, d)
    if rate > _SMALL:
        rate = min(max(_cosine_root(b, c, d), 0.0), 1 - delta)
    for _ in range(_POLISHES):
        slope = (3 * rate + 2 * b) * rate + c
        step = (((rate + b) * rate + c) * rate + d) / slope if slope else 0.0
        if not (step and 0 <= rate - step <= 1 - delta):
            break
        rate -= step
    return rate


def _small_root(b: float, c: float, d: float) -> float:
    """The positive root of the cubic without its cube, which is next to nothing."""
    if b >= 0:
        return 1.0
    root = sqrt(max(c * c - 4 * b * d, 0.0))
    return (c + root) / (-2 * b) if c > 0 else 2 * d / (root - c)


def _cosine_root(b: float, c: float, d: float) -> float:
    """The middle root of ``x**3 + b x**2 + c x + d``."""
    q = (b / 3) ** 3 - b * c / 6 + d / 2
    p = copysign(sqrt(max((b / 3) ** 2 - c / 3, 0.0)), q)
    angle = (pi + acos(min(max(q / p**3, -1.0), 1.0))) / 3 if p else 0.0
    return 2 * p * cos(angle) - b / 3


def _lift(
    one: Proportion, zero: Proportion, critical: float, *, significant: bool
) -> Interval:
    if not (one.successes or zero.successes):
        return UNDEFINED
    ratio = one.successes * zero.n / (zero.successes * one.n) if zero.successes else inf

    def excess(theta: float) -> float:
        return _ratio_excess(one, zero, theta, critical)

    low = _low_ratio(excess, ratio, above_one=significant and ratio > 1) - 1
    if significant and ratio > 1:
        low = max(low, nextafter(0.0, 1.0))
    if isinf(ratio):
        return Interval(None, low, None)
    high = _high_ratio(excess, ratio, below_one=significant and ratio < 1) - 1
    if significant and ratio < 1:
        high = min(high, nextafter(0.0, -1.0))
    value = _exact_difference(one, zero) / (zero.successes / zero.n)
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


def _ratio_excess(
    one: Proportion, zero: Proportion, theta: float, critical: float
) -> float:
    """How far the data lie beyond what a ratio of ``theta`` allows.

    The constrained rates are the roots of the likelihood's quadratic (Miettinen and
    Nurminen 1985); the failures have a quadratic of their own, solved for itself
    because one minus a rate near one has no digits left.
    """
    rate = _ratio_rate(one, zero, theta)
    failing = _ratio_failure(one, zero, theta)
    treated = min(theta * rate, 1.0)
    passing = min(max(1 - theta + theta * failing, 0.0), 1.0)
    error = hypot(
        sqrt(treated * passing / one.n), theta * sqrt(rate * failing / zero.n)
    )
    distance = _exact_difference(one, zero) + (1 - theta) * zero.successes / zero.n
    return abs(distance) - critical * error


def _ratio_rate(one: Proportion, zero: Proportion, theta: float) -> float:
    a = theta * (one.n + zero.n)
    b = theta * (one.n + zero.successes) + one.successes + zero.n
    c = one.successes + zero.successes
    return min(2 * c / (b + sqrt(max(b * b - 4 * a * c, 0.0))), 1.0)


def _ratio_failure(one: Proportion, zero: Proportion, theta: float) -> float:
    failures = zero.n - zero.successes
    a = theta * (one.n + zero.n)
    b = (theta - 1) * (one.n + zero.n + failures) + _flip(one).successes + failures
    c = (theta - 1) * failures
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    if b >= 0:
        return min((b + root) / (2 * a), 1.0)
    return min(max(2 * c / (b - root), 0.0), 1.0)
