"""Guardrails as a family, and at looks; delivery that stops a promotion."""

from __future__ import annotations

import numpy as np
import pytest

from copylab.analysis.comparing import compare_arms
from copylab.analysis.delivery import check_delivery
from copylab.analysis.distributions import two_sided_normal_quantile
from copylab.analysis.filtered_arms import DELIVERY, block_filtered
from copylab.analysis.guarding import compare_guardrails, correct_family
from copylab.analysis.metrics import MetricSpec
from copylab.analysis.moments import Proportion
from copylab.analysis.sequential.judge import AnyLook, PlannedLook, Stop
from copylab.analysis.sequential.plan import LookPlan, equal_looks
from copylab.analysis.sequential.standing import Standing

ALPHA = 0.05


def rail(name: str, margin: float | None = None) -> MetricSpec:
    return MetricSpec(
        name=name, event=name, kind="share", within_hours=24, better="lower",
        margin=margin, role="guardrail",
    )  # fmt: skip


def guard(
    hits: dict[str, list[int]], n: int = 10_000, judge: AnyLook | None = None
) -> dict[tuple[str, str], str]:
    """The state of each guardrail and arm; the first number is the control's."""
    names = "cab"
    statistics = {
        metric: {names[i]: Proportion(k, n) for i, k in enumerate(counts)}
        for metric, counts in hits.items()
    }
    _, results = compare_guardrails(
        [rail(name) for name in hits], statistics, "c",
        alpha=ALPHA, judge=judge, methods=dict.fromkeys(hits, ""),
    )  # fmt: skip
    return {(item.metric, item.arm): item.state for item in results}


def test_harm_is_read_after_holm_over_all_guardrails_and_arms() -> None:
    lone = guard({"opt_out": [100, 132]})
    assert lone == {("opt_out", "a"): "broken"}
    among = guard({"opt_out": [100, 132, 100], "complaint": [50, 50, 50]})
    assert among["opt_out", "a"] == "held"
    clear = guard({"opt_out": [100, 200, 100], "complaint": [50, 50, 50]})
    assert clear["opt_out", "a"] == "broken"


def test_the_numbers_say_that_they_are_corrected() -> None:
    arms = {"c": Proportion(100, 10_000), "a": Proportion(132, 10_000)}
    one = compare_arms(
        "m", "share", arms, "c", alpha=ALPHA, correction="none", role="guardrail"
    )
    assert correct_family(one, ALPHA) == one
    two = correct_family([*one, *one], ALPHA)
    assert [item.corrections for item in two] == [("holm",)] * 2
    assert two[0].p_adjusted == pytest.approx(2 * one[0].p_value)
    assert two[0].diff == one[0].diff


def test_an_arm_without_units_is_no_part_of_the_family() -> None:
    arms = {
        "c": Proportion(100, 10_000), "a": Proportion(132, 10_000),
        "b": Proportion(0, 0),
    }  # fmt: skip
    items = compare_arms(
        "m", "share", arms, "c", alpha=ALPHA, correction="none", role="guardrail"
    )
    assert correct_family(items, ALPHA) == items


def standing(units: int, *, stops: tuple[float, ...] = ()) -> Standing:
    plan = LookPlan(equal_looks(3), "obrien-fleming", ALPHA)
    judge = None
    if stops:
        judge = PlannedLook([Stop(part, part) for part in stops], plan.spending, ALPHA)
    return Standing(
        plan, "look" if stops else "between", (), units, 9_000, "", judge=judge
    )


def test_between_looks_guardrails_are_read_by_a_confidence_sequence() -> None:
    judge = standing(5_000).guard
    assert judge == AnyLook(5 / 9, ALPHA)
    assert standing(0).guard is None


def test_at_a_look_by_whichever_boundary_is_nearer() -> None:
    first = standing(3_000, stops=(1 / 3,)).guard
    assert isinstance(first, AnyLook)  # O'Brien and Fleming's is 3.71 there
    last = standing(9_000, stops=(1 / 3, 2 / 3, 1.0)).guard
    assert isinstance(last, PlannedLook)
    assert last.boundary < AnyLook(1.0, ALPHA).boundary


@pytest.mark.parametrize("arms", [1, 3])
def test_watching_every_day_calls_hardly_any_harmless_arm_harmful(arms: int) -> None:
    """Thirty days, looks at a third, two thirds and the end; nothing does harm."""
    rng = np.random.default_rng(6)
    days, runs, last = 30, 4_000, 30
    alarms = fixed = 0
    steps = rng.normal(size=(runs, arms + 1, days)).cumsum(axis=2)
    z = (steps[:, 1:] - steps[:, :1]) / np.sqrt(2 * np.arange(1, days + 1))
    plan = LookPlan(equal_looks(3), "obrien-fleming", ALPHA)
    level = ALPHA / arms  # Bonferroni's, which Holm's never exceeds at its first step
    bars = np.empty(days)
    for day in range(1, days + 1):
        bars[day - 1] = AnyLook(day / last, level).boundary
    for place in (10, 20, 30):
        stops = [Stop(d / last, d / last) for d in (10, 20, 30) if d <= place]
        look = PlannedLook(stops, plan.spending, level)
        bars[place - 1] = min(bars[place - 1], look.boundary)
    alarms = (z > bars).any(axis=(1, 2)).mean()
    fixed = (z > two_sided_normal_quantile(level)).any(axis=(1, 2)).mean()
    assert alarms <= ALPHA
    assert fixed > 2.5 * alarms


SENT = {"plain": 10_000, "coupon": 10_000, "milestone": 10_000}


def test_an_arm_that_is_filtered_is_stopped_and_the_others_are_not() -> None:
    delivery = check_delivery(
        SENT, {"plain": 9_700, "coupon": 9_300, "milestone": 9_690}
    )
    (stopped,) = block_filtered(delivery, "plain")
    assert (stopped.metric, stopped.arm, stopped.state) == (DELIVERY, "coupon", "open")
    assert "93.00% against 97.00%" in stopped.reason


def test_where_the_control_is_filtered_every_arm_that_is_not_is_stopped() -> None:
    delivery = check_delivery(
        SENT, {"plain": 9_300, "coupon": 9_700, "milestone": 9_690}
    )
    stopped = {item.arm for item in block_filtered(delivery, "plain")}
    assert stopped == {"coupon", "milestone"}


def test_without_an_alarm_or_deliveries_nothing_is_stopped() -> None:
    alike = check_delivery(SENT, dict.fromkeys(SENT, 9_700))
    assert block_filtered(alike, "plain") == ()
    assert block_filtered(None, "plain") == ()


def test_where_the_control_sends_nothing_the_best_delivered_stands_for_it() -> None:
    sent = {"coupon": 10_000, "milestone": 10_000}
    delivery = check_delivery(sent, {"coupon": 9_300, "milestone": 9_700})
    assert [item.arm for item in block_filtered(delivery, "none")] == ["coupon"]
