"""Profiles: dated data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from copylab.channels import sms_profile
from copylab.channels.dated import dated_names, load_dated
from copylab.channels.push_profile import load_push_profile, push_profile_names
from copylab.channels.sms import measure
from copylab.channels.sms_profile import (
    GSM,
    USUAL_PROFILES,
    VALUE_KINDS,
    Capacity,
    SmsProfile,
    load_profile,
    profile_names,
    profile_sources,
    profile_values,
    usual_profile,
)

FOLDER = Path(sms_profile.__file__).parent / "profiles"


def test_standard_in_code_is_the_standard_in_its_file() -> None:
    assert load_profile("gsm") == GSM


def test_usual_profiles_in_code_are_those_of_the_files() -> None:
    found = {load_profile(name).default_market: name for name in profile_names()}
    del found[None]
    assert found == USUAL_PROFILES
    assert usual_profile("CN") is load_profile("cn")
    assert usual_profile("FR") is usual_profile("") is GSM


@pytest.mark.parametrize("name", profile_names())
def test_every_value_of_a_file_is_of_its_kind(name: str) -> None:
    for key, value in profile_values(name).items():
        assert value is None or type(value) is VALUE_KINDS[key], key


@pytest.mark.parametrize("name", profile_names())
def test_a_file_says_what_it_is_about_and_lists_no_value_of_its_base(name: str) -> None:
    record = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert record["about"].endswith(".")
    base = record.get("extends")
    if base is not None:
        own = {key: entry["value"] for key, entry in record["values"].items()}
        said = {key: own[key] for key in own if own[key] is not None}
        base_values = profile_values(base)
        same = [key for key in said if base_values.get(key) == said[key]]
        # A figure may be the same for a reason of its own, with a source of its own.
        assert len(same) < max(2, len(said)), same


def test_domestic_chinese_profile() -> None:
    profile = load_profile("cn")
    assert profile.encoding == "UCS-2"
    assert profile.ucs2 == Capacity(70, 67)
    assert (profile.max_units, profile.signature_counted) == (500, True)
    assert profile.signature_format is None


@pytest.mark.parametrize("name", ["cn-aliyun", "cn-tencent", "cn-huawei"])
def test_chinese_gateways_add_the_signature_and_count_it(name: str) -> None:
    profile = load_profile(name)
    assert (profile.signature_format, profile.max_units) == ("【{}】", 500)
    assert profile.ucs2 == load_profile("cn").ucs2
    assert profile.bills == "code-points"


def test_korean_messages_are_octets_and_then_one_long_message() -> None:
    profile = load_profile("kr")
    assert profile.octets == Capacity(90, 90)
    assert (profile.long_product, profile.max_units) == ("LMS", 2000)
    assert profile.products == ("SMS", "LMS")


def test_japanese_caps_are_the_strictest_and_differ_by_encoding() -> None:
    profile = load_profile("jp")
    assert (profile.max_gsm7_units, profile.max_ucs2_units) == (1530, 660)
    assert measure("a" * 1530, profile).segments == 10
    assert measure("あ" * 660, profile).segments == 10


@pytest.mark.parametrize(
    ("name", "characters"),
    [("us-twilio", 1600), ("aws-sns", 1600), ("braze", 1600), ("signalwire", 1600),
     ("adobe", 1500), ("govuk", 918), ("ca-notify", 612)],
)  # fmt: skip
def test_caps_of_gateways(name: str, characters: int) -> None:
    assert load_profile(name).max_characters == characters


def test_a_longer_header_leaves_less() -> None:
    profile = load_profile("gsm-16bit")
    assert (profile.gsm7, profile.ucs2) == (Capacity(160, 152), Capacity(70, 66))


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


def test_sources_are_given_for_each_value_those_of_the_base_too() -> None:
    assert profile_sources("cn")["max_units"].value == 500
    assert profile_sources("cn-aliyun")["ucs2_part_units"].source.startswith("Tencent")


@pytest.mark.parametrize("name", ["", "GSM", "../gsm", "push/apns", "nowhere"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        load_profile(name)


@pytest.mark.parametrize("encoding", ["auto", "GSM-7", "UCS-2", "cp949"])
def test_profile_without_the_capacity_it_needs_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match="must be a Capacity"):
        SmsProfile("broken", encoding)


@pytest.mark.parametrize(("single", "part"), [(70, 3), (70, 0), (60, 67), (2, 2)])
def test_a_capacity_that_holds_no_character_is_refused(single: int, part: int) -> None:
    with pytest.raises(ValueError, match="_units == "):
        Capacity(single, part)


def test_push_profiles_load_with_margins_in_order() -> None:
    assert {"apns", "fcm", "vivo"} <= set(push_profile_names())
    for name in push_profile_names():
        profile = load_push_profile(name)
        assert profile.title_unit in {"characters", "columns"}
    fcm = load_push_profile("fcm")
    assert (fcm.max_payload_bytes, fcm.error_payload_bytes) == (4096, 4000)
    assert fcm.warning_payload_bytes == 3500
    assert load_push_profile("apns").max_payload_bytes == 4096
