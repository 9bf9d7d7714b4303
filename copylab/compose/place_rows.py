"""Placing many users at once: their arms, and why, column by column.

What stands here gives the same placements as ``placing.placer``, user by user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from copylab.compose.audience_batch import Admitted, ask_batch
from copylab.compose.record import USUAL_UNIT
from copylab.compose.without import has_unit
from copylab.experiment.bucket_arrays import bucket_arrays
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from copylab.compose.one import Composer
    from copylab.compose.prepare import PreparedExperiment
    from copylab.compose.record import Placement
    from copylab.compose.user_batch import UserBatch

    Codes = NDArray[np.int64]

UNPLACED_CODE = -1
"""The code of users who are to be placed one by one: their unit is no unit."""
MISFIT_CODE = -2
"""The code of users with an attribute that holds what it cannot."""
NO_BUCKET = -1


class Ground(NamedTuple):
    """What users have in common who are placed for the same reason.

    Attributes:
        arm: The arm, or None.
        reason: Why.
        epoch: The epoch of the allocation, or None.
        unit: The attribute that names the unit.
    """

    arm: str | None
    reason: str
    epoch: int | None
    unit: str

    def placement(self) -> Placement:
        """The placement of such a user, without buckets and unit."""
        return self.arm, self.reason, None, None, self.epoch, None


class Placed(NamedTuple):
    """Where the users of a batch stand.

    Attributes:
        grounds: The reasons there are.
        codes: By row, the position in ``grounds``, ``UNPLACED_CODE`` or ``MISFIT_CODE``.
        traffic: By row, the bucket of coverage, or ``NO_BUCKET``.
        slot: By row, the bucket of the split, or ``NO_BUCKET``.
        is_unread: Whether nobody was placed, for there are texts that no file can hold.
    """

    grounds: list[Ground]
    codes: Codes
    traffic: Codes
    slot: Codes
    is_unread: bool = False


def place_rows(composer: Composer, batch: UserBatch, at: datetime) -> Placed:
    """Where the users of a batch stand.

    Raises:
        UnicodeError: A unit is no text that can be written.
    """
    size = batch.size
    placed = Placed(
        [], np.full(size, UNPLACED_CODE), _no_buckets(size), _no_buckets(size)
    )
    rows = _unforced(composer, batch)
    if composer.holdout is not None:
        rows = _hold_out(composer, batch, rows, placed)
    prepared = composer.experiment
    if prepared is None:
        _settle(placed, rows, Ground(None, "no_experiment", None, USUAL_UNIT))
    else:
        _assign(composer, prepared, batch, rows, at, placed)
    return placed


def _unforced(composer: Composer, batch: UserBatch) -> Codes:
    """The rows whose arm is not forced; those few who are, are composed one by one."""
    import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    tried = composer.experiment or composer.trial
    if tried is None or not composer.has_forced:
        return np.arange(batch.size)
    units = pa.array(list(tried.split.forced), pa.string())
    forced = pc.is_in(batch.texts(tried.split.unit_key), value_set=units)
    return np.flatnonzero(~forced.to_numpy(zero_copy_only=False))


def _no_buckets(size: int) -> Codes:
    return np.full(size, NO_BUCKET, np.int64)


def _settle(placed: Placed, rows: Codes, ground: Ground) -> None:
    if len(rows):
        placed.codes[rows] = len(placed.grounds)
        placed.grounds.append(ground)


def _hold_out(
    composer: Composer, batch: UserBatch, rows: Codes, placed: Placed
) -> Codes:
    """Settle who is held out; the others who have a unit are left."""
    assert composer.holdout is not None
    holdout = composer.holdout.holdout
    traffic, slot, known = _buckets(holdout.salt, holdout.unit, batch, rows)
    held = known & (traffic < composer.holdout.threshold)
    placed.traffic[rows[held]] = traffic[held]
    placed.slot[rows[held]] = slot[held]
    _settle(placed, rows[held], Ground(NO_SEND, "holdout", None, holdout.unit))
    return rows[known & ~held]


def _assign(
    composer: Composer,
    prepared: PreparedExperiment,
    batch: UserBatch,
    rows: Codes,
    at: datetime,
    placed: Placed,
) -> None:
    split, unit = prepared.split, prepared.experiment.unit
    rows = rows[has_unit(batch, unit)[rows]]
    if composer.listed is not None:
        _read_list(composer.listed, prepared, batch, rows, placed)
        return
    admitted = ask_batch(composer, batch, rows, at)
    if admitted.misfits.any():
        placed.codes[rows[admitted.misfits]] = MISFIT_CODE
        kept = ~admitted.misfits
        rows, admitted = rows[kept], Admitted(*(flags[kept] for flags in admitted))
    inside = admitted.inside
    outside = Ground(None, "not_in_audience", split.epoch, unit)
    _settle(placed, rows[~inside], outside)
    rows = _in_layer(prepared, batch, rows[inside], placed)
    traffic, slot, _ = _buckets(prepared.experiment.salt, unit, batch, rows)
    placed.traffic[rows], placed.slot[rows] = traffic, slot
    covered = traffic < split.threshold
    _settle(placed, rows[~covered], Ground(None, "not_in_traffic", split.epoch, unit))
    rows, slot = rows[covered], slot[covered]
    ranges = split.allocation.ranges
    owners = np.searchsorted(np.array(split.allocation.ends()), slot, side="right")
    for arm in dict.fromkeys(part.arm for part in ranges):
        own = [place for place, part in enumerate(ranges) if part.arm == arm]
        taken = rows[np.isin(owners, own)]
        _settle(placed, taken, Ground(arm, "assigned", split.epoch, unit))


def _read_list(
    key: str,
    prepared: PreparedExperiment,
    batch: UserBatch,
    rows: Codes,
    placed: Placed,
) -> None:
    """Settle users whose arm was drawn with a list; an arm there is none stays open."""
    split, unit = prepared.split, prepared.experiment.unit
    column = batch.cells(key).take(rows)
    known = (None, "", *prepared.experiment.arms)
    named = [
        known.index(arm) if arm is None or (type(arm) is str and arm in known) else -1
        for arm in column.values
    ]
    codes = np.array(named, np.int64)
    codes = codes if column.codes is None else codes[column.codes]
    outside = rows[(codes == 0) | (codes == 1)]
    _settle(placed, outside, Ground(None, "not_in_audience", split.epoch, unit))
    inside = rows[codes > 1]
    traffic, slot, _ = _buckets(split.salt, unit, batch, inside)
    placed.traffic[inside], placed.slot[inside] = traffic, slot
    for code, arm in enumerate(known):
        if arm:
            assigned = Ground(arm, "assigned", split.epoch, unit)
            _settle(placed, rows[codes == code], assigned)


def _in_layer(
    prepared: PreparedExperiment, batch: UserBatch, rows: Codes, placed: Placed
) -> Codes:
    """Settle who is excluded by the layer; the others are left."""
    split = prepared.split
    owned, unit = split.layer, split.unit_key
    if owned is None:
        return rows
    place, other, _ = _buckets(owned.salt, unit, batch, rows)
    inside = np.zeros(len(rows), np.bool_)
    for start, end in owned.stretches:
        inside |= (start <= place) & (place < end)
    out = rows[~inside]
    placed.traffic[out], placed.slot[out] = place[~inside], other[~inside]
    _settle(placed, out, Ground(None, "excluded_by_layer", split.epoch, unit))
    return rows[inside]


def _buckets(
    salt: str, unit: str, batch: UserBatch, rows: Codes
) -> tuple[Codes, Codes, NDArray[np.bool_]]:
    """Both buckets of some rows, and which of them have a unit."""
    texts = batch.texts(unit)
    some = texts if len(rows) == len(texts) else texts.take(rows)
    found = bucket_arrays(salt, some, max_threads=1)
    traffic, slot = (
        np.nan_to_num(column.to_numpy(zero_copy_only=False), nan=NO_BUCKET).astype(int)
        for column in found
    )
    return traffic, slot, traffic != NO_BUCKET
