"""Wide signs in a pattern meet what texts are folded to."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.lint.detect.widened import widened
from copylab.lint.fold import fold
from copylab.lint.text import check_text


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("即送(?=[，。！])", "充值即送，快来", 1),
        ("专家[^，。！？\\n]{0,6}推荐", "专家在线，推荐关注", 0),
        ("专家[^，。！？\\n]{0,6}推荐", "专家们推荐", 1),
        ("真的吗？", "真的吗？", 1),
        ("真的吗？", "真的", 0),
        (r"真的吗\？", "真的吗？", 1),
        ("（广告）", "（广告）特价", 1),
        ("（广告）", "广告特价", 0),
        ("[０-９]{2}", "ab", 0),
        (r"[［\]]", "［", 1),
        ("a,b", "a,b", 1),
    ],
)
def test_wide_signs_are_met_in_folded_text(pattern: str, text: str, found: int) -> None:
    assert len(re.findall(widened(pattern), fold(text))) == found


@given(st.text(alphabet="，。！？（）ａ一b", min_size=1, max_size=8))
def test_a_text_meets_itself(text: str) -> None:
    assert re.fullmatch(widened(re.escape(text)), fold(text))
    assert re.fullmatch(widened(re.escape(text)), text)


@given(st.text(alphabet="，！（一b", max_size=6))
def test_a_set_meets_its_own(chars: str) -> None:
    pattern = widened(f"[^{chars}z]")
    for char in chars:
        assert not re.match(pattern, fold(char))


@pytest.mark.parametrize("comma", ["，", ","])
def test_a_clause_ends_at_a_comma_of_either_width(comma: str) -> None:
    found = check_text(
        f"理财专家在线{comma}推荐您关注风险提示，投资有风险",
        channel="push",
        market="CN",
        locale="zh-CN",
        industry="wealth",
    )
    assert "CN-FIN-006" not in {item.code for item in found}
