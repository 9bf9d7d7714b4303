"""What explain says of the holdout, the layer, forced arms and the epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from copylab.compose.explain import Explanation, explain_user
from copylab.experiment.buckets import bucket
from copylab.workspace import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

User = dict[str, Any]
HOOK = "experiments/hook.yaml"
LAYER = """\
    design:
      message: news
      salt: hook.1a2b3c
      unit: user_id
      control: plain
      coverage: 100%
      layer: {name: recall, salt: recall.1, slots: [100000-299999, 500000-599999]}
layer: recall
slots: 30%
"""
EPOCH = """\
  - epoch: 1
    at: 2026-11-01T00:00:00Z
    hash: abc
    arms: {plain: 40%, coupon: 40%, none: 20%}
"""


@pytest.fixture
def told(
    write_shop: Callable[..., Path],
    shop_files: dict[str, str],
    user: User,
    at: datetime,
) -> Callable[..., Explanation]:
    def explained(
        hook: str = "", config: str = "", unit: str = "u1", **options: str
    ) -> Explanation:
        root = write_shop(
            {
                HOOK: hook or shop_files[HOOK],
                "copylab.yaml": shop_files["copylab.yaml"] + config,
                "experiments/layers.yaml": "recall: {salt: recall.1}\n",
            }
        )
        target = options.pop("target", "news")
        person = user | {"user_id": unit}
        return explain_user(load(root), target, person, channel="sms", at=at, **options)

    return explained


def steps(explanation: Explanation) -> dict[str, str]:
    return {step.name: step.outcome for step in explanation.steps}


def test_the_epoch_is_named(told: Callable[..., Explanation]) -> None:
    assert steps(told())["experiment"] == "hook (epoch 1)"


def test_who_is_held_out_is_told_by_which_bucket(
    told: Callable[..., Explanation],
) -> None:
    config = "holdout: {share: 50%, salt: holdout.1}\n"
    outcomes = set()
    for number in range(8):
        place = bucket("holdout.1", f"u{number}")[0]
        found = told(config=config, unit=f"u{number}")
        words = steps(found)["holdout"]
        assert f"bucket {place:,} of 1,000,000, holdout of 50%" in words
        assert words.startswith("held out" if place < 500_000 else "not held out")
        assert (found.result.get("skipped") == "holdout") is (place < 500_000)
        outcomes.add(place < 500_000)
    assert outcomes == {True, False}


def test_the_slot_in_the_layer_is_told(
    told: Callable[..., Explanation], shop_files: dict[str, str]
) -> None:
    hook = shop_files[HOOK].partition("epochs:")[0] + "epochs:\n" + EPOCH + LAYER
    seen = set()
    for number in range(12):
        unit = f"u{number}"
        found = told(hook=hook, unit=unit)
        slot = bucket("recall.1", unit)[0]
        inside = 100_000 <= slot < 300_000 or 500_000 <= slot < 600_000
        word = "in" if inside else "not in"
        assert steps(found)["layer"] == (
            f"recall: slot {slot:,} is {word} 100000-299999, 500000-599999"
        )
        exposure = found.result["exposure"]
        assert isinstance(exposure, dict)
        assert (exposure["reason"] == "excluded_by_layer") is not inside
        assert ("excluded by the layer" in steps(found)["arm"]) is not inside
        seen.add(inside)
    assert seen == {True, False}


def test_a_forced_arm_is_told(
    told: Callable[..., Explanation], shop_files: dict[str, str]
) -> None:
    hook = shop_files[HOOK] + "forced: {coupon: [qa-1]}\n"
    found = told(hook=hook, unit="qa-1")
    assert steps(found)["arm"] == "'coupon', forced for qa-1: out of all results"
    assert found.result["exposure"]["reason"] == "forced"  # type: ignore[index]
    draft = hook.replace("running", "draft").partition("epochs:")[0]
    tried = told(hook=draft + "forced: {coupon: [qa-1]}\n", unit="qa-1")
    assert steps(tried)["experiment"] == "hook (draft: as if it ran)"
    assert "forced for qa-1" in steps(tried)["arm"]
    once = told(hook=hook, unit="u1", force="plain")
    assert steps(once)["arm"] == "'plain', forced in this call: out of all results"
    with pytest.raises(ValueError, match="must be an arm of hook"):
        told(hook=hook, force="gift")


def test_a_draft_in_a_layer_is_explained_with_the_slots_it_would_get(
    told: Callable[..., Explanation], shop_files: dict[str, str]
) -> None:
    hook = shop_files[HOOK].replace("running", "draft").partition("epochs:")[0]
    found = told(hook=f"{hook}layer: recall\nslots: 40%\n", target="hook")
    assert steps(found)["layer"].endswith("0-399999")


def test_an_attribute_that_cannot_be_read_is_told(
    write_shop: Callable[..., Path], user: User, at: datetime
) -> None:
    wrong = user | {"loans": "many"}
    found = explain_user(load(write_shop()), "news", wrong, channel="sms", at=at)
    steps = {step.name: step for step in found.steps}
    assert steps["audience"].outcome == "nobody can tell if in fresh"
    assert "loans = null (is a str that is no int)" in str(steps["audience"].facts)
    assert steps["arm"].outcome == (
        "no message: an attribute of the audience cannot be read"
    )
    assert steps["result"].outcome == "rejected: attribute"
    assert found.result["problems"] == [
        "loans: 'many' is no int, which it is declared to be"
    ]
