"""The limits of push services: each has its source and date, and can be overridden."""

from __future__ import annotations

import re

import pytest

from copylab.channels.dated import load_dated
from copylab.channels.push_profile import (
    LIMITS,
    PushProfile,
    load_push_profile,
    override_limits,
    push_profile_names,
    vendor_names,
)

# The makers' table: title, body, what they count, marketing a day, with a licence.
TABLE = {
    "huawei": (40, 80, ("characters", "characters"), 2, 5),
    "honor": (60, 2048, ("columns", "characters"), 2, 5),
    "xiaomi": (50, 128, ("characters", "characters"), 5, 8),
    "oppo": (32, 128, ("characters", "characters"), 2, 5),
    "vivo": (40, 100, ("columns", "columns"), 2, 5),
    "meizu": (32, 100, ("characters", "characters"), 3, 5),
    "harmony": (30, 2048, ("characters", "characters"), 2, 5),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_limits_of_a_maker(name: str) -> None:
    title, body, units, usual, news = TABLE[name]
    profile = load_push_profile(name)
    assert (profile.max_title, profile.max_body) == (title, body)
    assert (profile.title_unit, profile.body_unit) == units
    assert profile.max_daily_marketing == usual
    assert profile.max_daily_marketing_news == news


def test_the_makers_are_those_of_the_table() -> None:
    assert vendor_names() == tuple(sorted(TABLE))
    others = set(push_profile_names()) - set(TABLE)
    assert others == {"apns", "fcm", "webpush"}


def test_nights_are_quiet_at_huawei_and_honor_alone() -> None:
    quiet = {
        name: (profile.quiet_from_hour, profile.quiet_to_hour)
        for name in push_profile_names()
        if (profile := load_push_profile(name)).quiet_from_hour is not None
    }
    assert quiet == {"huawei": (0, 6), "honor": (0, 6)}


def test_the_class_that_makers_ask_for() -> None:
    xiaomi = load_push_profile("xiaomi")
    assert (xiaomi.class_key, xiaomi.class_required) == ("channel_id", True)
    assert xiaomi.max_daily_default_class == 1
    huawei = load_push_profile("huawei")
    assert (huawei.class_key, huawei.marketing_class) == ("category", "MARKETING")
    assert not huawei.class_required
    assert load_push_profile("honor").marketing_class == "LOW"
    assert load_push_profile("vivo").marketing_class == "0"
    required = [
        name for name in vendor_names() if load_push_profile(name).class_required
    ]
    assert required == ["xiaomi"]


def test_only_vivo_drops_what_repeats() -> None:
    names = vendor_names()
    assert [n for n in names if load_push_profile(n).removes_duplicates] == ["vivo"]


def test_the_limits_of_payloads() -> None:
    limits = {
        name: (profile.error_payload_bytes, profile.warning_payload_bytes)
        for name in push_profile_names()
        if (profile := load_push_profile(name))
        and (profile.error_payload_bytes or profile.warning_payload_bytes)
    }
    assert limits == {
        "apns": (4096, None),
        "fcm": (4000, 3500),
        "webpush": (3993, 3800),
        "huawei": (4096, None),
        "harmony": (4096, None),
        "vivo": (None, 700),
    }


@pytest.mark.parametrize("name", push_profile_names())
def test_every_value_has_its_source_and_its_day(name: str) -> None:
    for key, dated in load_dated("push", name).items():
        assert len(dated.source) > 10, key
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", dated.as_of), key


@pytest.mark.parametrize("name", push_profile_names())
def test_values_have_the_types_that_the_profile_says(name: str) -> None:
    profile = load_push_profile(name)
    for key, kind in PushProfile.__annotations__.items():
        value = getattr(profile, key)
        shown = "NoneType" if value is None else type(value).__name__
        assert shown in kind.replace("None", "NoneType"), key


@pytest.mark.parametrize(
    ("name", "field", "text", "length"),
    [
        ("vivo", "title", "中文ab", 6),
        ("vivo", "title", "“é°”", 8),  # class A is wide on the phones of China
        ("vivo", "body", "ｱＡ", 3),
        ("honor", "title", "é" * 60, 60),
        ("honor", "title", "汉" * 30, 60),
        ("honor", "body", "汉" * 30, 30),
        ("huawei", "title", "汉字ab", 4),
        ("harmony", "title", "😀", 1),
    ],
)
def test_a_maker_counts_in_its_own_unit(
    name: str, field: str, text: str, length: int
) -> None:
    assert load_push_profile(name).measure(text, field) == length


def test_a_workspace_can_override_a_limit() -> None:
    oppo = load_push_profile("oppo")
    changed = override_limits(oppo, {"max_title": 50, "max_body": 200})
    assert changed.limit("title") == (50, "characters")
    assert changed.limit("body") == (200, "characters")
    assert changed.max_daily_marketing == oppo.max_daily_marketing
    assert load_push_profile("oppo").max_title == 32
    assert override_limits(oppo, {}) is oppo


def test_a_limit_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="limit == 'title', must be one of max_title"):
        override_limits(load_push_profile("oppo"), {"title": 3})
    with pytest.raises(ValueError, match="max_title == 0, must be at least 1"):
        override_limits(load_push_profile("oppo"), {"max_title": 0})
    assert all(hasattr(load_push_profile("oppo"), name) for name in LIMITS)


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of apns, fcm, harmony"):
        load_push_profile("hms")
