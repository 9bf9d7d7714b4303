from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.compose.arrow_rows import read_arrow
from copylab.compose.json_rows import rows_as_json
from copylab.compose.rows_out import to_json

STAMPS = [0, 1, -1, 86_400_000_000, -86_400_000_000, -62_135_596_800_000_000, 2**62]
stamps = st.lists(st.sampled_from([None, *STAMPS, 1_767_225_600_000_000]), min_size=4)
columns = st.one_of(
    st.lists(st.one_of(st.none(), st.text()), min_size=4).map(
        lambda values: pa.array(values, pa.string())
    ),
    st.lists(st.sampled_from([None, "a", "b", '"', "\\", "\x1f", "张%s"]), min_size=4),
    st.lists(st.one_of(st.none(), st.integers(-9, 2**62)), min_size=4),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=4),
    st.lists(st.one_of(st.none(), st.floats()), min_size=4),
    st.builds(
        lambda values, zone: pa.array(values, pa.int64()).view(
            pa.timestamp("us", zone)
        ),
        stamps,
        st.sampled_from([None, "UTC", "+00:00", "Asia/Shanghai"]),
    ),
    st.lists(st.lists(st.integers(0, 3)), min_size=4),
)


def batch_of(found: dict[str, Any]) -> pa.RecordBatch:
    size = min(len(column) for column in found.values())
    arrays = {
        name: (column if isinstance(column, pa.Array) else pa.array(column))[:size]
        for name, column in found.items()
    }
    return pa.RecordBatch.from_pydict(arrays)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", 'b"', "c%s", "张"]), columns, min_size=1))
def test_rows_are_written_as_one_by_one(found: dict[str, Any]) -> None:
    batch = batch_of(found)
    users = read_arrow(batch, batch.schema.names)
    rows = np.arange(1, users.size)
    written = rows_as_json(users, batch.schema.names, rows)
    whole = [users.whole(row) for row in rows.tolist()]
    cells = ["{" + ", ".join(_cells(user)) + "}" for user in whole]
    assert (written if isinstance(written, list) else written.to_pylist()) == cells


def _cells(user: Any) -> list[str]:
    return [f"{to_json(name)}: {to_json(value)}" for name, value in user.items()]


def test_plain_columns_are_written_without_being_read() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    table = {"user": ["u1", None], "n": [7, None], "at": [at, None]}
    users = read_arrow(batch_of(table), [])
    written = rows_as_json(users, list(table), np.arange(2))
    assert isinstance(written, pa.Array)
    assert written.to_pylist() == [
        '{"user": "u1", "n": 7, "at": "2026-01-01T00:00:00+00:00"}',
        '{"user": null, "n": null, "at": null}',
    ]
