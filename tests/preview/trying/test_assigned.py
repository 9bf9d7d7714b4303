"""What the running experiment makes of the user who is tried."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from copylab.preview.page import View
from copylab.preview.pages.try_it import try_page
from copylab.preview.render import render_page
from copylab.preview.shown import Shown
from copylab.preview.trying.assigned import assign
from copylab.preview.trying.users import Place
from copylab.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ID = "winback/unfinished_day3"
SMS = Place("sms", "zh-CN")


@pytest.fixture
def running(own_sample: Path, run_copylab: Callable[..., Any]) -> Workspace:
    done = run_copylab("start", "unfinished_sms_hook", cwd=own_sample)
    assert done.code == 0, done.err
    return open_workspace(own_sample)


def test_the_arm_is_the_one_that_compose_records(running: Workspace) -> None:
    reasons = set()
    for user in running.personas.values():
        found = assign(running, running.messages[ID], SMS, user, NOW)
        composed = running.compose(ID, user, channel="sms", locale="zh-CN", at=NOW)
        exposure = getattr(composed, "exposure", None)
        if exposure is None:
            assert found is None or found.reason in {"unit", "attribute"}
            continue
        assert found is not None
        assert (found.arm or None, found.variant) == (exposure.arm, exposure.variant)
        assert found.reason == exposure.reason
        reasons.add(found.reason)
    assert reasons == {"assigned", "not_in_audience"}


def test_an_attribute_can_be_set_and_decides(running: Workspace) -> None:
    shown = Shown(running.root, running, running.lint(), NOW)
    query = {"persona": "halfway_through", "channel": "sms", "locale": "zh-CN"}

    def page(**more: str) -> str:
        view = View("en", f"try/{ID}.html", True, {**query, **more})  # noqa: FBT003 - a field by its place
        return render_page(try_page(shown, view, ID), view, shown)

    assert "this user is in arm plain" in page()
    assert "this user gets it" in page()
    assert "this user has no user_id" in page(**{"missing.user_id": "1"})
    outside = page(**{"v.application_submitted_at": "2026-11-19T00:00:00Z"})
    assert "outside of the audience" in outside


def test_without_a_running_experiment_nothing_is_said(repository: Path) -> None:
    workspace = open_workspace(repository)
    user = workspace.personas["halfway_through"]
    assert assign(workspace, workspace.messages[ID], SMS, user, NOW) is None
