"""Epochs as a page shows them: the newest first, and who moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from copylab.experiment.model import Design, Epoch
from copylab.preview.experiments.arms import share_arms, show_epochs
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.experiment.model import Experiment

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def epoch(number: int, a: Fraction, salt: str = "s") -> Epoch:
    at = datetime(2026, 11, number, tzinfo=UTC)
    design = Design("m", salt, "user_id", "a", Fraction(1))
    return Epoch(
        number, at, "f" * 64, {"a": a, "b": 1 - a}, {"a": "0" * 64}, design=design
    )


def experiment_of(root: Path, *epochs: Epoch) -> Experiment:
    found = open_workspace(root).experiments["unfinished_sms_hook"]
    return replace(found, epochs=epochs)


def test_a_draft_has_no_epochs(sample: Path) -> None:
    assert show_epochs(experiment_of(sample)) == ()


def test_the_newest_epoch_comes_first_with_who_moved(sample: Path) -> None:
    shown = show_epochs(
        experiment_of(
            sample, epoch(1, HALF), epoch(2, HALF), replace(epoch(3, QUARTER))
        )
    )
    assert [item.number for item in shown] == [3, 2, 1]
    assert [item.moved for item in shown] == ["25.0%", "0.0%", ""]
    assert [arm.share for arm in shown[0].arms] == ["25%", "75%"]
    assert shown[0].arms[0].is_control
    assert shown[0].arms[0].copy_hash == "0" * 12
    assert (shown[0].salt, shown[0].coverage) == ("s", "100%")


def test_another_salt_draws_everybody_anew(sample: Path) -> None:
    shown = show_epochs(experiment_of(sample, epoch(1, HALF), epoch(2, HALF, "t")))
    assert shown[0].moved == "50.0%"


def test_an_arm_says_what_it_is() -> None:
    plain, coupon, none = share_arms(
        {"plain": HALF, "coupon": QUARTER, "none": QUARTER}, "plain", "coupon"
    )
    assert (plain.is_control, plain.is_live, plain.is_silent) == (True, False, False)
    assert (coupon.is_control, coupon.is_live, coupon.is_silent) == (False, True, False)
    assert none.is_silent
    assert (none.share, none.part) == ("25%", 0.25)
