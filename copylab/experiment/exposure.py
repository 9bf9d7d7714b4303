"""The record of one hand-over: who got which copy of which experiment, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

ExposureReason = Literal[
    "assigned",
    "forced",
    "holdout",
    "not_in_audience",
    "not_in_traffic",
    "excluded_by_layer",
    "no_experiment",
]
EXPOSURE_REASONS: tuple[ExposureReason, ...] = get_args(ExposureReason)


class Exposure(NamedTuple):
    """A row logged when a composed message is handed to the sender.

    One row for each ``(experiment, unit, send_id)``; whoever stores the rows keeps the
    first. Making one does no work: a service makes one for every message it sends.

    Attributes:
        ts: When it was handed over, with a time zone.
        send_id: The caller's own key of this send, or None.
        experiment: The experiment, or None outside of every experiment.
        salt: The salt the buckets were computed with.
        scheme: The hash scheme of the buckets.
        unit_type: The attribute that names the unit, such as ``user_id``.
        unit: Who was randomised.
        traffic_bucket: The bucket of coverage, 0..999_999; None if never computed.
        arm_bucket: The bucket of the split, 0..999_999; None if never computed.
        epoch: The epoch of the allocation; 0 before the first start.
        layer: The layer that excludes experiments from each other, or None.
        arm: The arm, ``none`` for a planned silence; None outside of the experiment.
        reason: Why the unit got that arm, or none.
        audience_hash: The hash of the audience's condition.
        template_id: The message.
        variant: The wording that was sent, or None.
        template_hash: The hash of the copy and all it includes.
        channel: ``sms``, ``push`` or ``email``.
        locale: The locale of the copy.
        segments: The SMS segments of the text, or None.
        lib_version: The version of copylab that composed it.
    """

    ts: datetime
    send_id: str | None
    experiment: str | None
    salt: str | None
    scheme: str | None
    unit_type: str | None
    unit: str | None
    traffic_bucket: int | None
    arm_bucket: int | None
    epoch: int | None
    layer: str | None
    arm: str | None
    reason: ExposureReason
    audience_hash: str | None
    template_id: str
    variant: str | None
    template_hash: str | None
    channel: str
    locale: str
    segments: int | None
    lib_version: str

    def to_dict(self) -> dict[str, object]:
        """All columns as JSON-ready values, ``ts`` as ISO 8601 in UTC with a ``Z``."""
        record: dict[str, object] = self._asdict()
        record["ts"] = format_time(self.ts)
        return record


EXPOSURE_COLUMNS: tuple[str, ...] = Exposure._fields
"""The columns of an exposure table, in their order."""


def format_time(at: datetime) -> str:
    """The time as ISO 8601 in UTC, ``2026-01-31T09:30:00Z``.

    Raises:
        ValueError: The time has no zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"ts == {at!r}, must have a time zone")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
