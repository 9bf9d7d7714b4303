"""The same data give the same analysis in files, in PostgreSQL and in Spark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from copylab.analysis.metrics import MetricSpec
from copylab.analysis.table_form import analyze_counts, analyze_units
from copylab.analysis.workspace_form import analyze_experiment
from copylab.data_settings import MachineRules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.analysis.results import Analysis

    Put = Callable[[str, pa.Table], Any]
    Differs = Callable[[object, object], str | None]

TEXTS = 3
"""The seed of the campaign whose tables hold nothing but texts."""
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
METRICS = [
    MetricSpec("click", "click", role="primary", covariate="visits"),
    MetricSpec("loan", "loan", before_hours=240),
    MetricSpec("amount", "loan", "mean", value="amount", winsorise=0.9),
    MetricSpec("early", "loan", "mean", 24, value="amount", before_hours=300),
    MetricSpec("clicks per send", "click", "ratio", per="exposure"),
    MetricSpec("amount per click", "loan", "ratio", value="amount", per="click"),
    MetricSpec("nobody's", "no such event"),
    MetricSpec("opt_out", "opt_out", better="lower", margin=0.02, role="guardrail"),
]
MACHINES = MachineRules(("click", "loan"), 2.0, ("bÖt 1", "100%_"))
READINGS: dict[str, dict[str, Any]] = {
    "whole": {"strata": "city"},
    "at a time": {"at": START + timedelta(days=6, hours=3), "closed_only": True},
    "without machines": {
        "machines": MACHINES,
        "at": START + timedelta(days=9),
        "strata": "city",
    },
}


def analyze(exposures: object, outcomes: object, **other: Any) -> Analysis:
    arms = {"a": 45.0, "b": 45.0, "none": 10.0}
    chosen: dict[str, Any] = {"arms": arms, "control": "a", "metrics": METRICS}
    return analyze_experiment(
        "winback",
        exposures=exposures,  # type: ignore[arg-type]
        outcomes=outcomes,  # type: ignore[arg-type]
        **(chosen | other),
    )


@pytest.mark.parametrize(
    "case", [(name, seed) for name in READINGS for seed in (1, 2, 3)]
)
def test_postgres_says_what_files_say(
    case: tuple[str, int],
    campaign: Callable[..., tuple[pa.Table, pa.Table]],
    put_in_file: Put,
    put_in_postgres: Put,
    server: object,
    difference: Differs,
) -> None:
    how, seed = READINGS[case[0]], case[1]
    exposures, outcomes = campaign(seed, texts=seed == TEXTS)
    want = analyze(
        put_in_file("exposures", exposures), put_in_file("outcomes", outcomes), **how
    )
    got = analyze(
        put_in_postgres("exposures", exposures),
        put_in_postgres("outcomes", outcomes),
        connection=server,
        **how,
    )
    assert sum(arm.n for arm in want.arms) > 100
    assert difference(got.to_dict(), want.to_dict()) is None


@pytest.mark.spark
@pytest.mark.parametrize(
    "case",
    [
        ("without machines", 3),
        pytest.param(("whole", 1), marks=pytest.mark.fuzz),
        pytest.param(("at a time", 2), marks=pytest.mark.fuzz),
    ],
)
def test_spark_says_what_files_say(
    case: tuple[str, int],
    campaign: Callable[..., tuple[pa.Table, pa.Table]],
    put_in_file: Put,
    put_in_spark: Put,
    spark: Any,
    difference: Differs,
) -> None:
    how, seed = READINGS[case[0]], case[1]
    exposures, outcomes = campaign(seed, 150, texts=seed == TEXTS)
    want = analyze(
        put_in_file("exposures", exposures), put_in_file("outcomes", outcomes), **how
    )
    got = analyze(
        put_in_spark("exposures", exposures),
        put_in_spark("outcomes", outcomes),
        connection=spark,
        **how,
    )
    assert difference(got.to_dict(), want.to_dict()) is None
    # The session is left as it was.
    assert spark.conf.get("spark.sql.session.timeZone") == "America/St_Johns"
    names = {row.viewName for row in spark.sql("SHOW VIEWS").collect()}
    assert {"exposures", "outcomes"} <= names
    assert not [name for name in names if name.startswith("copylab")]


def make_units(n: int = 3_000) -> pa.Table:
    """A row per visit: values around 1e9, floats that name units, and strata."""
    numbers = range(n)
    return pa.table(
        {
            "arm": [("A", "b", "B")[i % 3] for i in numbers],
            "User": [float(i // 2 * 3) if i % 7 else i / 8 for i in numbers],
            "done": [i * 7919 % 10 < 4 for i in numbers],
            "spend": [1e9 + i * 7919 % 1000 / 8 for i in numbers],
            "past": [1e9 + i * 104729 % 1000 / 8 for i in numbers],
            "price": pa.array(
                [f"{i * 31 % 997}.125" for i in numbers], pa.string()
            ).cast(pa.decimal128(12, 3)),
            "visits": pa.array([i % 11 for i in numbers], pa.int32()),
            "as text": [f" {i * 31 % 997}.5e0 " for i in numbers],
            "ward": pa.array([("x", None, "X", "")[i % 4] for i in numbers]),
        }
    )


TABLES: dict[str, dict[str, Any]] = {
    "plain": {
        "metrics": ["done", "spend:mean", "price:mean", "as text:mean",
                    "spend:ratio=visits"],
    },
    "adjusted": {
        "metrics": ["spend:mean", "done:share"],
        "covariates": ["past"],
        "strata": "ward",
    },
    "by unit": {"metrics": ["price:mean", "done:mean"], "unit": "User"},
}  # fmt: skip


@pytest.mark.parametrize("form", TABLES)
def test_postgres_sums_a_table_up_as_files_are(
    form: str,
    put_in_file: Put,
    put_in_postgres: Put,
    server: object,
    difference: Differs,
) -> None:
    table, how = make_units(), {"arm": "arm", "control": "A", **TABLES[form]}
    want = analyze_units(put_in_file("unit's", table)[0], **how)
    name = put_in_postgres("unit's", table)
    got = analyze_units(name, connection=server, **how)
    assert difference(got.to_dict(), want.to_dict()) is None


@pytest.mark.spark
@pytest.mark.parametrize(
    "form",
    [
        "plain",
        *(pytest.param(n, marks=pytest.mark.fuzz) for n in ("adjusted", "by unit")),
    ],
)
def test_spark_sums_a_table_up_as_files_are(
    form: str, put_in_file: Put, put_in_spark: Put, spark: object, difference: Differs
) -> None:
    table, how = make_units(), {"arm": "arm", "control": "A", **TABLES[form]}
    want = analyze_units(put_in_file("units", table)[0], **how)
    got = analyze_units(put_in_spark("units", table), connection=spark, **how)
    assert difference(got.to_dict(), want.to_dict()) is None


def test_a_large_offset_cancels_no_variance_away_on_a_server(
    put_in_postgres: Put, server: object
) -> None:
    values = [1e9 + (i * 7919 % 1000) / 1024 for i in range(2_000)]
    table = pa.table({"arm": ["a", "b"] * 1_000, "y": values})
    name = put_in_postgres("far", table)
    found = analyze_units(
        name, arm="arm", control="a", metrics=["y:mean"], connection=server
    )
    near = pa.table({"arm": ["a", "b"] * 1_000, "y": [v - 1e9 for v in values]})
    shifted = analyze_units(
        put_in_postgres("near", near),
        arm="arm", control="a", metrics=["y:mean"], connection=server,
    )  # fmt: skip
    far, close = found.comparisons[0], shifted.comparisons[0]
    assert far.p_value == pytest.approx(close.p_value, rel=1e-6)
    assert far.diff.high - far.diff.low == pytest.approx(
        close.diff.high - close.diff.low, rel=1e-6
    )


def test_counts_are_read_from_a_server(
    put_in_file: Put, put_in_postgres: Put, server: object, difference: Differs
) -> None:
    table = pa.table({"arm": ["a", "b"], "n": [1000, 1010], "clicks": [40, 61]})
    how: dict[str, Any] = {
        "arm": "arm", "control": "a", "total": "n", "metrics": ["clicks"],
    }  # fmt: skip
    want = analyze_counts(put_in_file("counts", table)[0], **how)
    got = analyze_counts(put_in_postgres("counts", table), connection=server, **how)
    assert difference(got.to_dict(), want.to_dict()) is None


def test_rows_never_leave_the_server(
    campaign: Callable[..., tuple[pa.Table, pa.Table]],
    put_in_postgres: Put,
    server: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many rows there are: 40 times as many send as few to us."""
    from copylab.analysis.engines.postgres import Postgres  # noqa: PLC0415 - the extra

    usual, fetched = Postgres.rows, []

    def count(self: Postgres, query: str, place: str = "") -> list[tuple[Any, ...]]:
        rows = usual(self, query, place)
        fetched.append(len(rows))
        return rows

    monkeypatch.setattr(Postgres, "rows", count)
    totals = []
    for n in (100, 4_000):
        exposures, outcomes = campaign(8, n)
        fetched.clear()
        analyze(
            put_in_postgres(f"e{n}", exposures),
            put_in_postgres(f"o{n}", outcomes),
            connection=server,
            strata="city",
        )
        totals.append(sum(fetched))
    assert exposures.num_rows > 4_000
    assert max(totals) < 200
    assert totals[1] < totals[0] + 50


