"""How many units an experiment needs, what it can find, and with what chance.

The three are one equation, solved for each of its unknowns, so they are inverses of
each other. Shares are planned for the score test that reads them: the boundary is
measured by the pooled rate of the hypothesis and the chance of crossing it by the two
rates of the alternative (Fleiss, Levin and Paik 2003, "Statistical methods for rates
and proportions", formula 4.14, without the continuity correction). Means and ratios are
planned with the same spread in both arms. Looks enter by their boundaries: power is the
chance of crossing any of them in the good direction (Jennison and Turnbull 2000,
chapter 3); a correction enters as the level of the first of its steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import ceil, inf, sqrt
from typing import TYPE_CHECKING

from copylab.analysis.comparison import check_alpha
from copylab.analysis.distributions import two_sided_normal_quantile
from copylab.analysis.dunnett import adjust_dunnett
from copylab.analysis.roots import find_edge
from copylab.analysis.sequential.boundaries import (
    chances_of_crossing,
    find_boundaries,
)
from copylab.analysis.sequential.judge import AnyLook
from copylab.analysis.sequential.spending import Spending, spend_alpha

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.analysis.corrections import Correction
    from copylab.analysis.guardrails import Better
    from copylab.analysis.table_metrics import Kind

MOST_UNITS = 10**15
"""More units than this are not counted: nobody has them."""

_ROUNDING = 1e-11
_FARTHEST_DRIFT = 60.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a metric is like without an effect.

    Attributes:
        kind: How the metric is put together.
        value: The control's value: a share 0 to 1, a mean, or a ratio.
        sd: The standard deviation per unit; of a ratio, that of its linearisation
            ``(y - value * x) / mean(x)``. None for a share, which has its own.
    """

    kind: Kind
    value: float
    sd: float | None = None

    def __post_init__(self) -> None:
        """Refuse what nothing can be planned for."""
        if self.kind == "share":
            if not 0 < self.value < 1 or self.sd is not None:
                raise ValueError(f"{self!r}: a share must lie between 0 and 1, no sd")
        elif not (0 < abs(self.value) < inf and self.sd and 0 < self.sd < inf):
            raise ValueError(f"{self!r}: value must not be 0, sd must be above 0")


@dataclass(frozen=True)
class Design:
    """An experiment before it runs.

    Attributes:
        baseline: The metric that decides.
        shares: The share of the units of each variant, 0 to 1, the control's not
            among them.
        control_share: The control's.
        alpha: The level over all looks.
        power: The chance of finding the effect, wanted for each variant.
        looks: The parts of the units at which looks are; empty for any time.
        spending: How alpha is spent over them.
        correction: The correction across the arms.
        better: The direction of the effect.
    """

    baseline: Baseline
    shares: Mapping[str, float]
    control_share: float
    alpha: float = 0.05
    power: float = 0.8
    looks: tuple[float, ...] = (1.0,)
    spending: Spending = "obrien-fleming"
    correction: Correction = "holm"
    better: Better = "higher"
    _memory: dict[float, float] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a design that cannot be."""
        check_alpha(self.alpha)
        if not self.alpha < self.power < 1:
            raise ValueError(f"power == {self.power}, must be above alpha, below 1")
        if not self.shares or min(*self.shares.values(), self.control_share) <= 0:
            raise ValueError("shares must hold a variant, and none may be 0")

    @cached_property
    def level(self) -> float:
        """The level of each variant's comparison, after the correction."""
        count = len(self.shares)
        if count == 1 or self.correction == "none":
            return self.alpha
        if self.correction == "dunnett" and self.looks == (1.0,):
            return self._dunnett_level()
        return self.alpha / count

    def _dunnett_level(self) -> float:
        variances = [1 / share for share in self.shares.values()]

        def excess(p_value: float) -> float:
            adjusted = adjust_dunnett(
                [p_value] * len(variances), variances, 1 / self.control_share
            )
            return max(adjusted) - self.alpha

        return find_edge(excess, self.alpha / len(variances) / 2, self.alpha)

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """The boundary of each look; with looks at any time, that of the planned end."""
        if not self.looks:
            return (AnyLook(1.0, self.level).boundary,)
        spent = [spend_alpha(self.spending, self.level, part) for part in self.looks]
        return find_boundaries(self.looks, spent)

    @property
    def parts(self) -> tuple[float, ...]:
        """The parts of the units at which a boundary is."""
        return self.looks or (1.0,)

    @cached_property
    def inflation(self) -> float:
        """How many times the units of a single look of the same level are needed."""
        single = two_sided_normal_quantile(self.level)
        alone = drift_for((1.0,), (single,), self.power)
        return (drift_for(self.parts, self.bounds, self.power) / alone) ** 2

    def drift(self, stretch: float) -> float:
        """The drift with the wanted power, boundaries being so many times as far."""
        if stretch not in self._memory:
            bounds = tuple(bound * stretch for bound in self.bounds)
            self._memory[stretch] = drift_for(self.parts, bounds, self.power)
        return self._memory[stretch]


