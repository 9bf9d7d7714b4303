"""Logging assignments as they are: for who assigns a lot and composes elsewhere.

Making an exposure of 21 columns costs more than assigning. Where all but a few of them
are the same for every user, they are said once, and a row is a time, a send and an
assignment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.experiment.log.line import LAST, quote
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.experiment.assign import Assignment
    from copylab.experiment.exposure import Exposure
    from copylab.experiment.log.exposure_log import ExposureLog
    from copylab.experiment.log.line import LineEncoder

_MOST_KEPT = 4096


class AssignmentLog:
    """Takes the assignments of one experiment into a log; made by ``ExposureLog.bind``.

    Args:
        log: Where the rows go.
        encoder: Makes lines of the log.
        like: An exposure with the columns that every row has.
        hashes: The hash of each arm's words.
        layer_salt: The salt of the layer, which the buckets of those excluded by it
            are computed with.
    """

    def __init__(
        self,
        log: ExposureLog,
        encoder: LineEncoder,
        like: Exposure,
        hashes: Mapping[str, str],
        layer_salt: str | None,
    ) -> None:
        self._log = log
        self._encoder = encoder
        self._like = like
        self._hashes = dict(hashes)
        self._layer_salt = layer_salt
        self._kept: dict[tuple[object, ...], tuple[str, str]] = {}

    def append(self, at: datetime, send_id: str | None, assignment: Assignment) -> None:
        """As ``ExposureLog.append``, for the exposure of an assignment.

        Args:
            at: When it is handed over, with a time zone.
            send_id: The caller's own key of this send, or None.
            assignment: What ``assign`` said; the variant is the arm, or none.

        Raises:
            DataError: A value is not of its column's type, or the user has no unit.
            UnreadableError: The row cannot be written.
            ValueError: The log is closed.
        """
        arm, reason, traffic, slot, epoch, unit = assignment
        try:
            middle, end = self._kept[arm, reason, epoch]
            known, text = self._encoder.last_moment
            if known is not at:
                text = self._encoder.moment(at)
            is_placed = traffic.__class__ is slot.__class__ is int
            if not is_placed or not 0 <= traffic <= LAST >= slot >= 0:  # type: ignore[operator]
                raise ValueError  # noqa: TRY301 - the long way knows what to do
            line = (
                f'{{"ts":"{text}","send_id":'
                f"{'null' if send_id is None else quote(send_id)}{middle}{quote(unit)},"  # type: ignore[arg-type]
                f'"traffic_bucket":{traffic},"arm_bucket":{slot}{end}'
            ).encode()
        except (KeyError, TypeError, AttributeError, ValueError):
            line = self._encode_slowly(at, send_id, assignment)
        self._log.take_line(line)

    def _encode_slowly(
        self, at: datetime, send_id: str | None, assignment: Assignment
    ) -> bytes:
        row = self.exposure(at, send_id, assignment)
        line = self._encoder.encode(row)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        key = (assignment.arm, assignment.reason, assignment.epoch)
        self._kept[key] = self._encoder.frame(row)
        return line

    def exposure(
        self, at: datetime, send_id: str | None, assignment: Assignment
    ) -> Exposure:
        """The exposure that is logged of an assignment."""
        arm = assignment.arm
        variant = None if arm == NO_SEND else arm
        excluded = assignment.reason == "excluded_by_layer"
        return self._like._replace(
            ts=at,
            send_id=send_id,
            salt=self._layer_salt if excluded else self._like.salt,
            unit=assignment.unit,
            traffic_bucket=assignment.traffic_bucket,
            arm_bucket=assignment.arm_bucket,
            epoch=assignment.epoch,
            arm=arm,
            reason=assignment.reason,  # type: ignore[arg-type]
            variant=variant,
            template_hash=None if variant is None else self._hashes.get(variant),
            segments=self._like.segments if variant is not None else None,
        )
