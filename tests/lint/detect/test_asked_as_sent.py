"""Words that are asked for, and what makes them unnecessary, may stand anywhere as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.lint.engine import lint_catalog
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Lint = Callable[..., list[str]]

PACK = """\
rules:
- name: acme
  code: ACME1
  severity: error
  help: mend it
  kind: must_contain
  when: loan
  patterns: [representative]
  unless: '{unless}'
  message: "'{{match}}' lacks it"
"""
MESSAGE = """\
purpose: marketing
live: plain
variables:
  late: {type: bool, missing: false}
"""
CONFIG = """\
brand: {{name: Example, signature: Example}}
markets: [{markets}]
sms:
  profile: {{US: ours, default: gsm}}
  profiles:
    ours: {{extends: gsm, suffix: "{suffix}", source: a contract, as_of: 2026-03-01}}
lint: {{packs: [own.yaml]}}
"""
TOLD = ["'loan' lacks it"]


@pytest.fixture
def told(make_files: Callable[..., Path]) -> Lint:
    """What the rule says about a text."""

    def run(
        copy: str,
        *,
        channel: str = "sms",
        unless: str = "no credit",
        suffix: str = " Bye",
        markets: str = "US",
    ) -> list[str]:
        root = make_files(
            {
                "own.yaml": PACK.format(unless=unless),
                "copylab.yaml": CONFIG.format(suffix=suffix, markets=markets),
                "templates/hi/message.yaml": MESSAGE,
                f"templates/hi/{channel}.en-US.md": f"# plain\n{copy}\n",
            }
        )
        found = lint_catalog(open_workspace(root), select=["acme"]).findings
        assert {item.rule for item in found} <= {"acme"}
        return [item.message for item in found]

    return run


def test_what_the_gateway_adds_is_said(told: Lint) -> None:
    assert told("Example: a loan.") == TOLD
    assert told("Example: a loan.", suffix=" 9% representative") == []


def test_what_the_gateway_adds_makes_it_unnecessary(told: Lint) -> None:
    assert told("Example: a loan.", suffix=" This is no credit") == []


def test_each_market_is_told_of_what_it_gets(told: Lint) -> None:
    said = {"suffix": " 9% representative", "markets": "US, GB"}
    assert told("Example: a loan.", **said) == TOLD


def test_another_field_makes_it_unnecessary(told: Lint) -> None:
    push = "## title\n{title}\n## body\nA loan for you."
    assert told(push.format(title="Hello"), channel="push") == TOLD
    assert told(push.format(title="This is no credit"), channel="push") == []


def test_another_field_that_only_may_say_it_does_not(told: Lint) -> None:
    title = "Hi{% if late %}, this is no credit{% endif %}"
    push = f"## title\n{title}\n## body\n"
    assert told(f"{push}A loan for you.", channel="push") == TOLD
    body = "Hi{% if late %}, a loan for you{% endif %}"
    assert told(push + body, channel="push") == []