def required_units(design: Design, mde: float) -> int | None:
    """The units of all arms together that find an effect with the design's power.

    Args:
        design: The design.
        mde: The relative effect, above 0: 0.15 is 15 percent, in the good direction.

    Returns:
        None where the effect leads out of the metric's range, such as a share of more
        than 100 percent, or more units are needed than there can be.
    """
    needed = []
    for share in design.shares.values():
        spread = _spread(design, share, mde)
        if spread is None:
            return None
        stretch, error, effect = spread
        needed.append((design.drift(stretch) * error / effect) ** 2)
    most = max(needed)
    return None if most > MOST_UNITS else max(ceil(most * (1 - _ROUNDING)), 2)


def detectable_effect(design: Design, units: int) -> float | None:
    """The smallest relative effect that so many units find with the design's power.

    Args:
        design: The design.
        units: The units of all arms together.

    Returns:
        None where not even the largest effect the metric can have is found.
    """
    highest = _largest_effect(design)
    if power_at(design, highest, units) < design.power:
        return None
    low = 0.0
    return find_edge(
        lambda mde: (power_at(design, mde, units) if mde > 0 else 0.0) - design.power,
        low,
        highest,
    )


def power_at(design: Design, mde: float, units: int) -> float:
    """The chance that each variant with this effect is found, for the least of them.

    Args:
        design: The design.
        mde: The relative effect, above 0.
        units: The units of all arms together.

    Raises:
        ValueError: The effect leads out of the metric's range.
    """
    least = 1.0
    for share in set(design.shares.values()):
        spread = _spread(design, share, mde)
        if spread is None:
            raise ValueError(f"mde == {mde}, leads out of the metric's range")
        stretch, error, effect = spread
        if error == 0:
            continue
        drift = effect * sqrt(units) / error
        bounds = [bound * stretch for bound in design.bounds]
        least = min(least, _chance_above(design.parts, tuple(bounds), drift))
    return least


def _largest_effect(design: Design) -> float:
    """The largest relative effect that is tried."""
    if design.better == "lower" and design.baseline.value > 0:
        return 1.0 - 1e-12
    if design.baseline.kind == "share":
        return (1 / design.baseline.value - 1) * (1 - 1e-12)
    return 1e6


def _spread(
    design: Design, share: float, mde: float
) -> tuple[float, float, float] | None:
    """What an effect looks like for a variant with this share.

    Returns:
        The error of the hypothesis over that of the alternative, the latter for one
        unit of all arms together, and the absolute effect. None where the effect leads
        out of the metric's range.
    """
    if mde <= 0:
        raise ValueError(f"mde == {mde}, must be above 0")
    base, zero = design.baseline, design.control_share
    effect = mde * abs(base.value)
    if base.kind != "share":
        assert base.sd is not None
        return 1.0, base.sd * sqrt(1 / share + 1 / zero), effect
    other = base.value + (effect if design.better == "higher" else -effect)
    if not 0 <= other <= 1:
        return None
    pooled = (share * other + zero * base.value) / (share + zero)
    under_null = sqrt(pooled * (1 - pooled) * (1 / share + 1 / zero))
    under_effect = sqrt(
        other * (1 - other) / share + base.value * (1 - base.value) / zero
    )
    return under_null / under_effect, under_effect, effect


@lru_cache(maxsize=4096)
def _chance_above(
    parts: tuple[float, ...], bounds: tuple[float, ...], drift: float
) -> float:
    return sum(above for above, _ in chances_of_crossing(parts, bounds, drift))


@lru_cache(maxsize=1024)
def drift_for(
    parts: tuple[float, ...], bounds: tuple[float, ...], power: float
) -> float:
    """The drift at which a boundary is crossed above with this chance.

    Args:
        parts: The parts of the information at which a boundary is.
        bounds: The boundaries.
        power: The chance.
    """
    return find_edge(
        lambda drift: _chance_above(parts, bounds, drift) - power, 0.0, _FARTHEST_DRIFT
    )
