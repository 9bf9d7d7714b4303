"""Buckets and arms in SQL: the same assignment, computed where the table is.

No other module writes a bucket or an arm as SQL. DuckDB, PostgreSQL and Spark are held
to Python by tests. The forms of the others are as their manuals have them and are not
run by any test of ours: see ``UNTESTED_DIALECTS``.

Where Python refuses a unit, the SQL answers null: a null unit, and an empty one. A unit
must be a text column; a number that an engine turns into text is another key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from copylab.experiment.buckets import MD5_V1, SLOTS, Scheme, check_scheme, salt_prefix

if TYPE_CHECKING:
    from copylab.experiment.allocation import Allocation

SqlDialect = Literal[
    "duckdb", "postgres", "spark", "clickhouse", "bigquery", "snowflake"
]
SQL_DIALECTS: tuple[SqlDialect, ...] = get_args(SqlDialect)

UNTESTED_DIALECTS: tuple[SqlDialect, ...] = ("clickhouse", "bigquery", "snowflake")
"""Dialects whose SQL no test of ours runs."""

_DIGESTS: dict[tuple[SqlDialect, Scheme], str] = {
    ("duckdb", "md5-v1"): "md5({key})",
    ("duckdb", "sha256-v1"): "sha256({key})",
    # The bytes are named: a database may be in another encoding than UTF-8.
    ("postgres", "md5-v1"): "md5(convert_to({key}, 'UTF8'))",
    ("postgres", "sha256-v1"): "encode(sha256(convert_to({key}, 'UTF8')), 'hex')",
    ("spark", "md5-v1"): "md5({key})",
    ("spark", "sha256-v1"): "sha2({key}, 256)",
    ("clickhouse", "md5-v1"): "lower(hex(MD5({key})))",
    ("clickhouse", "sha256-v1"): "lower(hex(SHA256({key})))",
    ("bigquery", "md5-v1"): "TO_HEX(MD5({key}))",
    ("bigquery", "sha256-v1"): "TO_HEX(SHA256({key}))",
    ("snowflake", "md5-v1"): "MD5({key})",
    ("snowflake", "sha256-v1"): "SHA2({key}, 256)",
}
"""The digest of a key in lower-case hexadecimal digits."""

_WORDS: dict[SqlDialect, str] = {
    "duckdb": "(('0x' || {hex})::BIGINT * 1000000 // 4294967296)",
    "postgres": "(('x' || {hex})::bit(32)::bigint * 1000000 / 4294967296)",
    "spark": "(cast(conv({hex}, 16, 10) as bigint) * 1000000 div 4294967296)",
    "clickhouse": (
        "intDiv(reinterpretAsUInt32(reverse(unhex({hex}))) * toUInt64(1000000),"
        " 4294967296)"
    ),
    "bigquery": "DIV(CAST(CONCAT('0x', {hex}) AS INT64) * 1000000, 4294967296)",
    # A quotient is rounded to six decimals there, so the word is shifted instead.
    "snowflake": "BITSHIFTRIGHT(TO_NUMBER({hex}, 'XXXXXXXX') * 1000000, 32)",
}
"""A word of eight hexadecimal digits as a bucket."""

_BACKSLASH_ESCAPES = frozenset(("spark", "clickhouse", "bigquery", "snowflake"))


class BucketSql(NamedTuple):
    """Two SQL expressions, integers in 0..999_999 or null where there is no unit.

    Attributes:
        traffic: The bucket of coverage.
        arm: The bucket of the split.
    """

    traffic: str
    arm: str


def salt_literal(salt: str) -> str:
    """The salt as SQL text, the same in every dialect.

    Raises:
        ValueError: It is no salt; see ``copylab.experiment.buckets.is_salt``.
    """
    salt_prefix(salt)
    return f"'{salt}'"


def digest_sql(
    salt_sql: str, unit_sql: str, dialect: SqlDialect, *, scheme: Scheme = MD5_V1
) -> str:
    """The SQL of a unit's digest as hexadecimal digits, null for a null or empty unit.

    A query that names it once, in an inner select, hashes each row once.

    Args:
        salt_sql: The SQL of the salt: a column, or ``salt_literal(salt)``.
        unit_sql: The SQL of the unit: a text column.
        dialect: Where it runs.
        scheme: The hash scheme.

    Raises:
        ValueError: The dialect or the scheme is unknown.
    """
    form = _DIGESTS[_check_dialect(dialect), check_scheme(scheme)]
    if dialect in {"bigquery", "clickhouse", "snowflake"}:
        key = f"CONCAT({salt_sql}, ':', NULLIF({unit_sql}, ''))"
    else:
        key = f"{salt_sql} || ':' || nullif({unit_sql}, '')"
    return form.format(key=key)


def digest_buckets_sql(digest: str, dialect: SqlDialect) -> BucketSql:
    """The SQL of both buckets, from the SQL of a digest made by ``digest_sql``.

    Raises:
        ValueError: The dialect is unknown.
    """
    form = _WORDS[_check_dialect(dialect)]
    first, second = (f"substr({digest}, {start}, 8)" for start in (1, 9))
    return BucketSql(form.format(hex=first), form.format(hex=second))


def bucket_sql(
    salt_sql: str, unit_sql: str, dialect: SqlDialect, *, scheme: Scheme = MD5_V1
) -> BucketSql:
    """The SQL of both buckets of a unit, equal to ``copylab.experiment.bucket``.

    Args:
        salt_sql: The SQL of the salt: a column, or ``salt_literal(salt)``.
        unit_sql: The SQL of the unit: a text column.
        dialect: Where it runs.
        scheme: The hash scheme.

    Raises:
        ValueError: The dialect or the scheme is unknown.

    Example:
        >>> bucket_sql(salt_literal("s"), "user_id", "duckdb").traffic[:35]
        "(('0x' || substr(md5('s' || ':' || "
    """
    digest = digest_sql(salt_sql, unit_sql, dialect, scheme=scheme)
    return digest_buckets_sql(digest, dialect)


def arm_sql(allocation: Allocation, slot_sql: str, dialect: SqlDialect) -> str:
    """The SQL of the arm that owns a slot, null where the slot is null or is none.

    Args:
        allocation: Who owns which slot.
        slot_sql: The SQL of the slot, such as ``BucketSql.arm``. It stands in every
            branch, so a query over many ranges names the slot once and refers to it.
        dialect: Where it runs.

    Raises:
        ValueError: The dialect is unknown, or an arm's name holds a control character.
    """
    ends: list[tuple[int, str]] = []
    for part in allocation.ranges:
        if ends and ends[-1][1] == part.arm:
            ends.pop()
        ends.append((part.end, part.arm))
    assert ends[-1][0] == SLOTS
    branches = " ".join(
        f"when {slot_sql} < {end} then {text_literal(arm, dialect)}"
        for end, arm in ends
    )
    return f"(case {branches} end)"


def text_literal(text: str, dialect: SqlDialect) -> str:
    """A text as SQL.

    Raises:
        ValueError: The dialect is unknown, or the text holds a control character,
            which dialects write differently.
    """
    if not text.isprintable():
        raise ValueError(f"text == {text!r}, must not hold control characters")
    if _check_dialect(dialect) in _BACKSLASH_ESCAPES:
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    else:
        escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _check_dialect(dialect: SqlDialect) -> SqlDialect:
    if dialect not in SQL_DIALECTS:
        raise ValueError(
            f"dialect == {dialect!r}, must be of {', '.join(SQL_DIALECTS)}"
        )
    return dialect
