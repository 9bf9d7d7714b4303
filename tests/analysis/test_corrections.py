from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from copylab.analysis.corrections import adjust_bh, adjust_holm

P_VALUES = st.lists(
    st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1e-12, 0.01, 0.05, 1.0])),
    min_size=1,
    max_size=30,
)


@given(P_VALUES)
def test_holm_equals_statsmodels(p_values: list[float]) -> None:
    reference = multipletests(p_values, method="holm")[1]
    assert adjust_holm(p_values) == pytest.approx(reference, rel=1e-9, abs=1e-300)


@given(P_VALUES)
def test_bh_equals_statsmodels(p_values: list[float]) -> None:
    reference = multipletests(p_values, method="fdr_bh")[1]
    assert adjust_bh(p_values) == pytest.approx(reference, rel=1e-9, abs=1e-300)


def test_an_empty_family_has_no_p_values() -> None:
    assert adjust_holm([]) == []
    assert adjust_bh([]) == []
