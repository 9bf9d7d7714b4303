"""Pushes as they are set up: payloads, deep link, headers, columns and the hash."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from copylab.channels.composed import Push
from copylab.compose.result import Rejected
from copylab.compose.table import compose_table
from copylab.errors import RenderError
from copylab.workspace import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from copylab.workspace import Workspace

CONFIG = """\
brand: {name: Shop, signature: Shop}
markets: [US]
locales: {default: en-US, also: [ar]}
attributes: {user_id: string}
"""
MESSAGE = """\
purpose: transactional
live: plain
variables:
  name: {type: person_name, max: 12, missing: there}
  go:   {type: url, base: "https://shop.example/", max: 40, missing: RULE}
"""
WORDS = "## title\nYour order\n## body\nHi {{ name }}\n"
SETTINGS = """\
push:
  services: [apns, fcm, webpush, xiaomi]
  link: go
  data: {campaign: recall}
  apns: {badge: 1, topic: com.shop.app, ttl: 600, priority: 5}
  fcm: {channel_id: orders}
  webpush: {urgency: high, ttl: 60}
  xiaomi: {channel_id: "77"}
"""
USER = {"user_id": "u1", "name": "Ann", "go": "o/1", "locale": "en-US"}


@pytest.fixture
def make_shop(make_files: Callable[..., Path]) -> Callable[..., Workspace]:
    def make(settings: str = SETTINGS, missing: str = "error", **own: str) -> Workspace:
        files = {
            "copylab.yaml": CONFIG + settings,
            "templates/order/message.yaml": MESSAGE.replace("RULE", missing)
            + own.get("message", ""),
            "templates/order/push.en-US.md": own.get("words", WORDS),
            "templates/order/push.ar.md": own.get("words", WORDS),
        }
        return load(make_files(files))

    return make


def test_each_service_gets_its_payload(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    sent = make_shop().compose("order", USER, channel="push", at=at)
    assert isinstance(sent, Push)
    link = "https://shop.example/o/1"
    own = {"campaign": "recall", "link": link}
    assert sent.payload == {
        "apns": {
            "aps": {"alert": {"title": "Your order", "body": "Hi Ann"}, "badge": 1},
            **own,
        },
        "fcm": {
            "notification": {"title": "Your order", "body": "Hi Ann"},
            "android": {"notification": {"channel_id": "orders"}},
            "data": own,
        },
        "webpush": {
            "web_push": 8030,
            "notification": {
                "title": "Your order",
                "body": "Hi Ann",
                "navigate": link,
                "lang": "en-US",
                "data": {"campaign": "recall"},
            },
        },
        "xiaomi": {
            "title": "Your order",
            "body": "Hi Ann",
            "channel_id": "77",
            "data": own,
        },
    }
    assert sent.headers == {
        "apns": {
            "apns-push-type": "alert",
            "apns-priority": "5",
            "apns-topic": "com.shop.app",
            "apns-expiration": str(int(at.timestamp()) + 600),
        },
        "webpush": {"TTL": "60", "Urgency": "high"},
    }
    record = json.loads(json.dumps(sent.to_dict()))
    assert record["headers"]["webpush"]["TTL"] == "60"
    assert sent.payload_bytes("xiaomi") == len(
        json.dumps(sent.payload["xiaomi"], separators=(",", ":"))
    )


def test_without_settings_all_is_as_it_was(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    sent = make_shop("").compose("order", USER, channel="push", at=at)
    assert isinstance(sent, Push)
    assert sent.payload == {
        "apns": {"aps": {"alert": {"title": "Your order", "body": "Hi Ann"}}},
        "fcm": {"notification": {"title": "Your order", "body": "Hi Ann"}},
    }
    assert sent.headers == {}
    assert "headers" not in sent.to_dict()


def test_the_words_are_right_to_left_where_they_are(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    user = {**USER, "locale": "ar"}
    sent: Any = make_shop().compose("order", user, channel="push", at=at)
    notification = sent.payload["webpush"]["notification"]
    assert (notification["lang"], notification["dir"]) == ("ar", "rtl")


@pytest.mark.parametrize("value", [None, "", "  ", "//evil.example", "x" * 30, 7])
def test_a_link_that_is_missing_rejects(
    value: object, make_shop: Callable[..., Workspace], at: datetime
) -> None:
    sent = make_shop().compose("order", {**USER, "go": value}, channel="push", at=at)
    assert isinstance(sent, Rejected)
    assert sent.reason == "missing"
    assert sent.problems[0].startswith("go: ")


def test_a_link_has_the_rule_of_its_variable(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    user = {**USER, "go": None}
    skipped: Any = make_shop(missing="skip").compose(
        "order", user, channel="push", at=at
    )
    assert (skipped.reason, type(skipped).__name__) == ("missing", "Skipped")
    home: Any = make_shop(missing="home").compose("order", user, channel="push", at=at)
    assert home.payload["apns"]["link"] == "https://shop.example/home"


def test_a_link_is_no_input_where_it_is_not_set_up(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    sent = make_shop("").compose("order", {**USER, "go": None}, channel="push", at=at)
    assert isinstance(sent, Push)


def test_browsers_need_a_title(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    words = "## title\n{% if name == 'Ann' %}Hi{% endif %}\n## body\nx\n"
    shop = make_shop(words=words)
    assert isinstance(shop.compose("order", USER, channel="push", at=at), Push)
    user = {**USER, "name": "Bob"}
    sent = shop.compose("order", user, channel="push", at=at)
    assert isinstance(sent, Rejected)
    assert sent.problems == (
        "title: it is empty for these values, and browsers need one",
    )
    with pytest.raises(RenderError, match="cannot be rendered"):
        shop.render("order", user, channel="push", locale="en-US")


def test_rendering_shows_what_is_sent_but_for_the_time(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    shop = make_shop()
    sent: Any = shop.compose("order", USER, channel="push", at=at)
    shown: Any = shop.render("order", USER, channel="push", locale="en-US")
    assert shown.payload == sent.payload
    assert "apns-expiration" not in shown.headers["apns"]


def test_users_share_no_part_of_a_payload(
    make_shop: Callable[..., Workspace], at: datetime
) -> None:
    shop = make_shop()
    first: Any = shop.compose("order", USER, channel="push", at=at)
    first.payload["fcm"]["android"]["notification"]["channel_id"] = "spoilt"
    first.headers["apns"]["apns-topic"] = "spoilt"
    second: Any = shop.compose("order", USER, channel="push", at=at)
    assert "spoilt" not in json.dumps(second.to_dict())


@pytest.mark.parametrize(
    ("settings", "is_same"),
    [
        ("", False),
        (SETTINGS.replace("recall", "other"), False),
        (SETTINGS.replace("badge: 1", "badge: 2"), False),
        (SETTINGS.replace("link: go", "link_key: go"), False),
        (SETTINGS + "  limits: {oppo: {max_title: 9}}\n", True),
        (SETTINGS + "  serializer: ascii\n", True),
        (SETTINGS, True),
    ],
)
def test_the_hash_is_of_all_that_is_sent(
    *,
    settings: str,
    is_same: bool,
    make_shop: Callable[..., Workspace],
    at: datetime,
) -> None:
    # A variant of one workspace after the other: the folder is written anew.
    one: Any = make_shop(missing="home").compose("order", USER, channel="push", at=at)
    if "link_key" in settings:
        settings = settings.replace("[apns, fcm, webpush, xiaomi]", "[apns, fcm]")
    other: Any = make_shop(settings, missing="home").compose(
        "order", USER, channel="push", at=at
    )
    assert (one.exposure.template_hash == other.exposure.template_hash) is is_same


@pytest.mark.parametrize("set_up", [True, False])
def test_a_table_has_a_column_for_each_service(
    *, set_up: bool, make_shop: Callable[..., Workspace], at: datetime, tmp_path: Path
) -> None:
    shop = make_shop(SETTINGS if set_up else "")
    users = tmp_path / "users.csv"
    users.write_text("user_id,name,go,locale\nu1,Ann,o/1,en-US\n")
    output = tmp_path / "sent.csv"
    compose_table(shop, "order", users, output, channel="push", at=at)
    with output.open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    services = ["apns", "fcm", "webpush", "xiaomi"] if set_up else ["apns", "fcm"]
    wanted = ["title", "body", *services, *(["headers"] if set_up else [])]
    assert list(row)[5:] == wanted
    one: Any = shop.compose("order", USER, channel="push", at=at)
    for service in services:
        assert json.loads(row[service]) == one.payload[service]
    if set_up:
        assert json.loads(row["headers"]) == one.headers
