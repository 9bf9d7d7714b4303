"""Who of an Arrow table is in an audience, column by column.

Columns whose type is what their attribute is declared to be are compared in DuckDB,
where the three-valued meaning of SQL is the same. Where one has to be read, a number
in a text or a float as the decimal that is printed for it, every user is asked alone,
by the function that asks single users: the answers are equal, only slower.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from copylab.audience.closure import compile_condition
from copylab.audience.condition import refs_of
from copylab.compose.arrow_rows import python_values

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from copylab.audience.attributes import AttributeType
    from copylab.audience.condition import Condition

_ROWS_AT_ONCE = 10_000
# Times and days near the ends of Python's calendar are left to those who read them.
_FIRST, _LAST = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001 - counted in UTC
_MAX_SCALE, _MAX_DIGITS = 9, 20  # a literal has 18 digits, and DuckDB 38


def in_audience(condition: Condition, users: pa.Table, at: datetime) -> pa.Array:
    """By row, whether the user is in the audience; null where nobody can tell.

    Nobody can tell where one of the attributes holds what cannot be read as its type.

    Args:
        condition: The condition; the table has a column for each of its attributes.
        users: The users, a row each.
        at: The time that ``now`` stands for, with a time zone.
    """
    types = {ref.name: ref.type for ref in refs_of(condition)}
    columns = {name: _as_declared(users[name], kind) for name, kind in types.items()}
    read = {name: column for name, column in columns.items() if column is not None}
    if len(read) == len(types) and read:
        return _by_sql(condition, pa.table(read), at)
    admits = compile_condition(condition).admits
    if not types:  # everybody, or nobody
        return pa.repeat(pa.scalar(admits({}, at)), len(users))
    answers: list[bool | None] = []
    for batch in users.select(list(types)).to_batches(_ROWS_AT_ONCE):
        values = zip(*map(python_values, batch.columns), strict=True)
        rows = (dict(zip(types, row, strict=True)) for row in values)
        answers += (admits(user, at) for user in rows)
    return pa.array(answers, pa.bool_())


def _by_sql(condition: Condition, users: pa.Table, at: datetime) -> pa.Array:
    import duckdb  # noqa: PLC0415 - heavy

    from copylab.audience.sql import to_sql  # noqa: PLC0415 - sqlglot is heavy

    numbered = {name: f"c{place}" for place, name in enumerate(users.column_names)}
    sql = to_sql(condition, "duckdb", now=at, zoned=False, columns=numbered)
    renamed = users.rename_columns(list(numbered.values()))
    with duckdb.connect() as connection:
        relation = connection.from_arrow(renamed)
        found = relation.project(f"coalesce({sql}, false) as inside").to_arrow_table()
    return found["inside"].combine_chunks()


def _as_declared(
    column: pa.ChunkedArray, kind: AttributeType
) -> pa.ChunkedArray | None:
    """The column, ready to be compared in SQL; None where its values must be read."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return _READ[kind](column)


def _when(
    *checks: Callable[[pa.DataType], bool],
) -> Callable[..., pa.ChunkedArray | None]:
    def keep(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
        return column if any(check(column.type) for check in checks) else None

    return keep


def _read_time(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Times in UTC without a zone, in microseconds."""
    if not pa.types.is_timestamp(column.type) or column.type.unit == "ns":
        return None
    # The number in the column counts from 1970 in UTC, whatever zone it is shown in.
    try:
        exact = pc.cast(column, pa.timestamp("us", column.type.tz))
    except pa.ArrowInvalid:  # too far away to be counted so finely
        return None
    counted = exact.cast(pa.int64())
    return _near(counted, counted.cast(pa.timestamp("us")), _FIRST, _LAST)


def _read_day(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    if not pa.types.is_date32(column.type):
        return None
    return _near(column.cast(pa.int32()), column, _FIRST.date(), _LAST.date())


def _near(
    counted: pa.ChunkedArray, column: pa.ChunkedArray, first: date, last: date
) -> pa.ChunkedArray | None:
    """The column, if all of it is in Python's calendar; else each must be looked at."""
    ends = pc.min_max(counted)
    if not ends["min"].is_valid:
        return column
    low, high = (pa.scalar(day, column.type).value for day in (first, last))
    return column if low <= ends["min"].as_py() <= ends["max"].as_py() <= high else None


def _is_small_decimal(kind: pa.DataType) -> bool:
    """Whether DuckDB has such decimals, and room beside them for every literal."""
    if not pa.types.is_decimal128(kind):
        return False
    is_small: bool = kind.scale <= _MAX_SCALE and kind.precision <= _MAX_DIGITS
    return is_small


_READ: dict[AttributeType, Callable[[pa.ChunkedArray], pa.ChunkedArray | None]] = {
    "string": _when(
        pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view
    ),
    "int": _when(pa.types.is_signed_integer),
    "decimal": _when(pa.types.is_signed_integer, _is_small_decimal),
    "bool": _when(pa.types.is_boolean),
    "date": _read_day,
    "timestamp": _read_time,
}
