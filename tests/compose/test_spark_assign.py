from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab.audience.attributes import parse_attribute
from copylab.audience.closure import compile_condition
from copylab.audience.parse import parse_condition
from copylab.audience.sql import to_sql
from copylab.compose import assign_spark, select_spark
from copylab.compose.spark_assign import ASSIGNED_COLUMNS, audience_sql
from copylab.errors import DataError
from copylab.experiment import bucket
from copylab.experiment.assign import assign, prepare_split
from copylab.experiment.bucket_sql import bucket_sql, salt_literal
from copylab.experiment.model import Design, LayerSlots

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

    from copylab.audience.condition import Condition
    from copylab.workspace import Workspace

pytestmark = pytest.mark.spark

SALT = "winback_hook.9f3a1c"
EDGE_UNITS = [
    "user-1",
    " user-1",
    "user-1 ",
    "USER-1",
    "é",
    "e\u0301",
    "用户一",
    "😀x",
    "a:b",
    "'",
    "\\",
    '"',
    "\n",
    "\x00",
    "0",
    "1.0",
    "null",
    "x" * 1_000_000,
]

NOW = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
DECLARED = {
    "s": "string?",
    "s2": "string",
    "i": "int?",
    "whole": "int?",
    "d": "decimal?",
    "f": "decimal?",
    "b": "bool?",
    "b2": "bool",
    "day": "date?",
    "at": "timestamp?",
    "bare": "timestamp?",
    "since": "timestamp?",
}
ATTRIBUTES = {name: parse_attribute(name, text) for name, text in DECLARED.items()}
# In the zone of the session, clocks are turned forward in the middle of these hours in
# March, and back in November.
TIMES = [
    datetime(2026, 3, 8, 5, 29, 59, 999_999, tzinfo=UTC),
    *(datetime(2026, 3, 8, hour, 45, tzinfo=UTC) for hour in (1, 2, 3, 5, 6)),
    *(datetime(2026, 11, 1, hour, 15, tzinfo=UTC) for hour in (2, 3, 4, 5)),
    datetime(1955, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    NOW,
    NOW - timedelta(days=3),
    NOW + timedelta(microseconds=1),
]
TEXTS = [
    "",
    "a",
    "A",
    "ab",
    "a%",
    "a_b",
    "b\n",
    "😀",
    "é",
    "e\u0301",
    "o'",
    "a\\b",
    "a ",
]
FLOATS = [0.1, -0.5, 1e300, 3.0, 0.3, float("nan"), float("inf"), float("-inf"), -0.0]
WHOLES = [0.0, 1.0, -2.0, 2.5, float("nan"), float("inf"), 3.0]
SCHEMA = pa.schema(
    [
        ("s", pa.string()),
        ("s2", pa.string()),
        ("i", pa.int64()),
        ("whole", pa.float64()),
        ("d", pa.decimal128(18, 4)),
        ("f", pa.float64()),
        ("b", pa.bool_()),
        ("b2", pa.bool_()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us", "UTC")),
        ("bare", pa.timestamp("us")),
        ("since", pa.date32()),
    ]
)
OPS = ["=", "<>", "<", "<=", ">", ">="]


def random_row(rng: random.Random) -> dict[str, object]:
    row: dict[str, object] = {
        "s": rng.choice(TEXTS),
        "i": rng.choice([-2, 0, 1, 3, 2**53 + 1, -(10**17)]),
        "whole": rng.choice(WHOLES),
        "d": rng.choice([Decimal(text) for text in ("0.1", "-0.5", "3", "0.3333")]),
        "f": rng.choice(FLOATS),
        "b": rng.random() < 0.5,
        "day": rng.choice(TIMES).date(),
        "at": rng.choice(TIMES),
        "bare": rng.choice(TIMES).replace(tzinfo=None),
        "since": rng.choice(TIMES).date(),
    }
    nulled = {key: None if rng.random() < 0.25 else item for key, item in row.items()}
    return {**nulled, "s2": rng.choice(TEXTS), "b2": rng.random() < 0.5}


def random_constant(rng: random.Random, kind: str) -> str:
    if kind == "string":
        return "'" + rng.choice(TEXTS).replace("'", "''") + "'"
    if kind in {"int", "decimal"}:
        numbers = ["0", "1", "3", "-2", "0.1", "-0.5", "0.3333", "9007199254740993"]
        return rng.choice(numbers)
    at = rng.choice([at for at in TIMES if not at.microsecond])
    if kind == "date":
        return f"'{at.date()}'"
    return rng.choice(
        [f"'{at:%Y-%m-%d %H:%M:%S}Z'", "now", "now - 3 days", "now + 9 hours"]
    )


def random_leaf(rng: random.Random) -> str:
    name = rng.choice(list(DECLARED))
    kind = ATTRIBUTES[name].type
    if kind == "timestamp" and rng.random() < 0.4:
        name, kind = f"date({name})", "date"
    shape = rng.choice(["compare", "compare", "in", "between", "null", "like", "pair"])
    if shape == "null" and "(" not in name:
        return f"{name} is {rng.choice(['', 'not '])}null"
    if kind == "bool":
        return name
    if kind == "string" and shape == "like":
        pattern = "".join(rng.choices("ab%_😀\n", k=rng.randint(0, 4)))
        return f"{name} like '{pattern}'"
    if shape == "in":
        values = {random_constant(rng, kind).partition("now")[0] for _ in range(3)}
        listed = ", ".join(sorted(values - {""})) or "'2026-11-02 00:00:00Z'"
        return f"{name} {rng.choice(['', 'not '])}in ({listed})"
    low, high = random_constant(rng, kind), random_constant(rng, kind)
    if shape == "between":
        return f"{name} between {low} and {high}"
    others = [other for other, item in ATTRIBUTES.items() if item.type == kind]
    right = rng.choice(others) if shape == "pair" and "(" not in name else low
    return f"{name} {rng.choice(OPS)} {right}"


def random_text(rng: random.Random, depth: int = 3) -> str:
    if not depth or rng.random() < 0.3:
        return random_leaf(rng)
    if rng.random() < 0.25:
        return f"not ({random_text(rng, depth - 1)})"
    word = rng.choice([" and ", " or "])
    parts = [random_text(rng, depth - 1) for _ in range(rng.randint(2, 3))]
    return "(" + word.join(f"({part})" for part in parts) + ")"


def random_conditions(rng: random.Random, count: int) -> list[Condition]:
    conditions = []
    for _ in range(count):
        text = random_text(rng)
        condition, problems = parse_condition(text, ATTRIBUTES)
        assert condition is not None, (text, problems)
        conditions.append(condition)
    return conditions


def write_frame(
    spark: SparkSession, folder: Path, rows: list[dict[str, Any]], schema: pa.Schema
) -> tuple[DataFrame, list[dict[str, Any]]]:
    """The rows as Spark and as Python read them from one file."""
    table = pa.Table.from_pylist(rows, schema=schema)
    path = folder / "rows.parquet"
    pq.write_table(table, path, row_group_size=100)
    return spark.read.parquet(str(path)), table.to_pylist()


def check_conditions(
    spark: SparkSession, folder: Path, rng: random.Random, conditions: int
) -> Counter[bool | None]:
    rows = [{"n": n, **random_row(rng)} for n in range(150)]
    schema = SCHEMA.insert(0, pa.field("n", pa.int64()))
    frame, read = write_frame(spark, folder, rows, schema)
    texts = random_conditions(rng, conditions)
    columns = [
        f"{audience_sql(frame, item, 'a test', NOW)} as c{index}"
        for index, item in enumerate(texts)
    ]
    found = frame.selectExpr("n", *columns).orderBy("n").collect()
    # DuckDB takes NaN for a large number, and a number is none to a reader.
    cleaned = [
        {**row, "f": finite(row["f"]), "whole": whole(row["whole"])} for row in read
    ]
    seen: Counter[bool | None] = Counter()
    with duckdb.connect() as duck:
        duck.execute("set timezone = 'UTC'")
        table = pa.Table.from_pylist(cleaned, schema=schema)
        duck.register("users", table)
        for index, condition in enumerate(texts):
            answers = [row[f"c{index}"] for row in found]
            truth = compile_condition(condition).truth
            assert answers == [truth(row, NOW) for row in read], condition
            sql = to_sql(condition, "duckdb", now=NOW, zoned=True)
            if "bare" not in sql and "since" not in sql:
                query = f"select {sql} from users order by n"
                assert answers == [row[0] for row in duck.execute(query).fetchall()]
            seen.update(answers)
    return seen


def finite(number: float | None) -> float | None:
    return None if number is None or number - number != 0 else number


def whole(number: float | None) -> float | None:
    found = finite(number)
    return found if found is not None and found.is_integer() else None


def test_buckets_on_spark_are_those_of_python(spark: SparkSession) -> None:
    units = [*EDGE_UNITS, *(f"user-{number}" for number in range(5000))]
    traffic, arm = bucket_sql(salt_literal(SALT), "unit", "spark")
    rows = [(unit,) for unit in [*units, None, ""]]
    frame = spark.createDataFrame(rows, "unit string").repartition(2)
    found = frame.selectExpr("unit", f"{traffic} as traffic", f"{arm} as arm").collect()
    buckets = {row["unit"]: (row["traffic"], row["arm"]) for row in found}
    assert buckets.pop(None) == (None, None)
    assert buckets.pop("") == (None, None)
    assert buckets == {unit: bucket(SALT, unit) for unit in units}


def test_audiences_on_spark_are_those_of_the_closure_and_of_duckdb(
    spark: SparkSession, tmp_path: Path
) -> None:
    seen = check_conditions(spark, tmp_path, random.Random(1), 30)
    assert min(seen[True], seen[False], seen[None]) > 250


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(20))
def test_many_audiences_on_spark_are_those_of_the_closure(
    spark: SparkSession, tmp_path: Path, seed: int
) -> None:
    check_conditions(spark, tmp_path, random.Random(f"audience {seed}"), 80)


def users(count: int) -> list[dict[str, Any]]:
    rng = random.Random(7)
    joined = [NOW - timedelta(hours=hours) for hours in (1, 71, 72, 73, 900)]
    ids = [*EDGE_UNITS[:-1], None, "", *(f"u{number}" for number in range(count))]
    return [
        {
            "user_id": unit,
            "loans": rng.choice([0, 0, 0, 1, None]),
            "joined_at": rng.choice([None, *joined]),
        }
        for unit in ids
    ]


USERS = pa.schema(
    [
        ("user_id", pa.string()),
        ("loans", pa.int32()),
        ("joined_at", pa.timestamp("us", "UTC")),
    ]
)


FORCED = {"u7": "coupon", "\n": "none", "o'": "plain", "😀x": "plain"}
LAYER = LayerSlots("push", "layer.push.77", ((0, 100_000), (400_000, 900_001)))


@pytest.mark.parametrize(
    ("coverage", "layer", "forced"),
    [
        ("1", None, {}),
        pytest.param("0.3", None, FORCED, marks=pytest.mark.fuzz),
        ("0.5", LAYER, FORCED),
    ],
)
def test_arms_on_spark_are_those_of_python(
    spark: SparkSession,
    shop: Workspace,
    tmp_path: Path,
    coverage: str,
    layer: LayerSlots | None,
    forced: dict[str, str],
) -> None:
    hook = shop.experiments["hook"]
    third = Fraction(1, 3)
    arms = {"plain": third, "coupon": third, "none": third}
    design = Design(
        "news", hook.salt, "user_id", "plain", Fraction(coverage), None, layer
    )
    epoch = replace(hook.epochs[0], arms=arms, design=design)
    hook = replace(
        hook, coverage=Fraction(coverage), arms=arms, epochs=(epoch,), forced=forced
    )
    workspace = replace(shop, experiments={"hook": hook})
    frame, read = write_frame(spark, tmp_path, users(3000), USERS)
    found = assign_spark(frame, workspace, "hook", at=NOW)
    assert tuple(found.columns) == (*USERS.names, *ASSIGNED_COLUMNS)
    audience = workspace.audience_of(hook)
    assert audience is not None
    matches = compile_condition(audience.condition).matches
    split = prepare_split(hook)
    assert split.layer == layer
    expected = Counter(
        (row["user_id"], at.arm, at.reason, at.traffic_bucket, at.arm_bucket, at.epoch)
        for row in read
        for at in [assign(split, row, now=NOW, audience=matches)]
    )
    names = ("user_id", "arm", "reason", "traffic_bucket", "arm_bucket", "epoch")
    rows = found.collect()
    assert Counter(tuple(row[name] for name in names) for row in rows) == expected
    wanted = {"assigned", "not_in_audience", "unit"}
    wanted |= {"not_in_traffic"} if coverage != "1" else set()
    wanted |= {"forced"} if forced else set()
    wanted |= {"excluded_by_layer"} if layer else set()
    assert {row["reason"] for row in rows} == wanted


def test_a_column_of_another_type_is_refused_with_its_cure(
    spark: SparkSession, shop: Workspace
) -> None:
    schema = "user_id string, loans string, joined_at timestamp"
    frame = spark.createDataFrame([], schema)
    with pytest.raises(DataError, match="'loans' holds string") as error:
        assign_spark(frame, shop, "hook", at=NOW)
    assert "cast('bigint')" in error.value.help
    cast = frame.withColumn("loans", frame["loans"].cast("bigint"))
    assert assign_spark(cast, shop, "hook", at=NOW).collect() == []
    numbers = frame.selectExpr("1 as user_id", "1 as loans", "joined_at")
    with pytest.raises(DataError, match="'user_id' holds int values"):
        assign_spark(numbers, shop, "hook", at=NOW)


def test_absent_doubled_and_taken_columns_are_refused(
    spark: SparkSession, shop: Workspace
) -> None:
    def refuse(*columns: str) -> str:
        frame = spark.range(1).selectExpr(*columns)
        with pytest.raises(DataError) as error:
            assign_spark(frame, shop, "hook", at=NOW)
        return str(error.value)

    unit, loans = "'u' as user_id", "1 as loans"
    joined = "current_timestamp() as joined_at"
    assert "'joined_at' (the audience of hook)" in refuse(unit, loans)
    assert "'user_id' (the unit of the experiment hook)" in refuse(loans, joined)
    assert "differ in case only" in refuse(unit, loans, joined, "2 as Loans")
    assert "twice: 'loans'" in refuse(unit, loans, joined, "2 as loans")
    assert "that assigning adds: 'arm'" in refuse(unit, loans, joined, "1 as Arm")
    frame = spark.range(1).selectExpr(unit, loans, joined)
    with pytest.raises(ValueError, match="experiment == 'no', must be one of: hook"):
        assign_spark(frame, shop, "no", at=NOW)
    with pytest.raises(ValueError, match="is no condition"):
        select_spark(frame, shop, "loans ==", at=NOW)
    with pytest.raises(ValueError, match="time zone"):
        select_spark(frame, shop, "fresh", at=NOW.replace(tzinfo=None))
    odd = frame.selectExpr("*", "date'2020-01-01' as `a ``b.c`")
    assert assign_spark(odd, shop, "hook", at=NOW).columns[3] == "a `b.c"


def test_an_audience_is_counted_without_python(
    spark: SparkSession, shop: Workspace, tmp_path: Path
) -> None:
    frame, read = write_frame(spark, tmp_path, users(300), USERS)
    matches = compile_condition(shop.audiences["fresh"].condition).matches
    inside = select_spark(frame, shop, "fresh", at=NOW)
    assert inside.columns == frame.columns
    assert inside.count() == sum(matches(row, NOW) for row in read) > 50


def test_a_day_and_an_unnamed_condition_are_read(
    spark: SparkSession, shop: Workspace
) -> None:
    rows = [("a", 0, date(2026, 10, 30)), ("b", 0, date(2026, 10, 31)), ("c", 0, None)]
    frame = spark.createDataFrame(rows, "user_id string, loans int, joined_at date")
    found = select_spark(frame, shop, "fresh", at=NOW).collect()
    assert [row["user_id"] for row in found] == ["a"]
    text = "joined_at is null or not fresh"
    found = select_spark(frame, shop, text, at=NOW).orderBy("user_id").collect()
    assert [row["user_id"] for row in found] == ["b", "c"]


def test_what_its_attribute_cannot_hold_is_told(
    spark: SparkSession, shop: Workspace
) -> None:
    """A number of loans that is no whole one says nothing about the audience."""
    from pyspark.errors import SparkRuntimeException  # noqa: PLC0415 - Spark is heavy

    odd = [0.0, 1.0, 2.5, float("inf"), float("nan"), None]
    joined = NOW - timedelta(days=90)
    read = [
        {"user_id": f"u{n}", "loans": value, "joined_at": joined}
        for n, value in enumerate(odd * 20)
    ]
    schema = "user_id string, loans double, joined_at timestamp"
    frame = spark.createDataFrame([tuple(row.values()) for row in read], schema)
    audience = shop.audience_of(shop.experiments["hook"])
    assert audience is not None
    admits = compile_condition(audience.condition).admits
    split = prepare_split(shop.experiments["hook"])
    wanted = {
        row["user_id"]: assign(split, row, now=NOW, audience=admits)[:4] for row in read
    }
    found = {
        row["user_id"]: (
            row["arm"], row["reason"], row["traffic_bucket"], row["arm_bucket"],
        )
        for row in assign_spark(frame, shop, "hook", at=NOW).collect()
    }  # fmt: skip
    assert found == wanted
    assert Counter(at[1] for at in wanted.values())["attribute"] == 40
    good = frame.where("not (loans = 2.5 or loans = double('infinity'))")
    good = good.union(frame.where("loans is null"))
    assert select_spark(good, shop, "fresh", at=NOW).count() == 20
    one = frame.where("user_id in ('u1', 'u2')")
    with pytest.raises(
        SparkRuntimeException,
        match=r"loans: 2\.5 is no int, which it is declared to be \(user_id is u2\)",
    ):
        select_spark(one, shop, "fresh", at=NOW).collect()
    decimals = one.withColumn("loans", one["loans"].cast("decimal(9, 2)"))
    reasons = assign_spark(decimals, shop, "hook", at=NOW).orderBy("user_id").collect()
    assert [row["reason"] for row in reasons] == ["not_in_audience", "attribute"]
