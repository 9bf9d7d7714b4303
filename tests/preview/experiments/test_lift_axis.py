"""The axis of lifts: monotone, within its ends, with round numbers on it."""

from __future__ import annotations

from itertools import pairwise
from math import log1p

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.preview.experiments.axis import find_axis

LIFTS = st.lists(st.floats(-0.99, 50), min_size=1, max_size=8)


@given(LIFTS)
def test_every_value_lies_on_the_axis_in_its_order(lifts: list[float]) -> None:
    values = [log1p(lift) for lift in lifts]
    axis = find_axis(values)
    assert 0 < axis.zero < 100
    places = [axis.left(value) for value in sorted(values)]
    assert places == sorted(places)
    assert places[0] > 0
    assert places[-1] < 100


@given(LIFTS)
def test_round_lifts_stand_apart_and_none_of_them_is_said_twice(
    lifts: list[float],
) -> None:
    ticks = find_axis(map(log1p, lifts)).ticks()
    labels = [tick.label for tick in ticks]
    assert "0" in labels
    assert len(set(labels)) == len(labels)
    places = [tick.left for tick in ticks]
    assert places == sorted(places)
    gaps = [b - a for a, b in pairwise(places)]
    assert all(gap > 10 for gap in gaps)


def test_half_as_much_and_twice_as_much_are_equally_far_from_none() -> None:
    axis = find_axis([log1p(1.0), log1p(-0.5)])
    assert axis.zero == pytest.approx(50)
    up, down = axis.left(log1p(1.0)), axis.left(log1p(-0.5))
    assert up - axis.zero == pytest.approx(axis.zero - down)
    labels = [tick.label for tick in axis.ticks()]
    assert labels == ["-50%", "-20%", "0", "+30%", "+100%"]
