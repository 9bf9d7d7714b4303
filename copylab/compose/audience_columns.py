"""Conditions asked of whole Arrow columns: three truth values, a null is unknown.

Only columns of the type that their attribute is declared to be are compared here, where
nothing has to be read. For every other column, and for patterns and days of times, the
answer is None, and users are asked by the function that asks single ones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from copylab.audience.condition import (
    Always,
    And,
    Between,
    Compare,
    Constant,
    Flag,
    In,
    IsNull,
    Like,
    Named,
    Not,
    Now,
    Or,
    Ref,
    refs_of,
)
from copylab.audience.values import read_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.audience.attributes import AttributeType
    from copylab.audience.condition import Condition, Operand

_COMPARE = {
    "=": pc.equal,
    "<>": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}
_TIME = pa.timestamp("us")
_KINDS: dict[AttributeType, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int64(),
    "decimal": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": _TIME,
}
# Times and days near the ends of Python's calendar are left to those who read them.
_FIRST, _LAST = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001 - counted in UTC


class _UnreadError(Exception):
    """Something that is not asked of whole columns."""


def ask_columns(
    condition: Condition, columns: Mapping[str, pa.Array], at: datetime
) -> pa.Array | None:
    """By row, whether a condition holds, without nulls; None where rows must be read.

    Args:
        condition: The condition.
        columns: By attribute, its values; all of one length.
        at: The time that ``now`` stands for, with a time zone.
    """
    kinds = {ref.name: ref.type for ref in refs_of(condition)}
    if not kinds:
        return None
    try:
        read = {name: _as_declared(columns[name], kinds[name]) for name in kinds}
        answer = _Asked(read, read_now(at)).truth(condition)
    except (_UnreadError, pa.ArrowInvalid):
        return None
    return pc.fill_null(answer, fill_value=False)


def _as_declared(column: pa.Array, kind: AttributeType) -> pa.Array:
    """A column of the type that is compared."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not _FITS[kind](column.type):
        raise _UnreadError
    if kind == "timestamp":
        zone = column.type.tz
        column = column.cast(pa.timestamp("us", zone), safe=column.type.unit != "ns")
        # The number in the column counts from 1970 in UTC, whatever zone it is shown in.
        column = column.view(_TIME)
        return _checked(column, _FIRST, _LAST)
    column = column.cast(_KINDS[kind])
    if kind == "string":
        column.validate(full=True)
    elif kind == "date":
        return _checked(column, _FIRST.date(), _LAST.date())
    return column


def _checked(column: pa.Array, first: date, last: date) -> pa.Array:
    ends = pc.min_max(column.view(pa.int64() if column.type == _TIME else pa.int32()))
    low, high = (ends[end].as_py() for end in ("min", "max"))
    bounds = [_number(day, column.type) for day in (first, last)]
    if low is not None and not bounds[0] <= low <= high <= bounds[1]:
        raise _UnreadError
    return column


def _number(day: date, kind: pa.DataType) -> int:
    value: int = pa.scalar(day, kind).value
    return value


_FITS: dict[AttributeType, Callable[[pa.DataType], bool]] = {
    "string": lambda kind: (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
    ),
    "int": pa.types.is_signed_integer,
    "decimal": pa.types.is_signed_integer,
    "bool": pa.types.is_boolean,
    "date": pa.types.is_date32,
    "timestamp": pa.types.is_timestamp,
}


class _Asked:
    """Columns that are asked at a time.

    Args:
        columns: By attribute, a column of the type that is compared.
        now: The time, in UTC.
    """

    def __init__(self, columns: Mapping[str, pa.Array], now: datetime) -> None:
        self.columns = columns
        self.now = now
        self.size = len(next(iter(columns.values())))

    def truth(self, condition: Condition) -> pa.Array:  # noqa: C901, PLR0911 - one case a node
        """By row, true, false or null for unknown."""
        match condition:
            case And():
                return self._all(condition.conditions, pc.and_kleene)
            case Or():
                return self._all(condition.conditions, pc.or_kleene)
            case Not():
                return pc.invert(self.truth(condition.condition))
            case Named():
                return self.truth(condition.condition)
            case Always():
                return pa.repeat(pa.scalar(condition.value), self.size)
            case IsNull():
                return pc.is_null(self.columns[condition.ref.name])
            case Flag():
                return self.columns[condition.ref.name]
            case Compare():
                return self._compare(condition)
            case Between():
                low = Compare(condition.operand, ">=", condition.low)
                high = Compare(condition.operand, "<=", condition.high)
                return self.truth(And((low, high)))
            case In():
                return self._is_in(condition)
            case Like():
                raise _UnreadError

    def _all(
        self, conditions: tuple[Condition, ...], join: Callable[..., pa.Array]
    ) -> pa.Array:
        found = self.truth(conditions[0])
        for condition in conditions[1:]:
            found = join(found, self.truth(condition))
        return found

    def _compare(self, leaf: Compare) -> pa.Array:
        sides = self._operand(leaf.left), self._operand(leaf.right)
        found = _COMPARE[leaf.op](*sides)
        if isinstance(found, pa.Scalar):
            return pa.repeat(found, self.size)
        return found

    def _is_in(self, leaf: In) -> pa.Array:
        column = self._operand(leaf.operand)
        if isinstance(column, pa.Scalar):
            raise _UnreadError
        values = pa.array([self._operand(v).as_py() for v in leaf.values], column.type)
        inside = pc.is_in(column, value_set=values)
        return pc.if_else(pc.is_valid(column), inside, pa.scalar(None, pa.bool_()))

    def _operand(self, operand: Operand) -> Any:  # noqa: ANN401 - a column or a scalar
        if isinstance(operand, Ref):
            return self.columns[operand.name]
        if isinstance(operand, Now):
            return _scalar(self.now + operand.shift, "timestamp")
        if isinstance(operand, Constant):
            return _scalar(operand.value, operand.type)
        raise _UnreadError


def _scalar(value: object, kind: AttributeType) -> pa.Scalar:
    if kind in {"int", "decimal"} and type(value) is not int:
        raise _UnreadError
    if isinstance(value, datetime):
        value = value.astimezone(UTC).replace(tzinfo=None)
    try:
        return pa.scalar(value, _KINDS[kind])
    except (OverflowError, pa.ArrowException):
        raise _UnreadError from None
