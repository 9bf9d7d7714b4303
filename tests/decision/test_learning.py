"""Learning from past decisions: contrasts of tags, lengths, factorial tests."""

from __future__ import annotations

from math import expm1, log, log1p, sqrt
from typing import TYPE_CHECKING

import pytest

from copylab.analysis.comparison import Interval
from copylab.decision.factorial import find_factorials
from copylab.decision.history import (
    PastComparison,
    PastDecision,
    past_lifts,
    read_decisions,
)
from copylab.decision.learn import learn
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Z = 1.959963984540054


def lift(value: float, error: float = 0.1) -> Interval:
    """A lift whose log ratio has the error."""
    centre = log1p(value)
    return Interval(value, expm1(centre - Z * error), expm1(centre + Z * error))


def compared(arm: str, found: Interval, **other: object) -> PastComparison:
    told: dict[str, object] = {
        "metric": "click",
        "role": "primary",
        "kind": "share",
        "arm": arm,
        "control": "plain",
        "units": 10_000,
        "control_units": 10_000,
        "value": 0.05,
        "control_value": 0.05,
        "lift": found,
    }
    return PastComparison(**(told | other))  # type: ignore[arg-type]


def decided(
    name: str,
    items: list[PastComparison],
    tags: Mapping[str, Mapping[str, str]],
    lengths: Mapping[str, Mapping[str, int]] | None = None,
) -> PastDecision:
    return PastDecision(
        name, "m", "2026-12-01", 0.05, tuple(items), tags, lengths or {}
    )


HOOKS = {"plain": {"hook": "reminder"}, "coupon": {"hook": "discount"}}


def test_tests_of_the_same_contrast_are_pooled() -> None:
    past = [
        decided(f"e{i}", [compared("coupon", lift(value))], HOOKS)
        for i, value in enumerate((0.1, 0.2, 0.3, 0.15, 0.25))
    ]
    (lesson,) = learn(past).lessons
    assert (lesson.tag, lesson.value, lesson.against) == (
        "hook",
        "discount",
        "reminder",
    )
    assert lesson.pooled.count == lesson.alone == 5
    assert lesson.lift.value == pytest.approx(0.2, abs=0.005)
    assert not lesson.pooled.is_few
    (few,) = learn(past[:4]).lessons
    assert few.pooled.is_few


def test_words_that_differ_in_more_than_one_tag_say_so() -> None:
    tags = {
        "plain": {"hook": "reminder", "tone": "plain"},
        "coupon": {"hook": "discount", "tone": "warm"},
    }
    found = learn([decided("e", [compared("coupon", lift(0.1))], tags)])
    assert [(one.tag, one.alone) for one in found.lessons] == [("hook", 0), ("tone", 0)]
    (only,) = learn(
        [decided("e", [compared("coupon", lift(0.1))], tags)], tag="tone"
    ).lessons
    assert only.results[0].also == ("hook",)


def test_lengths_are_compared_where_they_differ_by_more_than_a_tenth() -> None:
    def one(name: str, length: int) -> PastDecision:
        lengths = {"plain": {"sms.zh-CN": 100}, "coupon": {"sms.zh-CN": length}}
        return decided(name, [compared("coupon", lift(0.1))], {}, lengths)

    found = learn([one("e1", 70), one("e2", 75), one("e3", 105), one("e4", 140)])
    shown = {lesson.value: lesson.pooled.count for lesson in found.lessons}
    assert shown == {"shorter": 2, "longer": 1}
    assert len(found.skipped) == 1
    assert "e3: coupon on click" in found.skipped[0]


def test_arms_of_one_test_count_as_one_test() -> None:
    """They share their control, so their errors are not independent."""
    tags = {**HOOKS, "again": {"hook": "discount"}}
    items = [compared("coupon", lift(0.1)), compared("again", lift(0.3))]
    (lesson,) = learn([decided("e", items, tags)]).lessons
    assert lesson.pooled.count == 1
    assert len(lesson.results) == 2
    assert lesson.pooled.error == pytest.approx(0.1, rel=1e-6)


