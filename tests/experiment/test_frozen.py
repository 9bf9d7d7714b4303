from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from copylab.experiment.frozen import epoch_hash, frozen_findings, next_epoch
from copylab.experiment.model import Experiment

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
    assert all("copylab start winback_hook" in finding.help for finding in findings)
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


def test_coverage_may_grow(running: Experiment) -> None:
    assert messages(replace(running, coverage=Fraction(1, 2))) == []


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