def test_a_session_of_a_server_is_left_as_it_was(
    campaign: Callable[..., tuple[pa.Table, pa.Table]],
    put_in_postgres: Put,
    server: Any,
) -> None:
    exposures, outcomes = campaign(4, 100)
    analyze(
        put_in_postgres("e", exposures),
        put_in_postgres("o", outcomes),
        connection=server,
    )
    zone = server.execute("SHOW TIME ZONE").fetchone()
    left = server.execute(
        "SELECT count(*) FROM pg_class WHERE relname LIKE 'copylab%'"
    ).fetchone()
    functions = server.execute(
        "SELECT count(*) FROM pg_proc WHERE proname LIKE 'copylab%'"
    ).fetchone()
    assert (zone, left, functions) == (("America/St_Johns",), (0,), (0,))


def test_a_connection_to_duckdb_is_used_and_left_as_it_was(
    campaign: Callable[..., tuple[pa.Table, pa.Table]],
    put_in_file: Put,
    tmp_path: Path,
    difference: Differs,
) -> None:
    import duckdb  # noqa: PLC0415 - as its users do

    exposures, outcomes = campaign(6)
    want = analyze(
        put_in_file("exposures", exposures), put_in_file("outcomes", outcomes)
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'America/St_Johns'")
        connection.register("seen", exposures)
        connection.execute(f"CREATE TABLE events AS FROM '{tmp_path}/outcomes.parquet'")
        got = analyze("seen", "main.events", connection=connection)
        left = connection.execute("SHOW TABLES").fetchall()
        zone = connection.execute("SELECT current_setting('TimeZone')").fetchone()
    assert difference(got.to_dict(), want.to_dict()) is None
    assert left == [("events",), ("seen",)]
    assert zone == ("America/St_Johns",)
