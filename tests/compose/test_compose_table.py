from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import copylab.compose as rooms
from copylab.compose import compose_batches, compose_table
from copylab.compose.columns import EXPOSURE_TABLE, MESSAGE_COLUMNS
from copylab.compose.rows import BATCH_ROWS, MAX_LINE_BYTES
from copylab.compose.rows_out import to_json
from copylab.compose.table import choose_channel
from copylab.errors import DataError
from copylab.experiment.exposure import EXPOSURE_COLUMNS
from copylab.message.model import Step
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.compose.summary import TableSummary
    from copylab.workspace import Workspace

User = dict[str, Any]
HEADER = b"user_id,locale,loans,joined_at,amount,link\n"
csv.field_size_limit(10_000_000)


def users(count: int) -> list[User]:
    """Users of all kinds: in the audience or not, complete or not."""
    return [
        {
            "user_id": f"u{i}",
            "locale": ["en-US", "zh-Hans-CN", "fr-FR"][i % 17 // 8],
            "loans": i % 5 // 4,
            "joined_at": "2026-01-01T00:00:00Z",
            "name": ["Ann", None, "张伟", "a\nb"][i % 4],
            "amount": None if i % 11 == 0 else 12 + i % 3,
            "days": 3,
            "link": None if i % 13 == 0 else f"a{i}",
            "leave": "b",
            "note": "=cmd|' /C calc'!A0",
        }
        for i in range(count)
    ]


def write_users(path: Path, rows: list[User]) -> Path:
    names = list(rows[0])
    if path.name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif ".csv" in path.name:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "wt", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    else:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.write_text(lines, "utf-8")
    return path


def read_rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    text = path.read_text("utf-8")
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    return [json.loads(line) for line in text.split("\n")[:-1]]


def as_text(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Rows of any format, comparable: CSV has texts only, and no null."""
    return [
        {
            key: ""
            if value is None
            else f"{value:%Y-%m-%dT%H:%M:%SZ}"
            if isinstance(value, datetime)
            else str(value)
            for key, value in row.items()
        }
        for row in rows
    ]


@pytest.fixture
def run(
    shop: Workspace, tmp_path: Path, at: datetime
) -> Callable[..., tuple[TableSummary, dict[str, list[dict[str, Any]]]]]:
    def run_once(
        source: Path, output: str = "out.jsonl", *, channel: str = "sms", **how: Any
    ) -> tuple[TableSummary, dict[str, list[dict[str, Any]]]]:
        workspace = how.pop("workspace", shop)
        summary = compose_table(
            workspace, "news", source, tmp_path / output, channel=channel, at=at, **how
        )
        return summary, {part: read_rows(path) for part, path in summary.files.items()}

    return run_once


def check_counts(
    summary: TableSummary, tables: dict[str, list[dict[str, Any]]], rows: int
) -> None:
    """Every row of the input is a message or a reject, once, in its order."""
    tally = summary.tally
    assert tally.rows == rows
    assert tally.composed + tally.count("skipped") + tally.count("rejected") == rows
    assert len(tables["messages"]) == tally.composed
    places = {
        part: [int(row["row"]) for row in tables[part]]
        for part in ("messages", "rejects")
    }
    assert all(listed == sorted(listed) for listed in places.values())
    assert sorted(places["messages"] + places["rejects"]) == list(range(rows))
    with_exposure = [row for row in tables["rejects"] if row["status"] == "skipped"]
    assert len(tables["exposures"]) == tally.composed + len(with_exposure)


@pytest.mark.parametrize(
    "output", ["out.parquet", "out.csv", "out.jsonl", "out.ndjson"]
)
@pytest.mark.parametrize(
    "source", ["in.parquet", "in.csv", "in.csv.gz", "in.jsonl", "in.ndjson"]
)
def test_every_format_gives_the_same_messages(
    run: Any, shop: Workspace, tmp_path: Path, at: datetime, source: str, output: str
) -> None:
    rows = users(120)
    summary, tables = run(write_users(tmp_path / source, rows), output)
    check_counts(summary, tables, 120)
    expected = []
    for number, user in enumerate(rows):
        composed = shop.compose(
            "news", user, channel="sms", at=at, send_id=summary.send_id
        )
        if hasattr(composed, "text"):
            expected.append((str(number), composed.text, str(composed.segments)))
            record = as_text([composed.exposure.to_dict()])[0]
            assert record in as_text(tables["exposures"])
    found = [
        (row["row"], row["text"], row["segments"])
        for row in as_text(tables["messages"])
    ]
    assert found == expected
    reasons = {(row["status"], row["reason"]) for row in tables["rejects"]}
    assert reasons == {
        ("skipped", "arm_none"),
        ("skipped", "missing"),
        ("rejected", "missing"),
        ("rejected", "locale"),
    }
    lost = next(row for row in tables["rejects"] if int(row["row"]) == 0)
    assert json.loads(lost["user"])["user_id"] == "u0"
    assert lost["problems"] == "amount: absent; link: absent"


@pytest.mark.parametrize("channel", ["sms", "push", "email"])
def test_each_channel_writes_its_columns(
    run: Any, tmp_path: Path, channel: str
) -> None:
    source = write_users(tmp_path / "in.jsonl", users(30))
    _, tables = run(source, "out.csv", channel=channel)
    names = [column.name for column in MESSAGE_COLUMNS[channel]]
    assert names[:5] == ["row", "unit", "channel", "locale", "variant"]
    first = tables["messages"][0]
    assert list(first) == names
    if channel == "push":
        assert json.loads(first["apns"])["aps"]["alert"]["body"] == first["body"]
        assert json.loads(first["fcm"])["notification"]["body"] == first["body"]
        assert first["body"].startswith("=cmd")  # the message is what it is
    if channel == "email":
        assert json.loads(first["headers"])["List-Unsubscribe"].startswith("<https://")
        assert "<html" in first["html"]


def test_exposures_in_parquet_have_their_types(run: Any, tmp_path: Path) -> None:
    summary, _ = run(write_users(tmp_path / "in.jsonl", users(40)), "out.parquet")
    schema = pq.read_schema(summary.files["exposures"])
    assert tuple(schema.names) == EXPOSURE_COLUMNS
    assert schema.field("ts").type == pa.timestamp("us", "UTC")
    for name in ("traffic_bucket", "arm_bucket", "epoch", "segments"):
        assert pa.types.is_integer(schema.field(name).type)
    others = {column.name for column in EXPOSURE_TABLE if column.type == "text"}
    assert all(pa.types.is_string(schema.field(name).type) for name in others)
    assert pq.read_schema(summary.files["messages"]).field("row").type == pa.int64()


def test_the_key_of_a_send_is_the_same_for_the_same_send(
    run: Any, tmp_path: Path
) -> None:
    source = write_users(tmp_path / "in.jsonl", users(3))
    first, tables = run(source)
    assert first.send_id == "news/sms/2026-11-22T11:00:00Z"
    assert {row["send_id"] for row in tables["exposures"]} == {first.send_id}
    named, tables = run(source, send_id="mine")
    assert (
        {row["send_id"] for row in tables["exposures"]} == {"mine"} == {named.send_id}
    )


def test_segments_and_variants_are_counted(run: Any, tmp_path: Path) -> None:
    summary, tables = run(write_users(tmp_path / "in.jsonl", users(200)))
    messages = tables["messages"]
    assert set(summary.tally.variants) == {"plain", "coupon"}
    for variant, count in summary.tally.variants.items():
        own = [row for row in messages if row["variant"] == variant]
        assert len(own) == count
        assert summary.tally.segments[variant] == sum(row["segments"] for row in own)


CELL = st.one_of(
    st.none(), st.integers(), st.floats(), st.booleans(), st.text(max_size=8),
    st.sampled_from(["en-US", "zh-Hans-CN", "u1", "a", "12", "\ud83d", "\u202e", "=1"]),
)  # fmt: skip
NAMES = ("user_id", "locale", "loans", "joined_at", "name", "amount", "link", "extra")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.one_of(
            st.fixed_dictionaries(dict.fromkeys(NAMES, CELL)),
            st.sampled_from(
                ["no json", "[1]", "3", '{"a": 1, "a": 2}', "{", "[" * 5000]
            ),
        ),
        min_size=1,
        max_size=12,
    ),
    output=st.sampled_from(["o.parquet", "o.csv", "o.jsonl"]),
)
def test_rows_in_are_rows_out_for_any_table_of_json_lines(
    run: Any, tmp_path: Path, rows: list[Any], output: str
) -> None:
    whole = dict.fromkeys(NAMES, "x")
    lines = [row if isinstance(row, str) else json.dumps(row) for row in [whole, *rows]]
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    summary, tables = run(source, output)
    check_counts(summary, tables, len(lines))
    broken = [row for row in tables["rejects"] if row["reason"] == "unreadable"]
    assert len(broken) == sum(isinstance(row, str) for row in rows)
    for row in tables["rejects"]:
        line = lines[int(row["row"])]
        kept = json.loads(row["user"])
        if row["reason"] == "unreadable":
            assert kept == line
        elif "NaN" not in line and "Infinity" not in line:
            assert kept == json.loads(line)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.lists(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
                max_size=6,
            ),
            min_size=1,
            max_size=9,
        ),
        max_size=12,
    )
)
def test_rows_in_are_rows_out_for_any_csv(
    run: Any, tmp_path: Path, rows: list[list[str]]
) -> None:
    source = tmp_path / "in.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([NAMES, ["u1", "en-US", "0", "", "", "1", "a", ""], *rows])
    summary, tables = run(source)
    check_counts(summary, tables, len(rows) + 1)
    kept = {row["row"]: json.loads(row["user"]) for row in tables["rejects"]}
    for number, row in enumerate(rows, start=1):
        if len(row) != len(NAMES):
            assert kept[number] == row
        elif number in kept:
            assert kept[number] == {
                name: cell or None for name, cell in zip(NAMES, row, strict=True)
            }


def test_more_users_than_a_batch_are_numbered_through(run: Any, tmp_path: Path) -> None:
    count = 2 * 50 + 7
    seen: list[tuple[int, int | None]] = []
    source = write_users(tmp_path / "in.parquet", users(count))
    summary, tables = run(
        source,
        "out.parquet",
        progress=lambda rows, of: seen.append((rows, of)),
        part_rows=50,
    )
    check_counts(summary, tables, count)
    assert seen == [(50, count), (100, count), (count, count)]
    for row in tables["messages"]:
        assert row["unit"] == f"u{row['row']}"


def test_batches_of_arrow_give_what_files_give(
    shop: Workspace, run: Any, tmp_path: Path, at: datetime
) -> None:
    table = pa.Table.from_pylist(users(100))
    batches = list(
        compose_batches(
            shop, "news", table.to_batches(max_chunksize=30), channel="sms", at=at
        )
    )
    _, tables = run(write_users(tmp_path / "in.parquet", users(100)), "out.parquet")
    assert len(batches) == 4
    for part in ("messages", "exposures", "rejects"):
        parts = [getattr(batch, part) for batch in batches]
        assert pa.Table.from_batches(parts).to_pylist() == tables[part]
    assert sum(batch.tally.rows for batch in batches) == 100


def test_values_of_arrow_are_read_as_what_they_are(
    quiet_shop: Workspace, at: datetime
) -> None:
    columns = {
        "user_id": pa.array(["u1", "u2"]),
        "locale": pa.array(["en-US", "en-US"]).dictionary_encode(),
        "name": pa.array(["Ann", None], pa.large_string()),
        "amount": pa.array([Decimal("12.50"), Decimal("0.10")], pa.decimal128(9, 2)),
        "days": pa.array([1.0, float("nan")]),
        "link": pa.array(["a", "b"]),
        "leave": pa.array(["a", "b"]),
        "note": pa.array(["n", "n"]),
        "goods": pa.array(
            [[{"title": "Tea", "price": 3.5}], None],
            pa.list_(pa.struct({"title": pa.string(), "price": pa.float32()})),
        ),
        "seen": pa.array([1, 2**62], pa.timestamp("ns")),
    }
    batch = pa.RecordBatch.from_pydict(columns)
    (sms,) = compose_batches(quiet_shop, "news", [batch], channel="sms", at=at)
    first, second = sms.messages["text"].to_pylist()
    assert "Ann, $12.50 for 1 day." in first
    assert "there, $0.10 for 7 days." in second
    (email,) = compose_batches(quiet_shop, "news", [batch], channel="email", at=at)
    assert "Tea: 3.5" in email.messages.to_pylist()[0]["text"]


_ODD: dict[str, pa.DataType] = {
    "null": pa.null(),
    "string": pa.string(),
    "string_view": pa.string_view(),
    "binary_view": pa.binary_view(),
    "list of views": pa.list_(pa.string_view()),
}


@pytest.mark.parametrize("kind", _ODD)
def test_columns_of_any_type_stand_in_the_rejects_of_a_long_table(
    run: Any, tmp_path: Path, kind: str
) -> None:
    count = 300  # more than are looked at to see whether values repeat
    values: list[Any] = [f"n{number}" for number in range(count)]
    if kind == "null":
        values = [None] * count
    elif kind == "list of views":
        values = [[value] for value in values]
    odd = pa.array(values, _ODD[kind])
    table = pa.Table.from_pylist(users(count)).append_column("odd", odd)
    pq.write_table(table, tmp_path / "in.parquet")
    summary, tables = run(tmp_path / "in.parquet", "out.parquet")
    check_counts(summary, tables, count)
    assert tables["rejects"]
    if kind == "binary_view":
        values = [json.loads(to_json(value.encode())) for value in values]
    for row in tables["rejects"]:
        assert json.loads(row["user"])["odd"] == values[row["row"]]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
def test_times_of_parquet_decide_the_audience(
    run: Any, tmp_path: Path, unit: str, zone: str | None
) -> None:
    rows = users(3)
    for row, day in zip(rows, (1, 19, 20), strict=True):
        row |= {"locale": "en-US", "amount": 1, "link": "a", "loans": 0}
        row["joined_at"] = datetime(2026, 11, day, 10, tzinfo=UTC)
    rows[2]["joined_at"] = None
    table = pa.Table.from_pylist(rows)
    place = table.schema.get_field_index("joined_at")
    column = table["joined_at"].cast(pa.timestamp(unit, zone))
    pq.write_table(
        table.set_column(place, "joined_at", column), tmp_path / "in.parquet"
    )
    _, tables = run(tmp_path / "in.parquet")
    reasons = {row["unit"]: row["reason"] for row in tables["exposures"]}
    assert reasons == {"u0": "assigned", "u1": "assigned", "u2": "not_in_audience"}


def test_what_python_cannot_hold_is_no_value_and_is_kept(
    run: Any, quiet_shop: Workspace, tmp_path: Path
) -> None:
    far = pa.array([2**60], pa.timestamp("us", "UTC"))
    data = pa.array([b"\xff"], pa.binary())
    odd = pa.Array.from_buffers(pa.string(), 1, data.buffers())
    table = pa.table(
        {
            "user_id": ["u1"], "locale": ["en-US"], "name": odd, "amount": far,
            "link": ["a"], "seen": far,
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "in.parquet")
    _, tables = run(tmp_path / "in.parquet", workspace=quiet_shop)
    (row,) = tables["rejects"]
    assert (row["status"], row["reason"]) == ("skipped", "missing")
    kept = json.loads(row["user"])
    assert kept["name"] == "\\xff"
    assert kept["seen"] == f"{2**60} as timestamp[us, tz=UTC]"


def test_a_unit_with_half_a_surrogate_is_written_readably(
    run: Any, quiet_shop: Workspace, tmp_path: Path
) -> None:
    source = tmp_path / "in.jsonl"
    row = {"user_id": "\ud83d", "locale": "en-US", "amount": 1, "link": "a"}
    source.write_text(json.dumps(row) + "\n" + json.dumps({**row, "link": None}) + "\n")
    for output in ("o.parquet", "o.csv", "o.jsonl"):
        _, tables = run(source, output, workspace=quiet_shop)
        assert tables["messages"][0]["unit"] == "\\ud83d"
        assert tables["exposures"][0]["unit"] == "\\ud83d"
        assert json.loads(tables["rejects"][0]["user"])["user_id"] == "\ud83d"


def refuse(run: Any, source: Path, output: str = "out.jsonl", **how: Any) -> DataError:
    """The error of a run that must write nothing."""
    before = sorted(source.parent.iterdir()) if source.parent.exists() else []
    with pytest.raises(DataError) as caught:
        run(source, output, **how)
    assert (sorted(source.parent.iterdir()) if source.parent.exists() else []) == before
    assert caught.value.file
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", b"", "is empty"),
        ("in.parquet", b"", "is empty"),
        ("in.jsonl", b"", "is empty"),
        ("in.parquet", b"PAR1 no", "cannot be read as Parquet"),
        ("in.xlsx", b"x", "has an ending that is not known"),
        ("in", b"x", "has an ending that is not known"),
        ("in.csv", b"\n\n", "has no header"),
        ("in.csv", b"a,a\n1,2\n", "names a column twice: 'a'"),
        ("in.csv", b"a,,b\n", "column 2 has no name"),
        ("in.csv", b"user_id;locale\nu;v\n", "separated by semicolons"),
        ("in.csv", b"user_id\tlocale\nu\tv\n", "separated by tabs"),
        ("in.csv", "名,a\n".encode("gbk"), "is not UTF-8"),
        ("in.csv", "a,b\n1,2\n".encode("utf-16"), "is not UTF-8"),
        ("in.csv", b'"user_id,locale\nu1,x\n', "does not end"),
        ("in.csv", b'"a"b,c\n', "the header"),
        ("in.csv.gz", b"no gzip", "cannot be read"),
        ("in.csv.gz", gzip.compress(HEADER * 99, mtime=0)[:-9], "cannot be read"),
        ("in.jsonl", b"\n\n", "lacks"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_message(
    run: Any, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    source = tmp_path / "users" / name
    source.parent.mkdir()
    source.write_bytes(content)
    error = refuse(run, source)
    assert message in error.message
    assert "\n" not in error.message


@pytest.mark.parametrize(
    "tail",
    [b'\n"u2,en-US,0\n' * 3, "\n名".encode("gbk"), b"\n" + b"x" * MAX_LINE_BYTES],
)
def test_a_table_that_breaks_half_way_leaves_no_file(
    run: Any, tmp_path: Path, tail: bytes
) -> None:
    source = write_users(tmp_path / "in.csv", users(BATCH_ROWS + 5))
    with source.open("ab") as file:
        file.write(tail)
    error = refuse(run, source)
    assert error.line is not None
    assert error.line > BATCH_ROWS
    assert not (tmp_path / "out.jsonl").exists()


def test_a_truncated_parquet_leaves_no_file(run: Any, tmp_path: Path) -> None:
    source = write_users(tmp_path / "in.parquet", users(3000))
    data = bytearray(source.read_bytes())
    data[100:2000] = b"\x00" * 1900
    source.write_bytes(data)
    assert "Parquet" in refuse(run, source).message


def test_missing_files_and_folders_are_named(run: Any, tmp_path: Path) -> None:
    assert refuse(run, tmp_path / "no.csv").message == "is not there"
    (tmp_path / "dir.csv").mkdir()
    assert "directory" in refuse(run, tmp_path / "dir.csv").message
    source = write_users(tmp_path / "in.csv", users(2))
    assert "folder" in refuse(run, source, "no/out.csv").message
    (tmp_path / "out.exposures.csv").mkdir()
    assert "exposures" in refuse(run, source, "out.csv").message
    assert "ending" in refuse(run, source, "out.xlsx").message
    assert "ending" in refuse(run, source, "out").message


@pytest.mark.parametrize("name", ["out.csv", "out.exposures.csv", "out.rejects.csv"])
def test_the_users_are_never_written_over(run: Any, tmp_path: Path, name: str) -> None:
    source = write_users(tmp_path / name, users(2))
    before = source.read_bytes()
    assert "holds the users" in refuse(run, source, "out.csv").message
    (tmp_path / "link.csv").symlink_to(source)
    refuse(run, tmp_path / "link.csv", "out.csv")
    assert source.read_bytes() == before


@pytest.mark.parametrize("name", ["in.csv", "in.parquet", "in.jsonl"])
def test_all_absent_columns_are_named_with_what_needs_them(
    run: Any, tmp_path: Path, name: str
) -> None:
    source = write_users(
        tmp_path / name, [{"User_ID": "u1", "name": "Ann", "days": 1} for _ in range(3)]
    )
    text = str(refuse(run, source))
    for column, reason in {
        "user_id": "the unit of the experiment hook",
        "loans": "the audience of hook",
        "joined_at": "the audience of hook",
        "amount": "the variable amount",
        "link": "the variable link",
        "locale": "no --locale is given",
    }.items():
        assert f"'{column}' (" in text
        assert reason in text
    for column in ("'name'", "'days'", "'note'", "'leave'"):
        assert f"{column} (" not in text


@pytest.mark.parametrize(
    ("text", "line", "problem", "cure"),
    [
        ("user_id,loans\nu1,0\n", 1, "not JSON", "one JSON object a line"),
        ('\n\n{"user_id": "u1"\n', 3, "not JSON", "one JSON object a line"),
        ('[{"user_id": "u1"}]\n', 1, "not a JSON object", "looks like a list"),
        ("7\n", 1, "not a JSON object", "one JSON object a line"),
    ],
)
def test_what_are_no_json_lines_is_told_by_the_first_of_them(
    run: Any, tmp_path: Path, text: str, line: int, problem: str, cure: str
) -> None:
    """Not as columns that are lacking: nothing can be told of those."""
    source = tmp_path / "in.jsonl"
    source.write_text(text, "utf-8")
    error = refuse(run, source)
    assert (error.file, error.line) == (str(source), line)
    assert problem in error.message
    assert cure in error.help


def test_one_broken_line_among_json_lines_is_a_reject(run: Any, tmp_path: Path) -> None:
    source = write_users(tmp_path / "in.jsonl", users(3))
    source.write_text("{broken\n" + source.read_text("utf-8"), "utf-8")
    summary, tables = run(source)
    assert summary.tally.rows == 4
    assert tables["rejects"][0]["reason"] == "unreadable"


def test_what_is_not_used_is_not_needed(
    run: Any, quiet_shop: Workspace, tmp_path: Path
) -> None:
    source = write_users(tmp_path / "in.csv", [{"amount": "1", "link": "a"}])
    how = {"workspace": quiet_shop, "locale": "zh-Hans-CN"}
    summary, tables = run(source, **how)
    assert summary.tally.composed == 1
    assert tables["messages"][0]["locale"] == "zh-CN"
    assert tables["messages"][0]["unit"] is None
    with pytest.raises(ValueError, match="en-US, zh-CN"):
        run(source, workspace=quiet_shop, locale="fr")


def test_json_lines_may_leave_out_what_is_null(
    run: Any, quiet_shop: Workspace, tmp_path: Path
) -> None:
    rows = [{"user_id": f"u{i}", "locale": "en-US"} for i in range(9)]
    lines = [json.dumps(row) for row in rows]
    lines.append(json.dumps({**rows[0], "user_id": "u9", "amount": 1, "link": "a"}))
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(lines))
    summary, _ = run(source, workspace=quiet_shop)
    assert summary.tally.composed == 1
    assert summary.tally.count("rejected") == 9


def test_the_unit_of_an_experiment_must_be_a_column_of_texts(
    run: Any, quiet_shop: Workspace, shop: Workspace, tmp_path: Path, at: datetime
) -> None:
    rows = [{**row, "user_id": i} for i, row in enumerate(users(5))]
    source = write_users(tmp_path / "in.parquet", rows)
    assert "'user_id' holds int64" in refuse(run, source).message
    summary, tables = run(source, workspace=quiet_shop)
    assert summary.tally.rows == 5
    assert tables["messages"][0]["unit"] == "1"
    batches = pa.Table.from_pylist(rows).to_batches()
    with pytest.raises(DataError, match="int64"):
        list(compose_batches(shop, "news", batches, channel="sms", at=at))


def test_batches_that_lack_columns_are_refused(shop: Workspace, at: datetime) -> None:
    batch = pa.RecordBatch.from_pydict({"user_id": ["u"]})
    with pytest.raises(DataError, match="5 columns that are needed"):
        list(compose_batches(shop, "news", [batch], channel="sms", at=at))
    twice = pa.RecordBatch.from_arrays([pa.array(["u"])] * 2, names=["a", "a"])
    with pytest.raises(DataError, match="twice"):
        list(compose_batches(shop, "news", [twice], channel="sms", at=at))
    for wrong in (
        {"channel": "fax"},
        {"at": at.replace(tzinfo=None)},
        {"locale": "fr"},
    ):
        how: dict[str, Any] = {"channel": "sms", "at": at, **wrong}
        with pytest.raises(ValueError, match="must"):
            compose_batches(shop, "news", [], **how)


@pytest.mark.parametrize("name", ["in.csv", "in.parquet"])
def test_a_table_without_users_is_refused(run: Any, tmp_path: Path, name: str) -> None:
    source = write_users(tmp_path / name, users(1))
    if name.endswith("parquet"):
        pq.write_table(pq.read_table(source).slice(0, 0), source)
    else:
        source.write_text(source.read_text().split("\n")[0] + "\n")
    assert refuse(run, source).message == "holds no users"


def test_a_byte_order_mark_and_other_line_ends_are_read(
    run: Any, tmp_path: Path
) -> None:
    source = write_users(tmp_path / "in.csv", users(40))
    _, plain = run(source)
    text = source.read_bytes().replace(b"\r\n", b"\n")
    source.write_bytes(b"\xef\xbb\xbf" + text + b"\n\n")
    _, marked = run(source)
    assert marked == plain


def test_broken_rows_of_csv_are_rejected_and_kept(run: Any, tmp_path: Path) -> None:
    source = write_users(tmp_path / "in.csv", users(3))
    with source.open("a", newline="", encoding="utf-8") as file:
        file.write('too,few\r\n"stray"quote,x\r\n')
        csv.writer(file).writerow([*users(1)[0].values(), "one", "too many"])
    summary, tables = run(source)
    check_counts(summary, tables, 6)
    broken = [row for row in tables["rejects"] if row["reason"] == "unreadable"]
    assert [row["row"] for row in broken] == [3, 4, 5]
    assert "has 2 cells, the header has 10" in broken[0]["problems"]
    assert json.loads(broken[0]["user"]) == ["too", "few"]
    assert json.loads(broken[1]["user"]) == '"stray"quote,x\r\n'
    assert json.loads(broken[2]["user"])[-1] == "too many"


def test_a_failed_run_leaves_the_files_of_the_last_one(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_users(tmp_path / "in.csv", users(50))
    run(source, "out.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="cannot be written: No space left on device"):
        run(source, "out.csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("killed_after", [0, 1, 2])
def test_messages_that_are_there_are_of_one_run_with_their_exposures(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    """A machine that dies between two renames: no cleaning up happens."""
    source = write_users(tmp_path / "in.jsonl", users(50))
    run(source, "out.jsonl", send_id="first")
    rename, done = Path.replace, []

    class Dead(BaseException):
        pass

    def replace_some(path: Path, target: Path) -> Path:
        if target.parent != tmp_path:
            return rename(path, target)
        if len(done) == killed_after:
            raise Dead
        done.append(target)
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", replace_some)
    with pytest.raises(Dead):
        run(source, "out.jsonl", send_id="second")
    assert not (tmp_path / "out.jsonl").exists()
    for path in tmp_path.glob("out.*"):
        if path.is_dir():
            continue
        rows = read_rows(path)  # what has its name is whole
        assert rows


def test_nothing_is_read_that_composing_does_not_need(run: Any, tmp_path: Path) -> None:
    rows = [{**row, "secret": "x" * 50} for row in users(30)]
    _, tables = run(write_users(tmp_path / "in.parquet", rows))
    assert json.loads(tables["rejects"][0]["user"])["secret"] == "x" * 50
    assert "secret" not in tables["messages"][0]


def test_the_channel_follows_the_message_or_its_sequence(shop: Workspace) -> None:
    message = shop.messages["news"]
    with pytest.raises(ValueError, match="sms, push, email"):
        choose_channel(message)
    span = Span("", 1, 1, 1, 1)
    step = Step("0d", "push", "", "", span)
    assert choose_channel(replace(message, sequence=(step,)))[0] == "push"
    only = {key: copy for key, copy in message.copies.items() if key[0] == "email"}
    assert choose_channel(replace(message, copies=only, sequence=(step,)))[0] == "email"


def test_importing_compose_imports_nothing_heavy() -> None:
    code = (
        "import sys, copylab, copylab.compose as c; c.Composer; c.compose_batches;"
        "heavy = {'pyarrow', 'pandas', 'numpy', 'duckdb', 'rich', 'ibis', 'statsmodels'};"
        "print(sorted(heavy & set(sys.modules)), sorted(set(c.__all__) - set(dir(c))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().startswith("[]")
    assert all(getattr(rooms, name) is not None for name in rooms.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = rooms.nothing  # type: ignore[attr-defined]
