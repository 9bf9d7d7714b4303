"""The settings of pushes: every key, what is wrong with them, and how they are merged."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.check_push import check_push, count_placeholders
from copylab.channels.push_apns import ApnsHeaders, ApnsOptions
from copylab.channels.push_fcm import FcmOptions
from copylab.channels.push_json import SERIALIZERS as JSON_SERIALIZERS
from copylab.channels.push_plan import PushPlan
from copylab.channels.push_profile import LIMITS as PROFILE_LIMITS
from copylab.channels.push_profile import push_profile_names, vendor_names
from copylab.channels.push_vendor import VendorOptions
from copylab.channels.push_web import WebPushHeaders, WebPushOptions
from copylab.config import Config, read_config
from copylab.push_settings import KEYS, LIMITS, SERIALIZERS, SERVICES, VENDORS
from copylab.source import SourceFile
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.findings import Finding

FULL = """\
push:
  services: [apns, fcm, webpush, xiaomi]
  serializer: ascii
  link: link
  link_key: deep_link
  data: {campaign: recall, number: "12"}
  apns:
    subtitle: s
    title_loc_key: T
    title_loc_args: [a]
    subtitle_loc_key: S
    subtitle_loc_args: [a]
    loc_key: B
    loc_args: [a, b]
    launch_image: start.png
    badge: 0
    sound: {critical: true, name: ding.caf, volume: 0.5}
    thread_id: th
    category: CAT
    target_content_id: win
    interruption_level: passive
    relevance_score: 0.5
    content_available: true
    mutable_content: true
    push_type: alert
    priority: 5
    topic: com.shop.app
    collapse_id: news
    ttl: 3600
  fcm:
    image: https://shop.example/i.png
    channel_id: news
    tag: t
    collapse_key: k
    priority: normal
    ttl: 3600s
    notification_priority: PRIORITY_LOW
    visibility: PRIVATE
    title_loc_key: T
    title_loc_args: [a]
    body_loc_key: B
    body_loc_args: [a, b]
    android_image: https://shop.example/a.png
    apns: {badge: 1, priority: 10}
    apns_image: https://shop.example/i.png
    webpush: {icon: https://shop.example/c.png, ttl: 60}
    webpush_link: https://shop.example/
  webpush:
    navigate: https://shop.example/
    lang: en-GB
    dir: ltr
    tag: t
    image: https://shop.example/i.png
    icon: https://shop.example/c.png
    badge: https://shop.example/b.png
    vibrate: [100, 50]
    timestamp: 1
    renotify: true
    silent: false
    require_interaction: true
    actions: [{action: later, title: Later, navigate: https://shop.example/l}]
    app_badge: 2
    mutable: true
    ttl: 60
    urgency: low
    topic: news
  xiaomi: {channel_id: "123"}
  strings: {T: "%@", S: "%@", B: "%1$@ %2$@"}
  limits: {oppo: {max_title: 50, max_body: 200}}
"""

YAML_ROOT = yaml.safe_load(FULL)


def read(text: str) -> tuple[Config, list[Finding]]:
    config, findings = read_config(SourceFile("copylab.yaml", text))
    return config, findings + check_push(config, ())


def test_every_key_is_read() -> None:
    config, findings = read(FULL)
    assert findings == []
    push = config.push
    assert push.used_services == ("apns", "fcm", "webpush", "xiaomi")
    assert (push.serializer, push.link, push.link_key) == ("ascii", "link", "deep_link")
    assert push.data == {"campaign": "recall", "number": "12"}
    assert push.options["apns"]["sound"] == {
        "critical": 1,
        "name": "ding.caf",
        "volume": 0.5,
    }
    assert push.options["fcm"]["apns"] == {"badge": 1, "priority": 10}
    assert push.limits == {"oppo": {"max_title": 50, "max_body": 200}}
    place = push.place("fcm.apns.badge")
    assert place is not None
    assert FULL.splitlines()[place.line - 1].strip().startswith("apns: {badge: 1")


def test_the_settings_know_what_the_options_know() -> None:
    def names(*kinds: type) -> set[str]:
        return {item.name for kind in kinds for item in fields(kind)}

    assert set(KEYS["apns"]) == names(ApnsOptions, ApnsHeaders) | {"ttl"}
    headers = {"apns_headers", "webpush_headers"}
    assert set(KEYS["fcm"]) == names(FcmOptions) - headers
    assert set(KEYS["webpush"]) == names(WebPushOptions, WebPushHeaders)
    assert all(set(KEYS[name]) == names(VendorOptions) for name in VENDORS)
    assert vendor_names() == VENDORS
    assert set(SERVICES) == set(push_profile_names())
    assert SERIALIZERS == JSON_SERIALIZERS
    assert LIMITS == PROFILE_LIMITS


def test_nothing_written_is_as_it_was() -> None:
    config, findings = read("")
    assert findings == []
    assert not config.push.is_set
    assert config.push.used_services == ("apns", "fcm")
    assert config.push.printed() == ""


def test_a_service_that_is_set_up_is_used() -> None:
    config, _ = read("push: {huawei: {category: MARKETING}}")
    assert config.push.used_services == ("apns", "fcm", "huawei")
    config, _ = read("push: {services: [apns], huawei: {category: MARKETING}}")
    assert config.push.used_services == ("apns",)


BAD = [
    ("push: on", "bad-value", 7, ""),
    ("push: {service: [apns]}", "unknown-key", 8, "did you mean 'services'"),
    ("push: {services: apns}", "bad-value", 18, "write [a, b]"),
    ("push: {services: [apple]}", "bad-value", 19, "write some of: apns, fcm"),
    ("push: {serializer: utf8}", "bad-value", 20, "compact, spaced, ascii"),
    ("push: {data: {n: 1}}", "data-not-string", 18, 'put it in quotes: n: "1"'),
    ("push: {data: {n: [a]}}", "data-not-string", 18, "FCM carries nothing else"),
    ("push: {data: {aps: a}}", "bad-value", 20, "rename it"),
    ("push: {data: {from: a}}", "bad-value", 21, "rename it"),
    ("push: {link: u, data: {link: a}}", "bad-value", 30, "rename one"),
    ("push: {link: u, link_key: google.u}", "bad-value", 17, "rename it"),
    ("push: {apns: {bagde: 1}}", "unknown-key", 15, "did you mean 'badge'"),
    ("push: {apns: {badge: many}}", "bad-value", 22, ""),
    ("push: {apns: {badge: -1}}", "bad-value", 22, ""),
    ("push: {apns: {category: ''}}", "bad-value", 25, "take the line out"),
    ("push: {apns: {priority: 7}}", "bad-value", 25, ""),
    ("push: {apns: {interruption_level: loud}}", "bad-value", 35, ""),
    ("push: {apns: {relevance_score: 2}}", "bad-value", 32, ""),
    ("push: {apns: {relevance_score: high}}", "bad-value", 32, "write 0.5"),
    ("push: {apns: {sound: {volume: 1}}}", "missing-key", 22, "add name:"),
    ("push: {apns: {sound: {name: a, volume: 2}}}", "bad-value", 22, ""),
    ("push: {apns: {mutable_content: 1}}", "bad-value", 32, ""),
    ("push: {apns: {loc_args: [a]}}", "loc-args-mismatch", 25, "name the text"),
    ("push: {apns: {loc_key: A}, strings: {B: b}}", "loc-args-mismatch", 24, "add it"),
    (
        "push: {apns: {loc_key: B}, strings: {B: '%@'}}",
        "loc-args-mismatch",
        8,
        "give 1",
    ),
    ("push: {fcm: {ttl: 1h}}", "bad-value", 19, ""),
    ("push: {fcm: {image: i.png}}", "bad-value", 21, ""),
    ("push: {fcm: {priority: max}}", "bad-value", 24, ""),
    ("push: {fcm: {apns: {badge: x}}}", "bad-value", 28, ""),
    ("push: {fcm: {apns: {priority: 3}}}", "bad-value", 31, ""),
    ("push: {fcm: {webpush: {topic: a b}}}", "bad-value", 31, ""),
    ("push: {webpush: {topic: a b}}", "bad-value", 25, ""),
    ("push: {webpush: {urgency: now}}", "bad-value", 27, ""),
    ("push: {webpush: {vibrate: [a]}}", "bad-value", 28, ""),
    ("push: {webpush: {renotify: true}}", "bad-value", 28, "give webpush.tag"),
    ("push: {webpush: {actions: [{action: a}]}}", "missing-key", 28, "add title:"),
    ("push: {webpush: {navigate: 'app://x'}}", "bad-value", 28, ""),
    ("push: {xiaomi: {channel: '1'}}", "unknown-key", 17, "channel_id"),
    ("push: {limits: {opo: {max_title: 3}}}", "unknown-key", 17, "did you mean 'oppo'"),
    ("push: {limits: {oppo: {title: 3}}}", "unknown-key", 24, "max_title"),
    ("push: {limits: {oppo: {max_title: 0}}}", "bad-value", 35, ""),
    ("push: {strings: {A: [a]}}", "bad-value", 21, ""),
]


@pytest.mark.parametrize(("text", "rule", "column", "cure"), BAD)
def test_a_slip_is_told_at_its_place(
    text: str, rule: str, column: int, cure: str
) -> None:
    _, findings = read(text)
    found = [item for item in findings if item.rule == rule]
    assert found, findings
    assert (found[0].line, found[0].column) == (1, column), found[0]
    assert cure in found[0].help
    assert found[0].help


def test_a_collapse_id_is_counted_in_bytes() -> None:
    _, findings = read(f"push: {{apns: {{collapse_id: {'汉' * 22}}}}}")
    [finding] = findings
    assert (finding.rule, finding.code) == ("collapse-id-bytes", "PSH012")
    assert finding.message == "collapse_id has 66 bytes, APNs takes 64"
    assert finding.help.startswith("cut 2 bytes")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("100%", 0),
        ("100%% of %@", 1),
        ("%@ and %@", 2),
        ("%2$@ before %1$@", 2),
        ("%1$s, %1$s", 1),
        ("%d of %ld, %.2f", 3),
        ("%1$@ %@", 1),
    ],
)
def test_placeholders_are_counted(text: str, count: int) -> None:
    assert count_placeholders(text) == count


CONFIG = """\
brand: {name: Shop, signature: Shop}
markets: [US]
locales: {default: en-US}
"""
MESSAGE = """\
purpose: transactional
live: plain
variables:
  go: {type: url, base: "https://shop.example/", max: 40, missing: error}
  name: {type: person_name, max: 12, missing: there}
"""
WORDS = "## title\nYour order\n## body\nHi {{ name }}, it is on its way.\n"

Make = "Callable[[dict[str, str]], Path]"


def lay(config: str, message: str) -> dict[str, str]:
    return {
        "copylab.yaml": CONFIG + config,
        "templates/order/message.yaml": MESSAGE + message,
        "templates/order/push.en-US.md": WORDS,
    }


def test_a_message_overrides_key_by_key(make_files: Callable[..., Path]) -> None:
    config = (
        "push:\n  services: [apns, fcm]\n  serializer: spaced\n  data: {a: '1', b: '2'}\n"
        "  apns: {badge: 1, sound: default}\n"
        "  fcm: {channel_id: news, apns: {badge: 1, category: C}}\n"
        "  limits: {oppo: {max_title: 50}}\n"
    )
    message = (
        "push: {link: go, data: {b: '3'}, apns: {badge: 2},\n"
        "  fcm: {apns: {badge: 5}}, limits: {oppo: {max_body: 99}}}\n"
    )
    workspace = open_workspace(make_files(lay(config, message)))
    assert workspace.lint().findings == ()
    push = workspace.messages["order"].push
    assert push.serializer == "spaced"
    assert push.link == "go"
    assert push.data == {"a": "1", "b": "3"}
    assert push.options["apns"] == {"badge": 2, "sound": "default"}
    assert push.options["fcm"] == {
        "channel_id": "news",
        "apns": {"badge": 5, "category": "C"},
    }
    assert push.limits == {"oppo": {"max_title": 50, "max_body": 99}}
    place = push.place("apns.badge")
    assert place is not None
    assert place.file == "templates/order/message.yaml"
    place = push.place("apns.sound")
    assert place is not None
    assert place.file == "copylab.yaml"


@pytest.mark.parametrize(
    ("config", "message", "rule", "place"),
    [
        ("", "push: {link: og}\n", "undeclared-variable", ("message.yaml", 6)),
        ("push: {link: og}\n", "", "undeclared-variable", ("message.yaml", 3)),
        ("", "push: {link: name}\n", "bad-value", ("message.yaml", 5)),
        ("", "push: {services: [webpush]}\n", "missing-key", ("message.yaml", 6)),
        ("push: {services: [webpush]}\n", "", "missing-key", ("copylab.yaml", 4)),
        ("push: {apns: {priority: 10}}\n", "push: {apns: {push_type: background}}\n",
         "bad-value", ("copylab.yaml", 4)),
    ],
)  # fmt: skip
def test_what_a_message_lacks_is_told(
    config: str,
    message: str,
    rule: str,
    place: tuple[str, int],
    make_files: Callable[..., Path],
) -> None:
    findings = open_workspace(make_files(lay(config, message))).lint().findings
    found = [item for item in findings if item.rule == rule]
    assert len(found) == 1, findings
    assert (str(found[0].file).rpartition("/")[2], found[0].line) == place
    assert found[0].help


def test_a_fault_of_the_workspace_is_told_once(make_files: Callable[..., Path]) -> None:
    files = lay("push: {fcm: {priority: max}}\n", "")
    files["templates/other/message.yaml"] = MESSAGE
    files["templates/other/push.en-US.md"] = WORDS
    findings = open_workspace(make_files(files)).lint().findings
    assert [item.rule for item in findings if item.rule == "bad-value"] == ["bad-value"]


WORD = st.sampled_from(("critical", "name", "volume", "action", "title", "T", "x"))
VALUE = st.recursive(
    WORD
    | st.sampled_from(("https://e.cn/", "60s", "high", "low", "alert", "background"))
    | st.sampled_from(("critical", "PRIVATE", "rtl", "%@ %@", "a b", "", "é" * 40))
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)
    | st.integers(-3, 2**70)
    | st.sampled_from((0, 1, 5, 10))
    | st.floats(-2, 2)
    | st.booleans()
    | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=4)
    ),
    max_leaves=6,
)


def keys_of(service: str) -> st.SearchStrategy[dict[str, object]]:
    """The keys of a service with any values, its inner mappings among them."""
    inner = {key: keys_of(kind) for key, kind in KEYS[service].items() if kind in KEYS}
    names = st.sampled_from(tuple(KEYS[service]))
    return st.builds(
        lambda flat, deep: {**flat, **deep},
        st.dictionaries(names, VALUE, max_size=4),
        st.fixed_dictionaries({}, optional=inner),
    )


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "services": st.lists(st.sampled_from((*SERVICES, "x")), max_size=4) | VALUE,
        "serializer": st.sampled_from(SERIALIZERS) | VALUE,
        "link": VALUE,
        "link_key": VALUE,
        "data": st.dictionaries(WORD | st.just("aps"), VALUE, max_size=3) | VALUE,
        "strings": st.dictionaries(WORD, VALUE, max_size=3) | VALUE,
        "limits": st.dictionaries(
            st.sampled_from(SERVICES),
            st.dictionaries(st.sampled_from(LIMITS), VALUE, max_size=2),
            max_size=2,
        )
        | VALUE,
        **{name: keys_of(name) | VALUE for name in ("apns", "fcm", "webpush", "vivo")},
    },
)


@given(SETTINGS)
def test_whatever_is_written_is_read_or_told(settings: dict[str, object]) -> None:
    text = "push: " + json.dumps(settings, ensure_ascii=False) + "\n"
    config, findings = read(text)
    assert all(item.help and item.line == 1 for item in findings), findings
    if any(item.severity == "error" for item in findings):
        return
    # What is not told builds a payload for every service.
    plan = PushPlan(config.push, "en-US")
    payloads = plan.payloads("t", "b", "https://shop.example/")
    assert tuple(payloads) == config.push.used_services
    assert config.push.over(config.push) == config.push
    plan.headers(1)
    for service, payload in payloads.items():
        assert plan.size(service, payload) > 0


@given(st.data())
def test_every_key_with_a_right_value_is_built(data: st.DataObject) -> None:
    whole = YAML_ROOT["push"]
    kept = {
        name: {key: keys[key] for key in keys if data.draw(st.booleans(), key)}
        for name, keys in whole.items()
        if name in KEYS
    }
    kept["strings"] = {}
    for name, keys in kept.items():
        for key in [key for key in keys if key.endswith("_args")]:
            if key.replace("_args", "_key") not in keys:
                del kept[name][key]
    if "renotify" in kept["webpush"] and "tag" not in kept["webpush"]:
        del kept["webpush"]["renotify"]
    config, findings = read("push: " + json.dumps(kept) + "\n")
    assert findings == []
    payloads = PushPlan(config.push).payloads("t", "b", "https://shop.example/")
    assert set(payloads) == {"apns", "fcm", "webpush", "xiaomi"}
