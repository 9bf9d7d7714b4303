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

    from copylab.compose.cells import Codes


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
    batch = _without_views(batch)
    columns = _Columns(batch)
    names = tuple(batch.schema.names)
    read = [name for name in names if name in needed]

    def user(place: int) -> User:
        return {name: columns.cells(name).at(place) for name in read}

    def whole(place: int) -> object:
        return {name: columns.cells(name).at(place) for name in names}

    return UserBatch(
        size=batch.num_rows,
        broken={},
        cells=columns.cells,
        texts=columns.texts,
        user=user,
        whole=whole,
        names=names,
        picked=columns.picked,
        column=columns.column,
    )


def _without_views(batch: RecordBatch) -> RecordBatch:
    """The batch with plain texts for views of texts, which Arrow can do little with."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    for place, field in enumerate(batch.schema):
        if pa.types.is_string_view(field.type):
            plain = batch.column(place).cast(pa.string())
            batch = batch.set_column(place, field.name, plain)
    return batch


class _Columns:
    """The columns of a record batch; each is read once, when it is asked for.

    Args:
        batch: The users, one a row.
    """

    def __init__(self, batch: RecordBatch) -> None:
        self.batch = batch
        self.names = frozenset(batch.schema.names)
        self.known: dict[str, Cells] = {}
        self.varied: set[str] = set()
        self.written: dict[str, Array] = {}

    def column(self, name: str) -> Array | None:
        return self.batch[name] if name in self.names else None

    def cells(self, name: str) -> Cells:
        self._look_at(name)
        if name not in self.known:
            self.known[name] = Cells(python_values(self.batch[name]))
        return self.known[name]

    def picked(self, name: str, places: Codes) -> Cells:
        import pyarrow as pa  # noqa: PLC0415 - as above

        self._look_at(name)
        if name in self.known:
            return self.known[name].take(places)
        try:  # the values of the others are not made
            return Cells(python_values(self.batch[name].take(pa.array(places))))
        except pa.ArrowNotImplementedError:  # of views of bytes, and of runs
            return self.cells(name).take(places)

    def texts(self, name: str) -> Array:
        if name not in self.written:
            self.written[name] = _texts(self.column(name), self.batch.num_rows)
        return self.written[name]

    def _look_at(self, name: str) -> None:
        """Know the values of a column that has few, and which have many."""
        if name in self.known or name in self.varied:
            return
        if name not in self.names:
            self.known[name] = same_cells(None, self.batch.num_rows)
        elif (coded := _coded(self.batch[name])) is not None:
            self.known[name] = coded
        else:
            self.varied.add(name)


def _coded(array: Array) -> Cells | None:
    """The different values of a column, or None where they are not few."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
    elif not (_holds_text(kind) or any(check(kind) for check in _checks())):
        return None
    # Numbers are quickly looked through; of texts, a few say how many differ.
    sample = array.slice(0, 0 if pa.types.is_integer(array.type) else _SAMPLE)
    if len(sample) == _SAMPLE and len(pc.unique(sample)) > _MOST:
        return None
    coded = pc.dictionary_encode(array, null_encoding="encode")
    if len(coded.dictionary) * 2 > len(array):
        return None
    codes = coded.indices.to_numpy(zero_copy_only=False).astype("int64")
    return Cells(python_values(coded.dictionary), codes)


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


def python_values(array: Array) -> list[Any]:
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
