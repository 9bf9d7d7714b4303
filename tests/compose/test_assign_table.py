"""A table is assigned as ``assign`` assigns each of its rows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from copylab.audience.attributes import parse_attribute
from copylab.audience.closure import compile_condition
from copylab.audience.parse import parse_condition
from copylab.compose import assign_table
from copylab.compose.audience_rows import in_audience
from copylab.errors import DataError
from copylab.experiment.assign import assign, prepare_split
from copylab.experiment.model import Design, Epoch, Experiment, LayerSlots
from copylab.workspace import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
DECLARED = {
    "user_id": "string",
    "s": "string?",
    "n": "int?",
    "d": "decimal?",
    "b": "bool?",
    "day": "date?",
    "at": "timestamp?",
}
ATTRIBUTES = {name: parse_attribute(name, text) for name, text in DECLARED.items()}
CONDITIONS = [
    "n > 1 and not (s = 'a')",
    "s like 'a%' or s is null",
    "n in (1, 2, 3) and d >= 0.5",
    "not (d between 0.25 and 2) or n is null",
    "at <= now - 3 days and b",
    "date(at) = day or day > '2026-11-01'",
    "not b or at > now",
    "s <> 'b' and s <> '😀'",
    "n = d",
    "not (n < 2 or d < 1 or s = 'a')",
]
EXPERIMENT = Experiment(
    name="e",
    message="m",
    channels=(),
    status="draft",
    audience=None,
    unit="user_id",
    salt="e.1",
    coverage=Fraction(1),
    arms={"a": Fraction(1, 3), "none": Fraction(1, 3), "b": Fraction(1, 3)},
    control="a",
)
LAYER = LayerSlots("l", "layer.1", ((0, 300_000), (500_000, 700_000)))
DESIGN = Design("m", "e.1", "user_id", "a", Fraction(1), layer=LAYER)
EPOCH = Epoch(3, AT, "h", EXPERIMENT.arms, {"a": "x"}, design=DESIGN)
FORCED = {"user-1": "b", "user-2": "none", "用户": "a"}
EXPERIMENTS = {
    "plain": EXPERIMENT,
    "audience": replace(EXPERIMENT, audience="n > 1"),
    "coverage": replace(EXPERIMENT, coverage=Fraction(1, 10)),
    "layer": replace(EXPERIMENT, epochs=(EPOCH,), coverage=Fraction(1, 2)),
    "forced": replace(EXPERIMENT, forced=FORCED),
    "all": replace(
        EXPERIMENT,
        audience="n > 1 or s is null",
        coverage=Fraction(2, 5),
        epochs=(EPOCH,),
        forced=FORCED,
    ),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return replace(
        load(ROOT), attributes=ATTRIBUTES, audiences={}, experiments=EXPERIMENTS
    )


def rows(count: int) -> list[dict[str, Any]]:
    dice = random.Random(7)
    made = []
    for number in range(count):
        units = [f"user-{number}", "用户", "😀", "", None, "x" * 200]
        times = [AT + timedelta(days=d, microseconds=1) for d in (-9, -3, 0, 2)]
        row: dict[str, Any] = {
            "user_id": dice.choices(units, [20, 1, 1, 1, 1, 1])[0],
            "s": dice.choice(["a", "b", "ab", "", "😀", None]),
            "n": dice.choice([-1, 0, 1, 2, 3, None]),
            "d": dice.choice([Decimal("0.25"), Decimal("0.5"), Decimal(2), None]),
            "b": dice.choice([True, False, None]),
            "day": dice.choice([date(2026, 11, 2), date(2026, 10, 30), None]),
            "at": dice.choice([*times, None]),
        }
        made.append(row)
    return made


TYPES: dict[str, dict[str, pa.DataType]] = {
    "as declared": {
        "user_id": pa.string(),
        "s": pa.string(),
        "n": pa.int64(),
        "d": pa.decimal128(12, 3),
        "b": pa.bool_(),
        "day": pa.date32(),
        "at": pa.timestamp("us", "UTC"),
    },
    "others that SQL compares": {
        "user_id": pa.large_string(),
        "s": pa.string_view(),
        "n": pa.int8(),
        "d": pa.decimal128(20, 9),
        "b": pa.bool_(),
        "day": pa.date32(),
        "at": pa.timestamp("us", "America/St_Johns"),
    },
    "without a zone": {
        "user_id": pa.string(),
        "s": pa.large_string(),
        "n": pa.int16(),
        "d": pa.decimal128(5, 2),
        "b": pa.bool_(),
        "day": pa.date32(),
        "at": pa.timestamp("us"),
    },
    "to be read": {
        "user_id": pa.string(),
        "s": pa.string(),
        "n": pa.float64(),
        "d": pa.string(),
        "b": pa.string(),
        "day": pa.string(),
        "at": pa.string(),
    },
}


def make_table(count: int, types: dict[str, pa.DataType]) -> pa.Table:
    columns = {}
    for name, kind in types.items():
        values = [row[name] for row in rows(count)]
        if name == "at" and kind == pa.timestamp("us"):
            values = [at and at.replace(tzinfo=None) for at in values]
        if pa.types.is_string(kind) and name in {"d", "b", "day", "at"}:
            values = [None if v is None else str(v).lower() for v in values]
        if pa.types.is_float64(kind):
            values = [None if v is None else float(v) for v in values]
        columns[name] = pa.array(values, kind)
    return pa.table(columns)


def one_by_one(table: pa.Table, catalog: Catalog, name: str) -> list[tuple]:
    experiment = catalog.experiments[name]
    split = prepare_split(experiment)
    audience = catalog.audience_of(experiment)
    matches = (
        None if audience is None else compile_condition(audience.condition).matches
    )
    found = []
    for user in table.to_pylist():
        one = assign(split, user, now=AT, audience=matches)
        found.append(
            (one.traffic_bucket, one.arm_bucket, one.epoch, one.arm, one.reason)
        )
    return found


@pytest.mark.parametrize("types", TYPES.values(), ids=list(TYPES))
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_row_is_assigned_as_a_single_user_is(catalog, name, types) -> None:
    table = make_table(1500, types)
    found = assign_table(table, catalog, name, at=AT)
    assert found.select(table.column_names).equals(table)
    added = [row[len(types) :] for row in zip(*found.to_pydict().values(), strict=True)]
    assert added == one_by_one(table, catalog, name)
    reasons = {reason for *_, reason in added}
    assert {"unit", "assigned"} <= reasons
    if name == "all":
        assert len(reasons) == 6


@pytest.mark.parametrize("types", TYPES.values(), ids=list(TYPES))
def test_an_audience_is_the_same_by_column_and_by_user(types) -> None:
    table = make_table(800, types)
    users = table.to_pylist()
    for text in CONDITIONS:
        condition, problems = parse_condition(text, ATTRIBUTES)
        assert condition is not None, problems
        matches = compile_condition(condition).matches
        found = in_audience(condition, table, AT).to_pylist()
        assert found == [matches(user, AT) for user in users], text
        assert 0 < sum(found) < len(found)


@pytest.mark.parametrize("cut", [(0, 0), (3, 40), (700, 800)])
def test_slices_chunks_and_empty_tables_will_do(catalog, cut) -> None:
    table = make_table(900, TYPES["as declared"])
    whole = assign_table(table, catalog, "all", at=AT)
    part = assign_table(table.slice(*cut), catalog, "all", at=AT)
    assert part.to_pylist() == whole.slice(*cut).to_pylist()
    chunked = pa.concat_tables([table.slice(0, 5), table.slice(5, 0), table.slice(5)])
    assert assign_table(chunked, catalog, "all", at=AT).to_pylist() == whole.to_pylist()


def test_units_may_be_a_dictionary_or_all_null(catalog) -> None:
    table = make_table(300, TYPES["as declared"])
    whole = assign_table(table, catalog, "forced", at=AT).to_pylist()
    packed = table.set_column(0, "user_id", table["user_id"].dictionary_encode())
    assert assign_table(packed, catalog, "forced", at=AT).to_pylist() == whole
    none = table.set_column(0, "user_id", pa.nulls(300))
    found = assign_table(none, catalog, "forced", at=AT)
    assert set(found["reason"].to_pylist()) == {"unit"}


def _drop(name: str) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.drop_columns(name)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_drop("user_id"), "lacks a column that is needed: 'user_id'"),
        (_drop("n"), "lacks a column that is needed: 'n' .the audience of e"),
        (
            lambda t: t.append_column("arm", t["s"]),
            "has a column that assigning adds: 'arm'",
        ),
        (lambda t: t.append_column("s", t["s"]), "names a column twice: 's'"),
        (lambda t: t.set_column(0, "user_id", t["n"]), "holds int64 values"),
    ],
)
def test_a_table_that_will_not_do_is_refused(catalog, change, message) -> None:
    table = make_table(5, TYPES["as declared"])
    with pytest.raises(DataError, match=message):
        assign_table(change(table), catalog, "audience", at=AT)


def test_a_wrong_call_is_refused(catalog) -> None:
    table = make_table(5, TYPES["as declared"])
    with pytest.raises(ValueError, match="experiment == 'x', must be one of: all"):
        assign_table(table, catalog, "x", at=AT)
    with pytest.raises(ValueError, match="must have a time zone"):
        assign_table(table, catalog, "plain", at=AT.replace(tzinfo=None))
