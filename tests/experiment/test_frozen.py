from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from copylab.experiment.allocation import allocate, reallocate
from copylab.experiment.frozen import (
    allocation_of,
    epoch_hash,
    frozen_findings,
    next_epoch,
)
from copylab.experiment.model import Experiment, LayerSlots

COPIES = {"plain": "aa", "coupon": "bb"}
START = datetime(2026, 1, 31, tzinfo=UTC)
HALVES = {"plain": Fraction(1, 2), "coupon": Fraction(1, 2)}


@pytest.fixture
def running(winback: Experiment) -> Experiment:
    epoch = next_epoch(winback, COPIES, START)
    return replace(winback, status="running", epochs=(epoch,))


def messages(experiment: Experiment, copies: dict[str, str] = COPIES) -> list[str]:
    findings = frozen_findings(experiment, copies)
    assert all(finding.rule == "experiment-not-frozen" for finding in findings)
    for finding in findings:
        by_hand = "by hand" in finding.message
        cure = "put the record back" if by_hand else "copylab start winback_hook"
        assert cure in finding.help
    assert all(finding.line is not None for finding in findings)
    return [finding.message for finding in findings]


def test_nothing_changed_is_clean(running: Experiment) -> None:
    assert messages(running) == []


def test_epochs_count_up(running: Experiment) -> None:
    epoch = next_epoch(running, COPIES, START)
    assert (epoch.epoch, epoch.at, epoch.copies) == (2, START, COPIES)
    assert epoch.arms == running.arms
    assert epoch.hash == running.epochs[0].hash


def test_changed_copy_is_found_at_its_arm(running: Experiment) -> None:
    findings = frozen_findings(running, {**COPIES, "coupon": "cc"})
    assert [f.message for f in findings] == [
        "the copy of 'coupon' changed since epoch 1 began"
    ]
    assert (findings[0].line, findings[0].column) == (8, 20)


def test_changed_shares_are_found(running: Experiment) -> None:
    arms = {**running.arms, "plain": Fraction(1, 2), "none": Fraction(1, 20)}
    assert messages(replace(running, arms=arms)) == [
        "the share of 'plain' went from 45% to 50% since epoch 1 began",
        "the share of 'none' went from 10% to 5% since epoch 1 began",
    ]


def test_new_and_missing_arms_are_found(running: Experiment) -> None:
    arms = {"plain": Fraction(9, 20), "gift": Fraction(9, 20), "none": Fraction(1, 10)}
    found = messages(replace(running, arms=arms))
    assert found == [
        "the arm 'coupon' is gone since epoch 1 began",
        "the arm 'gift' is new since epoch 1 began",
    ]


def test_the_order_of_the_arms_counts(running: Experiment) -> None:
    arms = dict(reversed(list(running.arms.items())))
    assert [
        "order" in message for message in messages(replace(running, arms=arms))
    ] == [True]


def test_a_changed_salt_is_found(running: Experiment) -> None:
    findings = frozen_findings(replace(running, salt="other"), COPIES)
    assert [f.message for f in findings] == ["the salt changed since epoch 1 began"]
    assert findings[0].line == 6


def test_two_changes_are_two_findings(running: Experiment) -> None:
    changed = replace(running, salt="other")
    assert len(messages(changed, {**COPIES, "plain": "cc"})) == 2


def test_a_record_without_copy_hashes_still_tells_that_something_changed(
    running: Experiment,
) -> None:
    epoch = replace(running.epochs[0], copies={})
    bare = replace(running, epochs=(epoch,))
    assert messages(bare) == []
    found = messages(bare, {**COPIES, "plain": "cc"})
    assert found == ["the copy or the salt changed since epoch 1 began"]


def covered(running: Experiment, coverage: Fraction) -> Experiment:
    """The experiment, started at half of the coverage and ramped to another."""
    half = replace(running, coverage=Fraction(1, 2), epochs=())
    started = replace(half, epochs=(next_epoch(half, COPIES, START),))
    return replace(started, coverage=coverage)


@pytest.mark.parametrize("coverage", [Fraction(1, 2), Fraction(3, 5), Fraction(1)])
def test_coverage_may_grow(running: Experiment, coverage: Fraction) -> None:
    assert messages(covered(running, coverage)) == []


def test_users_lose_their_arm_when_coverage_falls(running: Experiment) -> None:
    (told,) = messages(covered(running, Fraction(1, 5)))
    assert told.startswith(
        "the coverage fell from 50% to 20%, so that users lose their arm"
    )


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("message", "the message went from 'winback_day3' to 'x'"),
        ("unit", "the unit went from 'user_id' to 'x'"),
        ("control", "the control went from 'plain' to 'x'"),
        ("layer", "the layer went from none to 'x'"),
    ],
)
def test_what_else_decides_is_frozen(running: Experiment, key: str, told: str) -> None:
    changed = replace(running, **{key: "x"})  # type: ignore[arg-type]
    assert messages(changed) == [f"{told} since epoch 1 began"]


