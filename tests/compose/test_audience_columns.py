from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.audience.attributes import Attribute
from copylab.audience.closure import compile_condition
from copylab.audience.parse import parse_condition
from copylab.compose.audience_columns import ask_columns
from copylab.compose.user_batch import row_batch

NOW = datetime(2026, 2, 1, 12, tzinfo=timezone(timedelta(hours=8)))
ATTRIBUTES = {
    name: Attribute(name, kind, nullable=True)  # type: ignore[arg-type]
    for name, kind in {
        "s": "string", "i": "int", "d": "decimal", "b": "bool", "day": "date",
        "at": "timestamp",
    }.items()
}  # fmt: skip
TYPES = {
    "s": [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())],
    "i": [pa.int64(), pa.int32(), pa.int8()],
    "d": [pa.int64(), pa.int16()],
    "b": [pa.bool_()],
    "day": [pa.date32()],
    "at": [
        pa.timestamp("us", "UTC"),
        pa.timestamp("us"),
        pa.timestamp("ns", "Asia/Shanghai"),
        pa.timestamp("s", "UTC"),
        pa.timestamp("ms"),
    ],
}
VALUES: dict[str, list[Any]] = {
    "s": ["", "a", "b", "B", "张", "🙂", "\uffff"],
    "i": [-3, 0, 1, 7, 120],
    "d": [-3, 0, 1, 7, 120],
    "b": [True, False],
    "day": [date(2026, 1, 1), date(2026, 2, 1), date(1969, 12, 31)],
    "at": [
        datetime(2026, 2, 1, 4, tzinfo=UTC) - timedelta(days=days)
        for days in (-1, 0, 1, 7, 30_000)
    ],
}
LEAVES = [
    "s = 'b'", "s > 'a'", "s <> '张'", "s in ('a', '🙂')", "s is null",
    "i = 1", "i >= 0", "i in (1, 7)", "not i in (1, 7)", "i between 0 and 7",
    "d < 7", "d = 1", "b", "not b", "b = false", "b is null", "day >= '2026-02-01'",
    "day between '2026-01-01' and '2026-01-31'", "at <= now - 7 days", "at > now",
    "at is not null", "at = now", "at < '2026-02-01T00:00:00Z'",
]  # fmt: skip
conditions = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda part: f"not ({part})"),
    ),
    max_leaves=6,
)


def parsed(text: str) -> Any:
    condition, problems = parse_condition(text, ATTRIBUTES)
    assert not problems
    return condition


@st.composite
def columns(draw: Any) -> dict[str, pa.Array]:
    size = draw(st.integers(1, 12))
    found = {}
    for name, values in VALUES.items():
        rows = draw(
            st.lists(st.sampled_from([None, *values]), min_size=size, max_size=size)
        )
        kind = draw(st.sampled_from(TYPES[name]))
        if pa.types.is_timestamp(kind) and kind.tz is None:
            rows = [row and row.replace(tzinfo=None) for row in rows]
        found[name] = pa.array(rows, kind)
    return found


@settings(max_examples=300, deadline=None)
@given(conditions, columns())
def test_columns_answer_as_single_users_do(
    text: str, found: dict[str, pa.Array]
) -> None:
    condition = parsed(text)
    answers = ask_columns(condition, found, NOW)
    assert answers is not None
    users = [
        dict(zip(found, values, strict=True))
        for values in zip(*(_python(c) for c in found.values()), strict=True)
    ]
    matches = compile_condition(condition).matches
    assert answers.to_pylist() == [matches(user, NOW) for user in users]


def _python(column: pa.Array) -> list[Any]:
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz))
    values: list[Any] = column.to_pylist()
    return values


@pytest.mark.parametrize(
    ("text", "name", "column"),
    [
        ("i = 1", "i", pa.array(["1"])),
        ("i = 1", "i", pa.array([1.0])),
        ("d = 1.5", "d", pa.array([1])),
        ("day = '2026-01-01'", "day", pa.array(["2026-01-01"])),
        ("date(at) = '2026-01-01'", "at", pa.array([NOW])),
        ("s like 'a%'", "s", pa.array(["a"])),
        ("at <= now", "at", pa.array([2**62], pa.timestamp("us", "UTC"))),
        ("at <= now", "at", pa.array([2**62], pa.timestamp("s", "UTC"))),
        ("day < '2026-01-01'", "day", pa.array([2**30], pa.int32()).view(pa.date32())),
        (
            "s = 'a'",
            "s",
            pa.Array.from_buffers(
                pa.string(),
                1,
                [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")],
            ),
        ),
    ],
)
def test_what_must_be_read_is_left_to_those_who_read(
    text: str, name: str, column: pa.Array
) -> None:
    assert ask_columns(parsed(text), {name: column}, NOW) is None


def test_users_of_other_files_have_no_columns() -> None:
    assert row_batch([{"s": "a"}]).column("s") is None
