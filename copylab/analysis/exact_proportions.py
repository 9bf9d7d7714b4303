"""Two proportions of tiny tables: an exact test, and the intervals that invert it.

Barnard's unconditional test (1947) with the score statistic: the p-value is the largest
chance, over all common rates, of a table whose score statistic is at least as far out
as the one observed. The intervals hold the differences, and the ratios, that the same
test does not refuse (Chan and Zhang 1999; Agresti and Min 2001, two-sided). "No
difference" and "a ratio of one" are the same hypothesis with the same statistic, so the
p-value and the two intervals cannot disagree. It is the exact form of the score test
that larger tables get: no step between the two but that of the approximation.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, cos, inf, nextafter, pi, sqrt
from typing import TYPE_CHECKING

from copylab.analysis.comparison import UNDEFINED, Interval
from copylab.analysis.moments import Proportion
from copylab.analysis.score_statistics import (
    difference_error,
    exact_difference,
    ratio_parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

METHOD = "Barnard's exact test"

_ALWAYS_BELOW = 20
_NEVER_FROM = 40
_SMALLEST_EXPECTED = 5.0
_POINTS = 48
_GOLDEN = (sqrt(5) - 1) / 2
_NARROWINGS = 18
_SCANS = 8
_HALVINGS = 24
_TIE = 1e-9


def needs_exact(one: Proportion, zero: Proportion) -> bool:
    """Whether a table is too small for the score test's approximation.

    Cochran's rule (1954, Biometrics 10, section 4.1): fewer than 20 units in all; or
    fewer than 40, and an expected count below 5 among the successes or the failures
    of an arm.
    """
    total = one.n + zero.n
    if not (one.n and zero.n) or total >= _NEVER_FROM:
        return False
    successes = one.successes + zero.successes
    rarer = min(successes, total - successes)
    expected = rarer * min(one.n, zero.n) / total
    return total < _ALWAYS_BELOW or expected < _SMALLEST_EXPECTED


@dataclass(frozen=True, slots=True)
class ExactTest:
    """The exact test of one table; both arms have units.

    Attributes:
        one: The treatment.
        zero: The control.
    """

    one: Proportion
    zero: Proportion

    def p_value(self) -> float:
        """The p-value of no difference, 0 to 1."""
        return self.p_of_difference(0.0)

    def p_of_difference(self, delta: float, enough: float = 1.0) -> float:
        """The p-value of a difference of ``delta``, above -1 and below 1.

        Args:
            delta: The difference.
            enough: A p-value that need not be known better: any above it will do.
        """

        def signed(k1: int, k0: int) -> float:
            one, zero = Proportion(k1, self.one.n), Proportion(k0, self.zero.n)
            distance = exact_difference(one, zero) - delta
            return _quotient(distance, difference_error(one, zero, delta))

        low, high = max(0.0, -delta), min(1.0, 1 - delta)
        return self._p(signed, lambda rate: rate + delta, low, high, enough)

    def p_of_ratio(self, theta: float, enough: float = 1.0) -> float:
        """The p-value of a ratio of ``theta``, above 0, as ``p_of_difference``."""

        def signed(k1: int, k0: int) -> float:
            one, zero = Proportion(k1, self.one.n), Proportion(k0, self.zero.n)
            return _quotient(*ratio_parts(one, zero, theta))

        high = min(1.0, 1 / theta)
        return self._p(signed, lambda rate: rate * theta, 0.0, high, enough)

    def difference(self, alpha: float) -> Interval:
        """The difference, with those that are not refused at ``alpha``."""
        value = exact_difference(self.one, self.zero)
        significant = self.p_value() < alpha

        def accepts(delta: float) -> bool:
            return self.p_of_difference(delta, alpha) >= alpha

        floor = 0.0 if significant and value > 0 else -1.0
        ceiling = 0.0 if significant and value < 0 else 1.0
        low = _outermost(accepts, min(value, 0.0) if floor else value, floor)
        high = _outermost(accepts, max(value, 0.0) if ceiling else value, ceiling)
        return Interval(
            value, *_clear_of_zero(low, high, value, significant=significant)
        )

    def lift(self, alpha: float) -> Interval:
        """The relative difference, with those that are not refused at ``alpha``."""
        k1, k0 = self.one.successes, self.zero.successes
        if not (k1 or k0):
            return UNDEFINED
        significant = self.p_value() < alpha
        ratio = (k1 * self.zero.n) / (k0 * self.one.n) if k0 else inf

        def accepts(theta: float) -> bool:
            return self.p_of_ratio(theta, alpha) >= alpha

        low = (
            self._low_ratio(accepts, ratio, significant=significant) - 1 if k1 else -1.0
        )
        if not k0:
            if significant:
                low = max(low, nextafter(0.0, 1.0))
            return Interval(None, low, None)
        high = self._high_ratio(accepts, ratio, significant=significant) - 1
        value = exact_difference(self.one, self.zero) / (k0 / self.zero.n)
        return Interval(
            value, *_clear_of_zero(low, high, value, significant=significant)
        )

    @staticmethod
    def _low_ratio(
        accepts: Callable[[float], bool], ratio: float, *, significant: bool
    ) -> float:
        if significant and ratio > 1:
            inside = min(ratio, 2.0)
            while inside < ratio and not accepts(inside):
                inside = min(ratio, 2 * inside)
            return _outermost(accepts, inside, 1.0)
        inside = min(ratio, 1.0)
        outside = inside / 2
        while accepts(outside):
            inside, outside = outside, outside / 2
        return _outermost(accepts, inside, outside / 2)

    @staticmethod
    def _high_ratio(
        accepts: Callable[[float], bool], ratio: float, *, significant: bool
    ) -> float:
        if significant and ratio < 1:
            inside = max(ratio, 0.5)
            while inside > ratio and not accepts(inside):
                inside = max(ratio, inside / 2)
            return _outermost(accepts, inside, 1.0)
        inside = max(ratio, 1.0)
        outside = 2 * inside
        while accepts(outside):
            inside, outside = outside, 2 * outside
        return _outermost(accepts, inside, 2 * outside)

    def _p(
        self,
        signed: Callable[[int, int], float],
        treated: Callable[[float], float],
        low: float,
        high: float,
        enough: float,
    ) -> float:
        """The largest chance of the tables at least as far out as the observed.

        Args:
            signed: The score statistic of a table; rises with the treatment's
                successes and falls with the control's.
            treated: The treatment's rate by the control's, under the hypothesis.
            low: The control's smallest rate.
            high: The control's largest rate.
            enough: A chance that need not be known better.
        """
        observed = abs(signed(self.one.successes, self.zero.successes))
        bar = observed * (1 - _TIE)
        if bar == 0:
            return 1.0
        n1, n0 = self.one.n, self.zero.n
        below, above = _tails(signed, bar, n1, n0)
        ways1 = [comb(n1, k) for k in range(n1 + 1)]
        ways0 = [comb(n0, k) for k in range(n0 + 1)]

        def chance(rate: float) -> float:
            control = _chances(ways0, rate)
            sums = [0.0]
            for part in control:
                sums.append(sums[-1] + part)
            rest = [0.0]
            for part in reversed(control):
                rest.append(rest[-1] + part)
            return sum(
                part * (sums[below[k] + 1] + rest[n0 + 1 - above[k]])
                for k, part in enumerate(_chances(ways1, min(treated(rate), 1.0)))
            )

        return min(_largest(chance, low, high, enough), 1.0)


def _quotient(distance: float, error: float) -> float:
    """The distance in errors; what is exactly expected is at no distance."""
    if abs(distance) < 1e-12:  # noqa: PLR2004 - rounding of rates of at most 1
        return 0.0
    return distance / error if error > 0 else inf if distance > 0 else -inf


def _tails(
    signed: Callable[[int, int], float], bar: float, n1: int, n0: int
) -> tuple[list[int], list[int]]:
    """For each count of the treatment, which counts of the control are far out.

    Those up to the first number, and those from the second; found along the two
    staircases, for the statistic rises with one count and falls with the other.
    """
    below, above = [], [0] * (n1 + 1)
    place = -1
    for k1 in range(n1 + 1):
        while place < n0 and signed(k1, place + 1) >= bar:
            place += 1
        below.append(place)
    place = n0 + 1
    for k1 in range(n1, -1, -1):
        while place > 0 and signed(k1, place - 1) <= -bar:
            place -= 1
        above[k1] = place
    return below, above


def _chances(ways: Sequence[int], rate: float) -> list[float]:
    """The binomial chances of 0, 1, … successes."""
    last = len(ways) - 1
    if rate <= 0 or rate >= 1:
        hit = 0 if rate <= 0 else last
        return [float(k == hit) for k in range(last + 1)]
    return [way * rate**k * (1 - rate) ** (last - k) for k, way in enumerate(ways)]


def _largest(
    function: Callable[[float], float], low: float, high: float, enough: float
) -> float:
    """The largest value on an interval: a grid, then its highest place narrowed.

    The points lie densely at the ends, where the chances of rare events bend most. Any
    value of ``enough`` or more is as good as the largest.
    """
    middle, reach = (low + high) / 2, (high - low) / 2
    points = [middle - reach * cos(pi * i / _POINTS) for i in range(_POINTS + 1)]
    values = []
    for point in points:
        values.append(function(point))
        if values[-1] >= enough:
            return values[-1]
    peak = values.index(max(values))
    a, b = points[max(peak - 1, 0)], points[min(peak + 1, _POINTS)]
    c, d = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
    left, right = function(c), function(d)
    values += [left, right]
    for _ in range(_NARROWINGS):
        if left > right:
            b, d, right = d, c, left
            c = b - _GOLDEN * (b - a)
            left = function(c)
            values.append(left)
        else:
            a, c, left = c, d, right
            d = a + _GOLDEN * (b - a)
            right = function(d)
            values.append(right)
    return max(values)


def _outermost(
    accepts: Callable[[float], bool], inside: float, outside: float
) -> float:
    """The accepted value nearest to ``outside``, which itself need not be accepted.

    The p-value of an exact test need not fall evenly, so a few places are tried from
    the outside first.
    """
    near, far = inside, outside
    for i in range(1, _SCANS):
        place = outside + (inside - outside) * i / _SCANS
        if accepts(place):
            near, far = place, outside + (inside - outside) * (i - 1) / _SCANS
            break
    else:
        far = outside + (inside - outside) * (_SCANS - 1) / _SCANS
    for _ in range(_HALVINGS):
        place = (near + far) / 2
        if accepts(place):
            near = place
        else:
            far = place
    return near


def _clear_of_zero(
    low: float, high: float, value: float, *, significant: bool
) -> tuple[float, float]:
    """The bounds on the side of zero on which the p-value puts them."""
    if significant and value > 0:
        return max(low, nextafter(0.0, 1.0)), high
    if significant:
        return low, min(high, nextafter(0.0, -1.0))
    return min(low, 0.0), max(high, 0.0)
