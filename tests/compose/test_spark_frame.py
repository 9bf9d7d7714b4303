from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.compose import compose_batches, spark
from copylab.errors import DataError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from copylab.compose import SparkComposed, Tally
    from copylab.workspace import Workspace

pytestmark = pytest.mark.spark

GOODS = pa.list_(pa.struct([("title", pa.string()), ("price", pa.decimal128(6, 2))]))
SCHEMA = pa.schema(
    [
        ("n", pa.int64()),
        ("user_id", pa.string()),
        ("locale", pa.string()),
        ("loans", pa.int32()),
        ("joined_at", pa.timestamp("us", "UTC")),
        ("name", pa.string()),
        ("amount", pa.decimal128(12, 2)),
        ("days", pa.float64()),
        ("link", pa.string()),
        ("leave", pa.string()),
        ("note", pa.string()),
        ("goods", GOODS),
        ("tags", pa.map_(pa.string(), pa.timestamp("us", "UTC"))),
        (
            "seen",
            pa.struct(
                [("at", pa.list_(pa.timestamp("us", "UTC"))), ("on", pa.date32())]
            ),
        ),
        ("bare", pa.timestamp("us")),
        ("raw", pa.binary()),
    ]
)
GAP = datetime(2026, 3, 8, 5, 45, tzinfo=UTC)


def users(count: int) -> list[dict[str, Any]]:
    rng = random.Random(11)
    rows = []
    for n in range(count):
        at = GAP + timedelta(minutes=rng.randint(-200, 200))
        row: dict[str, Any] = {
            "user_id": f"u{n}",
            "locale": rng.choice(
                ["en-US", "en-GB", "zh-CN", "zh-Hans-CN", "fr", "", "en"]
            ),
            "loans": rng.choice([0, 0, 0, 1]),
            "joined_at": rng.choice([at, datetime(2026, 11, 22, tzinfo=UTC)]),
            "name": rng.choice(
                ["Ann", " Bo ", "", "😀", "王小明", "a" * 20, "O'Neil", "x\ny"]
            ),
            "amount": rng.choice(
                [Decimal("12.00"), Decimal("0.50"), Decimal("9999.00")]
            ),
            "days": rng.choice([3.0, 7.5, float("nan"), float("inf"), 99.0, 1e300]),
            "link": rng.choice(["a", "b/c", "../x", "ä"]),
            "leave": "out",
            "note": rng.choice(["a note", "<b>", "{{ x }}", "a\u202eb", "é" * 50]),
            "goods": [
                {"title": rng.choice(["Tea", "<i>", None]), "price": Decimal("3.50")}
                for _ in range(rng.randint(0, 4))
            ],
            "tags": [("k", at)],
            "seen": {"at": [at, None], "on": date(1970, 1, 1)},
            "bare": at.replace(tzinfo=None),
            "raw": b"\xff\x00",
        }
        nulled = {k: None if rng.random() < 0.06 else v for k, v in row.items()}
        rows.append({"n": n, **nulled})
    return rows


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return pa.Table.from_pylist(users(1200), schema=SCHEMA)


@pytest.fixture(scope="module")
def frame(
    spark: SparkSession, table: pa.Table, tmp_path_factory: pytest.TempPathFactory
) -> DataFrame:
    path = tmp_path_factory.mktemp("users") / "users.parquet"
    pq.write_table(table, path)
    return spark.read.parquet(str(path)).repartition(4)


def local(
    workspace: Workspace, table: pa.Table, **how: Any
) -> tuple[dict[str, list[dict[str, Any]]], list[Tally]]:
    batches = list(compose_batches(workspace, "news", table.to_batches(), **how))
    return {
        part: [row for batch in batches for row in getattr(batch, part).to_pylist()]
        for part in ("messages", "exposures", "rejects")
    }, [batch.tally for batch in batches]


