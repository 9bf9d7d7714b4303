from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from copylab.analysis.comparing import compare_arms
from copylab.analysis.guardrails import Better, GuardrailResult, State
from copylab.analysis.moments import Moments, Proportion
from copylab.analysis.proportions import compare_proportions
from copylab.analysis.results import HealthNote
from copylab.analysis.sample_ratio import SampleRatio
from copylab.analysis.verdict import Evidence, Progress, Verdict, decide

FAIR = SampleRatio(0.5, ok=True, expected={})
UNFAIR = SampleRatio(1e-9, ok=False, expected={})
UNFINISHED = Progress(complete=False, message="600 of 1,000 planned units")
FINISHED = Progress(complete=True, message="1,000 of 1,000 planned units")
CONTROL = 1_000


def judge(
    *, n: int = 20_000, better: Better = "higher", alpha: float = 0.05, **rest: Any
) -> Verdict:
    """The verdict on arms with so many successes among ``n``; the control has 1,000."""
    settings = {
        key: rest.pop(key)
        for key in ("guardrails", "health", "progress")
        if key in rest
    }
    srm = rest.pop("srm", FAIR)
    arms = {"control": Proportion(CONTROL, n)}
    arms |= {arm: Proportion(successes, n) for arm, successes in rest.items()}
    comparisons = compare_arms(
        "click",
        "share",
        arms,
        "control",
        alpha=alpha,
        correction="holm",
        role="primary",
    )
    evidence = Evidence(comparisons, arms, better=better, alpha=alpha)
    return decide(evidence, srm=srm, **settings)


def guard(arm: str, state: State) -> GuardrailResult:
    return GuardrailResult("opt_out", arm, state, 0.002, f"opt_out of {arm} is {state}")


def test_invalid_if_the_sample_ratio_fails_whatever_the_arms_say() -> None:
    verdict = judge(a=1_500, srm=UNFAIR)
    assert (verdict.action, verdict.arm, verdict.also) == ("invalid", None, ())
    assert "p < 0.0001" in verdict.reason


def test_invalid_if_the_data_have_a_fault_but_not_for_a_note() -> None:
    fault = HealthNote("units-in-two-arms", ok=False, message="9 units are in two arms")
    note = HealthNote("open-windows", ok=True, message="3 units are open")
    assert judge(a=1_500, health=[note, fault]).action == "invalid"
    assert "9 units" in judge(a=1_500, health=[note, fault]).reason
    assert judge(a=1_500, health=[note]).action == "promote"


def test_promote_the_one_arm_that_is_better() -> None:
    verdict = judge(a=1_010, b=1_300)
    assert (verdict.action, verdict.arm, verdict.also) == ("promote", "b", ())
    assert "tied" not in verdict.reason
    assert "single winner" not in verdict.reason


def test_promote_the_best_of_several_if_it_is_ahead() -> None:
    verdict = judge(a=1_200, b=1_500, c=1_180)
    assert (verdict.action, verdict.arm, verdict.also) == ("promote", "b", ())
    assert "ahead of every other arm" in verdict.reason


def test_promote_says_it_is_a_tie_if_the_best_is_not_ahead() -> None:
    verdict = judge(a=1_300, b=1_310, c=1_305, d=1_150)
    assert (verdict.action, verdict.arm) == ("promote", "b")
    assert verdict.also == ("c", "a")
    assert 'cannot be told apart from "c"' in verdict.reason
    assert "no single winner" in verdict.reason


def test_an_arm_that_does_not_beat_the_control_can_tie_with_the_winner() -> None:
    """Five real arms: only a1 beats a0, and a3 is as good as a1 (p = 0.60)."""
    arms = {
        "a0": Proportion(19_125, 19_987),
        "a1": Proportion(19_209, 19_967),
        "a2": Proportion(19_173, 19_961),
        "a3": Proportion(19_238, 20_018),
        "a4": Proportion(19_093, 19_930),
    }
    comparisons = compare_arms("c", "share", arms, "a0", alpha=0.05, correction="holm")
    assert [item.arm for item in comparisons if item.significant] == ["a1"]
    evidence = Evidence(comparisons, arms, better="higher", alpha=0.05)
    verdict = decide(evidence, srm=FAIR)
    assert (verdict.action, verdict.arm) == ("promote", "a1")
    assert verdict.also == ("a3", "a2", "a4")
    told = 'cannot be told apart from "a3" (p = 0.6; not shown to beat "a0" itself)'
    assert told in verdict.reason
    assert "nor from 2 more: no single winner" in verdict.reason


