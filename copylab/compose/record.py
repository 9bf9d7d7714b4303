"""Recording: the exposure of one message, its constant parts bound once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.experiment.buckets import SCHEME
from copylab.experiment.exposure import Exposure
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from copylab.compose.prepare import PreparedExperiment
    from copylab.experiment.holdout import Holdout

    Placement = tuple[str | None, str, int | None, int | None, int | None, str | None]
    """Arm, reason, traffic bucket, arm bucket, epoch and unit, as ``Assignment``."""

    Record = Callable[
        [
            datetime,
            str | None,
            Placement,
            str | None,
            str | None,
            str,
            int | None,
        ],
        Exposure,
    ]
    """From time, send, placement, variant, copy's hash, locale and segments."""

USUAL_UNIT = "user_id"
"""The attribute that names a user outside of every experiment."""


def recorder(
    message: str,
    channel: str,
    prepared: PreparedExperiment | None,
    scheme: str = SCHEME,
) -> Record:
    """A function that makes the exposures of one message and channel.

    A service makes one for every message it sends, so the fields are passed by their
    place: names would cost more than the record.

    Args:
        message: The id of the message.
        channel: The channel.
        prepared: The running experiment, or None.
        scheme: What gives its units their arms.
    """
    experiment = salt = used_scheme = audience_hash = layer = None
    unit_type = USUAL_UNIT
    layer_salt: str | None = None
    if prepared is not None:
        running = prepared.experiment
        experiment, salt, used_scheme = running.name, running.salt, scheme
        unit_type, audience_hash = running.unit, prepared.audience_hash
        owned = prepared.split.layer
        if owned is not None:
            layer, layer_salt = owned.layer, owned.salt
    # As Exposure(…) does it, without its detour through a function.
    make, version = tuple.__new__, __version__

    def record(
        at: datetime,
        send_id: str | None,
        placement: Placement,
        variant: str | None,
        copy_hash: str | None,
        locale: str,
        segments: int | None,
    ) -> Exposure:
        arm, reason, traffic, slot, epoch, unit = placement
        used = layer_salt if reason == "excluded_by_layer" else salt
        return make(Exposure, (
            at, send_id, experiment, used, used_scheme, unit_type, unit, traffic, slot,
            epoch, layer, arm, reason, audience_hash, message, variant, copy_hash,
            channel, locale, segments, version,
        ))  # fmt: skip

    return record


def trial_recorder(record: Record, tried: Record) -> Record:
    """A function that makes the exposures of a message whose arms are tried out.

    Args:
        record: Makes those of everybody else.
        tried: Makes those of users whose arm is forced.
    """

    def either(
        at: datetime,
        send_id: str | None,
        placement: Placement,
        variant: str | None,
        copy_hash: str | None,
        locale: str,
        segments: int | None,
    ) -> Exposure:
        made = tried if placement[1] == "forced" else record
        return made(at, send_id, placement, variant, copy_hash, locale, segments)

    return either


def holdout_recorder(message: str, channel: str, holdout: Holdout) -> Record:
    """As ``recorder``, for units that are held out.

    Such a row is of no experiment: its buckets are those of the holdout's salt, the
    first of which decided, and it has neither arm nor epoch.

    Args:
        message: The id of the message.
        channel: The channel.
        holdout: The holdout.
    """

    def record(
        at: datetime,
        send_id: str | None,
        placement: Placement,
        variant: str | None,
        copy_hash: str | None,
        locale: str,
        segments: int | None,
    ) -> Exposure:
        _, _, traffic, slot, _, unit = placement
        return Exposure(
            at, send_id, None, holdout.salt, SCHEME, holdout.unit, unit, traffic, slot,
            None, None, None, "holdout", None, message, variant, copy_hash,
            channel, locale, segments, __version__,
        )  # fmt: skip

    return record
