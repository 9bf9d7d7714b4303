"""The hours in which rules let a message be sent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from copylab.lint.case import Words
from copylab.lint.detect.hours import DAYS
from copylab.lint.open_hours import open_hours
from copylab.lint.ruleset import find_rules
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.lint.open_hours import OpenHours

CONFIG = """\
brand: {{name: Example, signature: Example}}
locales: {{default: en-US}}
markets: [{markets}]
{more}
"""


@pytest.fixture
def hours(make_files: Callable[..., Path]) -> Callable[..., tuple[OpenHours, ...]]:
    """The hours of a marketing SMS."""

    def find(
        markets: str = "US",
        more: str = "",
        purpose: str = "marketing",
        files: dict[str, str] | None = None,
        as_of: date | None = None,
    ) -> Any:
        root = make_files(
            {
                "copylab.yaml": CONFIG.format(markets=markets, more=more),
                "templates/hi/message.yaml": f"purpose: {purpose}\nlive: plain\n",
                "templates/hi/sms.en-US.md": "Example: hi. Reply STOP to opt out\n",
                **(files or {}),
            }
        )
        workspace = open_workspace(root)
        rules, _ = find_rules(workspace.config.lint, workspace.sources)
        words = Words.of(workspace, ("hi", "sms", "en-US", "plain"), None)
        return open_hours(words, rules, as_of=as_of)

    return find


def told(found: tuple[OpenHours, ...]) -> list[tuple[str, str, list[str]]]:
    return [(h.rule.code, h.market, sorted(h.table.regions)) for h in found]


def test_each_rule_of_each_market_says_its_hours(hours: Any) -> None:
    assert told(hours("US, IN")) == [
        ("IN-SMS-005", "IN", []),
        ("US-SMS-007", "US", []),
        ("US-SMS-008", "US", ["fl", "ok", "wa"]),
        ("US-SMS-008", "US", ["tx"]),
    ]


def test_hours_differ_by_day(hours: Any) -> None:
    texas = hours()[-1].table
    assert texas.open["sun"] == ((12 * 60, 21 * 60),)
    assert {texas.open[day] for day in DAYS[:6]} == {((9 * 60, 21 * 60),)}


def test_a_purpose_or_a_market_that_no_rule_limits_has_none(hours: Any) -> None:
    assert hours(purpose="transactional") == ()
    assert hours("CA") == ()


def test_the_states_that_are_declared_count_alone(hours: Any) -> None:
    found = hours(more="sending: {states: [TX]}")
    assert told(found) == [("US-SMS-007", "US", []), ("US-SMS-008", "US", ["tx"])]


def test_consent_can_open_the_night(hours: Any) -> None:
    assert told(hours("KR")) == [("KR-MSG-003", "KR", [])]
    assert hours("KR", more="sending: {night_consent: true}") == ()


def test_a_rule_that_is_off_for_the_file_says_nothing(hours: Any) -> None:
    off = (
        "lint: {overrides: [{paths: [templates/hi/**], rules: {us-state-window: off}}]}"
    )
    assert told(hours(more=off)) == [("US-SMS-007", "US", [])]


def test_a_rule_of_a_teams_own_says_its_hours_when_it_is_in_force(hours: Any) -> None:
    pack = """\
rules:
- name: acme-hours
  code: ACME1
  severity: error
  channels: [sms]
  effective_from: 2027-01-01
  kind: send_window
  windows: [{hours: "10:00-16:00"}]
  message: "{match} is not when we send"
  help: send by day
"""
    more = "lint: {packs: [own.yaml]}"
    files = {"own.yaml": pack}
    assert told(hours("CA", more, files=files, as_of=date(2026, 12, 31))) == []
    (only,) = hours("CA", more, files=files, as_of=date(2027, 1, 1))
    assert only.table.open["mon"] == ((600, 960),)
