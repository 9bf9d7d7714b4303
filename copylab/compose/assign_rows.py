"""A whole Arrow table of users in, their arms and reasons out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copylab.audience.condition import refs_of
from copylab.compose.audience_rows import in_audience
from copylab.compose.needs import absent_message
from copylab.compose.rows import check_columns
from copylab.compose.spark_assign import ASSIGNED_COLUMNS
from copylab.errors import DataError
from copylab.experiment.assign import Split, prepare_split
from copylab.experiment.bucket_arrays import bucket_arrays

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from copylab.audience.read import Audience
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment

    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.int64]

_NAME = "the users"
_REASONS = (
    "unit",
    "forced",
    "attribute",
    "not_in_audience",
    "excluded_by_layer",
    "not_in_traffic",
    "assigned",
)
"""In the order in which they are asked; the first that holds is the reason."""
_UNIT, _FORCED, _MISFIT, _OUTSIDE, _EXCLUDED, _UNCOVERED, _ASSIGNED = range(7)


def assign_table(
    users: pa.Table, catalog: Catalog, experiment: str, *, at: datetime
) -> pa.Table:
    """The users with ``ASSIGNED_COLUMNS`` behind their own, row by row.

    Arm, reason and buckets are those of ``copylab.experiment.assign``: buckets are null
    for users outside of the audience, ``unit`` is the reason where there is none, and
    ``attribute`` where the audience asks for one whose value cannot be read. A draft is
    assigned as if it ran. The holdout of the workspace is not asked. Both cores are
    used; the table is in memory, so a large file is given batch by batch.

    Args:
        users: The users, a row each.
        catalog: A workspace.
        experiment: The name of an experiment.
        at: The time that the audience's ``now`` stands for, with a time zone.

    Raises:
        ValueError: There is no such experiment, or ``at`` has no zone.
        DataError: The table lacks a column, has one twice, has one that would be added,
            or holds units that are no texts.
    """
    found = catalog.experiments.get(experiment)
    if found is None:
        known = ", ".join(sorted(catalog.experiments)) or "none"
        raise ValueError(f"experiment == {experiment!r}, must be one of: {known}")
    if at.tzinfo is None:
        raise ValueError(f"at == {at!r}, must have a time zone")
    audience = catalog.audience_of(found)
    _check_table(users, found, audience)
    split = prepare_split(found)
    columns = _assign(users, split, audience, at)
    for name, column in zip(ASSIGNED_COLUMNS, columns, strict=True):
        users = users.append_column(name, column)
    return users


def _assign(
    users: pa.Table, split: Split, audience: Audience | None, at: datetime
) -> tuple[pa.Array, ...]:
    """The columns that are added: buckets, epoch, arm and reason."""
    units = users[split.unit_key]
    own = _numbers(bucket_arrays(split.salt, units))
    noted, reasons = own, np.full(len(users), _ASSIGNED, np.int8)
    reasons[own[0] >= split.threshold] = _UNCOVERED
    if split.layer is not None:
        other = _numbers(bucket_arrays(split.layer.salt, units))
        excluded = ~_within(other[0], split.layer.stretches)
        reasons[excluded] = _EXCLUDED
        pairs = zip(other, own, strict=True)
        noted = tuple(np.where(excluded, theirs, ours) for theirs, ours in pairs)
    if audience is not None:
        inside = in_audience(audience.condition, users, at)
        told = inside.is_valid().to_numpy(zero_copy_only=False)
        reasons[~inside.fill_null(True).to_numpy(zero_copy_only=False)] = _OUTSIDE  # noqa: FBT003 - Arrow's
        reasons[~told] = _MISFIT
    arms = _arms(split, own[1])
    if split.forced:
        names = pa.array(list(split.forced), pa.string())
        texts = units.cast(pa.string())
        position = pc.index_in(texts, value_set=names).combine_chunks()
        forced = pc.is_valid(position).to_numpy(zero_copy_only=False)
        reasons[forced] = _FORCED
        # Somebody who tries an arm out has the buckets of the experiment.
        pairs = zip(noted, own, strict=True)
        noted = tuple(np.where(forced, ours, theirs) for theirs, ours in pairs)
        chosen = pa.array(list(split.forced.values()), pa.string()).take(position)
        arms = pc.if_else(pa.array(forced), chosen, arms)
    reasons[own[0] < 0] = _UNIT
    has_arm = (reasons == _ASSIGNED) | (reasons == _FORCED)
    hidden = np.isin(reasons, (_UNIT, _MISFIT, _OUTSIDE))
    buckets = (pa.array(words.astype(np.int32), mask=hidden) for words in noted)
    names = pa.array(_REASONS)
    epoch = pa.array(np.full(len(users), split.epoch, np.int32))
    return (
        *buckets,
        epoch,
        pc.if_else(pa.array(has_arm), arms, pa.scalar(None, pa.string())),
        names.take(pa.array(reasons)),
    )


def _numbers(columns: tuple[pa.Array, pa.Array]) -> tuple[Numbers, ...]:
    """The buckets as numbers, -1 where there is no unit."""
    return tuple(
        column.fill_null(-1).to_numpy(zero_copy_only=False) for column in columns
    )


def _within(slots: Numbers, stretches: tuple[tuple[int, int], ...]) -> Flags:
    inside = np.zeros(len(slots), np.bool_)
    for start, end in stretches:
        inside |= (start <= slots) & (slots < end)
    return inside


def _arms(split: Split, slots: Numbers) -> pa.Array:
    """The arm that owns each slot."""
    ends = np.array(split.allocation.ends(), np.int32)
    owners = np.searchsorted(ends, slots, side="right").astype(np.int32)
    names = [part.arm for part in split.allocation.ranges]
    return pa.array(names, pa.string()).take(pa.array(owners))


def _check_table(
    users: pa.Table, experiment: Experiment, audience: Audience | None
) -> None:
    """Pass if the table has what is needed, once, and nothing of what is added."""
    names = tuple(users.column_names)
    check_columns(_NAME, names)
    taken = [name for name in ASSIGNED_COLUMNS if name in names]
    if taken:
        named = ", ".join(f"'{name}'" for name in taken)
        raise DataError(
            f"has a column that assigning adds: {named}",
            file=_NAME,
            help="rename or drop it",
        )
    needs = {experiment.unit: [f"the unit of the experiment {experiment.name}"]}
    if audience is not None:
        for ref in refs_of(audience.condition):
            owners = needs.setdefault(ref.name, [])
            owner = f"the audience of {experiment.name}"
            owners += [] if owner in owners else [owner]
    absent = [name for name in needs if name not in names]
    if absent:
        raise DataError(absent_message(absent, needs), file=_NAME)
    kind = users.schema.field(experiment.unit).type
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if not pa.types.is_null(kind) and not any(check(inner) for check in texts):
        raise DataError(
            f"the column '{experiment.unit}' holds {kind} values; the unit of "
            f"{experiment.name} must be a text",
            file=_NAME,
            help="write it as text, always in the same way: 1, 1.0 and 01 are three units",
        )
