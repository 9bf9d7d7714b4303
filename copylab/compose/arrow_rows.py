"""Reading users from Arrow: record batches, and the Parquet files they come from.

Only the columns that composing reads become Python values; the others do when a user
is written out whole.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from copylab.compose.rows import BATCH_ROWS, UserBatch, UserTable, check_columns
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from pyarrow import Array, RecordBatch, Schema


_UTC_NAMES = frozenset(("UTC", "Etc/UTC", "+00:00", "Z"))


def open_parquet(path: Path) -> UserTable:
    """The table of users in a Parquet file.

    Raises:
        DataError: It is no Parquet file, or names a column twice.
    """
    import pyarrow as pa  # noqa: PLC0415 - a sending service reads no tables
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, error) from None
    columns = tuple(schema.names)
    check_columns(str(path), columns)

    def absent(needed: Collection[str]) -> list[str]:
        return [name for name in needed if name not in columns]

    def batches(needed: Collection[str]) -> Iterator[UserBatch]:
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(BATCH_ROWS):
                    yield read_arrow(batch, needed)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(path, error) from None

    return UserTable(path, columns, absent, batches, not_text(schema), rows)


def _unreadable(path: Path, error: Exception) -> DataError:
    reason = str(error).strip().partition("\n")[0]
    return DataError(
        f"cannot be read as Parquet: {reason}",
        file=str(path),
        help="check that the file is complete and is what its ending says",
    )


def not_text(schema: Schema) -> dict[str, str]:
    """The columns that hold no texts, with the name of their type."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    def holds_text(kind: Any) -> bool:  # noqa: ANN401 - Arrow has no types for mypy
        if pa.types.is_dictionary(kind):
            return holds_text(kind.value_type)
        return bool(
            pa.types.is_string(kind)
            or pa.types.is_large_string(kind)
            or pa.types.is_string_view(kind)
        )

    return {
        field.name: str(field.type) for field in schema if not holds_text(field.type)
    }


def read_arrow(batch: RecordBatch, needed: Collection[str]) -> UserBatch:
    """The users of a record batch.

    Args:
        batch: The users, one a row.
        needed: The columns that composing reads.
    """
    names = batch.schema.names
    columns = {name: _values(batch[name]) for name in names if name in needed}
    keys = list(columns)
    if columns:
        rows = zip(*columns.values(), strict=True)
        users: list[Any] = [dict(zip(keys, row, strict=True)) for row in rows]
    else:
        users = [{} for _ in range(batch.num_rows)]
    return UserBatch(users, _whole_rows(batch, columns))


def _whole_rows(
    batch: RecordBatch, columns: dict[str, list[object]]
) -> Callable[[int], object]:
    """From a position to the whole row; the other columns are read when one is."""

    def whole(index: int) -> object:
        if len(columns) < batch.num_columns:
            for name in batch.schema.names:
                if name not in columns:
                    columns[name] = _values(batch[name])
        return {name: columns[name][index] for name in batch.schema.names}

    return whole


def _values(array: Array) -> list[Any]:
    """The values of a column; one that Python cannot hold becomes what is no value."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    in_utc = False
    if pa.types.is_timestamp(array.type):
        in_utc = array.type.tz in _UTC_NAMES
        # Python's times end at microseconds, and Arrow asks pandas for finer ones;
        # in a zone each value costs a look-up, in UTC it can go without.
        finest = "us" if array.type.unit == "ns" else array.type.unit
        zone = None if in_utc else array.type.tz
        plain = array.cast(pa.timestamp(finest, zone), safe=False)
    else:
        plain = array
    try:
        values: list[Any] = plain.to_pylist()
    except (ValueError, OverflowError):  # a far date, or a text that is not UTF-8
        values = [_value(item) for item in array]
    if in_utc:
        return [
            item.replace(tzinfo=UTC) if isinstance(item, datetime) else item
            for item in values
        ]
    return values


def _value(item: Any) -> object:  # noqa: ANN401 - Arrow has no types for mypy
    try:
        value: object = item.as_py()
    except UnicodeDecodeError:
        return bytes(item.as_buffer())
    except (ValueError, OverflowError):
        return f"{getattr(item, 'value', 'out of range')} as {item.type}"
    return value
