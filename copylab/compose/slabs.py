"""Slabs: rows of an output table that were made together, before they are in order.

Users of a batch are composed in groups. Each group gives a slab: its rows, and for each
column one value for all of them, few different ones, or a value a row. Slabs stacked
are the rows in the order of the users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from copylab.compose.cells import Cells
from copylab.compose.columns import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from copylab.compose.columns import Column

    Codes = NDArray[np.int64]

_CODED = pa.dictionary(pa.int32(), pa.string())


class Same(NamedTuple):
    """A column that holds one value in all rows of a slab."""

    value: object


class Slab(NamedTuple):
    """Some rows of an output table.

    Attributes:
        rows: The position of each in the batch of users; no two slabs share one.
        columns: By name, what stands there: ``Same``, ``Cells``, an Arrow column, or a
            list with a value a row.
    """

    rows: Codes
    columns: Mapping[str, Any]


def stack(slabs: Sequence[Slab], columns: tuple[Column, ...]) -> pa.RecordBatch:
    """The rows of all slabs in the order of the users.

    Columns that are said to be coded are dictionaries.

    Args:
        slabs: The slabs.
        columns: The columns of the table.
    """
    slabs = [slab for slab in slabs if len(slab.rows)]
    rows = np.concatenate([np.zeros(0, np.int64), *(slab.rows for slab in slabs)])
    order = np.argsort(rows, kind="stable")
    in_order = bool((order[1:] > order[:-1]).all())
    arrays = []
    for column, field in zip(columns, coded_schema(columns), strict=True):
        parts = [(slab.columns[column.name], len(slab.rows)) for slab in slabs]
        if column.is_coded:
            array = _coded(parts, None if in_order else order)
        else:
            pieces = [_plain(content, size, field.type) for content, size in parts]
            array = pa.concat_arrays(pieces) if pieces else pa.array([], field.type)
            array = array if in_order else array.take(pa.array(order))
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=coded_schema(columns))


def coded_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """The columns as they are in memory: those that repeat themselves are coded."""
    schema = arrow_schema(columns)
    return pa.schema(
        [
            (column.name, _CODED if column.is_coded else field.type)
            for column, field in zip(columns, schema, strict=True)
        ]
    )


def decode(batch: pa.RecordBatch, columns: tuple[Column, ...]) -> pa.RecordBatch:
    """The same rows with plain texts, as they are handed to others."""
    arrays = [
        array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
        for array in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(columns))


def _coded(parts: list[tuple[Any, int]], order: Codes | None) -> pa.DictionaryArray:
    """A column of texts as codes and their few values."""
    places: dict[object, int] = {}
    codes = []
    for content, size in parts:
        if isinstance(content, Same):
            place = places.setdefault(content.value, len(places))
            codes.append(np.full(size, place, np.int32))
            continue
        if not isinstance(content, Cells) or content.codes is None:
            rows = content.values if isinstance(content, Cells) else content
            own = [places.setdefault(value, len(places)) for value in rows]
            codes.append(np.array(own, np.int32))
            continue
        own = [places.setdefault(value, len(places)) for value in content.values]
        codes.append(np.array(own, np.int32)[content.codes])
    all_codes = np.concatenate([np.zeros(0, np.int32), *codes])
    if order is not None:
        all_codes = all_codes[order]
    null = places.pop(None, None)
    mask = None if null is None else all_codes == null
    if null is not None:
        all_codes = np.where(all_codes > null, all_codes - 1, all_codes)
    indices = pa.array(all_codes.astype(np.int32), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(places), pa.string()))


def _plain(content: Any, size: int, kind: pa.DataType) -> pa.Array:  # noqa: ANN401 - as slabs hold it
    """A column with a value a row."""
    if isinstance(content, Same):
        if content.value is None:
            return pa.nulls(size, kind)
        return pa.repeat(pa.scalar(content.value, kind), size)
    if isinstance(content, Cells):
        if content.codes is None:
            return pa.array(content.values, kind)
        return pa.array(content.values, kind).take(pa.array(content.codes))
    if isinstance(content, pa.Array):
        return content.cast(kind) if content.type != kind else content
    return pa.array(content, kind)
