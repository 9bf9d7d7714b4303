"""One condition, three answers: the closure's, the explanation's and DuckDB's."""

import pickle
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.audience.attributes import Attribute, AttributeType
from copylab.audience.closure import Predicate
from copylab.audience.condition import (
    Always,
    And,
    Between,
    Compare,
    Comparison,
    Condition,
    Constant,
    DateOf,
    Flag,
    In,
    IsNull,
    Like,
    Named,
    Not,
    Now,
    Operand,
    Or,
    Ref,
    audience_hash,
    to_text,
)
from copylab.audience.explain import explain
from copylab.audience.parse import parse_condition
from copylab.audience.sql import to_sql

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)

# Two attributes of each type, the first of which may be null.
TYPES: dict[str, tuple[AttributeType, str]] = {
    "s": ("string", "varchar"),
    "i": ("int", "bigint"),
    "d": ("decimal", "decimal(18, 4)"),
    "b": ("bool", "boolean"),
    "day": ("date", "date"),
    "at": ("timestamp", "timestamptz"),
}
REFS = {
    kind: [Ref(name, kind, nullable=True), Ref(f"{name}2", kind)]
    for name, (kind, _) in TYPES.items()
}
ATTRIBUTES = {
    ref.name: Attribute(ref.name, ref.type, ref.nullable)
    for refs in REFS.values()
    for ref in refs
}
TIMES = [NOW + timedelta(hours=hours) for hours in (-200, -72, -12, -1, 0, 1, 36)]
POOLS: dict[AttributeType, st.SearchStrategy[object]] = {
    "string": st.sampled_from(
        ["", "a", "A", "ab", "a%", "a_b", "b\n", "😀", "é", "o'"]
    ),
    "int": st.integers(-2, 3) | st.sampled_from([2**53 + 1, -(10**17)]),
    "decimal": st.decimals(-2, 2, places=1) | st.sampled_from([Decimal("0.3333")]),
    "bool": st.booleans(),
    "date": st.sampled_from([at.date() for at in TIMES]),
    "timestamp": st.sampled_from(TIMES),
}
PATTERNS = st.text("ab%_😀\n", max_size=5)
EQUALITIES: list[Comparison] = ["=", "<>"]
ORDERS: list[Comparison] = ["<", "<=", ">", ">="]
OPS = st.sampled_from(EQUALITIES + ORDERS)
SHIFTS = st.sampled_from([0, -1, -12, -72, -73, 24, 36]).map(
    lambda hours: timedelta(hours=hours)
) | st.just(timedelta(minutes=-90))


def constants(kind: AttributeType) -> st.SearchStrategy[Constant]:
    return POOLS[kind].map(lambda value: Constant(value, kind))  # type: ignore[arg-type]


def subjects(kind: AttributeType) -> st.SearchStrategy[Operand]:
    """Operands of a type that are no constants."""
    refs = st.sampled_from(REFS[kind])
    nows = SHIFTS.map(Now)
    if kind == "timestamp":
        return refs | nows
    if kind == "date":
        times = st.sampled_from(REFS["timestamp"]) | nows
        return refs | times.map(DateOf)
    return refs


def comparable(kind: AttributeType) -> st.SearchStrategy[Operand]:
    """Operands that can be compared with one of a type."""
    kinds: list[AttributeType] = ["int", "decimal"]
    options = kinds if kind in kinds else [kind]
    return st.sampled_from(options).flatmap(lambda k: subjects(k) | constants(k))


@st.composite
def leaves(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from(sorted(REFS)))
    subject, other = draw(subjects(kind)), comparable(kind)
    shape = draw(st.sampled_from(["compare", "in", "between", "null", "own"]))
    if shape == "null":
        return IsNull(draw(st.sampled_from(REFS[kind])))
    if shape == "in":
        return In(subject, tuple(draw(st.lists(constants(kind), min_size=1))))
    if kind == "bool":
        flags: list[Condition] = [Flag(ref) for ref in REFS["bool"]]
        op = draw(st.sampled_from(EQUALITIES))
        flags += [Compare(subject, op, draw(other)), Always(value=True)]
        return draw(st.sampled_from(flags))
    if shape == "own" and kind == "string":
        return Like(draw(st.sampled_from(REFS[kind])), draw(PATTERNS))
    if shape == "between":
        return Between(subject, draw(other), draw(other))
    return Compare(subject, draw(OPS), draw(other))


def branches(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        several.map(lambda parts: And(flat(parts, And)))
        | several.map(lambda parts: Or(flat(parts, Or)))
        | inner.map(Not)
    )


def flat(
    parts: tuple[Condition, ...], kind: type[And] | type[Or]
) -> tuple[Condition, ...]:
    """The parts without a part of the same kind first: it would be read as one chain."""
    first = parts[0]
    return (*first.conditions, *parts[1:]) if isinstance(first, kind) else parts


