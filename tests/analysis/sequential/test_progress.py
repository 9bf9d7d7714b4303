from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from copylab.analysis.moments import Proportion
from copylab.analysis.sequential.futility import conditional_power
from copylab.analysis.sequential.judging import compare_at_look, fixed_level
from copylab.analysis.sequential.plan import LookPlan, equal_looks
from copylab.analysis.sequential.progress import find_progress
from copylab.analysis.sequential.standing import find_standing
from copylab.analysis.verdict import Evidence, Progress

PLAN = LookPlan(equal_looks(2), "obrien-fleming", 0.05, futility=0.2, mde=0.15)


def progress(one: int, zero: int, plan: LookPlan = PLAN) -> Progress | None:
    looks = find_standing(plan, [], units=20_000, planned_units=40_000, counts="c")
    arms = {"a": Proportion(zero, 10_000), "b": Proportion(one, 10_000)}
    assert looks.judge is not None
    found = compare_at_look(
        "m", "share", arms, "a", judge=looks.judge, correction="holm", role="primary"
    )
    level = fixed_level(looks.judge)
    return find_progress(looks, Evidence(found, arms, better="higher", alpha=level))


def test_futility_is_told_where_a_winner_is_unlikely() -> None:
    hopeless = progress(430, 500)
    assert hopeless is not None
    assert "Were the planned effect of 15% true" in hopeless.futile
    fair = progress(540, 500)
    assert fair is not None
    assert fair.futile == ""
    silent = progress(430, 500, replace(PLAN, futility=None))
    assert silent is not None
    assert silent.futile == ""


def test_conditional_power_is_the_share_of_paths_that_end_above() -> None:
    rng = np.random.default_rng(2)
    z, part, drift, bound = 1.1, 0.5, 2.8, 1.97
    ends = z * np.sqrt(part) + rng.normal(
        drift * (1 - part), np.sqrt(1 - part), 400_000
    )
    expected = (ends > bound).mean()
    assert conditional_power(z, part, drift, bound) == pytest.approx(
        expected, abs=0.003
    )


def test_looks_at_any_time_without_an_end_have_no_progress() -> None:
    endless = replace(PLAN, at=(), is_sized=False)
    assert progress(500, 500, endless) is None
    sized = progress(500, 500, replace(PLAN, at=()))
    assert sized is not None
    assert (sized.complete, sized.is_look) == (False, True)
