from __future__ import annotations

from math import erfc, sqrt

import numpy as np
import pytest

from copylab.simulation.funnel import set_truth
from copylab.simulation.outcomes import (
    LATEST_SECONDS,
    Outcomes,
    Sends,
    Window,
    draw_outcomes,
)

ARMS = ["plain", "coupon", "none"]
TRUTH = set_truth(ARMS, "plain", "click", [], rates={}, effects={"coupon": 0.5})
DAY = 86_400
WINDOWS = {
    "click": Window(3 * DAY, 3 * DAY),
    "login": Window(3 * DAY, 5 * DAY),
    "application": Window(7 * DAY, 7 * DAY),
    "loan": Window(14 * DAY, 14 * DAY),
    "opt_out": Window(7 * DAY, 7 * DAY),
}
EACH = 40_000
START = 1_700_000_000_000_000


@pytest.fixture(scope="module")
def sends() -> Sends:
    arms = [arm for arm in ARMS for _ in range(EACH)]
    return Sends([f"u{i}" for i in range(len(arms))], arms, [START] * len(arms))


@pytest.fixture(scope="module")
def outcomes(sends: Sends) -> Outcomes:
    rng = np.random.default_rng(11)
    return draw_outcomes(sends, TRUTH, WINDOWS, frozenset(["loan"]), rng)


def after(outcomes: Outcomes) -> np.ndarray:
    return (outcomes.times - START) / 1e6


def inside(outcomes: Outcomes, event: str) -> np.ndarray:
    seconds = after(outcomes)
    window = WINDOWS[event].inside_seconds
    return (outcomes.events == event) & (seconds > 0) & (seconds <= window)


def test_events_in_time_follow_the_truth(sends: Sends, outcomes: Outcomes) -> None:
    arm_of = dict(zip(sends.units, sends.arms, strict=True))
    chances = 0
    for event in WINDOWS:
        found = [arm_of[unit] for unit in outcomes.units[inside(outcomes, event)]]
        for arm in ARMS:
            count, rate = found.count(arm), TRUTH.rates(arm)[event]
            if rate == 0:
                assert count == 0
                continue
            chances += 1
            z = (count - EACH * rate) / sqrt(EACH * rate * (1 - rate))
            assert erfc(abs(z) / sqrt(2)) > 0.0005, (event, arm, count, EACH * rate)
    assert chances == 13  # 5 events in 2 arms, 3 that come by themselves


def test_each_unit_has_an_event_in_time_once(outcomes: Outcomes) -> None:
    for event in WINDOWS:
        units = outcomes.units[inside(outcomes, event)]
        assert len(set(units)) == len(units)


def test_some_events_are_out_of_time_and_of_other_units(outcomes: Outcomes) -> None:
    seconds = after(outcomes)
    for event, window in WINDOWS.items():
        mine = outcomes.events == event
        late = mine & (seconds > window.inside_seconds)
        early = mine & (seconds < 0)
        assert late.any()
        assert early.any()
        assert (seconds[late] > window.outside_seconds).all()
        assert (seconds[late] < window.outside_seconds + LATEST_SECONDS).all()
        assert (seconds[early] > -LATEST_SECONDS).all()
        others = set(outcomes.units[late | early])
        assert not others & set(outcomes.units[inside(outcomes, event)])


def test_silence_has_no_reactions_in_time_or_out_of_it(outcomes: Outcomes) -> None:
    silent = {f"u{i}" for i in range(2 * EACH, 3 * EACH)}
    for event in ("click", "opt_out"):
        assert not silent & set(outcomes.units[outcomes.events == event])


def test_a_step_follows_the_one_before_it(outcomes: Outcomes) -> None:
    times = {}
    for event in ("click", "login"):
        mine = inside(outcomes, event)
        times[event] = dict(
            zip(outcomes.units[mine], outcomes.times[mine], strict=True)
        )
    both = set(times["click"]) & set(times["login"])
    followed = [u for u in both if times["login"][u] >= times["click"][u]]
    assert len(followed) > 0.95 * len(both) > 0  # the others came by themselves, too


def test_loans_alone_have_amounts(outcomes: Outcomes) -> None:
    has_value = ~np.isnan(outcomes.values)
    assert ((outcomes.events == "loan") == has_value).all()
    assert (outcomes.values[has_value] >= 500).all()


def test_rows_are_in_the_order_of_time(outcomes: Outcomes) -> None:
    assert (np.diff(outcomes.times) >= 0).all()


def test_another_effect_changes_that_arm_alone(sends: Sends) -> None:
    def draw(effect: float) -> set[tuple[str, str]]:
        truth = set_truth(
            ARMS, "plain", "click", [], rates={}, effects={"coupon": effect}
        )
        made = draw_outcomes(
            sends, truth, WINDOWS, frozenset(), np.random.default_rng(3)
        )
        return {
            (unit, event)
            for event in WINDOWS
            for unit in made.units[inside(made, event)]
        }

    changed = draw(0.0) ^ draw(0.3)
    assert changed
    assert all(EACH <= int(unit[1:]) < 2 * EACH for unit, _ in changed)
