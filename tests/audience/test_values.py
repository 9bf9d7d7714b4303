from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from copylab.audience.attributes import AttributeType
from copylab.audience.values import READERS, read_now

AT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


class Stamp(datetime):
    """As pandas.Timestamp: a datetime of another class."""


class Nothing(datetime):
    """As pandas.NaT: a datetime that equals nothing."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = datetime.__hash__


class Scalar:
    """As a NumPy scalar: the Python value is behind item()."""

    dtype = "int64"
    shape = ()

    def item(self) -> int:
        return 7


READ: list[tuple[AttributeType, object, object]] = [
    ("string", "", ""),
    ("string", " x ", " x "),
    ("int", 30, 30),
    ("int", 30.0, 30),
    ("int", "30", 30),
    ("int", " 30.0 ", 30),
    ("int", "-3", -3),
    ("int", Decimal("30.0"), 30),
    ("int", Scalar(), 7),
    ("decimal", 0.1, Decimal("0.1")),
    ("decimal", "1.50", Decimal("1.5")),
    ("decimal", Decimal("1.5"), Decimal("1.5")),
    ("decimal", 3, 3),
    ("decimal", Scalar(), 7),
    ("bool", True, True),
    ("bool", "false", False),
    ("date", date(2026, 1, 31), date(2026, 1, 31)),
    ("date", "2026-01-31", date(2026, 1, 31)),
    ("timestamp", AT, AT),
    ("timestamp", AT.replace(tzinfo=None), AT),
    ("timestamp", AT.astimezone(timezone(timedelta(hours=8))), AT),
    ("timestamp", "2026-01-31T17:30:00+08:00", AT),
    ("timestamp", "2026-01-31T09:30:00Z", AT),
    ("timestamp", "2026-01-31 09:30", AT),
    ("timestamp", date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)),
    ("timestamp", "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
    ("timestamp", Stamp(2026, 1, 31, 9, 30), AT),
]


@pytest.mark.parametrize(("kind", "given", "expected"), READ)
def test_reads_values_as_their_type(
    kind: AttributeType, given: object, expected: object
) -> None:
    read = READERS[kind](given)
    assert read == expected
    assert type(read) is type(expected)


UNREAD: list[tuple[AttributeType, object]] = [
    ("string", 7),
    ("string", b"x"),
    ("int", True),
    ("int", 30.5),
    ("int", "30.5"),
    ("int", "abc"),
    ("int", "٣"),
    ("int", "9" * 5000),
    ("int", float("nan")),
    ("int", Decimal("NaN")),
    ("decimal", True),
    ("decimal", float("inf")),
    ("decimal", Decimal("sNaN")),
    ("decimal", "1e5"),
    ("decimal", "NaN"),
    ("bool", 1),
    ("bool", "True"),
    ("bool", "yes"),
    ("date", AT),
    ("date", "31.01.2026"),
    ("date", 20260131),
    ("timestamp", 1769852000),
    ("timestamp", "yesterday"),
    ("timestamp", Nothing(2026, 1, 1)),
    ("timestamp", datetime.max.replace(tzinfo=timezone(timedelta(hours=-8)))),
]


@pytest.mark.parametrize(("kind", "given"), UNREAD)
def test_a_value_of_another_type_is_none(kind: AttributeType, given: object) -> None:
    assert READERS[kind](given) is None


@pytest.mark.parametrize("kind", READERS)
def test_null_is_none(kind: AttributeType) -> None:
    assert READERS[kind](None) is None


def test_now_is_in_utc_and_needs_a_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=8)))
    assert read_now(there).tzinfo is UTC
    with pytest.raises(ValueError, match="must have a time zone"):
        read_now(AT.replace(tzinfo=None))
