"""Locales: tags, parents and direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.locales import locale_parents, normalise_locale, text_direction


@pytest.mark.parametrize(
    ("tag", "normal"),
    [
        ("zh-CN", "zh-CN"),
        ("ZH_hans_cn", "zh-Hans-CN"),
        (" en-us ", "en-US"),
        ("es-419", "es-419"),
        ("fil", "fil"),
        ("z", None),
        ("chinese", None),
        ("", None),
        ("zh-CN-", None),
        ("zh--CN", None),
        ("en-US\n-x", None),
        ("default", None),
        ("é-US", None),
    ],
)
def test_tags_have_one_form(tag: str, normal: str | None) -> None:
    assert normalise_locale(tag) == normal


@pytest.mark.parametrize(
    ("tag", "parents"),
    [
        ("zh-Hans-CN", ("zh-Hans-CN", "zh-CN", "zh-Hans", "zh")),
        ("zh-CN", ("zh-CN", "zh")),
        ("sr-Latn", ("sr-Latn", "sr")),
        ("zh", ("zh",)),
        ("nonsense!", ()),
        ("", ()),
    ],
)
def test_the_script_is_dropped_before_the_region(
    tag: str, parents: tuple[str, ...]
) -> None:
    assert locale_parents(tag) == parents


@given(tag=st.text(max_size=12))
def test_any_text_is_a_tag_or_none(tag: str) -> None:
    normal = normalise_locale(tag)
    if normal is None:
        assert locale_parents(tag) == ()
    else:
        assert normalise_locale(normal) == normal
        assert locale_parents(tag)[0] == normal


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("ur_PK", "rtl"),
        ("az-Arab-IR", "rtl"),
        ("pa-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("zh-CN", "ltr"),
        ("arn", "ltr"),
        ("nonsense!", "ltr"),
    ],
)
def test_direction_follows_the_script(tag: str, direction: str) -> None:
    assert text_direction(tag) == direction
