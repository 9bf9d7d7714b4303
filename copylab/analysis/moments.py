"""What is kept of an arm: counts and moments, which add up over parts of the data."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, isfinite, sqrt
from sys import float_info
from typing import TYPE_CHECKING

from copylab.analysis.comparison import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Proportion:
    """Successes among units.

    Attributes:
        successes: How many units did it, 0 to ``n``.
        n: How many units there are.
    """

    successes: int
    n: int

    def __post_init__(self) -> None:
        """Refuse what no data can give."""
        if not 0 <= self.successes <= self.n:
            raise ValueError(
                f"successes == {self.successes}, must lie between 0 and n == {self.n}"
            )

    def __add__(self, other: Proportion) -> Proportion:
        """Both parts together."""
        return Proportion(self.successes + other.successes, self.n + other.n)

    @property
    def value(self) -> float | None:
        """The share of units that did it, None without units."""
        return self.successes / self.n if self.n else UNDEFINED.value


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, mean and variance of a quantity measured per unit.

    Attributes:
        n: How many units there are.
        mean: Their mean, 0 without units.
        var: Their sample variance (over ``n - 1``), 0 for fewer than two.
    """

    n: int
    mean: float
    var: float

    def __post_init__(self) -> None:
        """Refuse what no data can give."""
        if self.n < 0 or self.var < 0 or not isfinite(self.mean + self.var):
            raise ValueError(f"{self!r}: n and var must be 0 or more, all finite")

    def __add__(self, other: Moments) -> Moments:
        """Both parts together, by Chan, Golub and LeVeque (1979)."""
        n = self.n + other.n
        if not (self.n and other.n):
            return self if self.n else other
        shift = other.mean - self.mean
        squares = (
            self.var * (self.n - 1)
            + other.var * (other.n - 1)
            + shift * shift * self.n * other.n / n
        )
        return Moments(n, self.mean + shift * other.n / n, squares / (n - 1))

    @property
    def value(self) -> float | None:
        """The mean, None without units."""
        return self.mean if self.n else UNDEFINED.value

    @classmethod
    def from_sums(
        cls, n: int, shifted: float, squared: float, *, pivot: float
    ) -> Moments:
        """The moments behind sums of ``x - pivot`` and of ``(x - pivot) ** 2``.

        A pivot near the mean keeps the digits that raw sums of squares cancel away.
        """
        if n == 0:
            return cls(0, 0.0, 0.0)
        squares = spread(n, squared, shifted)
        mean = unshifted(n, shifted, pivot)
        return cls(n, mean, squares / (n - 1) if n > 1 else 0.0)

    @classmethod
    def from_values(cls, values: Iterable[float]) -> Moments:
        """The moments of numbers at hand."""
        numbers = [float(value) for value in values]
        if not numbers:
            return cls(0, 0.0, 0.0)
        pivot = fsum(numbers) / len(numbers)
        return cls.from_sums(
            len(numbers),
            fsum(number - pivot for number in numbers),
            fsum((number - pivot) ** 2 for number in numbers),
            pivot=pivot,
        )


def spread(n: int, squared: float, shifted: float) -> float:
    """The sum of squares around the mean, 0 where it is no more than rounding.

    Equal values that are no binary fractions sum up to a trace of spread, another one
    in each order; a variance that small would weigh a group as if it were certain.

    Args:
        n: The number of values, at least 1.
        squared: The sum of ``(x - pivot) ** 2``.
        shifted: The sum of ``x - pivot``.
    """
    left = squared - shifted * shifted / n
    return left if left > squared * rounding(n) else 0.0


def unshifted(n: int, shifted: float, pivot: float) -> float:
    """The mean, 0 where it is no more than rounding: nothing is left of the pivot.

    Args:
        n: The number of values, at least 1.
        shifted: The sum of ``x - pivot``.
        pivot: What was subtracted.
    """
    mean = pivot + shifted / n
    return mean if abs(mean) > abs(pivot) * rounding(n) else 0.0


def rounding(n: int) -> float:
    """The part of a sum of so many numbers that is no more than its rounding.

    Errors of single steps are apart from each other, so they grow as the root (Higham,
    "Accuracy and Stability of Numerical Algorithms", 2002, section 4.6).
    """
    return float_info.epsilon * (32 + 4 * sqrt(n))


@dataclass(frozen=True, slots=True)
class PairMoments:
    """Two quantities measured on the same units, and how they vary together.

    Attributes:
        y: The moments of the first: a ratio's numerator.
        x: The moments of the second: a ratio's denominator, over the same units.
        cov: Their sample covariance (over ``n - 1``), 0 for fewer than two units.
    """

    y: Moments
    x: Moments
    cov: float

    def __post_init__(self) -> None:
        """Refuse what no data can give."""
        if self.y.n != self.x.n:
            raise ValueError(f"y has {self.y.n} units and x {self.x.n}, must be equal")

    def __add__(self, other: PairMoments) -> PairMoments:
        """Both parts together."""
        if not (self.n and other.n):
            return self if self.n else other
        n = self.n + other.n
        shifts = (other.y.mean - self.y.mean) * (other.x.mean - self.x.mean)
        products = (
            self.cov * (self.n - 1)
            + other.cov * (other.n - 1)
            + shifts * self.n * other.n / n
        )
        return PairMoments(self.y + other.y, self.x + other.x, products / (n - 1))

    @property
    def n(self) -> int:
        """How many units there are."""
        return self.y.n

    @property
    def value(self) -> float | None:
        """The ratio of the means, None where the denominator is zero."""
        return self.y.mean / self.x.mean if self.n and self.x.mean else UNDEFINED.value

    @classmethod
    def from_sums(
        cls,
        y: Moments,
        x: Moments,
        product: float,
        *,
        shifted_y: float,
        shifted_x: float,
    ) -> PairMoments:
        """The pair behind a sum of ``(y - pivot_y) * (x - pivot_x)``.

        Args:
            y: The moments of the first.
            x: The moments of the second.
            product: The sum of the products of the shifted values.
            shifted_y: The sum of ``y - pivot_y``.
            shifted_x: The sum of ``x - pivot_x``.
        """
        if y.n < 2:  # noqa: PLR2004 - one unit does not vary
            return cls(y, x, 0.0)
        return cls(y, x, (product - shifted_y * shifted_x / y.n) / (y.n - 1))

    @classmethod
    def from_values(cls, pairs: Iterable[tuple[float, float]]) -> PairMoments:
        """The moments of pairs at hand."""
        rows = [(float(y), float(x)) for y, x in pairs]
        first = Moments.from_values(y for y, _ in rows)
        second = Moments.from_values(x for _, x in rows)
        product = fsum((y - first.mean) * (x - second.mean) for y, x in rows)
        return cls.from_sums(first, second, product, shifted_y=0.0, shifted_x=0.0)
