"""What every variant gives a user: the answer of compose, variant by variant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copylab.compose.attempt import attempt
from copylab.compose.prepare import prepare_copy
from copylab.compose.result import Rejected, Skipped
from copylab.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.compose.attempt import Attempt

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample(repository: Path) -> Workspace:
    return open_workspace(repository)


def tried(workspace: Workspace, user: dict[str, object], name: str) -> Attempt:
    message = workspace.messages["winback/unfinished_day3"]
    copy = prepare_copy(workspace, message, "sms", "zh-CN", name)
    return attempt(copy, "sms", user)


def test_every_persona_gets_what_compose_gives_it(sample: Workspace) -> None:
    seen = set()
    for message in sample.messages.values():
        for channel, locale in message.copies:
            copy = prepare_copy(sample, message, channel, locale, message.live)
            for persona in sample.personas.values():
                composed = sample.compose(
                    message.id, persona, channel=channel, locale=locale, at=NOW
                )
                seen.add(type(composed).__name__)
                outcome = attempt(copy, channel, persona).outcome
                if isinstance(composed, Rejected):
                    assert outcome == composed
                else:
                    assert outcome == replace(composed, exposure=None)
    assert seen == {"Sms", "Push", "Email", "Skipped", "Rejected"}


def test_each_value_says_what_became_of_it(sample: Workspace) -> None:
    user: dict[str, object] = {
        "call_name": "很长很长很长很长的名字",
        "step": "nowhere",
        "draft_ends": "2026-12-10",
        "link": "m8RtYb",
    }
    found = tried(sample, user, "plain")
    by_name = {item.name: item for item in found.taken}
    assert by_name["call_name"].why == "longer than 8 characters (11)"
    assert by_name["call_name"].replacement == "尊敬的用户"
    assert by_name["step"].why.startswith("not one of identity")
    assert by_name["draft_ends"].why == by_name["link"].why == ""
    assert "尊敬的用户" in found.outcome.to_dict()["text"]  # type: ignore[operator]


def test_a_lacking_value_skips_and_error_wins_over_skip(sample: Workspace) -> None:
    skipped = tried(sample, {"link": "x"}, "plain").outcome
    assert skipped == Skipped("missing", None, ("draft_ends: absent",))
    rejected = tried(sample, {"draft_ends": "soon"}, "plain").outcome
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "missing"
    assert [problem.partition(":")[0] for problem in rejected.problems] == [
        "draft_ends",
        "link",
    ]
