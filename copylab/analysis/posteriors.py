"""What is known of an arm's value, and integrals over all arms at once.

The integrals are sums on a fixed grid: Gauss and Legendre's eight points on every
stretch between the arms' own marks, so that a narrow arm is met as well as a wide one.
Shares are measured on the arcsine scale, on which Jeffreys's density has no poles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import asin, cos, exp, expm1, lgamma, log, log1p, pi, sin, sqrt
from typing import TYPE_CHECKING

from copylab.analysis.distributions import lower_beta, upper_normal
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.ratios import ratio_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.guardrails import Better
    from copylab.analysis.units import Statistic

_MANY = 100_000
_ENOUGH = 20
_NEAR = 1e-3
_NEVER = -1e9
_LEAST = -50.0
_NOTHING = 1e-16
_MARKS = (-7.5, -3.5, -1.5, 0.0, 1.5, 3.5, 7.5)
_LEGENDRE_POINTS = 8
_SAME = 0.33


@dataclass(frozen=True, slots=True)
class NormalPosterior:
    """A normal distribution.

    Attributes:
        mean: Its mean.
        deviation: Its standard deviation.
        is_share: Whether its values lie between 0 and 1.
    """

    mean: float
    deviation: float
    is_share: bool = False

    def marks(self) -> list[float]:
        """Where its shape changes, out to where nothing is left of it."""
        return [self.mean + mark * self.deviation for mark in _MARKS]

    def density(self, x: float) -> float:
        """Its density."""
        z = (x - self.mean) / self.deviation
        return exp(-z * z / 2) / (self.deviation * sqrt(2 * pi))

    def upper(self, x: float) -> float:
        """The chance of a value above ``x``."""
        return upper_normal((x - self.mean) / self.deviation)


@dataclass(frozen=True, slots=True)
class BetaPosterior:
    """A Beta distribution.

    Attributes:
        a: The first parameter, successes and a half.
        b: The second, failures and a half.
        scale: The logarithm of what the density is divided by, negative.
        is_share: Its values lie between 0 and 1.
    """

    a: float
    b: float
    scale: float
    is_share: bool = True

    @classmethod
    def of(cls, a: float, b: float) -> BetaPosterior:
        """The distribution with its scale."""
        return cls(a, b, lgamma(a + b) - lgamma(a) - lgamma(b))

    @property
    def mean(self) -> float:
        """Its mean."""
        return self.a / (self.a + self.b)

    def marks(self) -> list[float]:
        """Where its shape changes; the long tail of a small one is followed further."""
        mean = self.mean
        deviation = sqrt(mean * (1 - mean) / (self.a + self.b + 1))
        marks = [*_MARKS]
        if min(self.a, self.b) < _ENOUGH:
            far = [8 + 24 / sqrt(self.a), -8 - 24 / sqrt(self.b)]
            marks += [*far, *(mark / 2 for mark in far)]
        return [mean + mark * deviation for mark in marks]

    def density(self, x: float) -> float:
        """Its density, inside of 0 and 1."""
        return exp(self.scale + (self.a - 1) * log(x) + (self.b - 1) * log1p(-x))

    def upper(self, x: float) -> float:
        """The chance of a value above ``x``; from 20 on by Peizer and Pratt (1968)."""
        a, b = self.a, self.b
        if min(a, b) < _ENOUGH:
            return lower_beta(1 - x, b, a)
        n = a + b - 1
        off = b - 0.5 - n * (1 - x)
        d = b - 1 / 3 - (n + 1 / 3) * (1 - x)
        d += 0.02 * (x / b - (1 - x) / a + (x - 0.5) / (a + b))
        deviation = sqrt(n * x * (1 - x))
        if abs(off) < _NEAR * deviation:  # the quotient below would be 0 / 0
            return upper_normal(d / deviation)
        inside = (b - 0.5) * log((b - 0.5) / (n * (1 - x)))
        inside += (a - 0.5) * log((a - 0.5) / (n * x))
        z = d / abs(off) * sqrt(max(2 * inside / (1 + 1 / (6 * n)), 0.0))
        return upper_normal(z)


Posterior = NormalPosterior | BetaPosterior


def find_posterior(statistic: Statistic, better: Better) -> Posterior | None:
    """What is known of an arm's value, turned so that high is good; None if nothing.

    Args:
        statistic: The arm's statistic.
        better: Which direction is good.
    """
    sign = 1.0 if better == "higher" else -1.0
    match statistic:
        case Proportion(successes, n) if n:
            hits = successes if sign > 0 else n - successes
            a, b = hits + 0.5, n - hits + 0.5
            if min(a, b) < _MANY:
                return BetaPosterior.of(a, b)
            mean = a / (a + b)
            return NormalPosterior(
                mean, sqrt(mean * (1 - mean) / (a + b + 1)), is_share=True
            )
        case Moments(n, mean, var) if n > 1 and var > 0:
            return NormalPosterior(sign * mean, sqrt(var / n))
        case PairMoments():
            estimate = ratio_estimate(statistic)
            if estimate.value is not None and estimate.variance > 0:
                return NormalPosterior(sign * estimate.value, sqrt(estimate.variance))
    return None


def integrate(posteriors: Sequence[Posterior]) -> list[tuple[float, float]]:
    """For each, the chance that it is the largest, and its expected distance from it.

    The distance is summed up for the highest mean, and is larger for each other by the
    difference of the means. Those that lie wholly below it take no part.

    Args:
        posteriors: Independent of each other, two at least; all shares or none.
    """
    means = [posterior.mean for posterior in posteriors]
    top = means.index(max(means))
    floor = min(posteriors[top].marks())
    places = [i for i, item in enumerate(posteriors) if max(item.marks()) > floor]
    chances, loss = _integrate([posteriors[i] for i in places], places.index(top))
    found = dict(zip(places, chances, strict=True))
    return [
        (found.get(i, 0.0), loss + means[top] - mean) for i, mean in enumerate(means)
    ]


def _integrate(posteriors: Sequence[Posterior], top: int) -> tuple[list[float], float]:
    """The chances of being the largest, and the expected distance of one from it."""
    if len(posteriors) == 1:
        return [1.0], 0.0
    chances = [0.0] * len(posteriors)
    loss = 0.0
    for x, weight in _grid(posteriors):
        uppers = [posterior.upper(x) for posterior in posteriors]
        logs = [log1p(-upper) if upper < 1 else _NEVER for upper in uppers]
        total = sum(logs)
        loss -= weight * (1 - uppers[top]) * expm1(total - logs[top])
        for i, upper in enumerate(uppers):
            others = total - logs[i]
            if others > _LEAST and _NOTHING < upper < 1:
                density = posteriors[i].density(x)
                chances[i] += weight * density * exp(others)
    whole = sum(chances)
    return [chance / whole for chance in chances], max(loss, 0.0)


def _grid(posteriors: Sequence[Posterior]) -> list[tuple[float, float]]:
    """Points with their weights, over everything that any arm may be."""
    by_arm = [sorted(posterior.marks()) for posterior in posteriors]
    shares = all(posterior.is_share for posterior in posteriors)
    if shares:
        by_arm = [
            [asin(sqrt(min(max(mark, 0.0), 1.0))) for mark in marks] for marks in by_arm
        ]
    found = []
    for low, high in pairwise(_edges(by_arm)):
        middle, reach = (low + high) / 2, (high - low) / 2
        for place, weight in _legendre(_LEGENDRE_POINTS):
            t, part = middle + reach * place, reach * weight
            if not shares:
                found.append((t, part))
            elif 0 < (x := sin(t) ** 2) < 1:
                found.append((x, part * sin(2 * t)))
    return found


def _edges(by_arm: Sequence[Sequence[float]]) -> list[float]:
    """The marks of all arms in order, without those that hardly differ from another.

    Nearer than a third of the narrowest arm's own spacing two marks say the same, and a
    stretch between them would cost as much as any other.
    """
    apart = [b - a for marks in by_arm for a, b in pairwise(marks) if b > a]
    near = _SAME * min(apart, default=0.0)
    marks = sorted(mark for arm in by_arm for mark in arm)
    edges = marks[:1]
    for mark in marks[1:]:
        if mark - edges[-1] > near:
            edges.append(mark)
    edges[-1] = max(edges[-1], marks[-1])
    return edges


@cache
def _legendre(count: int) -> tuple[tuple[float, float], ...]:
    """The points and weights of Gauss and Legendre's rule on -1 to 1."""
    found = []
    for i in range(count):
        x = cos(pi * (i + 0.75) / (count + 0.5))
        slope = 1.0
        for _ in range(20):
            before, value = 0.0, 1.0
            for n in range(count):
                before, value = value, ((2 * n + 1) * x * value - n * before) / (n + 1)
            slope = count * (x * value - before) / (x * x - 1)
            x -= value / slope
        found.append((x, 2 / ((1 - x * x) * slope * slope)))
    return tuple(found)
