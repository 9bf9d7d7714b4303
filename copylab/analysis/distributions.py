"""Tails and quantiles of the normal, Student and chi-square distributions.

In plain floats: importing scipy takes longer than summing five million rows, and the
command must not wait for it. The tests hold every function to scipy, far out in the
tails as well, where one minus a distribution function has nothing left to say.
"""

from __future__ import annotations

from math import erfc, exp, expm1, inf, lgamma, log, log1p, pi, sqrt

_EPSILON = 1e-16
_TINY = 1e-300
_MAX_TERMS = 100_000
_SERIES_FROM = 30.0
_MANY_DEGREES = 2000.0


def two_sided_normal(z: float) -> float:
    """The chance that a standard normal is at least ``abs(z)`` away from zero."""
    return erfc(abs(z) / sqrt(2))


def upper_normal(z: float) -> float:
    """The chance that a standard normal is above ``z``."""
    return erfc(z / sqrt(2)) / 2


def two_sided_normal_quantile(probability: float) -> float:
    """The ``z`` that a standard normal leaves, either side, with this probability.

    Args:
        probability: Above 0, at most 1; as small as floats go.
    """
    if probability >= 1:
        return 0.0
    # Newton on the logarithm of the tail, which is concave: it comes from the left.
    target = log(probability)
    z = sqrt(2 * -expm1(target)) if probability > 0.1 else sqrt(-2 * target) - 1  # noqa: PLR2004 - where the two starts cross
    z = max(z, 0.0)
    for _ in range(100):
        tail = two_sided_normal(z)
        hazard = exp(-z * z / 2) * sqrt(2 / pi) / tail
        step = (log(tail) - target) / hazard
        z += step
        if abs(step) <= _EPSILON * z:
            break
    return z


def two_sided_student(t: float, degrees: float) -> float:
    """The chance that a Student variable is at least ``abs(t)`` away from zero.

    Args:
        t: The statistic; may be infinite.
        degrees: Degrees of freedom, positive, whole or not.
    """
    square = t * t
    if square == 0:
        return 1.0
    if square == inf:
        return 0.0
    if degrees > _MANY_DEGREES:
        return two_sided_normal(_normal_deviate(square, degrees))
    # I_x(degrees / 2, 1 / 2) at x = degrees / (degrees + t^2), Abramowitz and Stegun
    # 26.7.1; of the two continued fractions, the one that converges fast.
    a, b = degrees / 2, 0.5
    x, y = degrees / (degrees + square), square / (degrees + square)
    front = exp(-a * log1p(square / degrees) + b * log(y)) / _beta_with_half(a)
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, y) / b


def two_sided_student_quantile(probability: float, degrees: float) -> float:
    """The ``t`` that a Student variable leaves, either side, with this probability."""
    low, high = 0.0, max(two_sided_normal_quantile(probability), 1.0)
    while two_sided_student(high, degrees) > probability:
        low, high = high, 2 * high
    t = high
    for _ in range(200):
        tail = two_sided_student(t, degrees)
        low, high = (t, high) if tail > probability else (low, t)
        step = (tail - probability) / (2 * _student_density(t, degrees))
        guess = t + step
        if not low < guess < high:
            guess = (low + high) / 2
        if abs(guess - t) <= 4 * _EPSILON * t:
            break
        t = guess
    return t


def lower_beta(x: float, a: float, b: float) -> float:
    """The chance that a Beta variable is below ``x`` (Abramowitz and Stegun 26.5.8).

    Args:
        x: Between 0 and 1.
        a: The first parameter, above 0.
        b: The second parameter, above 0.
    """
    if not 0 < x < 1:
        return float(x >= 1)
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    front = exp(scale + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def upper_chi_square(statistic: float, degrees: int) -> float:
    """The chance that a chi-square variable is above ``statistic``.

    By the finite sum for whole degrees of freedom (Abramowitz and Stegun 26.4.4 and
    26.4.5): all its terms are positive, so small tails keep their digits.
    """
    if statistic <= 0 or degrees <= 0:
        return 1.0
    half = statistic / 2
    if degrees % 2:
        tail, order = erfc(sqrt(half)), 0.5
    else:
        tail, order = exp(-half), 1.0
    while order < degrees / 2:
        tail += exp(order * log(half) - half - lgamma(order + 1))
        order += 1
    return min(tail, 1.0)


def _normal_deviate(square: float, degrees: float) -> float:
    """The normal deviate with the tail of a Student variable: Hill (1970), CACM 395."""
    a = degrees - 0.5
    b = 48 * a * a
    z2 = a * log1p(square / degrees)
    tail = (((-0.4 * z2 - 3.3) * z2 - 24) * z2 - 85.5) / (0.8 * z2 * z2 + 100 + b)
    return ((tail + z2 + 3) / b + 1) * sqrt(z2)


def _student_density(t: float, degrees: float) -> float:
    kernel = exp(-(degrees + 1) / 2 * log1p(t * t / degrees))
    return kernel / (sqrt(degrees) * _beta_with_half(degrees / 2))


def _beta_with_half(a: float) -> float:
    """The beta function of ``a`` and one half, without cancelling large logarithms."""
    if a < _SERIES_FROM:
        return exp(lgamma(a) + lgamma(0.5) - lgamma(a + 0.5))
    # Gamma(a + 1/2) / Gamma(a), Abramowitz and Stegun 6.1.47, in powers of 1 / a
    r = 1 / a
    terms = (-1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304)
    series, power = 1.0, 1.0
    for term in terms:
        power *= r
        series += term * power
    return sqrt(pi / a) / series


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c = 1.0
    d = 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MAX_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _nonzero(1 + even * d)
        c = _nonzero(1 + even / c)
        value *= c * d
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _nonzero(1 + odd * d)
        c = _nonzero(1 + odd / c)
        value *= c * d
        if abs(c * d - 1) <= 2 * _EPSILON:
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
