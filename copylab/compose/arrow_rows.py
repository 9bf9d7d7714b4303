"""Reading users from Arrow: record batches, and the Parquet files they come from.

Only the columns that composing reads become Python values; the others do when a user
is written out whole.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from copylab.compose.cells import Cells, same_cells
from copylab.compose.rows import BATCH_ROWS, UserTable, check_columns
from copylab.compose.user_batch import User, UserBatch
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from pyarrow import Array, RecordBatch, Schema


_SAMPLE = 256
_MOST = 230
"""Where so many of the first values differ, nearly all do."""
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
        raise unreadable(path, error) from None
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
            raise unreadable(path, error) from None

    return UserTable(path, columns, absent, batches, not_text(schema), rows, "parquet")


def unreadable(path: Path, error: Exception) -> DataError:
    """The error of a Parquet file that cannot be read."""
    reason = str(error).strip().partition("\n")[0]
    return DataError(
        f"cannot be read as Parquet: {reason}",
        file=str(path),
        help="check that the file is complete and is what its ending says",
    )


def not_text(schema: Schema) -> dict[str, str]:
    """The columns that hold no texts, with the name of their type."""
    return {
        field.name: str(field.type) for field in schema if not _holds_text(field.type)
    }


def _holds_text(kind: Any) -> bool:  # noqa: ANN401 - Arrow has no types for mypy
    import pyarrow as pa  # noqa: PLC0415 - as above

    if pa.types.is_dictionary(kind):
        return _holds_text(kind.value_type)
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
    )


def read_arrow(batch: RecordBatch, needed: Collection[str]) -> UserBatch:
    """The users of a record batch.

    Args:
        batch: The users, one a row.
        needed: The columns that composing reads.
    """
    names = batch.schema.names
    read = [name for name in names if name in needed]
    size: int = batch.num_rows
    known: dict[str, Cells] = {}
    written: dict[str, Array] = {}

    def cells(name: str) -> Cells:
        if name not in known:
            absent = name not in names
            known[name] = same_cells(None, size) if absent else _cells(batch[name])
        return known[name]

    def texts(name: str) -> Array:
        if name not in written:
            written[name] = _texts(batch[name] if name in names else None, size)
        return written[name]

    def user(place: int) -> User:
        return {name: cells(name).at(place) for name in read}

    def whole(place: int) -> object:
        return {name: cells(name).at(place) for name in names}

    return UserBatch(size, {}, cells, texts, user, whole, tuple(names))


def _cells(array: Array) -> Cells:
    """The values of a column; the different ones, where they are few."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
    elif not (_holds_text(kind) or any(check(kind) for check in _checks())):
        return Cells(_values(array))
    sample = array.slice(0, _SAMPLE)
    if len(sample) == _SAMPLE and pc.count_distinct(sample).as_py() > _MOST:
        return Cells(_values(array))
    coded = pc.dictionary_encode(array, null_encoding="encode")
    if len(coded.dictionary) * 2 > len(array):
        return Cells(_values(array))
    codes = coded.indices.to_numpy(zero_copy_only=False).astype("int64")
    return Cells(_values(coded.dictionary), codes)


def _checks() -> tuple[Callable[[Any], bool], ...]:
    """The types besides texts whose equal values are the same; floats are not."""
    import pyarrow.types as kinds  # noqa: PLC0415 - as above

    return (
        kinds.is_integer, kinds.is_boolean, kinds.is_timestamp, kinds.is_date,
        kinds.is_decimal128, kinds.is_null,
    )  # fmt: skip


def _texts(array: Array | None, size: int) -> Array:
    """A column as texts, null where it holds none.

    Raises:
        UnicodeError: A text is not UTF-8.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above

    if array is None or not _holds_text(array.type):
        return pa.nulls(size, pa.string())
    texts = array.cast(pa.string())
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid as error:
        raise UnicodeError(str(error)) from None
    return texts


def _values(array: Array) -> list[Any]:
    """The values of a column; one that Python cannot hold becomes what is no value."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    zone = array.type.tz if pa.types.is_timestamp(array.type) else None
    if pa.types.is_timestamp(array.type):
        # Python's times end at microseconds, and Arrow asks pandas for finer ones;
        # in a zone each value costs a look-up, in UTC it can go without.
        if zone is None or zone in _UTC_NAMES:
            return _times(array, None if zone is None else UTC)
        finest = "us" if array.type.unit == "ns" else array.type.unit
        array = array.cast(pa.timestamp(finest, zone), safe=False)
    try:
        values: list[Any] = array.to_pylist()
    except (ValueError, OverflowError):  # a far date, or a text that is not UTF-8
        values = [_value(item) for item in array]
    return values


def _times(array: Array, zone: tzinfo | None) -> list[Any]:
    """The times of a column without a zone or in UTC."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    finest = "us" if array.type.unit == "ns" else array.type.unit
    plain = array.cast(pa.timestamp(finest), safe=False)
    values: list[Any] = plain.to_numpy(zero_copy_only=False).tolist()
    far = [i for i, value in enumerate(values) if type(value) is int]
    if zone is not None:
        values = [v.replace(tzinfo=zone) if type(v) is datetime else v for v in values]
    for place in far:
        values[place] = _value(array[place])
    return values


def _value(item: Any) -> object:  # noqa: ANN401 - Arrow has no types for mypy
    try:
        value: object = item.as_py()
    except UnicodeDecodeError:
        return bytes(item.as_buffer())
    except (ValueError, OverflowError):
        return f"{getattr(item, 'value', 'out of range')} as {item.type}"
    return value