def distributed(
    composed: SparkComposed, tally: Tally | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The rows of the three tables, composed once; and a tally that they must have."""
    composed.results.persist()
    try:
        parts = ("messages", "exposures", "rejects")
        tables = {part: getattr(composed, part).toArrow() for part in parts}
        assert tally is None or composed.tally() == tally
    finally:
        composed.results.unpersist()
    return {part: found.to_pylist() for part, found in tables.items()}


def ordered(rows: list[dict[str, Any]]) -> list[str]:
    """The rows in one order, times in UTC."""
    return sorted(json.dumps(row, default=in_utc, sort_keys=True) for row in rows)


def in_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


@pytest.mark.parametrize(
    "channel",
    ["sms", pytest.param("push", marks=pytest.mark.fuzz), "email"],
)
def test_spark_writes_the_rows_of_the_local_engine(
    shop: Workspace, frame: DataFrame, table: pa.Table, at: datetime, channel: str
) -> None:
    how: dict[str, Any] = {"channel": channel, "at": at, "send_id": "s1"}
    composed = spark(frame, shop, "news", row="n", **how)
    expected, (tally,) = local(shop, table, **how)
    found = distributed(composed, tally)
    for part, rows in expected.items():
        assert len(rows) > 20
        assert ordered(found[part]) == ordered(rows), part
    assert tally.rows == len(users(1200))


def test_a_locale_can_be_named_and_the_channel_left_out(
    quiet_shop: Workspace, frame: DataFrame, table: pa.Table, at: datetime
) -> None:
    with pytest.raises(ValueError, match="has copy for"):
        spark(frame, quiet_shop, "news", at=at)
    how: dict[str, Any] = {"channel": "sms", "at": at, "locale": "zh-CN"}
    few, some = (
        frame.where("n < 50").drop("locale"),
        table.slice(0, 50).drop_columns("locale"),
    )
    found = distributed(spark(few, quiet_shop, "news", row="n", **how))
    expected, _ = local(quiet_shop, some, **how)
    assert {part: ordered(rows) for part, rows in found.items()} == {
        part: ordered(rows) for part, rows in expected.items()
    }
    assert {row["send_id"] for row in found["exposures"]} == {
        "news/sms/2026-11-22T11:00:00Z"
    }


def test_without_a_column_of_numbers_rows_are_still_told_apart(
    shop: Workspace, frame: DataFrame, at: datetime
) -> None:
    found = distributed(spark(frame, shop, "news", channel="sms", at=at))
    rows = [row["row"] for part in ("messages", "rejects") for row in found[part]]
    assert len(rows) == len(set(rows)) == 1200


def test_a_user_who_stands_in_the_table_twice_is_written_to_once(
    shop: Workspace, frame: DataFrame, at: datetime
) -> None:
    some = frame.where("n < 100 and user_id is not null and locale = 'en-US'")
    again = some.selectExpr("n + 1000000 as n", "* except (n)")
    blank = some.limit(3).selectExpr(
        "n + 2000000 as n", "cast(null as string) as user_id", "* except (n, user_id)"
    )
    both = some.unionByName(again).unionByName(blank)
    once = distributed(spark(some, shop, "news", channel="sms", at=at, row="n"))
    twice = distributed(spark(both, shop, "news", channel="sms", at=at, row="n"))
    assert ordered(twice["messages"]) == ordered(once["messages"])
    assert ordered(twice["exposures"]) == ordered(once["exposures"])
    rejected = [row for row in twice["rejects"] if row["reason"] == "duplicate"]
    assert len(rejected) == some.count()
    for row in rejected:
        assert row["problems"] == f"the same user stands in row {row['row'] - 1000000}"
    assert sum(row["reason"] == "unit" for row in twice["rejects"]) == 3
    assert composed_count(both, shop, at) == 2 * len(once["messages"])


def composed_count(frame: DataFrame, shop: Workspace, at: datetime) -> int:
    how: dict[str, Any] = {"channel": "sms", "at": at, "allow_duplicates": True}
    return spark(frame, shop, "news", **how).messages.count()


def test_a_table_that_cannot_be_composed_from_is_refused(
    shop: Workspace, frame: DataFrame, at: datetime
) -> None:
    def refuse(wrong: DataFrame, **how: Any) -> str:
        with pytest.raises(DataError) as error:
            spark(wrong, shop, "news", channel="sms", at=at, **how)
        return str(error.value)

    lacking = refuse(frame.drop("loans", "link"))
    assert "'loans' (the audience of hook)" in lacking
    assert "'link' (the variable link)" in lacking
    assert "names a column twice: 'loans'" in refuse(
        frame.selectExpr("*", "1 as loans")
    )
    number = frame.selectExpr("* except (user_id)", "1 as user_id")
    assert "'user_id' holds int32 values" in refuse(number)
    odd = frame.selectExpr("*", "make_interval(1) as every")
    assert "'every' holds interval" in refuse(odd)
    assert "lacks the column 'nr'" in refuse(frame, row="nr")
    assert "cannot number the rows" in refuse(frame, row="name")
    for wrong in (
        {"channel": "fax"},
        {"locale": "fr"},
        {"at": at.replace(tzinfo=None)},
    ):
        how: dict[str, Any] = {"channel": "sms", "at": at, **wrong}
        with pytest.raises(ValueError, match="must"):
            spark(frame, shop, "news", **how)
    with pytest.raises(ValueError, match="message == 'no'"):
        spark(frame, shop, "no", at=at)
