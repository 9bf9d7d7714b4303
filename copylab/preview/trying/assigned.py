"""Assigned: what the running experiment, or the holdout, makes of a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.compose.result import Rejected
from copylab.experiment.exposure import Exposure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.message.model import Message
    from copylab.preview.trying.users import Place
    from copylab.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the running experiment, or the holdout, makes of a user.

    Attributes:
        experiment: The experiment; empty for the holdout alone.
        arm: The arm; empty where the user is in none.
        variant: The variant that the user gets; empty for none.
        reason: Why, as exposures say it; or ``unit`` or ``attribute``.
        unit: The attribute that users are drawn by.
    """

    experiment: str
    arm: str
    variant: str
    reason: str
    unit: str = ""


def assign(
    workspace: Workspace,
    message: Message,
    place: Place,
    user: Mapping[str, object],
    at: datetime,
) -> Assigned | None:
    """What the running experiment makes of a user.

    None where none is running, where the user gets no message for other reasons, and
    where the workspace has errors: then nothing is sent from it.

    Args:
        workspace: The workspace.
        message: The message.
        place: Where its words stand.
        user: One flat mapping of attributes and variables.
        at: The moment of the look.
    """
    if workspace.errors():
        return None
    composer = workspace.composer(message.id, place.channel)
    if composer.experiment is None and composer.holdout is None:
        return None
    unit = ", ".join(composer.unit_keys)
    name = "" if composer.experiment is None else composer.experiment.experiment.name
    composed = composer.compose(user, at, place.locale)
    if isinstance(composed, Rejected):
        if composed.reason in {"unit", "attribute"}:
            return Assigned(name, "", "", composed.reason, unit)
        return None
    exposure = composed.exposure
    if not isinstance(exposure, Exposure) or exposure.reason == "no_experiment":
        return None
    return Assigned(
        exposure.experiment or name,
        exposure.arm or "",
        exposure.variant or "",
        exposure.reason,
        unit,
    )
