"""The bytes of a payload are those its sender writes, for every sender and every text."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.channels import push
from copylab.channels.push import (
    SERIALIZERS,
    ApnsHeaders,
    ApnsOptions,
    FcmOptions,
    VendorOptions,
    WebPushHeaders,
    WebPushOptions,
    apns_headers,
    apns_payload,
    fcm_bytes,
    fcm_payload,
    json_char_bytes,
    payload_bytes,
    vendor_payload,
    web_push_body_bytes,
    web_push_headers,
    web_push_payload,
)
from copylab.channels.screens import cut_to_columns, shown_on_screens

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS: dict[str, dict[str, Any]] = {
    "compact": {"ensure_ascii": False, "separators": (",", ":")},
    "spaced": {"ensure_ascii": False, "separators": (", ", ": ")},
    "ascii": {},
}
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)
ANY_TEXT = st.text(st.characters(), max_size=30)
"""Any code points, halves of surrogate pairs among them."""
NODE = shutil.which("node")
NODE_SIZES = """
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean);
for (const line of lines)
  console.log(Buffer.byteLength(JSON.stringify(JSON.parse(line))));
"""


@given(st.dictionaries(TEXT, JSON, max_size=5), st.sampled_from(SERIALIZERS))
def test_the_size_is_that_of_what_python_writes(
    payload: dict[str, Any], serializer: str
) -> None:
    sent = json.dumps(payload, **SETTINGS[serializer]).encode()
    assert payload_bytes(payload, serializer) == len(sent)  # type: ignore[arg-type]


@pytest.mark.skipif(NODE is None, reason="node is not installed here")
@settings(max_examples=1, suppress_health_check=[HealthCheck.large_base_example])
@given(st.data())
def test_the_compact_size_is_that_of_what_node_writes(data: st.DataObject) -> None:
    # Numbers are left out: JavaScript has one kind, which prints in its own way.
    words = st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
        ),
        max_leaves=6,
    )
    payloads = [{"v": data.draw(words)} for _ in range(40)]
    payloads += [{chr(code): chr(code) * 2} for code in range(0x20)]
    payloads += [
        {"title": chr(code)}
        for code in (*range(0x20, 0x3000, 7), *range(0x1F300, 0x1F700, 31), 0x2028)
    ]
    options = ApnsOptions(sound="default", badge=3, relevance_score=0.5)
    payloads += [
        apns_payload("标题", '正文 "a" \\ 😀', options),
        fcm_payload("t", "正"),
    ]
    lines = "\n".join(json.dumps(payload) for payload in payloads)
    ran = subprocess.run(
        [str(NODE), "-e", NODE_SIZES],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [int(line) for line in ran.stdout.split()] == [
        payload_bytes(payload) for payload in payloads
    ]


@given(TEXT, st.sampled_from(SERIALIZERS))
def test_a_text_costs_the_sum_of_its_characters(text: str, serializer: str) -> None:
    empty = payload_bytes({"body": ""}, serializer)  # type: ignore[arg-type]
    cost = sum(json_char_bytes(char, serializer) for char in text)  # type: ignore[arg-type]
    assert payload_bytes({"body": text}, serializer) == empty + cost  # type: ignore[arg-type]


ENTRY_POINTS: dict[str, Callable[[str, str], object]] = {
    "apns_payload": lambda a, b: apns_payload(a, b, data={a: b}),
    "fcm_payload": lambda a, b: fcm_payload(a, b, data={a: b}),
    "web_push_payload": lambda a, b: web_push_payload(a, b, navigate=b, data={a: b}),
    "vendor_payload": lambda a, b: vendor_payload(a, b, data={a: b}),
    "payload_bytes": lambda a, b: payload_bytes({a: [b, {b: a}]}, "ascii"),
    "fcm_bytes": lambda a, b: fcm_bytes({a: [b, {b: a}]}),
    "web_push_body_bytes": lambda a, b: web_push_body_bytes({a: b}, "spaced"),
    "json_char_bytes": lambda a, b: json_char_bytes(a[:1] + b[:1]),
    "serializer": lambda a, _b: payload_bytes({}, a),  # type: ignore[arg-type]
    "ApnsOptions": lambda a, b: apns_payload(
        "t",
        "b",
        ApnsOptions(subtitle=a, loc_key=b, loc_args=(a, b), sound={"name": a}),
    ),
    "apns_headers": lambda a, b: apns_headers(ApnsHeaders(topic=a, collapse_id=b)),
    "FcmOptions": lambda a, b: fcm_payload(
        "t", "b", FcmOptions(image=a, tag=b, ttl=a, body_loc_key=a, body_loc_args=(b,))
    ),
    "WebPushOptions": lambda a, b: web_push_payload(
        "t", "b", WebPushOptions(navigate=a, tag=b, lang=b)
    ),
    "web_push_headers": lambda a, _b: web_push_headers(WebPushHeaders(topic=a)),
    "VendorOptions": lambda a, b: vendor_payload(
        "t", "b", VendorOptions(channel_id=a, category=b)
    ),
    "shown_on_screens": shown_on_screens,
    "cut_to_columns": lambda a, b: cut_to_columns(a, len(b)),
    "load_push_profile": lambda a, _b: push.load_push_profile(a),
}


@pytest.mark.parametrize("name", ENTRY_POINTS)
@given(ANY_TEXT, ANY_TEXT)
def test_no_text_makes_an_entry_point_crash(name: str, one: str, other: str) -> None:
    try:
        ENTRY_POINTS[name](one, other)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - what is raised, if anything is


@pytest.mark.parametrize(
    "build",
    [
        lambda half: apns_payload(half, "b"),
        lambda half: apns_payload("t", half),
        lambda half: apns_payload("t", "b", data={half: 1}),
        lambda half: apns_payload("t", "b", ApnsOptions(subtitle=half)),
        lambda half: apns_headers(ApnsHeaders(collapse_id=half)),
        lambda half: fcm_payload("t", half),
        lambda half: fcm_payload("t", "b", data={"k": half}),
        lambda half: fcm_bytes({"k": [half]}),
        lambda half: web_push_payload(half, "b", navigate="https://e.example/"),
        lambda half: vendor_payload("t", half),
        lambda half: payload_bytes({"k": half}, "compact"),
        lambda half: payload_bytes({"k": half}, "spaced"),
        lambda half: payload_bytes({"k": half}, "ascii"),
        lambda half: json_char_bytes(half, "ascii"),
    ],
)
def test_half_a_surrogate_pair_is_refused_by_name(build) -> None:
    with pytest.raises(ValueError, match=r"lone surrogate \(U\+DE00\)"):
        build("\ude00")


def test_what_has_no_size_is_refused() -> None:
    nested: dict[str, object] = {}
    for _ in range(100_000):
        nested = {"k": nested}
    with pytest.raises(ValueError, match="nested too deeply"):
        payload_bytes(nested)
    # Taken apart by hand: freeing it at once would recurse as well.
    while nested:
        nested = nested.pop("k")  # type: ignore[assignment]
    circle: dict[str, object] = {}
    circle["k"] = circle
    with pytest.raises(ValueError, match="Circular"):
        payload_bytes(circle)
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON compliant"):
            payload_bytes({"k": bad}, "ascii")
    with pytest.raises(TypeError):
        payload_bytes({"k": {1, 2}})
