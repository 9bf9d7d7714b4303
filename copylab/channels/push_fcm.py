"""FCM: the message of an HTTP v1 request, and the size as Firebase accounts for it.

Firebase, REST reference projects.messages (v1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from copylab.channels.dated import load_dated
from copylab.channels.push_apns import (
    ApnsHeaders,
    ApnsOptions,
    alert_keys,
    apns_headers,
    aps_keys,
)
from copylab.channels.push_json import (
    check_arguments,
    check_choice,
    check_data,
    check_option,
    check_text,
    check_texts,
    payload_bytes,
    present,
)
from copylab.channels.push_web import (
    WebPushHeaders,
    WebPushOptions,
    check_address,
    notification_keys,
    web_push_headers,
)

FcmPriority = Literal["normal", "high"]
NotificationPriority = Literal[
    "PRIORITY_UNSPECIFIED", "PRIORITY_MIN", "PRIORITY_LOW", "PRIORITY_DEFAULT",
    "PRIORITY_HIGH", "PRIORITY_MAX",
]  # fmt: skip
Visibility = Literal["VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"]
MAX_TTL_SECONDS = 4 * 7 * 24 * 3600
_TTL = re.compile(r"([0-9]{1,7})(?:\.[0-9]{1,9})?s\Z")
_RESERVED = ("from", "message_type")
_RESERVED_STARTS = ("google.", "gcm.notification.")

FcmBuild = Callable[[str, str, Mapping[str, str]], dict[str, object]]
"""From title, body and the app's own keys to a message."""


@dataclass(frozen=True, slots=True)
class FcmOptions:
    """Keys of an FCM v1 message besides title and body; None leaves a key out.

    Attributes:
        image: The address of an image, of 1 MB at most.
        channel_id: The Android channel; needed since Android 8.
        tag: Replaces a notification with the same tag.
        collapse_key: Replaces a message that is still waiting.
        priority: Android's delivery priority.
        ttl: How long it may wait, such as `3600s`; four weeks at most.
        notification_priority: Such as `PRIORITY_DEFAULT`.
        visibility: What a locked screen shows, such as `PRIVATE`.
        title_loc_key: The key of the title in the Android app's own strings.
        title_loc_args: What its placeholders are filled with.
        body_loc_key: The key of the body.
        body_loc_args: What its placeholders are filled with.
        android_image: An image for Android alone; hides `image` there.
        apns: Keys of the APNs payload that FCM makes.
        apns_headers: Headers of the request that FCM makes to APNs.
        apns_image: An image for iOS; a service extension fetches it.
        webpush: Members of the web notification that FCM makes.
        webpush_headers: Headers of the request that FCM makes to a browser's service.
        webpush_link: The address that a web notification opens; https.
    """

    image: str | None = None
    channel_id: str | None = None
    tag: str | None = None
    collapse_key: str | None = None
    priority: FcmPriority | None = None
    ttl: str | None = None
    notification_priority: NotificationPriority | None = None
    visibility: Visibility | None = None
    title_loc_key: str | None = None
    title_loc_args: tuple[str, ...] = ()
    body_loc_key: str | None = None
    body_loc_args: tuple[str, ...] = ()
    android_image: str | None = None
    apns: ApnsOptions | None = None
    apns_headers: ApnsHeaders | None = None
    apns_image: str | None = None
    webpush: WebPushOptions | None = None
    webpush_headers: WebPushHeaders | None = None
    webpush_link: str | None = None

    def __post_init__(self) -> None:
        """Refuse what FCM refuses."""
        names = ("channel_id", "tag", "collapse_key", "title_loc_key", "body_loc_key")
        check_texts("fcm", {name: getattr(self, name) for name in names})
        for part in ("title", "body"):
            key = getattr(self, f"{part}_loc_key")
            values = getattr(self, f"{part}_loc_args")
            check_arguments(f"fcm.{part}_loc_args", key, values)
        for name in ("image", "android_image", "apns_image", "webpush_link"):
            check_address(f"fcm.{name}", getattr(self, name))
        link = self.webpush_link
        is_safe = link is None or link.lower().startswith("https://")
        check_option("fcm.webpush_link", link, is_ok=is_safe, must="an https address")
        check_choice("fcm.priority", self.priority, get_args(FcmPriority))
        chosen, known = self.notification_priority, get_args(NotificationPriority)
        check_choice("fcm.notification_priority", chosen, known)
        check_choice("fcm.visibility", self.visibility, get_args(Visibility))
        check_ttl("fcm.ttl", self.ttl)


def check_ttl(place: str, value: object) -> None:
    """Pass if a time to live is None or seconds as FCM writes them.

    Raises:
        ValueError: It is another, or more than four weeks.
    """
    match = _TTL.match(value) if isinstance(value, str) else None
    is_time = value is None or (match is not None and int(match[1]) <= MAX_TTL_SECONDS)
    check_option(place, value, is_ok=is_time, must="seconds such as 3600s, to 2419200s")


