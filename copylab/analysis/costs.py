"""Costs: what the sends of an arm cost, and what one more conversion does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.results import ArmComparison

_CENTS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ArmCost:
    """What the sends of an arm cost.

    Attributes:
        arm: The arm.
        units: Its units.
        sends: The messages that were handed over.
        parts: The parts that are paid for; None where the exposures do not say it.
        amounts: What they cost, exactly, by currency; empty where no price is known.
        unpriced: Sends whose price is not known.
        extra: Conversions of the primary metric beyond the control's, scaled to the
            units of the arm; None where the metric is no share or has no value.
        extra_low: The lower bound of ``extra``.
        extra_high: The upper bound of ``extra``.
        more: What the arm costs beyond the control, by currency, for as many units.
        each: By currency, what one of the extra conversions costs; empty where there
            are none, or where the arm does not cost more in every currency.
        against: The arm that ``extra`` is counted against.
    """

    arm: str
    units: int
    sends: int
    parts: int | None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    unpriced: int = 0
    extra: float | None = None
    extra_low: float | None = None
    extra_high: float | None = None
    more: Mapping[str, Decimal] = field(default_factory=dict)
    each: Mapping[str, Decimal] = field(default_factory=dict)
    against: str = ""

    def to_dict(self) -> dict[str, object]:
        """All attributes; amounts as texts, so that no digit is lost."""
        return {
            "arm": self.arm,
            "units": self.units,
            "sends": self.sends,
            "parts": self.parts,
            "amounts": {key: f"{value:f}" for key, value in self.amounts.items()},
            "unpriced": self.unpriced,
            "extra_conversions": {
                "value": self.extra,
                "low": self.extra_low,
                "high": self.extra_high,
                "against": self.against,
            },
            "more": {key: f"{value:f}" for key, value in self.more.items()},
            "cost_of_each": {key: f"{value:f}" for key, value in self.each.items()},
        }


def value_extra(
    cost: ArmCost, control: ArmCost | None, item: ArmComparison | None
) -> ArmCost:
    """The cost with the extra conversions of its arm and what each of them costs.

    The control's cost is taken for as many units as the arm has.

    Args:
        cost: The arm's cost.
        control: The cost of what it is compared with; None costs nothing.
        item: The arm's comparison on the primary metric; None leaves all open.
    """
    if item is None or item.kind != "share" or item.diff.value is None:
        return cost
    extra = item.diff.value * cost.units
    more = extra_amounts(cost, control)
    each = {}
    if extra > 0 and all(amount > 0 for amount in more.values()):
        each = {
            currency: (amount / Decimal(repr(extra))).quantize(_CENTS, ROUND_HALF_EVEN)
            for currency, amount in more.items()
        }
    low, high = item.diff.low, item.diff.high
    return replace(
        cost,
        extra=extra,
        extra_low=None if low is None else low * cost.units,
        extra_high=None if high is None else high * cost.units,
        more=more,
        each=each,
        against=item.control,
    )


def extra_amounts(cost: ArmCost, control: ArmCost | None) -> dict[str, Decimal]:
    """What an arm costs beyond the control, by currency, for as many units."""
    amounts = dict(cost.amounts)
    if control is None or not control.units:
        return amounts
    for currency, amount in control.amounts.items():
        for_as_many = (amount * cost.units / control.units).quantize(_CENTS)
        amounts[currency] = amounts.get(currency, Decimal(0)) - for_as_many
    return amounts


def find_cost(costs: Sequence[ArmCost], arm: str) -> ArmCost | None:
    """The cost of an arm, or None."""
    return next((cost for cost in costs if cost.arm == arm), None)
