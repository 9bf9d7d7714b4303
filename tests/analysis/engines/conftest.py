"""Random campaigns as tables, and the same tables in files, PostgreSQL and Spark."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg
    from pyspark.sql import SparkSession

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
UNITS = (
    "Zoë",
    "zoe",
    "用户",
    "o'neil",
    'quo"te',
    "back\\slash",
    "per%cent",
    "a b",
    " a",
)
ARMS = ("a", "b", "none")
TIME = pa.timestamp("us", "UTC")


def make_exposures(seed: int, n: int) -> pa.Table:
    """Sends with repeats, units in two arms, ties, other experiments and gaps."""
    draw = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for i in range(n):
        unit = f"{draw.choice(UNITS)}{i}"
        arm = draw.choice(ARMS)
        ts = START + timedelta(seconds=draw.randrange(48 * 3600), microseconds=i)
        row = {
            "ts": ts,
            "send_id": f"{unit}:1",
            "experiment": "winback" if draw.random() < 0.95 else "it's other",
            "unit": unit,
            "arm": arm,
            "reason": "assigned" if draw.random() < 0.97 else "forced",
            "epoch": draw.choice((1, 1, 1, 2, None)),
            "channel": draw.choice(("sms", "push", None)),
            "locale": draw.choice(("zh-CN", "en-US", None)),
            "segments": draw.choice((1, 2, 3, None)),
            "template_hash": draw.choice((f"{arm}1", f"{arm}1", f"{arm}2", None)),
            "visits": draw.choice((None, 0.0, 1.5, -2.0, float("nan"), 1e9)),
            "city": draw.choice(("Köln", "köln", "北京", "", None, "NaN", "nan ")),
        }
        rows.append(row)
        if draw.random() < 0.2:  # a repeat, now and then at the same moment
            later = draw.choice((timedelta(0), timedelta(hours=30)))
            rows.append(row | {"ts": ts + later, "channel": "email", "segments": 9})
        if draw.random() < 0.3:  # another send, which may be in another arm
            other = draw.choice((arm, arm, arm, "b"))
            after = ts + timedelta(hours=draw.choice((-3, 5, 90)))
            sent = {"ts": after, "send_id": f"{unit}:2", "arm": other}
            rows.append(row | sent | {"city": "Ulm", "visits": 3.25})
    draw.shuffle(rows)
    kinds = dict.fromkeys(rows[0], pa.string()) | {
        "ts": TIME, "epoch": pa.int32(), "segments": pa.int64(), "visits": pa.float64(),
    }  # fmt: skip
    return pa.Table.from_pylist(rows, pa.schema(list(kinds.items())))


def make_outcomes(seed: int, exposures: pa.Table, offset: float = 0.0) -> pa.Table:
    """Events of those units and of strangers; early, late, doubled, and by machines."""
    draw = random.Random(seed + 1)
    rows: list[dict[str, Any]] = []
    for unit, ts in zip(
        exposures["unit"].to_pylist(), exposures["ts"].to_pylist(), strict=True
    ):
        for event in ("click", "loan", "delivered", "opt_out", "ignored"):
            if draw.random() > {"delivered": 0.9, "opt_out": 0.05}.get(event, 0.35):
                continue
            hours = draw.choice((-200, -5, 0, 0.0002, 1, 30, 167, 168, 169, 500))
            value = offset + round(draw.gauss(100, 30), 6)
            junk = draw.choice((None, float("nan"), float("inf"), 7.0))
            who = unit if draw.random() < 0.95 else f"{unit}?"
            row = {
                "unit": who,
                "event": event,
                "at": ts + timedelta(hours=hours),
                "amount": value if event == "loan" else junk,
                "agent": draw.choice(("phone", "LinkBÖT 1", None, "", "100%_bot")),
            }
            rows += [row] * draw.choice((1, 1, 1, 2))
    draw.shuffle(rows)
    kinds = dict.fromkeys(rows[0], pa.string()) | {"at": TIME, "amount": pa.float64()}
    return pa.Table.from_pylist(rows, pa.schema(list(kinds.items())))


def as_texts(table: pa.Table) -> pa.Table:
    """The same table as a warehouse holds that knows nothing but texts."""
    draw = random.Random(5)

    def said(value: object) -> str | None:
        if isinstance(value, datetime):
            whole = value.isoformat(timespec="microseconds")
            here = value.astimezone(UTC) + timedelta(hours=8)
            return draw.choice(
                (
                    whole.replace("+00:00", "Z"),
                    whole.replace("T", " ").replace("+00:00", ""),
                    here.strftime("%Y-%m-%dT%H:%M:%S.%f+08:00"),
                    here.strftime("%Y-%m-%d %H:%M:%S.%f+0800"),
                    here.strftime("%Y-%m-%d %H:%M:%S.%f+08"),
                )
            )
        return None if value is None else str(value)

    columns = {
        name: pa.array([said(value) for value in table[name].to_pylist()], pa.string())
        for name in table.column_names
    }
    return pa.table(columns)


_KINDS = {
    pa.string(): "text",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float32(): "real",
    pa.float64(): "double precision",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    TIME: "timestamptz",
    pa.timestamp("us"): "timestamp",
    pa.decimal128(12, 3): "numeric(12,3)",
}


@pytest.fixture
def server(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose tables are gone when the test is over."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "our data"')
        # Neither is what the queries need, and both are a user's own.
        connection.execute("SET TIME ZONE 'America/St_Johns'")
        yield connection
        connection.execute('DROP SCHEMA "our data" CASCADE')


@pytest.fixture
def put_in_postgres(
    server: psycopg.Connection[Any],
) -> Callable[[str, pa.Table], str]:
    """Writes a table into the server and gives its name there."""

    def put(name: str, table: pa.Table) -> str:
        quoted = name.replace('"', '""')
        columns = ", ".join(
            f'"{field.name}" {_KINDS[field.type]}' for field in table.schema
        )
        server.execute(f'CREATE TABLE "our data"."{quoted}" ({columns})')
        with (
            server.cursor() as cursor,
            cursor.copy(f'COPY "our data"."{quoted}" FROM STDIN') as copy,
        ):
            for row in zip(*(column.to_pylist() for column in table), strict=True):
                copy.write_row(row)
        return f'"our data"."{quoted}"'

    return put


_FOR_FEW_ROWS = {
    # To compile a query takes a second here, to run it takes none.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}


@pytest.fixture
def put_in_spark(
    spark: SparkSession, tmp_path: Path
) -> Iterator[Callable[[str, pa.Table], str]]:
    """Makes a temporary view of a table and gives its name."""
    made: list[str] = []
    before = {name: spark.conf.get(name) for name in _FOR_FEW_ROWS}
    for name, value in _FOR_FEW_ROWS.items():
        spark.conf.set(name, value)

    def put(name: str, table: pa.Table) -> str:
        path = tmp_path / f"{name}.spark.parquet"
        pq.write_table(table, path)
        spark.read.parquet(f"file://{path}").createOrReplaceTempView(name)
        made.append(name)
        return name

    yield put
    for name in made:
        spark.catalog.dropTempView(name)
    for name, usual in before.items():
        spark.conf.set(name, usual)


@pytest.fixture
def put_in_file(tmp_path: Path) -> Callable[[str, pa.Table], list[Path]]:
    """Writes a table as Parquet and gives its files."""

    def put(name: str, table: pa.Table) -> list[Path]:
        path = tmp_path / f"{name}.parquet"
        pq.write_table(table, path)
        return [path]

    return put


@pytest.fixture
def campaign() -> Callable[..., tuple[pa.Table, pa.Table]]:
    """Makes exposures and outcomes from a seed."""

    def make(
        seed: int, n: int = 400, *, texts: bool = False, offset: float = 0.0
    ) -> tuple[pa.Table, pa.Table]:
        exposures = make_exposures(seed, n)
        outcomes = make_outcomes(seed, exposures, offset)
        if texts:
            return as_texts(exposures), as_texts(outcomes)
        return exposures, outcomes

    return make


def _differs(left: object, right: object, path: str) -> str | None:
    if isinstance(left, dict) and isinstance(right, dict):
        if list(left) != list(right):
            return f"{path}: {list(left)} and {list(right)}"
        pairs = ((left[key], right[key], f"{path}.{key}") for key in left)
    elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if len(left) != len(right):
            return f"{path}: {left} and {right}"
        pairs = (
            (a, b, f"{path}[{i}]")
            for i, (a, b) in enumerate(zip(left, right, strict=True))
        )
    elif isinstance(left, float) and isinstance(right, float):
        same = left == right or left == pytest.approx(right, rel=1e-9, abs=1e-300)
        return None if same else f"{path}: {left!r} and {right!r}"
    else:
        is_same = type(left) is type(right) and left == right
        return None if is_same else f"{path}: {left!r} and {right!r}"
    return next((d for a, b, p in pairs if (d := _differs(a, b, p))), None)


@pytest.fixture(scope="session")
def difference() -> Callable[[object, object], str | None]:
    """Where two results differ: counts and texts exactly, floats to 1e-9; or None."""
    return lambda left, right: _differs(left, right, "")
