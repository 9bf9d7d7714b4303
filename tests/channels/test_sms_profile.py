"""Profiles: dated data."""

from __future__ import annotations

import re

import pytest

from copylab.channels.dated import dated_names, load_dated
from copylab.channels.push_profile import load_push_profile, push_profile_names
from copylab.channels.sms_profile import (
    GSM,
    Capacity,
    SmsProfile,
    load_profile,
    profile_names,
    profile_sources,
)


def test_standard_in_code_is_the_standard_in_its_file() -> None:
    assert load_profile("gsm") == GSM


def test_domestic_chinese_profile() -> None:
    profile = load_profile("cn")
    assert profile.encoding == "UCS-2"
    assert profile.ucs2 == Capacity(70, 67)
    assert (profile.max_units, profile.signature_counted) == (500, True)


def test_profile_is_loaded_once() -> None:
    assert load_profile("cn") is load_profile("cn")
    assert set(profile_names()) >= {"cn", "gsm"}


@pytest.mark.parametrize("kind", ["sms", "push"])
def test_every_value_has_a_source_and_a_date(kind: str) -> None:
    assert dated_names(kind)
    for name in dated_names(kind):
        for key, dated in load_dated(kind, name).items():
            assert len(dated.source) > 10, (name, key)
            assert re.fullmatch(r"20\d\d-\d\d-\d\d", dated.as_of), (name, key)


def test_sources_are_given_for_each_value() -> None:
    assert profile_sources("cn")["max_units"].value == 500


@pytest.mark.parametrize("name", ["", "GSM", "../gsm", "push/apns", "nowhere"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        load_profile(name)


@pytest.mark.parametrize("encoding", ["auto", "UCS-2", "cp949"])
def test_profile_without_the_capacity_it_needs_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match="must be a Capacity"):
        SmsProfile("broken", encoding)


def test_push_profiles_load_with_margins_in_order() -> None:
    assert {"apns", "fcm", "vivo"} <= set(push_profile_names())
    for name in push_profile_names():
        profile = load_push_profile(name)
        assert profile.title_unit in {"characters", "columns"}
    fcm = load_push_profile("fcm")
    assert (fcm.max_payload_bytes, fcm.error_payload_bytes) == (4096, 4000)
    assert fcm.warning_payload_bytes == 3500
    assert load_push_profile("apns").max_payload_bytes == 4096
