"""A negation near a claim denies it, unless it denies nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copylab.lint.detect.negation import NEAR_COLUMNS, clause_before
from copylab.lint.text import check_text

TEXTS = Path(__file__).parents[1] / "denied_texts.yaml"
GROUPS = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))["groups"]
CLAIMED = [
    pytest.param(item["text"], item["code"], group["settings"], id=item["text"][:40])
    for group in GROUPS
    for item in group["claimed"]
]
DENIED = [
    pytest.param(
        text, {i["code"] for i in group["claimed"]}, group["settings"], id=text[:40]
    )
    for group in GROUPS
    for text in group["denied"]
]


def codes(text: str, settings: dict[str, Any]) -> set[str]:
    return {item.code for item in check_text(text, **settings)}


@pytest.mark.parametrize(("text", "code", "settings"), CLAIMED)
def test_a_claim_is_told_beside_a_negation_that_denies_nothing(
    text: str, code: str, settings: dict[str, Any]
) -> None:
    assert code in codes(text, settings)


@pytest.mark.parametrize(("text", "told", "settings"), DENIED)
def test_a_claim_that_is_denied_is_not_told(
    text: str, told: set[str], settings: dict[str, Any]
) -> None:
    assert not told & codes(text, settings)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("一二三四五六七八九十一二三四五六", "五六七八九十一二三四五六"),
        ("We do not promise you ", "We do not promise you "),
        ("Nobody in our whole company may offer ", "whole company may offer "),
        ("Not now. We can offer ", " We can offer "),
        ("我们不会，也", "也"),
        ("非常", "~~"),
        ("Don't miss ", "~~~~~~~~~~ "),
    ],
)
def test_what_is_near_is_counted_in_columns(text: str, before: str) -> None:
    assert clause_before(text, len(text)) == before


@given(st.text(alphabet="a 不一.,'", max_size=80))
def test_what_is_near_ends_at_the_place_and_stays_in_its_clause(text: str) -> None:
    found = clause_before(text, len(text))
    assert text.endswith(found)
    assert not set(found) & set(".,")
    assert found == clause_before(f"{'a' * 200}. {text}"[-len(text) :], len(text))
    assert len(found) <= len(text)
    hanzi = sum(char > "z" for char in found)
    assert hanzi * 2 <= NEAR_COLUMNS + 1
