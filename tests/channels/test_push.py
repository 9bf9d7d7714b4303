"""Push payloads and their sizes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.push import (
    SERIALIZERS,
    ApnsOptions,
    FcmOptions,
    apns_payload,
    display_width,
    fcm_payload,
    json_char_bytes,
    payload_bytes,
)

SETTINGS: dict[str, dict[str, Any]] = {
    "compact": {"ensure_ascii": False, "separators": (",", ":")},
    "spaced": {"ensure_ascii": False, "separators": (", ", ": ")},
    "ascii": {},
}
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, JSON, max_size=4), st.sampled_from(SERIALIZERS))
def test_size_is_that_of_the_json_sent(
    payload: dict[str, Any], serializer: str
) -> None:
    sent = json.dumps(payload, **SETTINGS[serializer]).encode()
    assert payload_bytes(payload, serializer) == len(sent)  # type: ignore[arg-type]


def test_chinese_payload_at_the_limit_doubles_when_escaped() -> None:
    payload = apns_payload("", "中" * 1352)
    payload["aps"]["alert"]["title"] = ""  # type: ignore[index]
    assert payload_bytes(payload) == 4096
    assert payload_bytes(payload, "ascii") == 8157


@pytest.mark.parametrize(
    ("char", "compact", "ascii_"),
    [("a", 1, 1), ('"', 2, 2), ("\\", 2, 2), ("\n", 2, 2), ("\x01", 6, 6),
     ("\x7f", 1, 6), ("é", 2, 6), ("中", 3, 6), ("😀", 4, 12)],
)  # fmt: skip
def test_cost_of_a_character(char: str, compact: int, ascii_: int) -> None:
    assert json_char_bytes(char) == compact
    assert json_char_bytes(char, "ascii") == ascii_


@given(TEXT, st.sampled_from(SERIALIZERS))
def test_costs_of_characters_sum_to_the_size(text: str, serializer: str) -> None:
    envelope = payload_bytes(apns_payload("t", ""), serializer)  # type: ignore[arg-type]
    cost = sum(json_char_bytes(char, serializer) for char in text)  # type: ignore[arg-type]
    assert payload_bytes(apns_payload("t", text), serializer) == envelope + cost  # type: ignore[arg-type]


@pytest.mark.parametrize("serializer", ["compact", "spaced"])
def test_lone_surrogate_is_refused(serializer: str) -> None:
    with pytest.raises(ValueError, match=r"lone surrogate \(U\+D83D\)"):
        payload_bytes(apns_payload("t", "\ud83d"), serializer)  # type: ignore[arg-type]


def test_bad_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="must be one of compact, spaced, ascii"):
        payload_bytes({}, "utf8")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="JSON compliant"):
        payload_bytes({"x": float("nan")})
    with pytest.raises(ValueError, match="belongs to APNs"):
        apns_payload("t", "b", data={"aps": {}})
    with pytest.raises(TypeError, match="must be a string for FCM"):
        fcm_payload("t", "b", data={"x": 1})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="relevance_score == 2"):
        ApnsOptions(relevance_score=2)
    with pytest.raises(ValueError, match="interruption_level == 'loud'"):
        ApnsOptions(interruption_level="loud")  # type: ignore[arg-type]


def test_apns_keys() -> None:
    options = ApnsOptions(
        subtitle="s", badge=0, sound="default", thread_id="th", category="c",
        interruption_level="passive", relevance_score=0.0, mutable_content=True,
    )  # fmt: skip
    assert apns_payload("t", "b", options, data={"message": "winback"}) == {
        "aps": {
            "alert": {"title": "t", "subtitle": "s", "body": "b"},
            "badge": 0,
            "sound": "default",
            "thread-id": "th",
            "category": "c",
            "interruption-level": "passive",
            "relevance-score": 0.0,
            "mutable-content": 1,
        },
        "message": "winback",
    }
    assert apns_payload("t", "b") == {"aps": {"alert": {"title": "t", "body": "b"}}}


def test_fcm_keys() -> None:
    options = FcmOptions(
        image="https://i.example/x.png", channel_id="marketing", tag="w",
        collapse_key="k", priority="normal", ttl="3600s",
        notification_priority="PRIORITY_LOW", visibility="PRIVATE",
    )  # fmt: skip
    assert fcm_payload("t", "b", options, data={"message": "winback"}) == {
        "notification": {"title": "t", "body": "b", "image": "https://i.example/x.png"},
        "android": {
            "collapse_key": "k",
            "priority": "normal",
            "ttl": "3600s",
            "notification": {
                "channel_id": "marketing",
                "tag": "w",
                "notification_priority": "PRIORITY_LOW",
                "visibility": "PRIVATE",
            },
        },
        "data": {"message": "winback"},
    }
    assert fcm_payload("t", "b") == {"notification": {"title": "t", "body": "b"}}


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("中文", 4), ("Ａ", 2), ("ｱ", 1), ("e\u0301", 1), ("é", 1), ("😀", 2),
     ("", 0), ("a\u200d", 1), ("您好ab", 6)],
)  # fmt: skip
def test_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_ambiguous_characters_are_wide_on_request() -> None:
    assert display_width("°") == 1
    assert display_width("°", ambiguous_columns=2) == 2


@given(st.text(), st.text())
def test_columns_add_up(one: str, other: str) -> None:
    assert display_width(one + other) == display_width(one) + display_width(other)
