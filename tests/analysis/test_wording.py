from __future__ import annotations

import pytest

from copylab.analysis.comparison import UNDEFINED, Interval
from copylab.analysis.wording import (
    word_amount,
    word_chance,
    word_diff,
    word_lift,
    word_p,
    word_size,
    word_value,
)


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (1.0, "1"),
        (0.903693, "0.9"),
        (0.51, "0.51"),
        (0.0499, "0.0499"),
        (0.0011294, "0.0011"),
        (0.0001, "0.0001"),
        (0.00000999, "<0.0001"),
        (5.685e-112, "<0.0001"),
        (0.0, "<0.0001"),
    ],
)
def test_p_values(p_value: float, words: str) -> None:
    assert word_p(p_value) == words


def test_values_by_kind() -> None:
    assert word_value("share", 0.18276) == "18.28%"
    assert word_value("share", 0.0000314) == "0.00314%"
    assert word_value("share", 0.0) == "0.00%"
    assert word_value("mean", 0.65279) == "0.6528"
    assert word_value("mean", 123456.7) == "123,457"
    assert word_value("mean", 0.0) == "0"
    assert word_value("ratio", None) == "–"
    assert word_amount("share", 0.002) == "+0.200 points"
    assert word_amount("mean", -12.3456) == "-12.35"


def test_intervals_show_two_digits_of_their_width() -> None:
    points = Interval(0.0765896, 0.0700, 0.0832)
    assert word_diff("share", points) == "+7.66 [+7.00, +8.32]"
    assert word_lift(Interval(0.72, 0.64, 0.806)) == "+72.0% [+64.0%, +80.6%]"
    assert (
        word_diff("mean", Interval(-1200.0, -2400.0, 100.0)) == "-1,200 [-2,400, +100]"
    )


def test_bounds_that_do_not_exist_are_said() -> None:
    assert word_lift(UNDEFINED) == "–"
    assert word_lift(Interval(None, 0.36, None)) == "– [+36%, ∞]"
    assert word_lift(Interval(9.0, None, None)) == "+900% [no bounds]"


def test_a_bound_beside_zero_shows_on_which_side_it_lies() -> None:
    assert word_lift(Interval(-0.178, -0.318, -0.0042)) == "-17.8% [-31.8%, -0.4%]"
    assert word_lift(Interval(0.2, 0.0007, 0.44)) == "+20.0% [+0.1%, +44.0%]"
    # It adds two digits at most: nobody reads a number of nine.
    assert word_lift(Interval(0.2, 1e-9, 0.44)) == "+20.00% [+0.00%, +44.00%]"
    assert word_lift(Interval(0.0001, -0.2, 0.2)) == "+0% [-20%, +20%]"


def test_sizes_and_chances_end_where_nothing_can_be_read_from_them() -> None:
    assert word_size("share", -0.002) == "0.2"
    assert word_size("share", 1.26e-9) == "<0.001"
    assert word_size("share", 0.0149) == "1.5"
    assert word_size("share", 0.0) == "0"
    assert word_size("mean", 1234.5) == "1,234"
    assert word_chance(1.0) == ">99.9%"
    assert word_chance(0.0) == "<0.1%"
    assert word_chance(0.4567) == "45.7%"
