"""Placing: where a user stands before any word is chosen, with what decides bound once.

Who tries an arm out comes first, then the global holdout, then the experiment: unit,
audience, layer, coverage and arm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.compose.record import USUAL_UNIT
from copylab.experiment.assign import force
from copylab.experiment.buckets import is_unit, prefixed_bucket
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from copylab.compose.prepare import PreparedExperiment
    from copylab.compose.record import Placement
    from copylab.experiment.assign import Split
    from copylab.experiment.holdout import HoldoutSplit

    Place = Callable[[Mapping[str, object], datetime], Placement]
    """From a user and the time of the send to where the user stands."""

UNPLACED: Placement = (None, "unit", None, None, None, None)
"""Where a user stands who has no usable unit, or no arm of the experiment."""


def placer(
    prepared: PreparedExperiment | None,
    holdout: HoldoutSplit | None,
    trial: PreparedExperiment | None = None,
    listed: str | None = None,
) -> Place:
    """The function that places users: a service asks it for every message it sends.

    Args:
        prepared: The running experiment, or None.
        holdout: The holdout, where it holds the message back; or None.
        trial: The draft whose arms are tried out where nothing is running, or None.
        listed: The key of users that holds their arm on a list; None where buckets say.
    """
    place = _outside if prepared is None else _inside(prepared)
    if prepared is not None and listed is not None:
        place = _on_list(prepared, listed)
    if holdout is not None:
        place = _unless_held(holdout, place)
    tried = prepared or trial
    if tried is None or not tried.split.forced:
        return place
    if prepared and holdout is None and listed is None:
        return place  # ``assign`` asks for itself who is forced
    return _unless_forced(tried.split, place)


def _outside(user: Mapping[str, object], _at: datetime) -> Placement:
    """Where a user stands who is in no experiment."""
    unit = user.get(USUAL_UNIT)
    named = unit if isinstance(unit, str) else None
    return None, "no_experiment", None, None, None, named


def _inside(prepared: PreparedExperiment) -> Place:
    return prepared.split.placer(prepared.audience)


def _on_list(prepared: PreparedExperiment, key: str) -> Place:
    """Where a user stands whose arm was drawn with a list.

    The list is the audience: who has no arm there is outside of it.
    """
    split, arms = prepared.split, frozenset(prepared.experiment.arms)

    def place(user: Mapping[str, object], _at: datetime) -> Placement:
        unit, arm = user.get(split.unit_key), user.get(key)
        if not is_unit(unit):
            return UNPLACED
        if arm is None or arm == "":
            return None, "not_in_audience", None, None, split.epoch, unit
        if not isinstance(arm, str) or arm not in arms:
            return UNPLACED
        buckets = prefixed_bucket(split.prefix, unit)
        return arm, "assigned", *buckets, split.epoch, unit

    return place


def _unless_held(holdout: HoldoutSplit, place: Place) -> Place:
    """As another function, for users who are not held out."""
    key = holdout.holdout.unit

    def place_or_hold(user: Mapping[str, object], at: datetime) -> Placement:
        unit = user.get(key)
        if not is_unit(unit):
            return UNPLACED
        found = holdout.at(unit)
        if not found.held:
            return place(user, at)
        buckets = found.traffic_bucket, found.arm_bucket
        return NO_SEND, "holdout", *buckets, None, unit

    return place_or_hold


def _unless_forced(split: Split, place: Place) -> Place:
    """As another function, for users whose arm is not forced."""
    key, forced = split.unit_key, split.forced

    def place_or_force(user: Mapping[str, object], at: datetime) -> Placement:
        unit = user.get(key)
        if isinstance(unit, str) and unit in forced:
            return force(split, forced[unit], unit)
        return place(user, at)

    return place_or_force
