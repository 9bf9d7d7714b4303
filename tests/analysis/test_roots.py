from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.roots import find_edge


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_edge_is_found_on_either_side(edge: float, near: float, far: float) -> None:
    upper = find_edge(lambda x: (x - edge) ** 3, edge - near, edge + far)
    lower = find_edge(lambda x: (edge - x) ** 3, edge + near, edge - far)
    scale = max(abs(edge), near, far)
    assert upper == pytest.approx(edge, abs=1e-4 * scale)
    assert lower == pytest.approx(edge, abs=1e-4 * scale)


@given(st.floats(1e-9, 1e9))
def test_edge_of_a_plain_curve_is_exact(edge: float) -> None:
    assert find_edge(lambda x: x * x - edge * edge, 0.0, 2e9) == pytest.approx(
        edge, rel=1e-14
    )


def test_edge_is_the_outer_point_if_that_is_accepted() -> None:
    assert find_edge(lambda x: x - 5, 0.0, 1.0) == 1.0


def test_edge_is_the_inner_point_if_nothing_is_accepted() -> None:
    assert find_edge(lambda x: x + 5, 0.0, 1.0) == 0.0


def test_inner_point_with_excess_zero_counts_as_inside() -> None:
    found = find_edge(lambda x: x - 10 * x * x if x < 0.1 else 0.2 - 2 * x, 0.3, 0.0)
    assert found == 0.0
    assert find_edge(lambda x: x**2 - 0.04 * (x > 0), 0.0, 1.0) == pytest.approx(0.2)
