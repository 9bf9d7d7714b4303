"""What a comparison of two arms says: a p-value and two intervals from one test."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval; None stands for a bound that does not exist.

    Attributes:
        value: The estimate, or None where it is not defined.
        low: The lower bound, or None where there is none.
        high: The upper bound, or None where there is none.
    """

    value: float | None
    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        for name, number in self.to_dict().items():
            if number is not None and not isfinite(number):
                raise ValueError(f"{name} == {number}, must be finite or None")

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside of the interval."""
        above = self.low is not None and self.low > 0
        below = self.high is not None and self.high < 0
        return above or below

    def to_dict(self) -> dict[str, float | None]:
        """``value``, ``low`` and ``high``."""
        return {"value": self.value, "low": self.low, "high": self.high}


UNDEFINED = Interval(None, None, None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A treatment against a control, on one metric.

    The p-value and both intervals invert the same test, so an interval excludes zero
    exactly when ``p_value < alpha``, wherever its bounds exist.

    Attributes:
        p_value: Two-sided, 0 to 1.
        diff: Treatment minus control, in the units of the metric.
        lift: Treatment over control minus 1; 0.1 is ten percent more.
        significant: Whether ``p_value < alpha``.
        method: The name of the test.
        alpha: The level of the test; the intervals are at ``1 - alpha``.
        value: The treatment's value, None if nothing was measured.
        control_value: The control's value, None if nothing was measured.
        statistic: The test statistic, positive where the treatment is higher.
    """

    p_value: float
    diff: Interval
    lift: Interval
    significant: bool
    method: str
    alpha: float
    value: float | None
    control_value: float | None
    statistic: float


def check_alpha(alpha: float) -> float:
    """The level itself.

    Raises:
        ValueError: It does not lie between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha == {alpha}, must lie between 0 and 1")
    return alpha
