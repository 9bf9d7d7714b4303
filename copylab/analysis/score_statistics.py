"""The score statistic of two proportions: a distance over its error if it were true.

The two rates are estimated by maximum likelihood subject to the hypothesis: Mee (1984)
and Miettinen and Nurminen (1985) without their factor N / (N - 1), Koopman (1984) for
the ratio. Written so that no digit is lost at counts of a billion, at 0 and 100 percent.
"""

from __future__ import annotations

from math import acos, copysign, cos, hypot, inf, pi, sqrt

from copylab.analysis.moments import Proportion

_POLISHES = 4
_SMALL = 1e-3


def score_statistic(one: Proportion, zero: Proportion, *, delta: float = 0.0) -> float:
    """The z of the hypothesis that the rates differ by ``delta``; may be infinite.

    Args:
        one: The treatment.
        zero: The control.
        delta: The difference under the hypothesis, above -1 and below 1.
    """
    if not (one.n and zero.n):
        return 0.0
    distance = exact_difference(one, zero) - delta
    if distance == 0:
        return 0.0
    error = difference_error(one, zero, delta)
    return distance / error if error else copysign(inf, distance)


def exact_difference(one: Proportion, zero: Proportion) -> float:
    """The difference of the rates, rounded once."""
    return (one.successes * zero.n - zero.successes * one.n) / (one.n * zero.n)


def flip(arm: Proportion) -> Proportion:
    """The arm with failures for successes."""
    return Proportion(arm.n - arm.successes, arm.n)


def difference_error(one: Proportion, zero: Proportion, delta: float) -> float:
    """The standard error of the difference if it is ``delta`` in truth.

    Turned so that rates are small and the second is the smaller one: then no rate is
    the difference of two others, and none loses its digits.
    """
    if 2 * (one.successes + zero.successes) > one.n + zero.n:
        one, zero, delta = flip(one), flip(zero), -delta
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


def ratio_parts(one: Proportion, zero: Proportion, theta: float) -> tuple[float, float]:
    """The distance of the data from a ratio of ``theta``, and its standard error.

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
    distance = exact_difference(one, zero) + (1 - theta) * zero.successes / zero.n
    return distance, error


def _ratio_rate(one: Proportion, zero: Proportion, theta: float) -> float:
    a = theta * (one.n + zero.n)
    b = theta * (one.n + zero.successes) + one.successes + zero.n
    c = one.successes + zero.successes
    return min(2 * c / (b + sqrt(max(b * b - 4 * a * c, 0.0))), 1.0)


def _ratio_failure(one: Proportion, zero: Proportion, theta: float) -> float:
    failures = zero.n - zero.successes
    a = theta * (one.n + zero.n)
    b = (theta - 1) * (one.n + zero.n + failures) + flip(one).successes + failures
    c = (theta - 1) * failures
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    if b >= 0:
        return min((b + root) / (2 * a), 1.0)
    return min(max(2 * c / (b - root), 0.0), 1.0)
