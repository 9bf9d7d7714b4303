"""Attribute values at run time, read strictly as their declared type.

Each function returns the value, or None for one that is missing or of another type;
``copylab.audience.explain`` says which. Texts are taken as they are, so that they
compare as they do in SQL: nothing is trimmed, and an empty text is a text.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.audience.attributes import AttributeType

_INTEGER = re.compile(r"([+-]?[0-9]{1,38})(\.0{1,38})?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,38}(\.[0-9]{1,38})?")
_WORDS = {"true": True, "false": False}


def _bare(value: object) -> object:
    """The Python value inside a NumPy scalar; others as they are."""
    if getattr(value, "shape", None) != () or not hasattr(value, "dtype"):
        return value
    item: object = value.item()  # type: ignore[attr-defined]
    return item


def read_string(value: object) -> str | None:
    """A text; numbers are none."""
    value = _bare(value)
    return str(value) if isinstance(value, str) else None


def read_int(value: object) -> int | None:
    """A whole number: ``30``, ``30.0``, ``"30"`` and ``"30.0"`` are thirty."""
    value = _bare(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, Decimal):
        whole = value.is_finite() and value == value.to_integral_value()
        return int(value) if whole else None
    if isinstance(value, str) and (match := _INTEGER.fullmatch(value.strip())):
        return int(match[1])
    return None


def read_decimal(value: object) -> int | Decimal | None:
    """A number, exact; a float is the shortest decimal that is printed for it."""
    value = _bare(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return Decimal(repr(float(value))) if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None


def read_bool(value: object) -> bool | None:
    """``True``, ``False``, ``"true"`` or ``"false"``; 1 and 0 are numbers."""
    value = _bare(value)
    if isinstance(value, str):
        return _WORDS.get(value.strip())
    return value if isinstance(value, bool) else None


def read_date(value: object) -> date | None:
    """A day, or an ISO 8601 text of one; a time is none."""
    if isinstance(value, datetime):
        return None
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return None


def read_timestamp(value: object) -> datetime | None:
    """A time in UTC, or an ISO 8601 text of one.

    Without a zone it is taken to be in UTC; a day is its first moment.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        if value != value:  # noqa: PLR0124 - pandas.NaT is a datetime and no time
            return None
        if type(value) is not datetime:  # such as pandas.Timestamp
            value = _plain(value)
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        try:
            return value.astimezone(UTC)
        except OverflowError:
            return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None


def _plain(value: datetime) -> datetime:
    """A plain datetime; fractions below a microsecond are cut."""
    clock = (value.hour, value.minute, value.second, value.microsecond)
    day = (value.year, value.month, value.day)
    return datetime(*day, *clock, tzinfo=value.tzinfo, fold=value.fold)


def read_now(now: datetime) -> datetime:
    """The bound time of the run, in UTC.

    Raises:
        ValueError: It has no zone.
    """
    if now.tzinfo is None:
        raise ValueError(f"now == {now!r}, must have a time zone")
    return now.astimezone(UTC)


READERS: dict[AttributeType, Callable[[object], object]] = {
    "string": read_string,
    "int": read_int,
    "decimal": read_decimal,
    "bool": read_bool,
    "date": read_date,
    "timestamp": read_timestamp,
}
"""The reader of each type."""