def fcm_builder(options: FcmOptions | None = None) -> FcmBuild:
    """A function that builds messages, what is the same in all of them bound once.

    Args:
        options: Further keys.
    """
    options = options or FcmOptions()
    image = present(image=options.image)
    fixed = present(android=_android(options), webpush=_webpush(options))
    needs_alert = options.apns is not None and alert_keys(options.apns)

    def build(title: str, body: str, data: Mapping[str, str]) -> dict[str, object]:
        check_text("title", title)
        check_text("body", body)
        words: dict[str, object] = {"title": title} if title else {}
        words["body"] = body
        message: dict[str, object] = {"notification": {**words, **image}}
        if fixed:
            message |= deepcopy(fixed)
        on_ios = _apns(options, words if needs_alert else None)
        if on_ios:
            message["apns"] = on_ios
        if data:
            message["data"] = dict(data)
        return message

    return build


def fcm_payload(
    title: str,
    body: str,
    options: FcmOptions | None = None,
    *,
    data: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """The `message` of an FCM v1 request, without the addressee.

    Args:
        title: The title; an empty one leaves the key out.
        body: The text.
        options: Further keys of the notification and of the platforms.
        data: The app's own keys; FCM takes strings only.

    Raises:
        TypeError: A key or value of `data` is not a string.
        ValueError: A key of `data` is FCM's own, or a text holds a lone surrogate.
    """
    for key, value in (data or {}).items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise TypeError(f"data[{key!r}] == {value!r}, must be a string for FCM")
        if is_reserved(key):
            raise ValueError(f"data has the key {key!r}, which belongs to FCM; rename")
        check_text(f"data[{key!r}]", value)
    check_data(data)
    return fcm_builder(options)(title, body, data or {})


def is_reserved(key: str) -> bool:
    """Whether FCM keeps a key of `data` for itself."""
    return key in _RESERVED or key.startswith(_RESERVED_STARTS)


def fcm_bytes(payload: Mapping[str, object]) -> int:
    """The size of an FCM message as Firebase accounts for it, in octets: an estimate.

    Firebase limits an internal form of a message, not its JSON: escapes and blanks cost
    nothing, each field costs its name, its value in UTF-8 and about 6 octets, and a
    message 45 besides. Users measured it (a single field of 4051 octets is the largest
    accepted); the sum is never below what they found.

    Args:
        payload: A message of `fcm_payload`, or any mapping of JSON types.

    Raises:
        ValueError: As `payload_bytes`.
        TypeError: A value has no JSON form.
    """
    payload_bytes(payload)  # refuses what has no size
    envelope, field = _overheads()
    return envelope + _fields_bytes(payload, field)


@cache
def _overheads() -> tuple[int, int]:
    """The octets around a message and around a field, from the dated data."""
    values = load_dated("push", "fcm")
    envelope, field = values["envelope_bytes"].value, values["field_bytes"].value
    assert isinstance(envelope, int)
    assert isinstance(field, int)
    return envelope, field


def _fields_bytes(value: object, field: int) -> int:
    """The octets of a value, and of the names and fields inside of it."""
    match value:
        case str():
            return len(value.encode())
        case Mapping():
            return sum(
                field + len(str(key).encode()) + _fields_bytes(inner, field)
                for key, inner in value.items()
            )
        case list() | tuple():
            return sum(field + _fields_bytes(inner, field) for inner in value)
    return len(json.dumps(value))


def _android(options: FcmOptions) -> dict[str, object] | None:
    on_screen = present(
        channel_id=options.channel_id,
        tag=options.tag,
        title_loc_key=options.title_loc_key,
        title_loc_args=list(options.title_loc_args) or None,
        body_loc_key=options.body_loc_key,
        body_loc_args=list(options.body_loc_args) or None,
        notification_priority=options.notification_priority,
        visibility=options.visibility,
        image=options.android_image,
    )
    android = present(
        collapse_key=options.collapse_key,
        priority=options.priority,
        ttl=options.ttl,
        notification=on_screen or None,
    )
    return android or None


def _apns(options: FcmOptions, words: Mapping[str, object] | None) -> dict[str, object]:
    """The part for iOS; FCM fills an alert in that is not there, and keeps one that is."""
    aps = {} if options.apns is None else aps_keys(options.apns)
    if words is not None and options.apns is not None:
        aps = {"alert": {**words, **alert_keys(options.apns)}, **aps}
    headers = options.apns_headers
    return present(
        headers=None if headers is None else apns_headers(headers),
        payload={"aps": aps} if aps else None,
        fcm_options=present(image=options.apns_image) or None,
    )


def _webpush(options: FcmOptions) -> dict[str, object] | None:
    web = options.webpush
    headers = options.webpush_headers
    part = present(
        headers=None if headers is None else web_push_headers(headers),
        notification=None if web is None else notification_keys(web) or None,
        fcm_options=present(link=options.webpush_link) or None,
    )
    return part or None
