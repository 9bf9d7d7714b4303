"""What gateways refuse to take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.caps import find_excesses, free_size
from copylab.channels.route import Route
from copylab.channels.sms import measure
from copylab.channels.sms_profile import load_profile, profile_names


@pytest.mark.parametrize(
    ("name", "char", "most", "key", "said"),
    [
        ("cn", "中", 500, "max_units", "501 UTF-16 units are sent, and cn takes 500"),
        ("cn-baidu", "a", 600, "max_units", "601 UTF-16 units"),
        ("kr", "a", 2000, "max_units", "2,001 octets are sent, and kr takes 2,000"),
        ("kr", "가", 1000, "max_units", "2,002 octets are sent, and kr takes 2,000"),
        ("jp", "あ", 660, "max_ucs2_units", "661 UTF-16 units"),
        ("us-twilio", "a", 1600, "max_characters", "1,601 characters are sent"),
        ("us-twilio", "{", 1600, "max_characters", "1,601 characters are sent"),
        ("govuk", "中", 918, "max_characters", "919 characters"),
        ("altinn", "a", 16 * 153, "max_segments", "17 parts are sent"),
        (
            "gsm",
            "a",
            255 * 153,
            "max_segments",
            "256 parts are sent, and gsm takes 255",
        ),
    ],
)
def test_the_most_is_taken_and_one_more_is_not(
    name: str, char: str, most: int, key: str, said: str
) -> None:
    route = Route("", load_profile(name), "", "", {})
    assert route.excesses(char * most) == ()
    (excess,) = route.excesses(char * (most + 1))
    assert excess.key == key
    assert said in str(excess)


def test_a_text_may_exceed_two_caps() -> None:
    keys = [
        e.key for e in Route("", load_profile("jp"), "", "", {}).excesses("a" * 1531)
    ]
    assert keys == ["max_segments", "max_gsm7_units"]


def test_the_signature_counts_against_the_cap() -> None:
    route = Route("CN", load_profile("cn-aliyun"), "【示例】", "", {})
    assert route.excesses("中" * 496) == ()
    (excess,) = route.excesses("中" * 497)
    assert (excess.used, excess.most) == (501, 500)


@given(
    st.sampled_from(profile_names()),
    st.sampled_from("a{가"),
    st.integers(1, 2600),
)
def test_below_the_free_size_no_cap_is_exceeded(name: str, char: str, n: int) -> None:
    profile, text = load_profile(name), char * n
    length = measure(text, profile)
    found = find_excesses(text, length, profile)
    units, parts = free_size(profile)
    if length.units <= units and length.segments_max <= parts:
        for key, used in (
            ("max_segments", length.segments_max),
            ("max_units", length.units),
            ("max_characters", len(text)),
            ("max_gsm7_units", length.units * (length.encoding == "GSM-7")),
            ("max_ucs2_units", length.units * (length.encoding == "UCS-2")),
        ):
            most = getattr(profile, key)
            assert most is None or used <= most
        assert found == ()
    for excess in found:
        assert excess.used > excess.most
        assert getattr(profile, excess.key) == excess.most
