from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.message.charsets import CHARSETS
from copylab.message.model import Variable
from copylab.message.values import MISSING, reader
from copylab.simulation.values import draw_value
from copylab.source import Span

AT = datetime(2026, 11, 22, tzinfo=UTC)
HERE = Span("f", 1, 1, 1, 1)
numbers = st.sampled_from(["int", "decimal", "percent", "money"])


@st.composite
def variables(draw: st.DrawFn) -> Variable:
    kind = draw(
        st.sampled_from(["text", "person_name", "url", "enum", "bool", "date"])
        | numbers
    )
    low, high = sorted((draw(st.integers(-1000, 10**6)), draw(st.integers(0, 10**6))))
    days = sorted((draw(st.integers(0, 20_000)), draw(st.integers(0, 40_000))))
    times = [datetime.fromtimestamp(86_400 * day, UTC) for day in days]
    is_date = kind == "date"
    return Variable(
        "v",
        kind,
        "v",
        HERE,
        max_length=draw(st.integers(12, 80)) + 30 * (kind == "url"),
        charset=draw(st.sampled_from(CHARSETS)) if kind == "text" else "any",
        low=times[0] if is_date else Decimal(low),
        high=times[1] if is_date else Decimal(high),
        decimals=0 if kind == "int" else draw(st.integers(0, 3)),
        values=("a", "b"),
        base=draw(st.sampled_from(["", "https://s.example/w/"])),
    )


@given(variables(), st.integers(0, 1000), st.sampled_from(["zh", "en"]))
def test_what_is_drawn_is_in_bounds(
    variable: Variable, seed: int, language: str
) -> None:
    value = draw_value([variable], np.random.default_rng(seed), AT, language)
    assert reader(variable)(value) is not MISSING


@given(st.integers(0, 1000))
def test_one_key_serves_all_variables_taken_from_it(seed: int) -> None:
    narrow = Variable("a", "money", "x", HERE, low=Decimal(500), high=Decimal(200_000))
    other = Variable("b", "money", "x", HERE, low=Decimal(100), high=Decimal(50_000))
    value = draw_value([narrow, other], np.random.default_rng(seed), AT, "zh")
    assert reader(narrow)(value) is not MISSING
    assert reader(other)(value) is not MISSING


@pytest.mark.parametrize(("language", "ascii_"), [("zh", False), ("en", True)])
def test_names_are_of_the_language(language: str, *, ascii_: bool) -> None:
    name = Variable("n", "person_name", "n", HERE, max_length=12)
    rng = np.random.default_rng(1)
    names = [str(draw_value([name], rng, AT, language)) for _ in range(200)]
    assert len(set(names)) > 25
    assert all((name[0] < "\u4e00") == ascii_ for name in names)


def test_lists_hold_items_in_bounds() -> None:
    item = Variable("step", "enum", "step", HERE, values=("a", "b"))
    steps = Variable("s", "list", "s", HERE, max_items=3, items={"step": item})
    rng = np.random.default_rng(1)
    drawn = [draw_value([steps], rng, AT, "en") for _ in range(50)]
    assert all(reader(steps)(value) is not MISSING for value in drawn)
    assert {len(value) for value in drawn if isinstance(value, list)} == {1, 2, 3}
