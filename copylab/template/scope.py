"""Scope: what names mean while a template is read, bounded and rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.message.model import Variable


@dataclass(frozen=True, slots=True)
class Scope:
    """The surroundings of a template.

    Attributes:
        variables: The declared variables.
        locale: The locale of the words.
        timezone: The zone in which dates and times are printed.
        brand: The constants behind ``brand.…``.
        escapes: The escape functions by the name that holes carry; each maps a text
            character by character.
        allow_loops: Whether loops over bounded lists are allowed here.
        given: Names that the caller supplies besides variables, with their types
            (a layout's ``body``, ``subject``, …).
        constants: Names with a fixed value (``locale``, ``dir``).
        is_guessed: Whether a variable without bounds counts as one character, so that
            what else is wrong with the words is found; such words are not sent.
    """

    variables: Mapping[str, Variable]
    locale: str
    timezone: str = "UTC"
    brand: Mapping[str, str] = field(default_factory=dict)
    escapes: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    allow_loops: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class NumberDomain:
    """The numbers an expression can have: multiples of a step between two bounds."""

    low: Decimal
    high: Decimal
    decimals: int
    currency: str = ""

    @classmethod
    def exactly(cls, value: int | Decimal) -> NumberDomain:
        """The domain of one number."""
        number = Decimal(value)
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)
        return cls(number, number, max(0, -exponent))

    @classmethod
    def between(cls, low: int, high: int) -> NumberDomain:
        """The whole numbers from ``low`` to ``high``."""
        return cls(Decimal(low), Decimal(high), 0)

    def union(self, other: NumberDomain) -> NumberDomain:
        """The smallest domain that holds both."""
        low, high = min(self.low, other.low), max(self.high, other.high)
        decimals = max(self.decimals, other.decimals)
        return NumberDomain(low, high, decimals, self.currency or other.currency)

    @property
    def step(self) -> Decimal:
        """The distance between two neighbouring numbers."""
        return Decimal(1).scaleb(-self.decimals)

    def extremes(self) -> list[Decimal]:
        """Numbers among which the longest and the shortest print are found.

        The longest print has the most digits before the point and a last decimal
        that is not zero; the ends of the interval and their inner neighbours hold
        it on either side of zero. The shortest, where trailing zeros are dropped, is
        the number of fewest decimals that lies nearest to zero.
        """
        step = self.step
        candidates = {self.low, self.high, self.low + step, self.high - step}
        candidates |= {Decimal(0), -step, step}
        for decimals in range(self.decimals + 1):
            unit = Decimal(1).scaleb(-decimals)
            candidates.add(self.low.quantize(unit, ROUND_CEILING) + 0)
            candidates.add(self.high.quantize(unit, ROUND_FLOOR) + 0)
        return sorted(n for n in candidates if self.low <= n <= self.high)

    def plain(self, number: Decimal) -> int | Decimal:
        """The number as copy uses it: whole, or with exactly its decimals."""
        return int(number) if self.decimals == 0 else number.quantize(self.step)


@dataclass(frozen=True, slots=True)
class TimeDomain:
    """The dates or times an expression can have."""

    low: datetime
    high: datetime
    kind: str


def number_domain(variable: Variable) -> NumberDomain | None:
    """The declared domain of a number, or None where it is not bounded."""
    if not isinstance(variable.low, Decimal) or not isinstance(variable.high, Decimal):
        return None
    return NumberDomain(
        variable.low, variable.high, variable.decimals, variable.currency
    )


def time_domain(variable: Variable) -> TimeDomain | None:
    """The declared domain of a date or time."""
    if not isinstance(variable.low, datetime) or not isinstance(
        variable.high, datetime
    ):
        return None
    return TimeDomain(variable.low, variable.high, variable.type)
