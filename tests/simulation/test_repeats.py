from __future__ import annotations

import numpy as np
import pytest

from copylab.analysis.planning import Baseline, Design
from copylab.analysis.sequential.judge import PlannedLook, Stop
from copylab.analysis.sequential.plan import equal_looks
from copylab.simulation.repeats import Repeats, _Tabulated, run_repeats

FIVE = {"b": 0.2, "c": 0.2, "d": 0.2, "e": 0.2}


def design(base: Baseline | None = None, **changes: object) -> Design:
    settings: dict[str, object] = {
        "baseline": base or Baseline("share", 0.1),
        "shares": FIVE,
        "control_share": 0.2,
        "looks": equal_looks(3),
    }
    return Design(**(settings | changes))  # type: ignore[arg-type]


def run(
    plan: Design, runs: int, *, seed: int = 3, units: int = 20_000, **effects: float
) -> Repeats:
    rng = np.random.default_rng(seed)
    return run_repeats(plan, "a", units=units, effects=effects, runs=runs, rng=rng)


def false_rate(found: Repeats) -> float:
    return found.rate(found.won + found.losers)


def test_without_an_effect_few_runs_have_a_winner() -> None:
    """Five arms, three looks, Holm: at most 5 %, here within three errors of 1,500."""
    found = run(design(), 1_500)
    assert false_rate(found) < 0.05 + 3 * 0.0056
    assert 0 < found.won < found.won + found.losers
    assert run(design(), 1_500).to_dict() == found.to_dict()
    assert run(design(), 1_500, seed=4).to_dict() != found.to_dict()


def test_with_an_effect_the_right_arm_wins_often_and_early() -> None:
    found = run(design(), 300, c=0.25)
    assert found.rate(found.winners["c"]) > 0.7
    assert found.early > 0
    assert found.units < 20_000


@pytest.mark.parametrize("kind", ["mean", "ratio"])
def test_means_and_ratios_are_run_too(kind) -> None:
    plan = design(Baseline(kind, 5.0, 8.0), shares={"b": 0.5}, control_share=0.5)
    found = run(plan, 400, units=4_000, b=0.2)
    assert found.rate(found.winners["b"]) > 0.9
    assert false_rate(run(plan, 400, units=4_000)) < 0.09


def test_the_table_of_p_values_is_the_look() -> None:
    look = PlannedLook([Stop(0.4, 0.4), Stop(1, 1)], "pocock", 0.05)
    table = _Tabulated(look)
    for z in (0.3, 1.7, 2.2, 2.4, 3.3, 5.0, 8.0):
        assert table.p_value(z) == pytest.approx(look.p_value(z), rel=2e-2)
    for z in (2.0, 2.2, 2.3):  # where decisions are made
        assert table.p_value(z) == pytest.approx(look.p_value(z), rel=2e-3)
    assert (table.p_value(look.boundary + 1e-9) < 0.05) is True
    assert (table.p_value(look.boundary - 1e-9) > 0.05) is True


def test_runs_and_effects_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        run(design(), 0)
    with pytest.raises(ValueError, match="out of 0 to 100"):
        run(design(), 5, b=20.0)


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"spending": "pocock"},
        {"looks": (0.2, 0.5, 0.6, 1.0)},
        {"looks": equal_looks(10), "shares": {"b": 0.5}, "control_share": 0.5},
        {"looks": ()},
        {"baseline": Baseline("share", 0.02)},
        {"shares": {"b": 0.1, "c": 0.3}, "control_share": 0.6},
    ],
)
def test_the_false_positive_rate_over_all_looks_is_at_most_alpha(changes) -> None:
    """Promise 5: 20,000 experiments without an effect, within three errors of 5 %."""
    found = run(design(**changes), 20_000, seed=20)
    assert false_rate(found) <= 0.05 + 3 * 0.00154
