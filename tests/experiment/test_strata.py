from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.experiment.allocation import apportion
from copylab.experiment.strata import quotas, stratified_split

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARES = {"plain": Fraction(9, 20), "coupon": Fraction(9, 20), "none": Fraction(1, 10)}
WEIGHTS = st.lists(st.integers(0, 20), min_size=2, max_size=5).filter(any)
SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=12)


def shares_of(weights: list[int]) -> dict[str, Fraction]:
    total = sum(weights)
    return {f"arm{i}": Fraction(weight, total) for i, weight in enumerate(weights)}


def is_rounded(count: int, exact: Fraction) -> bool:
    return int(exact) <= count <= -int(-exact // 1)


@given(SIZES, WEIGHTS)
def test_each_stratum_has_the_exact_number_rounded(
    sizes: list[int], weights: list[int]
) -> None:
    shares = shares_of(weights)
    for size, row in zip(sizes, quotas(sizes, shares), strict=True):
        assert sum(row.values()) == size
        for arm, count in row.items():
            assert is_rounded(count, shares[arm] * size)


@given(SIZES, WEIGHTS)
def test_over_all_strata_the_largest_remainders_are_rounded_up(
    sizes: list[int], weights: list[int]
) -> None:
    shares = shares_of(weights)
    table = quotas(sizes, shares)
    total = [sum(row[arm] for row in table) for arm in shares]
    assert total == apportion(list(shares.values()), sum(sizes))


def a_list(size: int, strata: int) -> tuple[list[str], list[str]]:
    units = [f"user-{number}" for number in range(size)]
    return units, [f"stratum-{number % strata}" for number in range(size)]


def test_counts_are_exact_where_hashing_gives_them_on_average() -> None:
    units, strata = a_list(1000, 7)
    arms = stratified_split(units, strata, SHARES, "list.1")
    assert Counter(arms) == {"plain": 450, "coupon": 450, "none": 100}
    for stratum in set(strata):
        here = [arm for arm, own in zip(arms, strata, strict=True) if own == stratum]
        for arm, count in Counter(here).items():
            assert is_rounded(count, SHARES[arm] * len(here))


@given(st.permutations(list(range(30))))
def test_the_order_of_the_list_does_not_matter(order: list[int]) -> None:
    units, strata = a_list(30, 4)
    usual = dict(
        zip(units, stratified_split(units, strata, SHARES, "s.1"), strict=True)
    )
    mixed = stratified_split(
        [units[i] for i in order], [strata[i] for i in order], SHARES, "s.1"
    )
    assert mixed == [usual[units[i]] for i in order]


def test_another_salt_is_another_draw() -> None:
    units, strata = a_list(2000, 5)
    halves = {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    one = stratified_split(units, strata, halves, "s.1")
    other = stratified_split(units, strata, halves, "s.2")
    same = sum(x == y for x, y in zip(one, other, strict=True))
    assert abs(same / 2000 - 0.5) < 4 * (0.25 / 2000) ** 0.5


def test_strata_of_one_are_drawn_too_and_not_dealt_out_by_name() -> None:
    units = [f"user-{number:04}" for number in range(2000)]
    halves = {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    arms = stratified_split(units, units, halves, "s.1")
    assert Counter(arms) == {"a": 1000, "b": 1000}
    first = sum(arm == "a" for arm in arms[:1000])
    assert abs(first / 1000 - 0.5) < 4 * (0.25 / 1000) ** 0.5
    runs = sum(x != y for x, y in itertools.pairwise(arms))
    assert abs(runs / 1999 - 0.5) < 4 * (0.25 / 1999) ** 0.5


@pytest.mark.parametrize(
    ("units", "strata", "shares", "salt", "told"),
    [
        (["a", "a"], ["x", "x"], SHARES, "s", "row 1 == 'a', is there twice"),
        (["a", ""], ["x", "x"], SHARES, "s", "row 1 == ''"),
        (["a", "\ud83d"], ["x", "x"], SHARES, "s", "row 1"),
        (["a"], [""], SHARES, "s", "the stratum in row 0"),
        (["a"], [], SHARES, "s", "must be that of units: 1"),
        (["a"], ["x"], {"p": Fraction(1, 2)}, "s", "sum to 1"),
        (["a"], ["x"], SHARES, "S:", "salt"),
    ],
)
def test_what_is_no_list_is_refused(
    units: list[str],
    strata: list[str],
    shares: Mapping[str, Fraction],
    salt: str,
    told: str,
) -> None:
    with pytest.raises(ValueError, match=told):
        stratified_split(units, strata, shares, salt)


@pytest.mark.parametrize("unit", [7, 7.0, None, b"u"])
def test_units_that_are_no_texts_are_refused(unit: object) -> None:
    with pytest.raises(TypeError, match="row 0 must be a str"):
        stratified_split([unit], ["x"], SHARES, "s")  # type: ignore[list-item]


def test_an_empty_list_is_split_into_nothing() -> None:
    assert stratified_split([], [], SHARES, "s") == []
