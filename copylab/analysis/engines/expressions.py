"""SQL that several queries are made of, in DuckDB's words."""

from __future__ import annotations

from datetime import UTC, datetime

MICROSECONDS_AN_HOUR = 3_600_000_000


def quote(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def first(value: str, moment: str) -> str:
    """The SQL of the earliest value that there is; of several at once, the smallest.

    Args:
        value: The SQL of the value.
        moment: The SQL of its time.
    """
    return f"arg_min({value}, struct_pack(moment := {moment}, value := {value}))"


def microseconds(at: datetime) -> int:
    """The time as microseconds of the epoch.

    Raises:
        ValueError: It has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"at == {at!r}, must have a time zone")
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
