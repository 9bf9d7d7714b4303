"""The funnel: from the first share to the last, where each arm gains and loses.

Every step is measured on everybody assigned, so the arms stay comparable (intention to
treat): a step's rate is its share of all units over the previous step's share. The
rates multiply to the final share; the arm's final difference from the control is split
over the steps by the logarithmic mean (Ang 2005, LMDI-I), whose parts add up to the
difference without a rest, in whatever order.

Only the first step and the final share compare like with like: those who reach a later
step are not the same people in each arm. A step says where to look, not what works.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from copylab.analysis.moments import Proportion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.units import Statistic


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step of an arm.

    Attributes:
        metric: The metric whose units are counted.
        units: How many units reached it.
        share: Of all units assigned to the arm, None without units.
        rate: Of those who reached the step before (of all units in the first); may be
            above 1 where a step can be reached without the one before; None where
            nobody reached that.
        lift: The rate over the control's rate, less 1; None for the control.
        contribution: What the step adds to the difference of the final share from the
            control's; None for the control, and for the whole arm where a step of it
            or of the control was reached by nobody.
    """

    metric: str
    units: int
    share: float | None
    rate: float | None
    lift: float | None
    contribution: float | None

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "metric": self.metric,
            "units": self.units,
            "share": self.share,
            "rate": self.rate,
            "lift": self.lift,
            "contribution": self.contribution,
        }


@dataclass(frozen=True, slots=True)
class FunnelArm:
    """The funnel of an arm.

    Attributes:
        arm: The arm.
        n: The units assigned to it.
        steps: Its steps, in order.
        final_diff: The final share less the control's; None for the control, or
            without units.
    """

    arm: str
    n: int
    steps: tuple[FunnelStep, ...]
    final_diff: float | None

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "arm": self.arm,
            "n": self.n,
            "final_diff": self.final_diff,
            "steps": [step.to_dict() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Funnel:
    """All arms step by step.

    Attributes:
        control: The arm the others are compared with.
        metrics: The steps, in order.
        arms: The arms, the control first.
    """

    control: str
    metrics: tuple[str, ...]
    arms: tuple[FunnelArm, ...]

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "control": self.control,
            "metrics": list(self.metrics),
            "arms": [arm.to_dict() for arm in self.arms],
        }


def build_funnel(
    metrics: Sequence[str],
    statistics: Mapping[str, Mapping[str, Statistic]],
    control: str,
) -> Funnel | None:
    """The funnel of the metrics that are shares, in order; None for fewer than two.

    Args:
        metrics: The metrics that can be steps, in order.
        statistics: For each metric, the statistic of each arm, unadjusted.
        control: The control.
    """
    steps = {
        metric: found
        for metric in metrics
        if (found := _shares(statistics[metric])) is not None
    }
    if len(steps) < 2:  # noqa: PLR2004 - one step is no funnel
        return None
    arms = next(iter(steps.values()))
    order = [control, *(arm for arm in arms if arm != control)]
    counts = {arm: [found[arm] for found in steps.values()] for arm in order}
    return Funnel(
        control,
        tuple(steps),
        tuple(
            _build_arm(arm, tuple(steps), counts[arm], counts[control], arm == control)
            for arm in order
        ),
    )


def _shares(found: Mapping[str, Statistic]) -> dict[str, Proportion] | None:
    shares = {arm: item for arm, item in found.items() if isinstance(item, Proportion)}
    return shares if len(shares) == len(found) else None


def _build_arm(
    arm: str,
    metrics: Sequence[str],
    counts: Sequence[Proportion],
    base: Sequence[Proportion],
    is_control: bool,  # noqa: FBT001 - internal
) -> FunnelArm:
    rates, base_rates = _rates(counts), _rates(base)
    difference = None
    if not is_control and counts[-1].n and base[-1].n:
        difference = (counts[-1].value or 0.0) - (base[-1].value or 0.0)
    parts = _contributions(rates, base_rates, difference)
    steps = tuple(
        FunnelStep(
            metric=metric,
            units=count.successes,
            share=count.value,
            rate=rate,
            lift=None
            if is_control or rate is None or not base_rate
            else rate / base_rate - 1,
            contribution=part,
        )
        for metric, count, rate, base_rate, part in zip(
            metrics, counts, rates, base_rates, parts, strict=True
        )
    )
    return FunnelArm(arm, counts[0].n, steps, difference)


def _rates(counts: Sequence[Proportion]) -> list[float | None]:
    reached = [counts[0].n, *(count.successes for count in counts)]
    return [after / before if before else None for before, after in pairwise(reached)]


def _contributions(
    rates: Sequence[float | None],
    base_rates: Sequence[float | None],
    difference: float | None,
) -> list[float | None]:
    """How the difference is split over the steps."""
    nothing: list[float | None] = [None] * len(rates)
    if difference is None:
        return nothing
    logs = []
    for rate, base in zip(rates, base_rates, strict=True):
        if not rate or not base:
            return nothing
        logs.append(log(rate / base))
    final = 1.0
    for base in base_rates:
        final *= base or 0.0
    total = sum(logs)
    # The logarithmic mean of both final shares; their common value where they are equal
    mean = difference / total if abs(total) > 1e-12 else final  # noqa: PLR2004 - rounding
    return [mean * part for part in logs]
