"""Words that are written to pass filters are read as they are meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.lint.fold import fold
from copylab.lint.text import check_text
from copylab.lint.unmask import unmask


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("零風險貸款", "零风险贷款"),
        ("最 佳 平 台", "最佳平台"),
        ("秒.批,贷*款", "秒批,贷款"),
        ("朂佳", "最佳"),
        ("加薇信", "加微信"),
        ("zuì jiā 选择", "zui jia 选择"),
        ("L.O.A.N now", "LOAN now"),
        ("g u a r a n t e e d", "guaranteed"),
        ("gu\u0430ranteed p\u0430yd\u0430y", "guaranteed payday"),
        ("\u0441\u043e\u0440\u0443", "copy"),  # all of them look alike
        ("g\u1d1caranteed", "guaranteed"),
        ("l0an c4sh fr33", "loan cash free"),
        ("gua\u200brant\u00adeed", "guaranteed"),
    ],
)
def test_a_disguise_is_taken_off(text: str, meant: str) -> None:
    found = unmask(fold(text))
    assert found is not None
    assert found.text == meant


@pytest.mark.parametrize(
    "text",
    [
        "Hello world, it costs $5.00 (24/7) in the U.S. or A/B",
        "Reply STOP 2 end. Ref AB12345, 4th of May, H1N1 is none",
        "γειά σου κόσμε",
        "Привет, мир! Мама мыла раму",
        "您好 请点击 APP 查看3月账单",
        "क्\u200dष नमस्ते",
        "می\u200cخواهم",
        "👩\u200d🚀 и 🇩🇪",
        "Grüße aus Köln, déjà vu",
        "수신거부 080-000-0000",
        "ありがとうございます。Ａ４サイズ",
    ],
)
@pytest.mark.parametrize("market", ["CN", "US"])
def test_honest_text_hides_nothing(text: str, market: str) -> None:
    found = check_text(text, channel="push", market=market, industry="lending")
    assert not [item for item in found if item.code.startswith("X-EVADE")]


@given(st.text(max_size=60))
def test_every_character_knows_where_it_stands(text: str) -> None:
    found = unmask(text)
    if found is None:
        return
    assert len(found.places) == len(found.text)
    assert list(found.places) == sorted(found.places)
    for index in range(len(found.text)):
        start, end = found.span(index, index + 1)
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=60))
def test_what_is_unmasked_once_stays_so(text: str) -> None:
    found = unmask(text)
    again = None if found is None else unmask(found.text)
    if found is None or again is None:
        return
    once_more = unmask(again.text)
    assert once_more is None or len(once_more.text) <= len(again.text)


@pytest.mark.parametrize(
    ("words", "as_written"),
    [
        ("最 佳", "最 佳"),
        ("最-佳", "最-佳"),
        ("朂佳", "朂佳"),
        ("頂級", "頂級"),
    ],
)
def test_a_hidden_word_is_told_twice_where_it_is_written(
    words: str, as_written: str
) -> None:
    text = f"【示例】{words}选择,请来店选购。拒收请回复R"
    found = check_text(text, channel="sms", market="CN", locale="zh-CN", brand="示例")
    told = {item.code: item for item in found}
    assert {"CN-AD-001", "X-EVADE-003"} <= told.keys()
    for code in ("CN-AD-001", "X-EVADE-003"):
        item = told[code]
        assert item.column is not None
        assert item.end_column is not None
        assert text[item.column - 1 : item.end_column - 1] == as_written
    assert f"written '{as_written}'" in told["CN-AD-001"].message


def test_a_word_in_the_open_is_told_once() -> None:
    text = "【示例】最佳选择,请来店选购。拒收请回复R"
    found = check_text(text, channel="sms", market="CN", locale="zh-CN", brand="示例")
    assert [item.code for item in found if item.severity == "error"] == ["CN-AD-001"]
    assert "written" not in found[0].message
