"""Several quantities measured on the same units: means and covariances, which add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.moments import Moments, PairMoments, spread, unshifted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class JointMoments:
    """The number of units, and the means and covariances of what was measured on them.

    Attributes:
        n: How many units there are.
        means: The mean of each quantity, 0 without units.
        covariances: The sample covariance (over ``n - 1``) of each pair, by row; 0 for
            fewer than two units.
    """

    n: int
    means: tuple[float, ...]
    covariances: tuple[tuple[float, ...], ...]

    @classmethod
    def from_sums(
        cls,
        n: int,
        sums: Sequence[float],
        products: Mapping[tuple[int, int], float],
        pivots: Sequence[float],
    ) -> JointMoments:
        """The moments behind sums of values and of products, both around pivots.

        Args:
            n: The number of units.
            sums: The sum of ``x - pivot`` of each quantity.
            products: For each pair ``i <= j``, the sum of the products of both.
            pivots: What was subtracted from each quantity.
        """
        size = len(sums)
        if n == 0:
            return cls(0, (0.0,) * size, ((0.0,) * size,) * size)
        means = tuple(unshifted(n, s, c) for s, c in zip(sums, pivots, strict=True))

        def covariance(i: int, j: int) -> float:
            whole = products[min(i, j), max(i, j)]
            apart = whole - sums[i] * sums[j] / n
            product = spread(n, whole, sums[i]) if i == j else apart
            return product / (n - 1) if n > 1 else 0.0

        rows = tuple(tuple(covariance(i, j) for j in range(size)) for i in range(size))
        return cls(n, means, rows)

    def __add__(self, other: JointMoments) -> JointMoments:
        """Both parts together, by Chan, Golub and LeVeque (1979)."""
        if not (self.n and other.n):
            return self if self.n else other
        n = self.n + other.n
        shifts = [b - a for a, b in zip(self.means, other.means, strict=True)]
        means = tuple(
            mean + shift * other.n / n
            for mean, shift in zip(self.means, shifts, strict=True)
        )
        between = self.n * other.n / n
        rows = tuple(
            tuple(
                (a * (self.n - 1) + b * (other.n - 1) + shifts[i] * shifts[j] * between)
                / (n - 1)
                for j, (a, b) in enumerate(zip(ours, theirs, strict=True))
            )
            for i, (ours, theirs) in enumerate(
                zip(self.covariances, other.covariances, strict=True)
            )
        )
        return JointMoments(n, means, rows)

    def moments(self, place: int = 0) -> Moments:
        """The moments of one quantity."""
        return Moments(self.n, self.means[place], self.covariances[place][place])

    def pair(self) -> PairMoments:
        """The first two quantities: a ratio's numerator and denominator."""
        return PairMoments(self.moments(0), self.moments(1), self.covariances[0][1])
