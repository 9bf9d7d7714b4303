from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.experiment.buckets import SLOTS
from copylab.experiment.slots import (
    WHOLE,
    Stretch,
    common,
    count_slots,
    format_stretches,
    join_stretches,
    parse_stretch,
    subtract,
    take_lowest,
)

STRETCHES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda p: (p[0], sum(p))),
    max_size=6,
)


def slots(stretches: list[Stretch] | tuple[Stretch, ...]) -> set[int]:
    return {slot for start, end in stretches for slot in range(start, end)}


def is_tidy(stretches: tuple[Stretch, ...]) -> bool:
    ends = [-1, *(end for _, end in stretches)]
    return all(
        end < start < last for end, (start, last) in zip(ends, stretches, strict=False)
    )


@given(STRETCHES, STRETCHES)
def test_stretches_are_sets_of_slots(one: list[Stretch], other: list[Stretch]) -> None:
    for found, expected in (
        (join_stretches(one), slots(one)),
        (subtract(one, other), slots(one) - slots(other)),
        (common(one, other), slots(one) & slots(other)),
    ):
        assert slots(found) == expected
        assert is_tidy(found)
        assert count_slots(found) == len(expected)


@given(STRETCHES, st.integers(0, 30))
def test_the_lowest_are_taken_as_many_as_asked(one: list[Stretch], count: int) -> None:
    own = sorted(slots(one))
    if count > len(own):
        with pytest.raises(ValueError, match=f"at most {len(own)}"):
            take_lowest(one, count)
    else:
        assert sorted(slots(take_lowest(one, count))) == own[:count]


@given(STRETCHES)
def test_what_is_written_is_read_again(one: list[Stretch]) -> None:
    joined = join_stretches(one)
    assert tuple(map(parse_stretch, format_stretches(joined))) == joined


def test_the_last_slot_that_is_written_belongs_to_it() -> None:
    assert parse_stretch("0-399999") == (0, 400_000)
    assert format_stretches(WHOLE) == ["0-999999"]
    assert count_slots(WHOLE) == SLOTS


@pytest.mark.parametrize("text", ["", "5", "5-4", "-1-5", "0-1000000", "a-b", "1-2-3"])
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"slots|ends before"):
        parse_stretch(text)
