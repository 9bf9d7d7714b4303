"""What the packs of many markets say of short texts, near misses included."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from copylab.lint.pack import load_pack
from copylab.lint.text import check_text

TEXTS = yaml.safe_load(
    (Path(__file__).parent / "market_texts.yaml").read_text(encoding="utf-8")
)
PACKS = ("uk", "eu", "india", "kr", "jp", "world")
OURS = {
    rule["name"] for pack in PACKS for rule in load_pack(f"rules/{pack}")["rules"]
} | {"optout-missing"}


@pytest.mark.parametrize("item", TEXTS, ids=lambda item: item["text"][:40])
def test_a_text_is_told_what_its_market_asks_for_and_a_near_miss_nothing(
    item: dict[str, str],
) -> None:
    found = check_text(
        item["text"],
        channel=item["channel"],
        market=item["market"],
        locale=item["locale"],
        purpose="marketing",
        brand="Example",
        industry=item["industry"],
    )
    told = {name for f in found if f.rule in OURS for name in (f.rule, f.code)}
    if item["told"] is None:
        assert not told, found
    else:
        assert item["told"] in told, found
