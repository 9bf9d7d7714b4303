"""What composing gives besides a message: a skip or a rejection, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from copylab.experiment.exposure import Exposure

SkipReason = Literal["arm_none", "missing", "holdout"]
RejectReason = Literal["missing", "locale", "unit", "attribute", "arm", "unsendable"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A user who is not sent to, as planned.

    Attributes:
        reason: ``arm_none``, the arm that sends nothing; ``missing``, a variable whose
            rule is to skip; or ``holdout``, a user who gets no marketing at all.
        exposure: The record to log: silence is part of an experiment too.
        problems: The variables that were missing.
    """

    reason: SkipReason
    exposure: Exposure | None = None
    problems: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The skip as JSON-ready values."""
        return {
            "skipped": self.reason,
            "problems": list(self.problems),
            "exposure": None if self.exposure is None else self.exposure.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Rejected:
    """A user who cannot be sent to, and should have been.

    Attributes:
        reason: ``missing``, a variable without a value; ``locale``, no copy in the
            user's language; ``unit``, no usable key of randomisation; ``attribute``, a
            value that is not of the type its attribute is declared to be, so that
            nobody can say whether the user is in the audience; ``arm``, an arm
            on a list that the experiment has not; ``unsendable``,
            a short message with a character that its route cannot carry, or longer
            than its gateway takes.
        problems: What is wrong, one sentence each.
    """

    reason: RejectReason
    problems: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The rejection as JSON-ready values."""
        return {"rejected": self.reason, "problems": list(self.problems)}
