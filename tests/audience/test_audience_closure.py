from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from copylab.audience.closure import compile_condition
from copylab.audience.condition import (
    And,
    Compare,
    Condition,
    Constant,
    Named,
    Not,
    Or,
    Ref,
)
from copylab.audience.explain import explain
from copylab.audience.parse import MAX_DEPTH
from copylab.audience.sql import to_sql

Parse = Callable[[str], Condition]

NOW = datetime(2026, 2, 1, tzinfo=UTC)
EXAMPLE = "approved_at <= now - 7 days and loans = 0 and app_installed"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"approved_at": NOW - timedelta(days=7)}, True),
        ({"approved_at": NOW - timedelta(days=7, microseconds=-1)}, False),
        ({"approved_at": None}, None),
        ({"approved_at": "soon"}, None),
        ({"approved_at": None, "loans": 1}, False),
        ({"loans": 1}, False),
        ({"loans": None}, None),
        ({"app_installed": None}, None),
        ({"app_installed": 1}, None),
    ],
)
def test_follows_the_values(
    parse: Parse, changes: dict[str, object], *, expected: bool | None
) -> None:
    user = {"approved_at": "2026-01-01", "loans": 0, "app_installed": True, **changes}
    predicate = compile_condition(parse(EXAMPLE))
    assert predicate.truth(user, NOW) is expected
    assert predicate.matches(user, NOW) is (expected is True)


def test_the_time_is_an_argument(parse: Parse) -> None:
    predicate = compile_condition(parse("registered_at <= now - 1 days"))
    user = {"registered_at": NOW}
    assert predicate.matches(user, NOW + timedelta(days=1)) is True
    assert predicate.matches(user, NOW) is False
    with pytest.raises(ValueError, match="must have a time zone"):
        predicate.matches(user, datetime(2026, 2, 1))  # noqa: DTZ001


def test_no_text_of_a_condition_is_run() -> None:
    """Names and texts reach the function as values, whatever they hold."""
    name = "x'); import os #"
    text = "' or __import__('os')"
    ref = Ref(name, "string", nullable=True)
    predicate = compile_condition(Compare(ref, "=", Constant(text, "string")))
    assert predicate.matches({name: text}, NOW) is True
    assert predicate.truth({name: "x"}, NOW) is False
    assert predicate.truth({}, NOW) is None


def test_the_deepest_condition_that_is_read_can_be_asked(parse: Parse) -> None:
    condition = parse("loans = 0")
    for level in range(MAX_DEPTH - 1):
        kind = And if level % 2 else Or
        inner = Not(condition) if level % 3 == 0 else condition
        condition = kind((Named(f"a{level}", inner), parse("app_installed")))
    predicate = compile_condition(condition)
    for user in ({"loans": 0, "app_installed": flag} for flag in (True, False, None)):
        expected = explain(condition, user, now=NOW).value
        assert predicate.truth(user, NOW) is expected
        assert predicate.matches(user, NOW) is (expected is True)
    assert to_sql(condition, "duckdb", now=NOW).count("loans") == 1
