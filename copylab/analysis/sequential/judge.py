"""How a z is judged at a look: the boundary, and the p-value that says the same.

Two ways, with one face. A ``PlannedLook`` belongs to a group-sequential plan: its
p-value is the repeated one of Jennison and Turnbull (1989, JRSS B 51), the smallest
alpha whose boundary at this look the z reaches, given when the looks before were. An
``AnyLook`` belongs to a plan that looks whenever it likes: the normal mixture of
Robbins (1970), the mSPRT of Johari, Koomen, Pekelis and Walsh (2017), in the asymptotic
form of Howard, Ramdas, McAuliffe and Sekhon (2021, Annals of Statistics 49) and
Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021).

In both an interval at ``nominal`` excludes zero exactly where the p-value is below
alpha, and p-values of several arms may be corrected by Holm as always: over all looks
the chance of any false finding stays below alpha (Maurer and Bretz 2013, Statistics in
Biopharmaceutical Research 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log, log1p, sqrt
from typing import TYPE_CHECKING, Protocol

from copylab.analysis.comparison import check_alpha
from copylab.analysis.distributions import two_sided_normal, two_sided_normal_quantile
from copylab.analysis.roots import find_edge
from copylab.analysis.sequential.boundaries import FARTHEST, find_boundaries
from copylab.analysis.sequential.spending import Spending, spend_alpha

if TYPE_CHECKING:
    from collections.abc import Sequence

_LARGEST_ALPHA = 1 - 1e-9
_SMALLEST_P = two_sided_normal(FARTHEST)


class Judge(Protocol):
    """What judges a z at the present look."""

    @property
    def alpha(self) -> float:
        """The level over all looks."""
        ...

    @property
    def boundary(self) -> float:
        """The absolute value of z from which on a difference is significant."""
        ...

    def p_value(self, z: float) -> float:
        """The p-value of a z that is valid at this look, 0 to 1."""
        ...


def nominal_alpha(judge: Judge) -> float:
    """The level at which a fixed test has the judge's boundary; its intervals fit."""
    return two_sided_normal(min(judge.boundary, FARTHEST))


@dataclass(frozen=True, slots=True)
class Stop:
    """When a look was, on two clocks.

    Attributes:
        information: The part of the planned information that was in; above 1 where
            more came than was planned.
        time: The part of alpha's time that is over, 0 to 1: the information, or 1 at
            the last look, which spends all that is left.
    """

    information: float
    time: float

    def __post_init__(self) -> None:
        """Refuse what no look can be."""
        if not (self.information > 0 and 0 < self.time <= 1):
            raise ValueError(
                f"{self!r}: information and time must be above 0, time to 1"
            )


@dataclass(frozen=True)
class PlannedLook:
    """A look of a group-sequential plan.

    Attributes:
        stops: When all looks were, the present one last.
        spending: How alpha is spent.
        alpha: The level over all looks.
    """

    stops: Sequence[Stop]
    spending: Spending
    alpha: float

    def __post_init__(self) -> None:
        """Refuse a plan without looks."""
        check_alpha(self.alpha)
        if not self.stops:
            raise ValueError("stops must hold the present look at least")

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """The boundary of every look so far."""
        return self.bounds_at(self.alpha)

    @property
    def boundary(self) -> float:
        """The boundary of the present look."""
        return self.bounds[-1]

    @property
    def alpha_spent(self) -> float:
        """The alpha spent up to this look, the present one included."""
        return spend_alpha(self.spending, self.alpha, self.stops[-1].time)

    @property
    def alpha_before(self) -> float:
        """The alpha that the looks before have spent."""
        if len(self.stops) == 1:
            return 0.0
        return spend_alpha(self.spending, self.alpha, self.stops[-2].time)

    def bounds_at(self, alpha: float) -> tuple[float, ...]:
        """The boundary of every look so far, had another alpha been planned."""
        return find_boundaries(
            [stop.information for stop in self.stops],
            [spend_alpha(self.spending, alpha, stop.time) for stop in self.stops],
        )

    def p_value(self, z: float) -> float:
        """The repeated p-value: the alpha whose boundary at this look is ``z``."""
        size = abs(z)
        fixed = two_sided_normal(size)
        if self.alpha_spent <= self.alpha_before:
            return 1.0
        if len(self.stops) == 1 and self.stops[0].time == 1:
            return fixed
        if size >= FARTHEST or fixed <= _SMALLEST_P:
            return fixed
        low, high = log(fixed), log(_LARGEST_ALPHA)
        if low >= high or self.bounds_at(_LARGEST_ALPHA)[-1] >= size:
            return 1.0

        def excess(level: float) -> float:
            return size - self.bounds_at(exp(level))[-1]

        if excess(low) >= 0:  # by rounding alone: a boundary is never nearer
            return fixed
        return exp(find_edge(excess, low, high))


@dataclass(frozen=True, slots=True)
class AnyLook:
    """A look of a plan that looks whenever it likes.

    Attributes:
        information: What has come in, as a part of the amount for which the interval
            is made as narrow as it can be; above 0.
        alpha: The level over all looks, however many.
    """

    information: float
    alpha: float

    def __post_init__(self) -> None:
        """Refuse what no look can be."""
        check_alpha(self.alpha)
        if not self.information > 0:
            raise ValueError(f"information == {self.information}, must be above 0")

    @property
    def _mass(self) -> float:
        """The variance of the mixture in units of the estimate's own variance.

        Narrowest at information 1: Howard and others (2021), proposition 3 to the
        second order.
        """
        surprise = -2 * log(self.alpha)
        return self.information * (surprise + log1p(surprise))

    @property
    def boundary(self) -> float:
        """The z at which the mixture of likelihood ratios reaches 1 over alpha."""
        return self.bound_at(self.alpha)

    def bound_at(self, level: float) -> float:
        """The z whose p-value is a level."""
        mass = self._mass
        return sqrt((1 + 1 / mass) * (log1p(mass) - 2 * log(level)))

    @property
    def width(self) -> float:
        """How many times as wide the interval is as that of one planned look."""
        return self.boundary / two_sided_normal_quantile(self.alpha)

    def p_value(self, z: float) -> float:
        """The always-valid p-value: one over the mixture of likelihood ratios."""
        mass = self._mass
        if abs(z) == inf:
            return 0.0
        logarithm = log1p(mass) / 2 - z * z * mass / (1 + mass) / 2
        return exp(min(logarithm, 0.0))