@pytest.mark.parametrize(("before", "after"), [("aa", "bb"), ("aa", None), (None, "a")])
def test_the_condition_of_the_audience_is_frozen(
    winback: Experiment, before: str | None, after: str | None
) -> None:
    epoch = next_epoch(winback, COPIES, START, audience_hash=before)
    running = replace(winback, status="running", epochs=(epoch,))
    assert frozen_findings(running, COPIES, before) == []
    assert frozen_findings(running, COPIES) == []  # not asked
    found = frozen_findings(running, COPIES, after)
    assert [item.message for item in found] == [
        "the audience changed since epoch 1 began"
    ]
    assert found[0].line == 4


def test_the_slots_and_the_salt_of_the_layer_are_frozen(winback: Experiment) -> None:
    owned = LayerSlots("recall", "recall.1", ((0, 400_000),))
    inside = replace(winback, layer="recall", wanted=Fraction(2, 5))
    epoch = next_epoch(inside, COPIES, START, layer=owned)
    running = replace(inside, status="running", epochs=(epoch,))

    def told(experiment: Experiment, salt: str = "recall.1") -> list[str]:
        found = frozen_findings(experiment, COPIES, layer_salt=salt)
        return [item.message.removesuffix(" since epoch 1 began") for item in found]

    assert told(running) == []
    assert told(replace(running, wanted=((0, 400_000),))) == []
    assert told(replace(running, wanted=Fraction(1, 2))) == [
        "the slots of the layer changed"
    ]
    assert told(replace(running, wanted=((1, 400_001),))) == [
        "the slots of the layer changed"
    ]
    assert told(running, "recall.2") == ["the salt of the layer 'recall' changed"]
    assert told(replace(running, layer=None, wanted=None)) == [
        "the layer went from 'recall' to none"
    ]


def test_a_record_that_was_changed_by_hand_is_found(running: Experiment) -> None:
    epoch = running.epochs[0]
    slots = reallocate(epoch.allocation, {"plain": Fraction(1), "coupon": Fraction(0)})
    assert epoch.design is not None
    for other in (
        replace(epoch, slots=slots),
        replace(epoch, design=replace(epoch.design, coverage=Fraction(1, 10))),
        replace(epoch, hash="0"),
        replace(epoch, copies={**COPIES, "coupon": "cc"}),
        replace(epoch, arms={"plain": Fraction(3, 5), "coupon": Fraction(2, 5)}),
    ):
        found = messages(replace(running, epochs=(other,)))
        assert found == ["its record was changed by hand since epoch 1 began"]


def test_slots_follow_the_epochs_and_start_afresh_with_another_salt(
    running: Experiment,
) -> None:
    arms = {"plain": Fraction(1, 2), "coupon": Fraction(2, 5), "none": Fraction(1, 10)}
    changed = replace(running, arms=arms)
    second = next_epoch(changed, COPIES, START)
    assert second.slots == reallocate(running.epochs[0].allocation, arms)
    assert second.slots != allocate(arms)
    again = replace(changed, epochs=(*running.epochs, second))
    assert messages(again) == []
    assert allocation_of(again) == second.slots
    fresh = replace(again, salt="other")
    assert allocation_of(fresh) == allocate(arms)
    assert next_epoch(fresh, COPIES, START).slots is None


def test_an_older_record_says_by_its_hash_alone_that_the_salt_changed(
    running: Experiment,
) -> None:
    arms = {"plain": Fraction(1, 2), "coupon": Fraction(1, 2)}
    old = replace(
        running.epochs[0],
        design=None,
        hash=epoch_hash(running.salt, running.arms, COPIES),
    )
    changed = replace(running, epochs=(old,), arms=arms)
    assert allocation_of(changed) == reallocate(allocate(running.arms), arms)
    assert allocation_of(replace(changed, salt="other")) == allocate(arms)


@pytest.mark.parametrize("status", ["draft", "concluded"])
def test_only_running_experiments_are_frozen(running: Experiment, status: str) -> None:
    still = replace(running, status=status, salt="other")  # type: ignore[arg-type]
    assert frozen_findings(still, {}) == []


def test_the_hash_covers_salt_shares_order_and_copy() -> None:
    usual = epoch_hash("s", HALVES, COPIES)
    others = [
        epoch_hash("t", HALVES, COPIES),
        epoch_hash("s", dict(reversed(HALVES.items())), COPIES),
        epoch_hash("s", {"plain": Fraction(1, 3), "coupon": Fraction(2, 3)}, COPIES),
        epoch_hash("s", HALVES, {**COPIES, "plain": "x"}),
        epoch_hash("s", HALVES, {"plain": "aa"}),
    ]
    assert len({usual, *others}) == 6
    assert usual == epoch_hash("s", dict(HALVES), {"coupon": "bb", "plain": "aa"})
