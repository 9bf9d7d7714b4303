"""What the packs say of texts as copywriters write them, clean ones among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.text import check_text

TEXTS = Path(__file__).parent / "written_texts.yaml"
GROUPS = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))["groups"]
PACKS = {rule.code for rule in builtin_pack_rules()}
TOLD = [
    pytest.param(item["text"], item["codes"], group["settings"], id=item["text"][:40])
    for group in GROUPS
    for item in group.get("told", ())
]
CLEAN = [
    pytest.param(text, group["settings"], id=text[:40])
    for group in GROUPS
    for text in group.get("clean", ())
]


def told(text: str, settings: dict[str, Any]) -> set[str]:
    """The codes of the rules that say more than a note."""
    found = check_text(text, **settings)
    return {item.code for item in found if item.severity != "info"} & PACKS


@pytest.mark.parametrize(("text", "codes", "settings"), TOLD)
def test_a_breach_is_told_however_it_is_written(
    text: str, codes: str, settings: dict[str, Any]
) -> None:
    assert set(codes.split()) <= told(text, settings)


@pytest.mark.parametrize(("text", "settings"), CLEAN)
def test_a_clean_text_is_told_nothing(text: str, settings: dict[str, Any]) -> None:
    assert told(text, settings) == set()
