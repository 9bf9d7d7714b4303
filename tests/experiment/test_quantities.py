from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.experiment.quantities import (
    format_duration,
    format_percent,
    parse_duration,
    parse_percent,
    parse_share,
)


@pytest.mark.parametrize(
    "written",
    ["45%", "45 %", " 45% ", "0.45", ".45", "45.0%", "9/20", 0.45, Decimal("0.45")],
)
def test_reads_every_way_to_write_a_share(written: str | float | Decimal) -> None:
    assert parse_share(written) == Fraction(9, 20)


def test_numbers_are_exact() -> None:
    assert parse_share(0.1) + parse_share(0.2) == parse_share(0.3)
    assert parse_share(1) == parse_share(Fraction(1)) == parse_share("100%") == 1
    assert parse_share(1e-05) == Fraction(1, 100_000)


@pytest.mark.parametrize(
    "written",
    ["", "%", "x", "-1%", "45%%", "1e-2", "1/0", "٤٥%", "nan", True, -0.5],
)
def test_refuses_what_is_no_percentage(written: str | float) -> None:
    with pytest.raises(ValueError, match="is not a percentage"):
        parse_percent(written)


@pytest.mark.parametrize("written", [float("nan"), float("inf"), Decimal("NaN")])
def test_refuses_numbers_without_value(written: float | Decimal) -> None:
    with pytest.raises(ValueError, match="is not a percentage"):
        parse_percent(written)


@pytest.mark.parametrize("written", ["45", "100.1%", 45, 1.01])
def test_a_share_is_at_most_the_whole(written: str | float) -> None:
    with pytest.raises(ValueError, match="more than 100%"):
        parse_share(written)


@given(st.fractions(min_value=0, max_value=2, max_denominator=10_000))
def test_a_formatted_percentage_reads_back(number: Fraction) -> None:
    assert parse_percent(format_percent(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(9, 20), "45%"),
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(1, 8), "12.5%"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_formats_percentages_as_people_write_them(number: Fraction, text: str) -> None:
    assert format_percent(number) == text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("7d", timedelta(days=7)),
        ("4h", timedelta(hours=4)),
        ("30m", timedelta(minutes=30)),
        ("0d", timedelta(0)),
    ],
)
def test_reads_durations(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span
    assert format_duration(span) == text


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "1.5d", "7 days", "1w", "7D"])
def test_refuses_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time span"):
        parse_duration(text)


def test_formats_durations_in_the_largest_unit_that_divides() -> None:
    assert format_duration(timedelta(hours=36)) == "36h"
    assert format_duration(timedelta(minutes=90)) == "90m"
    assert format_duration(timedelta(seconds=45)) == "45s"
