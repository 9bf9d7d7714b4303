"""Words that are written to pass filters are found; honest texts of any script are not.

Evasion is told by invisible-char, mixed-script-word, homoglyph and hidden-word. Forms that
fold to plain words need no such finding where the rule about the words finds them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.text import check_text

if TYPE_CHECKING:
    from copylab.findings import Finding

FOLDER = Path(__file__).parent / "evasive_texts"
EVASION = {"invisible-char", "mixed-script-word", "homoglyph", "hidden-word"}
WORDS = {
    rule.name
    for rule in builtin_pack_rules()
    if rule.detection is not None and rule.detection.kind == "must_not_contain"
}
EVASIVE_TEXTS = 60
HONEST_TEXTS = 50


def _groups(name: str) -> list[dict[str, Any]]:
    read = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return list(read["groups"])


EVASIVE = [
    pytest.param(
        item["text"], item["hides"], group["settings"], id=f"{group['how']}-{number}"
    )
    for group in _groups("evasive.yaml")
    for number, item in enumerate(group["texts"])
]
HONEST = [
    pytest.param(text, group["settings"], id=f"{group['settings']['locale']}-{number}")
    for group in _groups("honest.yaml")
    for number, text in enumerate(group["texts"])
]


def _covers(finding: Finding, text: str, hidden: str) -> bool:
    """Whether a finding is about the hidden word, or a part of it."""
    start = text.index(hidden)
    if finding.column is None or finding.end_column is None:
        return False
    return finding.column - 1 < start + len(hidden) and start < finding.end_column - 1


def test_there_are_enough() -> None:
    assert len(EVASIVE) >= EVASIVE_TEXTS
    assert len(HONEST) >= HONEST_TEXTS


@pytest.mark.parametrize(("text", "hides", "settings"), EVASIVE)
def test_an_evasive_text_is_found_where_it_hides_something(
    text: str, hides: str, settings: dict[str, Any]
) -> None:
    found = check_text(text, **settings)
    told = [
        item
        for item in found
        if item.rule in EVASION | WORDS and _covers(item, text, hides)
    ]
    assert told, [str(item) for item in found]


@pytest.mark.parametrize(("text", "settings"), HONEST)
def test_an_honest_text_hides_nothing(text: str, settings: dict[str, Any]) -> None:
    found = check_text(text, **settings)
    assert not [str(item) for item in found if item.rule in EVASION]


@pytest.mark.parametrize("market", ["CN", "US", "GB", "IN", "KR"])
@pytest.mark.parametrize("channel", ["sms", "push", "email"])
def test_an_honest_text_hides_nothing_in_any_market(market: str, channel: str) -> None:
    for group in _groups("honest.yaml"):
        if group["settings"]["locale"] == "zh-TW" and market == "CN":
            continue  # traditional characters hide words there, and only there
        for text in group["texts"]:
            said = {**group["settings"], "market": market, "channel": channel}
            said |= {"industry": "lending", "purpose": "marketing"}
            found = check_text(text, **said)
            assert not [str(item) for item in found if item.rule in EVASION], text