@given(
    successes=st.lists(st.integers(800, 1_500), min_size=1, max_size=7),
    better=st.sampled_from(["higher", "lower"]),
)
def test_a_single_winner_is_ahead_of_every_other_arm(
    successes: list[int], better: Better
) -> None:
    arms = {f"a{i}": count for i, count in enumerate(successes)}
    verdict = judge(better=better, **arms)
    if verdict.action != "promote":
        return
    assert verdict.arm is not None
    others = [arm for arm in arms if arm != verdict.arm]
    p_values = [
        compare_proportions(arms[verdict.arm], 20_000, arms[arm], 20_000).p_value
        for arm in others
    ]
    apart = multipletests(p_values, 0.05, "holm")[0] if others else []
    tied = {arm for arm, split in zip(others, apart, strict=True) if not split}
    assert set(verdict.also) == tied
    assert ("no single winner" in verdict.reason) == bool(tied)


def test_an_arm_without_units_is_no_tie() -> None:
    arms = {
        "control": Proportion(100, 2_000),
        "a": Proportion(200, 2_000),
        "b": Proportion(0, 0),
    }
    comparisons = compare_arms(
        "click", "share", arms, "control", alpha=0.05, correction="holm"
    )
    verdict = decide(Evidence(comparisons, arms, better="higher", alpha=0.05), srm=FAIR)
    assert (verdict.action, verdict.arm, verdict.also) == ("promote", "a", ())


def test_ties_are_judged_after_holm_over_the_pairs() -> None:
    """A gap with p = 0.03 separates two arms alone, but not among many pairs."""
    alone = judge(a=1_400, b=1_514)
    among = judge(a=1_400, b=1_514, c=1_401, d=1_402, e=1_403)
    assert alone.also == ()
    assert among.also == ("e", "d", "c", "a")


def test_harm_if_an_arm_is_worse_and_none_is_better() -> None:
    verdict = judge(a=700, b=1_010, c=600)
    assert (verdict.action, verdict.arm, verdict.also) == ("harm", "c", ("a",))


def test_one_bad_arm_does_not_stop_a_better_one() -> None:
    assert judge(a=700, b=1_400).arm == "b"


def test_inconclusive_without_a_plan_and_a_difference() -> None:
    verdict = judge(a=1_010, b=1_030)
    assert (verdict.action, verdict.arm) == ("inconclusive", None)
    assert '"b"' in verdict.reason


def test_continue_until_the_plan_is_used_up_even_if_an_arm_seems_better() -> None:
    verdict = judge(a=1_500, progress=UNFINISHED)
    assert (verdict.action, verdict.arm) == ("continue", None)
    assert "600 of 1,000" in verdict.reason
    assert judge(a=1_500, progress=FINISHED).action == "promote"


def test_keep_if_the_plan_is_used_up_without_a_winner() -> None:
    verdict = judge(a=1_010, progress=FINISHED)
    assert (verdict.action, verdict.arm) == ("keep", "control")


def test_lower_is_better_turns_everything_round() -> None:
    assert judge(a=700, better="lower").action == "promote"
    assert judge(a=1_400, better="lower").action == "harm"
    assert judge(a=700, b=500, better="lower").arm == "b"


def test_broken_guardrail_turns_promote_into_harm() -> None:
    verdict = judge(a=1_400, guardrails=[guard("a", "broken")])
    assert (verdict.action, verdict.arm) == ("harm", "a")
    assert "opt_out of a is broken" in verdict.reason


def test_open_guardrail_turns_promote_into_keep() -> None:
    verdict = judge(a=1_400, guardrails=[guard("a", "open")])
    assert (verdict.action, verdict.arm) == ("keep", "control")
    assert "opt_out of a is open" in verdict.reason


def test_a_safe_arm_is_promoted_in_place_of_an_unsafe_one() -> None:
    rails = [guard("a", "held"), guard("b", "broken")]
    verdict = judge(a=1_300, b=1_500, guardrails=rails)
    assert (verdict.action, verdict.arm) == ("promote", "a")


@pytest.mark.parametrize("state", ["open", "broken"])
def test_an_arm_passed_over_for_its_guardrail_is_named(state: State) -> None:
    rails = [guard("a", "held"), guard("b", state), guard("c", "held")]
    verdict = judge(a=1_300, b=1_500, c=1_010, guardrails=rails)
    assert (verdict.arm, verdict.also) == ("a", ())
    assert '"b" has a larger difference, +2.50 [' in verdict.reason
    assert f"passed over: opt_out of b is {state}." in verdict.reason
    assert "ahead of every other arm" not in verdict.reason


@pytest.mark.parametrize("state", ["open", "broken"])
def test_an_arm_passed_over_can_tie_with_the_one_promoted(state: State) -> None:
    rails = [guard("a", "held"), guard("b", state)]
    verdict = judge(a=1_300, b=1_310, guardrails=rails)
    assert (verdict.arm, verdict.also) == ("a", ("b",))
    why = f"not to be promoted itself, for opt_out of b is {state}): no single winner"
    assert why in verdict.reason
    assert f"passed over: opt_out of b is {state}." in verdict.reason