CONDITIONS = st.recursive(leaves(), branches, max_leaves=8)
ROWS = st.fixed_dictionaries(
    {
        ref.name: st.none() | POOLS[kind] if ref.nullable else POOLS[kind]
        for kind, refs in REFS.items()
        for ref in refs
    }
)


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    columns = [
        f'"{name}{suffix}" {sql}'
        for name, (_, sql) in TYPES.items()
        for suffix in ("", "2")
    ]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"create table users({', '.join(columns)})")
        yield connection


def answers(duck: duckdb.DuckDBPyConnection, sql: str) -> list[bool | None]:
    rows = duck.execute(f"select {sql} from users order by rowid").fetchall()
    return [row[0] for row in rows]


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(condition=CONDITIONS, rows=st.lists(ROWS, min_size=1, max_size=12))
def test_closure_explanation_and_duckdb_agree(
    duck: duckdb.DuckDBPyConnection,
    condition: Condition,
    rows: list[dict[str, object]],
) -> None:
    duck.execute("delete from users")
    marks = ", ".join("?" * len(ATTRIBUTES))
    values = [[row[name] for name in ATTRIBUTES] for row in rows]
    duck.executemany(f"insert into users values ({marks})", values)
    expected = answers(duck, to_sql(condition, "duckdb", now=NOW))
    predicate = Predicate(condition)
    assert [predicate.truth(row, NOW) for row in rows] == expected
    assert [explain(condition, row, now=NOW).value for row in rows] == expected
    matched = [predicate.matches(row, NOW) for row in rows]
    assert matched == [value is True for value in expected]


@settings(max_examples=300, deadline=None)
@given(CONDITIONS)
def test_canonical_text_reads_back_as_the_same_condition(condition: Condition) -> None:
    text = to_text(condition)
    read, problems = parse_condition(text, ATTRIBUTES)
    if any(problem.rule == "too-complex" for problem in problems):
        return
    assert problems == []
    assert read is not None
    assert to_text(read) == text
    assert audience_hash(read) == audience_hash(condition)
    assert read == condition


@settings(max_examples=100, deadline=None)
@given(CONDITIONS, ROWS)
def test_a_named_condition_means_what_it_says(
    condition: Condition, row: dict[str, object]
) -> None:
    named = And((Named("inner", condition), Not(Named("inner", condition))))
    bare = And((condition, Not(condition)))
    assert Predicate(named).truth(row, NOW) == Predicate(bare).truth(row, NOW)
    assert audience_hash(Named("inner", condition)) == audience_hash(condition)


@settings(max_examples=100, deadline=None)
@given(CONDITIONS, ROWS)
def test_written_values_mean_the_same(
    condition: Condition, row: dict[str, object]
) -> None:
    """ISO texts, other zones, decimal texts and missing keys change nothing."""

    def written(value: object) -> object:
        if isinstance(value, datetime):
            return value.astimezone(timezone(timedelta(hours=8))).isoformat()
        if isinstance(value, bool | str):
            return value
        return str(value)

    other = {key: written(v) for key, v in row.items() if v is not None}
    predicate = Predicate(condition)
    assert predicate.truth(other, NOW) == predicate.truth(row, NOW)
    there = NOW.astimezone(timezone(timedelta(hours=-5)))
    assert predicate.truth(row, there) == predicate.truth(row, NOW)


@settings(max_examples=50, deadline=None)
@given(CONDITIONS, ROWS)
def test_a_predicate_goes_to_another_process(
    condition: Condition, row: dict[str, object]
) -> None:
    predicate = Predicate(condition)
    copy = pickle.loads(pickle.dumps(predicate))
    assert copy.condition == condition
    assert copy.truth(row, NOW) == predicate.truth(row, NOW)


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.decimals()
    | st.binary(max_size=2)
    | st.lists(st.integers(), max_size=1)
)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, st.dictionaries(st.sampled_from(sorted(ATTRIBUTES)), ANYTHING))
def test_no_value_of_a_user_raises(
    condition: Condition, user: dict[str, object]
) -> None:
    predicate = Predicate(condition)
    truth = predicate.truth(user, NOW)
    assert truth is explain(condition, user, now=NOW).value
    assert predicate.matches(user, NOW) is (truth is True)


@pytest.mark.parametrize("day", [date(2026, 1, 29), date(2026, 2, 1)])
def test_bare_timestamps_in_utc_agree_too(day: date) -> None:
    condition = And(
        (
            Compare(Ref("at", "timestamp"), "<=", Now(timedelta(hours=-12))),
            Compare(DateOf(Ref("at", "timestamp")), "=", Constant(day, "date")),
        )
    )
    sql = to_sql(condition, "duckdb", now=NOW, zoned=False)
    with duckdb.connect() as duck:
        duck.execute("set timezone = 'America/New_York'")
        duck.execute('create table users("at" timestamp)')
        bare = [at.replace(tzinfo=None) for at in TIMES]
        duck.executemany("insert into users values (?)", [[at] for at in bare])
        expected = answers(duck, sql)
    predicate = Predicate(condition)
    assert [predicate.truth({"at": at}, NOW) for at in TIMES] == expected
    assert [predicate.truth({"at": at}, NOW) for at in bare] == expected
    assert True in expected
    assert False in expected
