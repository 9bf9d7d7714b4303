from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.compose.parquet_join import join_parquet

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, table: pa.Table, **how: Any) -> Path:
    pq.write_table(table, path, store_schema=False, **how)
    return path


def joined(parts: list[Path]) -> io.BytesIO:
    out = io.BytesIO()
    join_parquet(parts, out)
    out.seek(0)
    return out


def rows(first: int, count: int) -> pa.Table:
    numbers = range(first, first + count)
    return pa.table(
        {
            "row": pa.array(numbers, pa.int64()),
            "text": pa.array([None if i % 3 == 0 else f"第{i}" for i in numbers]),
            "same": pa.array(["x"] * count, pa.string()),
            "many": pa.array([[i, i + 1] for i in numbers], pa.list_(pa.int32())),
        }
    )


def test_joined_files_are_their_rows_in_order(tmp_path: Path) -> None:
    """Parts differ in what their writers chose: dictionaries, sizes, compression."""
    parts = [
        write(tmp_path / "0", rows(0, 10), row_group_size=3),
        write(tmp_path / "1", rows(10, 0)),
        write(tmp_path / "2", rows(10, 2000), use_dictionary=False),
        write(
            tmp_path / "3", rows(2010, 5), compression="zstd", write_statistics=False
        ),
        write(tmp_path / "4", rows(2015, 7), write_page_index=True),
    ]
    file = pq.ParquetFile(joined(parts))
    assert file.read().equals(rows(0, 2022))
    assert file.metadata.num_rows == 2022
    assert file.metadata.num_row_groups == sum(
        pq.ParquetFile(part).metadata.num_row_groups for part in parts
    )
    last = file.num_row_groups - 1
    assert file.read_row_group(last).equals(rows(2015, 7))
    assert file.metadata.row_group(last).column(0).statistics.min == 2015


def test_one_file_joined_is_the_same_rows(tmp_path: Path) -> None:
    part = write(tmp_path / "0", rows(0, 4))
    assert pq.read_table(joined([part])).equals(rows(0, 4))


def test_other_engines_read_it(tmp_path: Path) -> None:
    parts = [write(tmp_path / str(i), rows(5 * i, 5)) for i in range(3)]
    path = tmp_path / "all.parquet"
    path.write_bytes(joined(parts).getvalue())
    asked = f"select count(*), sum(row) from '{path}' where row >= 3"
    with duckdb.connect() as connection:
        assert connection.execute(asked).fetchall() == [(12, sum(range(3, 15)))]


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"user,name\n1,a\n", b"PAR1" + b"\xff" * 4 + b"PAR1"]
)
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    good, bad = write(tmp_path / "good", rows(0, 2)), tmp_path / "bad"
    bad.write_bytes(content)
    with pytest.raises(ValueError, match="is no whole Parquet file"):
        join_parquet([good, bad], io.BytesIO())


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole", rows(0, 50)).read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="is no whole Parquet file"):
        join_parquet([cut], io.BytesIO())
