"""Every key of the services stands where it belongs, and bad options are refused."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.push import (
    WEB_PUSH_OVERHEAD,
    ApnsHeaders,
    ApnsOptions,
    FcmOptions,
    VendorOptions,
    WebPushAction,
    WebPushHeaders,
    WebPushOptions,
    apns_headers,
    apns_payload,
    fcm_bytes,
    fcm_payload,
    load_push_profile,
    payload_bytes,
    vendor_payload,
    web_push_body_bytes,
    web_push_headers,
    web_push_payload,
)
from copylab.channels.push_apns import apns_builder
from copylab.channels.push_fcm import fcm_builder
from copylab.channels.push_vendor import vendor_builder
from copylab.channels.push_web import web_push_builder

LINK = "https://shop.example/a"


def test_apns_has_every_key_of_the_alert_and_of_aps() -> None:
    options = ApnsOptions(
        subtitle="s",
        title_loc_key="TITLE",
        title_loc_args=("a",),
        subtitle_loc_key="SUB",
        subtitle_loc_args=("b",),
        loc_key="BODY",
        loc_args=("c", "d"),
        launch_image="start.png",
        badge=2,
        sound={"critical": True, "name": "ding.caf", "volume": 0.5},
        thread_id="th",
        category="CAT",
        target_content_id="win",
        interruption_level="time-sensitive",
        relevance_score=1,
        content_available=True,
        mutable_content=True,
    )
    assert apns_payload("t", "b", options, data={"link": LINK}) == {
        "aps": {
            "alert": {
                "title": "t",
                "body": "b",
                "subtitle": "s",
                "title-loc-key": "TITLE",
                "title-loc-args": ["a"],
                "subtitle-loc-key": "SUB",
                "subtitle-loc-args": ["b"],
                "loc-key": "BODY",
                "loc-args": ["c", "d"],
                "launch-image": "start.png",
            },
            "badge": 2,
            "sound": {"critical": 1, "name": "ding.caf", "volume": 0.5},
            "thread-id": "th",
            "category": "CAT",
            "target-content-id": "win",
            "interruption-level": "time-sensitive",
            "relevance-score": 1,
            "content-available": 1,
            "mutable-content": 1,
        },
        "link": LINK,
    }


def test_apns_headers_are_texts_by_name() -> None:
    assert apns_headers() == {"apns-push-type": "alert"}
    headers = ApnsHeaders("background", 5, 0, "com.shop.app", "é" * 32)
    assert apns_headers(headers) == {
        "apns-push-type": "background",
        "apns-priority": "5",
        "apns-expiration": "0",
        "apns-topic": "com.shop.app",
        "apns-collapse-id": "é" * 32,
    }


def test_fcm_has_every_key_of_the_platforms() -> None:
    options = FcmOptions(
        image=LINK,
        channel_id="news",
        tag="tag",
        collapse_key="k",
        priority="high",
        ttl="2419200s",
        notification_priority="PRIORITY_MAX",
        visibility="SECRET",
        title_loc_key="title",
        title_loc_args=("a",),
        body_loc_key="body",
        body_loc_args=("b",),
        android_image=LINK,
        apns=ApnsOptions(subtitle="s", badge=1),
        apns_headers=ApnsHeaders(priority=5),
        apns_image=LINK,
        webpush=WebPushOptions(icon=LINK, require_interaction=True),
        webpush_headers=WebPushHeaders(60, "low", "top"),
        webpush_link=LINK,
    )
    assert fcm_payload("t", "b", options, data={"k": "v"}) == {
        "notification": {"title": "t", "body": "b", "image": LINK},
        "android": {
            "collapse_key": "k",
            "priority": "high",
            "ttl": "2419200s",
            "notification": {
                "channel_id": "news",
                "tag": "tag",
                "title_loc_key": "title",
                "title_loc_args": ["a"],
                "body_loc_key": "body",
                "body_loc_args": ["b"],
                "notification_priority": "PRIORITY_MAX",
                "visibility": "SECRET",
                "image": LINK,
            },
        },
        "apns": {
            "headers": {"apns-push-type": "alert", "apns-priority": "5"},
            "payload": {
                "aps": {
                    "alert": {"title": "t", "body": "b", "subtitle": "s"},
                    "badge": 1,
                }
            },
            "fcm_options": {"image": LINK},
        },
        "webpush": {
            "headers": {"TTL": "60", "Urgency": "low", "Topic": "top"},
            "notification": {"icon": LINK, "requireInteraction": True},
            "fcm_options": {"link": LINK},
        },
        "data": {"k": "v"},
    }


def test_fcm_fills_the_alert_in_where_nothing_hides_it() -> None:
    options = FcmOptions(apns=ApnsOptions(sound="default"))
    message: Any = fcm_payload("t", "b", options)
    assert message["apns"] == {"payload": {"aps": {"sound": "default"}}}


def test_web_push_is_declarative() -> None:
    action = WebPushAction("later", "Later", LINK, LINK)
    options = WebPushOptions(
        lang="en",
        dir="rtl",
        tag="t",
        image=LINK,
        icon=LINK,
        badge=LINK,
        vibrate=(100, 50),
        timestamp=1,
        renotify=True,
        silent=False,
        require_interaction=True,
        actions=(action,),
        app_badge=0,
        mutable=True,
    )
    payload = web_push_payload("t", "b", options, navigate=LINK, data={"k": [1]})
    assert payload == {
        "web_push": 8030,
        "notification": {
            "title": "t",
            "body": "b",
            "navigate": LINK,
            "lang": "en",
            "dir": "rtl",
            "tag": "t",
            "image": LINK,
            "icon": LINK,
            "badge": LINK,
            "vibrate": [100, 50],
            "timestamp": 1,
            "renotify": True,
            "silent": False,
            "requireInteraction": True,
            "actions": [
                {"action": "later", "title": "Later", "navigate": LINK, "icon": LINK}
            ],
            "data": {"k": [1]},
        },
        "app_badge": 0,
        "mutable": True,
    }


def test_web_push_headers() -> None:
    assert web_push_headers() == {"TTL": "2419200"}
    full = WebPushHeaders(0, "very-low", "A-_9" * 8)
    assert web_push_headers(full) == {
        "TTL": "0",
        "Urgency": "very-low",
        "Topic": "A-_9" * 8,
    }


def test_encryption_leaves_3993_bytes_of_4096() -> None:
    empty = payload_bytes(web_push_payload("t", "", navigate=LINK))
    payload = web_push_payload("t", "b" * (3993 - empty), navigate=LINK)
    assert payload_bytes(payload) == 3993
    assert web_push_body_bytes(payload) == 4096
    assert WEB_PUSH_OVERHEAD == 16 + 4 + 1 + 65 + 1 + 16
    assert load_push_profile("webpush").max_payload_bytes == 4096 - WEB_PUSH_OVERHEAD


def test_a_makers_push_in_its_plain_form() -> None:
    options = VendorOptions("123", "MARKETING", "LOW", "0")
    assert vendor_payload("t", "b", options, data={"k": "v"}) == {
        "title": "t",
        "body": "b",
        "channel_id": "123",
        "category": "MARKETING",
        "importance": "LOW",
        "classification": "0",
        "data": {"k": "v"},
    }
    assert vendor_payload("t", "b") == {"title": "t", "body": "b"}


def test_fcm_accounts_by_fields() -> None:
    assert fcm_bytes({}) == 45
    assert fcm_bytes({"a": "v"}) == 45 + 6 + 2
    # The largest single field that users found to be accepted is 4051 octets.
    assert fcm_bytes({"a": "v" * 4050}) - 4096 == 6
    assert fcm_bytes({"键": "值", "n": 12}) == 45 + 6 + 6 + 6 + 1 + 2
    assert fcm_bytes({"a": {"b": ["c", "d"]}}) == 45 + 6 + 1 + 6 + 1 + 7 + 7
    assert fcm_bytes({"a": True, "b": None}) == 45 + 6 + 5 + 6 + 5


@given(st.dictionaries(st.text("ab中", min_size=1), st.text('x\n"中😀'), max_size=6))
def test_fcm_pays_for_neither_escapes_nor_blanks(data: dict[str, str]) -> None:
    words = sum(len((key + value).encode()) for key, value in data.items())
    assert fcm_bytes(data) == 45 + 6 * len(data) + words


@given(st.text('ab\n"中😀', max_size=40), st.text('ab\n"中😀', max_size=40))
def test_fcm_accounting_grows_by_the_bytes_of_the_words(one: str, other: str) -> None:
    empty = fcm_bytes(fcm_payload("t", ""))
    size = fcm_bytes(fcm_payload("t" + one, other))
    assert size == empty + len((one + other).encode())


BAD: list[tuple[type, dict[str, Any], str]] = [
    (ApnsOptions, {"badge": -1}, r"apns\.badge == -1, must be a whole number from 0"),
    (ApnsOptions, {"badge": True}, r"apns\.badge == True"),
    (ApnsOptions, {"sound": ""}, r"apns\.sound == '', .* leave it out"),
    (ApnsOptions, {"sound": {"critical": 1}}, "has no 'name'"),
    (ApnsOptions, {"sound": {"name": "a", "loud": 1}}, "has the key 'loud'"),
    (ApnsOptions, {"sound": {"name": "a", "volume": 2}}, r"sound\.volume == 2"),
    (ApnsOptions, {"sound": {"name": "a", "critical": []}}, r"sound\.critical == \[\]"),
    (ApnsOptions, {"category": 3}, r"apns\.category == 3, must be a text"),
    (ApnsOptions, {"loc_args": ("a",)}, "has arguments for no text; give loc_key"),
    (ApnsOptions, {"loc_args": "ab", "loc_key": "K"}, "must be a list of texts"),
    (ApnsOptions, {"loc_args": (1,), "loc_key": "K"}, r"loc_args\[0\] == 1"),
    (ApnsOptions, {"relevance_score": float("nan")}, "must be from 0 to 1"),
    (ApnsOptions, {"relevance_score": "high"}, "must be from 0 to 1"),
    (ApnsOptions, {"mutable_content": 1}, "must be True or False"),
    (ApnsHeaders, {"push_type": "loud"}, "must be one of alert, background"),
    (ApnsHeaders, {"priority": 7}, r"apns\.priority == 7, must be 10, 5 or 1"),
    (ApnsHeaders, {"priority": 10, "push_type": "background"}, "must be 5 for"),
    (ApnsHeaders, {"expiration": -1}, "or 0 to try once"),
    (ApnsHeaders, {"collapse_id": "é" * 33}, "has 66 bytes, APNs takes 64; cut 2"),
    (ApnsHeaders, {"topic": "a\r\nx: y"}, "no line breaks"),
    (FcmOptions, {"image": "file:///a"}, r"fcm\.image == 'file:///a', must be an addr"),
    (FcmOptions, {"webpush_link": "http://a.example"}, "must be an https address"),
    (FcmOptions, {"priority": "max"}, "must be one of normal, high"),
    (FcmOptions, {"ttl": "1h"}, "seconds such as 3600s"),
    (FcmOptions, {"ttl": "2419201s"}, "to 2419200s"),
    (FcmOptions, {"ttl": 60}, r"fcm\.ttl == 60"),
    (FcmOptions, {"visibility": "private"}, "PRIVATE, PUBLIC, SECRET"),
    (FcmOptions, {"notification_priority": "HIGH"}, "PRIORITY_HIGH"),
    (FcmOptions, {"title_loc_args": ("a",)}, "give title_loc_key too"),
    (FcmOptions, {"channel_id": ""}, r"fcm\.channel_id == ''"),
    (WebPushOptions, {"navigate": "javascript:x"}, r"webpush\.navigate == "),
    (WebPushOptions, {"dir": "up"}, "must be one of auto, ltr, rtl"),
    (WebPushOptions, {"renotify": True}, "needs a tag"),
    (WebPushOptions, {"silent": True, "vibrate": (1,)}, "contradicts"),
    (WebPushOptions, {"vibrate": (-1,)}, "must be a list of milliseconds"),
    (WebPushOptions, {"app_badge": -1}, "must be a whole number from 0"),
    (WebPushOptions, {"mutable": "yes"}, "must be True or False"),
    (WebPushAction, {"action": "a", "title": "", "navigate": LINK}, "not empty"),
    (WebPushHeaders, {"ttl": -1}, "must be whole seconds"),
    (WebPushHeaders, {"urgency": "urgent"}, "very-low, low, normal, high"),
    (WebPushHeaders, {"topic": "a" * 33}, "1 to 32 of the characters"),
    (WebPushHeaders, {"topic": "a b"}, "1 to 32 of the characters"),
    (VendorOptions, {"category": ""}, r"vendor\.category == ''"),
]


@pytest.mark.parametrize(("kind", "given", "message"), BAD)
def test_a_bad_option_is_refused_with_its_place(
    kind: type, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kind(**given)


def test_keys_that_belong_to_a_service_are_refused() -> None:
    with pytest.raises(ValueError, match="belongs to APNs"):
        apns_payload("t", "b", data={"aps": 1})
    for key in ("from", "message_type", "google.a", "gcm.notification.a"):
        with pytest.raises(ValueError, match="belongs to FCM"):
            fcm_payload("t", "b", data={key: "v"})


def test_web_push_needs_a_title_and_an_address() -> None:
    with pytest.raises(ValueError, match="lacks a title"):
        web_push_payload("", "b", navigate=LINK)
    with pytest.raises(ValueError, match="lacks an address to open"):
        web_push_payload("t", "b")
    with pytest.raises(ValueError, match=re.escape("must be an address")):
        web_push_payload("t", "b", navigate="mailto:a@b.example")


@pytest.mark.parametrize(
    "options", [ApnsOptions, ApnsHeaders, FcmOptions, WebPushOptions, WebPushHeaders]
)
def test_options_are_frozen(options: type) -> None:
    made = options()
    name = dataclasses.fields(made)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, name, None)


def test_payloads_share_nothing_with_each_other() -> None:
    apns = ApnsOptions(sound={"name": "a"}, loc_key="K", loc_args=("x",))
    web = WebPushOptions(vibrate=(1,), actions=(WebPushAction("a", "A", LINK),))
    fcm = FcmOptions(channel_id="c", body_loc_key="K", body_loc_args=("x",), apns=apns)
    data = {"k": "v"}
    builders = [
        partial(apns_builder(apns), "t", "b", data),
        partial(fcm_builder(fcm), "t", "b", data),
        partial(web_push_builder(web), "t", "b", LINK, data),
        partial(vendor_builder(VendorOptions("1")), "t", "b", data),
    ]
    for build in builders:
        first, before = build(), json.dumps(build())
        spoil(first)
        assert json.dumps(build()) == before
    assert data == {"k": "v"}


def spoil(value: Any) -> None:
    """Change every mapping and list inside of a payload."""
    inner = list(value.values()) if isinstance(value, dict) else list(value)
    for item in inner:
        if isinstance(item, dict | list):
            spoil(item)
    if isinstance(value, dict):
        value["changed"] = True
    else:
        value.append("changed")
