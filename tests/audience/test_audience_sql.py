from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from copylab.audience.condition import Condition
from copylab.audience.sql import to_sql

Parse = Callable[[str], Condition]

NOW = datetime(2026, 2, 1, tzinfo=UTC)


CAST = "CAST('2026-01-25 00:00:00+00:00' AS {})"


@pytest.mark.parametrize(
    ("dialect", "quote", "kind"),
    [
        ("duckdb", '"', "TIMESTAMPTZ"),
        ("postgres", '"', "TIMESTAMPTZ"),
        ("bigquery", "`", "TIMESTAMP"),
        ("spark", "`", "TIMESTAMP"),
        ("snowflake", "", "TIMESTAMPTZ"),
    ],
)
def test_speaks_the_dialect(parse: Parse, dialect: str, quote: str, kind: str) -> None:
    condition = parse("approved_at <= now - 7 days and loans not in (-1, 2)")
    approved, loans = (f"{quote}{name}{quote}" for name in ("approved_at", "loans"))
    expected = f"({approved} <= {CAST.format(kind)} AND NOT ({loans} IN (-1, 2)))"
    assert to_sql(condition, dialect, now=NOW) == expected


def test_quotes_in_texts_stay_texts(parse: Parse) -> None:
    sql = to_sql(parse("stage = 'o''x'"), "postgres", now=NOW)
    assert sql == "\"stage\" = 'o''x'"
    assert to_sql(parse("stage = 'o''x'"), "bigquery", now=NOW).endswith(r"'o\'x'")


def test_refuses_an_unknown_dialect_and_a_time_without_zone(parse: Parse) -> None:
    condition = parse("app_installed")
    with pytest.raises(ValueError, match="nosql"):
        to_sql(condition, "nosql", now=NOW)
    with pytest.raises(ValueError, match="must have a time zone"):
        to_sql(condition, "duckdb", now=datetime(2026, 1, 1))  # noqa: DTZ001
