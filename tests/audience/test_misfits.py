"""Attributes that hold what they cannot are told of; what is missing is null."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.audience.attributes import ATTRIBUTE_TYPES, AttributeType
from copylab.audience.closure import compile_condition
from copylab.audience.condition import Condition
from copylab.audience.misfits import (
    attribute_types,
    is_misfit,
    misfit_problem,
    misfit_problems,
)
from copylab.audience.values import READERS

Parse = Callable[[str], Condition]

NOW = datetime(2026, 2, 1, tzinfo=UTC)
MISFITS: list[tuple[AttributeType, Any]] = [
    ("string", 7),
    ("string", True),
    ("string", b"\xff"),
    ("string", ["a"]),
    ("int", "abc"),
    ("int", 2.5),
    ("int", True),
    ("int", "1,000"),
    ("int", float("inf")),
    ("int", Decimal("2.5")),
    ("int", {"a": 1}),
    ("decimal", "1e3"),
    ("decimal", float("-inf")),
    ("bool", 1),
    ("bool", "yes"),
    ("date", NOW),
    ("date", "01/02/2026"),
    ("timestamp", 1_700_000_000),
    ("timestamp", "soon"),
]
NULLS = [
    None,
    float("nan"),
    Decimal("NaN"),
    np.float64("nan"),
    pd.NaT,
    pd.NA,
    np.datetime64("NaT"),
]


@pytest.mark.parametrize(("kind", "value"), MISFITS)
def test_what_is_there_and_cannot_be_read_is_a_misfit(
    kind: AttributeType, value: object
) -> None:
    assert is_misfit(value, kind)
    assert READERS[kind](value) is None


@pytest.mark.parametrize("kind", ATTRIBUTE_TYPES)
@pytest.mark.parametrize("value", NULLS, ids=repr)
def test_what_is_null_is_none(kind: AttributeType, value: object) -> None:
    assert not is_misfit(value, kind)


@pytest.mark.parametrize("kind", ATTRIBUTE_TYPES)
@pytest.mark.parametrize("blank", ["", " ", "\u3000\t"])
def test_what_is_blank_is_missing_or_a_text(kind: AttributeType, blank: str) -> None:
    assert not is_misfit(blank, kind)


@given(
    st.sampled_from(ATTRIBUTE_TYPES),
    st.none()
    | st.text(max_size=8)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=3),
)
def test_a_value_is_read_missing_or_a_misfit(kind: AttributeType, value: Any) -> None:
    if READERS[kind](value) is not None:
        assert not is_misfit(value, kind)
    elif not is_misfit(value, kind):
        assert value is None or value != value or not str(value).strip()  # noqa: PLR0124


def test_the_problem_names_attribute_value_and_type() -> None:
    assert misfit_problem("loans", "int", "abc") == (
        "loans: 'abc' is no int, which it is declared to be"
    )
    assert "2.5 is no int" in misfit_problem("loans", "int", 2.5)
    assert len(misfit_problem("loans", "int", "x" * 1_000_000)) < 120
    assert len(misfit_problem("loans", "int", ["x" * 1_000_000])) < 120


def test_all_misfits_of_a_user_are_told_at_once(parse: Parse) -> None:
    condition = parse("loans = 0 and (stage = 'a' or loans > 3) and app_installed")
    types = attribute_types(condition)
    assert types == {"app_installed": "bool", "loans": "int", "stage": "string"}
    user = {"loans": "abc", "stage": 5, "app_installed": True, "visits": "x"}
    told = misfit_problems(types, user)
    assert [text.partition(":")[0] for text in told] == ["loans", "stage"]
    assert misfit_problems(types, {"loans": None, "stage": ""}) == ()


@pytest.mark.parametrize(
    ("text", "user", "expected"),
    [
        ("loans = 0 and app_installed", {"loans": "abc", "app_installed": True}, None),
        ("loans = 0 and app_installed", {"loans": 1, "app_installed": 1}, None),
        ("loans = 0 and app_installed", {"loans": 1, "app_installed": None}, False),
        ("loans = 0 and app_installed", {"loans": "", "app_installed": True}, False),
        ("loans = 0 and app_installed", {"loans": "0", "app_installed": "true"}, True),
        ("visits is null", {"visits": "abc"}, None),
        ("visits is null", {"visits": " "}, True),
        ("app_installed or visits > 1", {"app_installed": True, "visits": "x"}, None),
        ("app_installed or visits > 1", {"app_installed": True}, True),
        ("stage like 'a%'", {"stage": 5}, None),
        ("date(approved_at) = '2026-01-01'", {"approved_at": "soon"}, None),
        ("born < '2026-01-01'", {"born": date(2025, 1, 1)}, True),
        ("true", {"loans": "abc"}, True),
    ],
)
def test_nobody_can_tell_of_a_user_with_a_misfit(
    parse: Parse, text: str, user: dict[str, object], *, expected: bool | None
) -> None:
    assert compile_condition(parse(text)).admits(user, NOW) is expected


VALUES = st.sampled_from(
    [None, "", 0, 1, 2.5, True, "abc", "1", "true", "2026-01-01", NOW, date(2026, 1, 1)]
)
LEAVES = [
    "loans = 0",
    "visits > 1",
    "visits is null",
    "stage <> 'abc'",
    "stage is null",
    "app_installed",
    "opted_out",
    "approved_at <= now - 7 days",
    "born >= '2026-01-01'",
    "score between 0 and 2",
]
TEXTS = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda part: f"not ({part})"),
    ),
    max_leaves=6,
)
NAMES = (
    "loans", "visits", "stage", "app_installed", "opted_out", "approved_at", "born",
    "score",
)  # fmt: skip


@given(TEXTS, st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)))
def test_users_without_a_misfit_are_in_as_the_condition_says(
    parse: Parse, text: str, user: dict[str, object]
) -> None:
    condition = parse(text)
    predicate = compile_condition(condition)
    told = misfit_problems(attribute_types(condition), user)
    expected = None if told else predicate.matches(user, NOW)
    assert predicate.admits(user, NOW) is expected