def test_silence_and_lifts_without_an_interval_teach_nothing() -> None:
    tags = {**HOOKS, "none": {"hook": "x"}}
    items = [
        compared("none", lift(0.1)),
        compared("coupon", Interval(-1.0, -1.0, None)),
    ]
    found = learn([decided("e", items, tags)])
    assert found.lessons == ()
    assert "no lift with an interval" in found.skipped[0]
    assert past_lifts([decided("e", items, tags)]) == []


def test_metrics_are_kept_apart() -> None:
    past = [
        decided("e1", [compared("coupon", lift(0.1))], HOOKS),
        decided("e2", [compared("coupon", lift(0.5), metric="loan")], HOOKS),
    ]
    assert [one.metric for one in learn(past).lessons] == ["click", "loan"]
    assert [one.metric for one in learn(past, metric="loan").lessons] == ["loan"]


CROSSED = {
    "plain": {"hook": "reminder", "tone": "plain"},
    "warm": {"hook": "reminder", "tone": "warm"},
    "coupon": {"hook": "discount", "tone": "plain"},
    "both": {"hook": "discount", "tone": "warm"},
}
SHARES = {"plain": 0.05, "warm": 0.055, "coupon": 0.06, "both": 0.08}


def crossed(tags: Mapping[str, Mapping[str, str]]) -> PastDecision:
    items = [
        compared(arm, lift(0.1), value=SHARES[arm], control_value=SHARES["plain"])
        for arm in ("warm", "coupon", "both")
    ]
    return decided("e", items, tags)


def test_crossed_tags_give_main_effects_and_an_interaction() -> None:
    (found,) = find_factorials([crossed(CROSSED)])
    effects = {effect.name: effect for effect in found.effects}
    hook = effects["hook: discount against reminder"]
    logs = {arm: log(share) for arm, share in SHARES.items()}
    by_hand = (logs["coupon"] + logs["both"] - logs["plain"] - logs["warm"]) / 2
    assert hook.lift.value == pytest.approx(expm1(by_hand))
    interaction = effects["hook: discount × tone: warm"]
    beyond = logs["both"] - logs["coupon"] - logs["warm"] + logs["plain"]
    assert interaction.lift.value == pytest.approx(expm1(beyond))
    error = sqrt(sum((1 - p) / (p * 10_000) for p in SHARES.values()))
    assert interaction.lift.high == pytest.approx(expm1(beyond + Z * error))
    assert [effect.kind for effect in found.effects] == ["main", "main", "interaction"]


def test_a_missing_cell_or_a_third_tag_is_no_factorial_test() -> None:
    hole = {arm: tags for arm, tags in CROSSED.items() if arm != "both"}
    assert list(find_factorials([crossed(hole)])) == []
    third = {**CROSSED, "both": {**CROSSED["both"], "length": "long"}}
    assert list(find_factorials([crossed(third)])) == []


OLD = """\
experiment: old
message: gone
date: 2026-01-02
decision: {promoted: b, from: a}
method: {test: [score test], correction: [], alpha: 0.05}
comparisons:
  - metric: click
    role: primary
    arm: b
    control: a
    units: 1000
    control_units: 1000
    value: 0.12
    control_value: 0.1
    diff: {value: 0.02, low: -0.01, high: 0.05}
    lift: {value: 0.2, low: -0.06, high: 0.53}
    p_value: 0.15
    test: score test
"""


def test_records_of_earlier_versions_are_read(
    make_files: Callable[[dict[str, str | bytes]], Path],
) -> None:
    root = make_files(
        {"copylab.yaml": "markets: [US]\n", "experiments/decisions/old.yaml": OLD}
    )
    (old,) = read_decisions(open_workspace(root))
    assert (old.experiment, old.tags, old.lengths) == ("old", {}, {})
    assert old.comparisons[0].kind == "share"
    assert len(past_lifts([old])) == 1
    assert past_lifts([old], without="old") == []
