"""Whole rows of users as JSON, column by column.

What stands here gives the text that ``rows_out.to_json`` gives for a row.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from copylab.compose.rows_out import to_json
from copylab.compose.texts import text_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from copylab.compose.user_batch import UserBatch

    Codes = NDArray[np.int64]

_ESCAPED = '["\\\\\\x00-\\x1f]'
"""What JSON writes in another way; all else stands there as it is."""
_UTC_NAMES = frozenset(("UTC", "Etc/UTC", "+00:00"))
_SECOND = 1_000_000
# Years of four digits, as ISO 8601 writes them without asking.
_FIRST, _LAST = datetime(1000, 1, 1), datetime(9999, 1, 1)  # noqa: DTZ001 - counted in UTC


def rows_as_json(
    batch: UserBatch, names: Sequence[str], rows: Codes
) -> pa.Array | list[str]:
    """Some rows of a table, each an object of all its columns.

    Args:
        batch: The users.
        names: The columns, in their order.
        rows: The positions of the rows.
    """
    if not names:
        return ["{}"] * len(rows)
    parts: list[pa.Array | pa.Scalar] = []
    for place, name in enumerate(names):
        before = f"{', ' if place else '{'}{to_json(name)}: "
        parts += [pa.scalar(before), _cells(batch, name, rows)]
    return pc.binary_join_element_wise(*parts, pa.scalar("}"), "")


def _cells(batch: UserBatch, name: str, rows: Codes) -> pa.Array:
    """The values of a column as JSON."""
    column = batch.column(name)
    # Of other types Arrow may not be able to take rows: of views, and of runs.
    plain = (pa.types.is_integer, pa.types.is_string, pa.types.is_timestamp)
    if column is not None and any(check(column.type) for check in plain):
        taken = column.take(pa.array(rows))
        written = _write(taken)
        if written is not None:
            return pc.fill_null(written, "null")
    return text_column(batch.picked(name, rows).map(to_json))


def _write(column: pa.Array) -> pa.Array | None:
    """Values that are written as they are; None where each has to be looked at."""
    kind = column.type
    if pa.types.is_integer(kind):
        return column.cast(pa.string())
    if pa.types.is_string(kind):
        return _quoted(column)
    is_time = pa.types.is_timestamp(kind) and kind.unit == "us"
    if is_time and (kind.tz is None or kind.tz in _UTC_NAMES):
        return _times(column)
    return None


def _quoted(texts: pa.Array) -> pa.Array | None:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:  # not UTF-8
        return None
    if pc.any(pc.match_substring_regex(texts, _ESCAPED)).as_py():
        return None
    return pc.binary_join_element_wise('"', texts, '"', "")


def _times(times: pa.Array) -> pa.Array | None:
    """Times of whole seconds in UTC or without a zone, as ISO 8601."""
    counted = times.drop_null().view(pa.int64()).to_numpy(zero_copy_only=False)
    ends = (pa.scalar(end, pa.timestamp("us")).value for end in (_FIRST, _LAST))
    first, last = ends
    if ((counted % _SECOND != 0) | (counted < first) | (counted >= last)).any():
        return None
    seconds = times.view(pa.int64()).cast(pa.int64())
    plain = pc.divide(seconds, _SECOND).view(pa.timestamp("s"))
    zone = "" if times.type.tz is None else "+00:00"
    written = pc.strftime(plain, format="%Y-%m-%dT%H:%M:%S")
    return pc.binary_join_element_wise('"', written, f'{zone}"', "")
