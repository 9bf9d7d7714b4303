"""The outlook: how far the plan is used up, and how many users are still needed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outlook:
    """How far the plan is used up.

    Attributes:
        units: The units assigned so far.
        planned: The units that the plan asks for; None without one.
        still_open: Units that can still have an outcome that counts.
    """

    units: int
    planned: int | None
    still_open: int

    @property
    def still_needed(self) -> int | None:
        """The units that are missing; None without a plan."""
        return None if self.planned is None else max(self.planned - self.units, 0)

    def to_dict(self) -> dict[str, object]:
        """All attributes, and ``still_needed``."""
        return {
            "units": self.units,
            "planned": self.planned,
            "still_needed": self.still_needed,
            "still_open": self.still_open,
        }
