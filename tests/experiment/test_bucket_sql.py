import unicodedata
from fractions import Fraction

import duckdb
import pytest

from copylab.experiment.allocation import Allocation, SlotRange, allocate
from copylab.experiment.bucket_sql import (
    SQL_DIALECTS,
    arm_sql,
    bucket_sql,
    digest_buckets_sql,
    digest_sql,
    salt_literal,
    text_literal,
)
from copylab.experiment.buckets import SCHEMES, SLOTS, Scheme, bucket

SALT = "winback_hook.9f3a1c"


@pytest.fixture
def units() -> list[str]:
    composed = unicodedata.normalize("NFC", "Zoë-Ångström-")
    decomposed = unicodedata.normalize("NFD", composed)
    stems = ["u", " ", "  x ", "😀", "用户", composed, decomposed, "a:b", "'", "\x00"]
    units = [f"{stem}{number}" for stem in stems for number in range(200)]
    return [*units, *("x" * size for size in range(1, 130)), "x" * 1_000_000]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_duckdb_gives_the_buckets_of_python(units: list[str], scheme: Scheme) -> None:
    sql = bucket_sql(salt_literal(SALT), "unit", "duckdb", scheme=scheme)
    rows = duckdb.execute(
        f"select {sql.traffic}, {sql.arm} from (select unnest(?) as unit)", [units]
    ).fetchall()
    assert rows == [bucket(SALT, unit, scheme=scheme) for unit in units]


def test_the_salt_may_be_a_column() -> None:
    rows = [("a", "1"), ("b.c", "1"), ("a", "2")]
    connection = duckdb.connect()
    connection.execute("create table rows(salt varchar, unit varchar)")
    connection.executemany("insert into rows values (?, ?)", rows)
    digest = digest_sql("salt", "unit", "duckdb")
    sql = digest_buckets_sql("digest", "duckdb")
    found = connection.execute(
        f"select {sql.traffic}, {sql.arm} from (select {digest} as digest from rows)"
    ).fetchall()
    assert found == [bucket(salt, unit) for salt, unit in rows]


def test_a_unit_that_python_refuses_is_null() -> None:
    sql = bucket_sql(salt_literal("s"), "unit", "duckdb")
    rows = duckdb.execute(
        f"select {sql.traffic}, {sql.arm} from (values (null), ('')) t(unit)"
    ).fetchall()
    assert rows == [(None, None), (None, None)]


def test_duckdb_gives_every_slot_to_its_owner() -> None:
    shares = {"a": Fraction(1, 3), "b's": Fraction(1, 3), "none": Fraction(1, 3)}
    allocation = allocate(shares)
    sql = arm_sql(allocation, "slot", "duckdb")
    slots = sorted({max(0, e + d) for e in allocation.ends() for d in (-2, -1, 0, 1)})
    rows = duckdb.execute(
        f"select slot, {sql} from (select unnest(?) as slot)", [slots]
    ).fetchall()
    assert rows == [
        (slot, allocation.arm_at(slot) if slot < SLOTS else None) for slot in slots
    ]
    assert duckdb.execute(f"select {sql} from (select null::int slot)").fetchall() == [
        (None,)
    ]


def test_neighbouring_ranges_of_an_arm_are_one_branch() -> None:
    ranges = (SlotRange(0, 10, "a"), SlotRange(10, 20, "a"), SlotRange(20, SLOTS, "b"))
    sql = arm_sql(Allocation(ranges), "slot", "duckdb")
    assert sql == "(case when slot < 20 then 'a' when slot < 1000000 then 'b' end)"


@pytest.mark.parametrize("dialect", SQL_DIALECTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_dialect_has_every_scheme(dialect, scheme) -> None:
    traffic, arm = bucket_sql("salt", "unit", dialect, scheme=scheme)
    assert "1, 8" in traffic
    assert "9, 8" in arm


def test_refuses_what_is_not_known() -> None:
    with pytest.raises(ValueError, match="dialect == 'oracle'"):
        bucket_sql("salt", "unit", "oracle")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scheme == 'crc'"):
        bucket_sql("salt", "unit", "duckdb", scheme="crc")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="salt == "):
        salt_literal("a'b")
    with pytest.raises(ValueError, match="control characters"):
        text_literal("a\nb", "spark")


def test_a_backslash_is_escaped_where_the_dialect_reads_it() -> None:
    assert text_literal("a\\'b", "spark") == "'a\\\\\\'b'"
    assert text_literal("a\\'b", "postgres") == "'a\\''b'"