def test_an_unsafe_arm_with_a_smaller_difference_is_not_passed_over() -> None:
    rails = [guard("a", "held"), guard("b", "open")]
    verdict = judge(a=1_500, b=1_200, guardrails=rails)
    assert (verdict.arm, verdict.also) == ("a", ())
    assert "passed over" not in verdict.reason


def test_broken_guardrail_does_not_wait_for_the_plan() -> None:
    rails = [guard("a", "held"), guard("b", "broken")]
    verdict = judge(a=1_010, b=1_010, guardrails=rails, progress=UNFINISHED)
    assert (verdict.action, verdict.arm) == ("harm", "b")
    open_rails = [guard("a", "open")]
    assert (
        judge(a=1_010, guardrails=open_rails, progress=UNFINISHED).action == "continue"
    )


def test_means_are_compared_with_each_other_too() -> None:
    arms = {
        "control": Moments(900, 1.0, 4.0),
        "a": Moments(900, 1.5, 4.0),
        "b": Moments(900, 1.55, 4.0),
    }
    comparisons = compare_arms(
        "spend", "mean", arms, "control", alpha=0.05, correction="holm"
    )
    evidence = Evidence(comparisons, arms, better="higher", alpha=0.05)
    verdict = decide(evidence, srm=FAIR)
    assert (verdict.arm, verdict.also) == ("b", ("a",))


def test_an_arm_without_units_is_no_reason_for_anything() -> None:
    arms = {"control": Proportion(0, 0), "a": Proportion(1, 10)}
    comparisons = compare_arms(
        "click", "share", arms, "control", alpha=0.05, correction="holm"
    )
    verdict = decide(Evidence(comparisons, arms, better="higher", alpha=0.05), srm=FAIR)
    assert verdict.action == "inconclusive"
    assert "cannot be compared yet" in verdict.reason


def test_alpha_moves_the_verdict() -> None:
    assert judge(a=1_110).action == "promote"
    assert judge(a=1_110, alpha=0.001).action == "inconclusive"


def test_statistics_of_two_kinds_are_refused() -> None:
    with pytest.raises(TypeError, match="of one kind"):
        compare_arms(
            "m", "mean", {"c": Moments(5, 1, 1), "a": Proportion(1, 5)}, "c",
            alpha=0.05, correction="none",
        )  # fmt: skip


EARLY = Progress(complete=False, message="look 3 is due at 900 units", is_look=True)


def test_at_a_look_before_the_last_a_crossed_boundary_decides() -> None:
    assert judge(a=1_400, progress=EARLY).action == "promote"
    assert judge(a=600, progress=EARLY).action == "harm"
    verdict = judge(a=1_010, progress=EARLY)
    assert (verdict.action, verdict.arm) == ("continue", None)
    assert "No boundary is crossed; keep going: look 3 is due at 900" in verdict.reason


def test_at_a_look_before_the_last_an_open_guardrail_is_waited_for() -> None:
    verdict = judge(a=1_400, guardrails=[guard("a", "open")], progress=EARLY)
    assert verdict.action == "continue"
    assert "opt_out of a is open; keep going" in verdict.reason


def test_futility_is_advice_at_a_look_that_crosses_nothing() -> None:
    futile = Progress(
        complete=False, message="", is_look=True, futile="A winner has a chance of 2%"
    )
    verdict = judge(a=1_010, progress=futile)
    assert (verdict.action, verdict.arm) == ("keep", "control")
    assert verdict.reason.startswith("A winner has a chance of 2%: it is hardly worth")
    assert judge(a=1_400, progress=futile).action == "promote"


def test_what_a_look_decided_stands_until_the_next() -> None:
    stood = Verdict("promote", "a", "Look 1 has crossed its boundary.")
    between = Progress(complete=False, message="", decided=stood)
    assert judge(a=1_010, progress=between) == stood
    rails = [guard("a", "broken")]
    assert judge(a=1_010, guardrails=rails, progress=between).action == "harm"
    assert judge(a=1_010, srm=UNFAIR, progress=between).action == "invalid"


def test_an_arm_that_sends_nothing_does_no_harm() -> None:
    arms = {"control": Proportion(1_000, 20_000), "none": Proportion(10, 20_000)}
    comparisons = compare_arms(
        "click", "share", arms, "control", alpha=0.05, correction="holm"
    )
    read = Evidence(comparisons, arms, better="higher", alpha=0.05, silence="none")
    assert decide(read, srm=FAIR, progress=FINISHED).action == "keep"
    assert decide(read, srm=FAIR, progress=EARLY).action == "continue"
