"""Web Push: the declarative payload, the headers of its request, and what encryption adds.

The payload is the declarative JSON form of the W3C Push API, which a browser shows
without a script and a service worker can read as well. RFC 8030 (headers), RFC 8188 and
RFC 8291 (encryption).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from copylab.channels.push_json import (
    check_choice,
    check_data,
    check_option,
    check_text,
    check_texts,
    payload_bytes,
    present,
)

if TYPE_CHECKING:
    from copylab.channels.push_json import Serializer

Urgency = Literal["very-low", "low", "normal", "high"]
Direction = Literal["auto", "ltr", "rtl"]
WEB_PUSH = 8030
"""What the member `web_push` of a declarative payload must be."""
WEB_PUSH_OVERHEAD = 103
"""Octets that encryption adds: salt 16, record size 4, key length 1 and key 65 (RFC
8188, RFC 8291), the delimiter 1 and the tag 16 of its only record."""
MAX_TTL_SECONDS = 2**31 - 1
USUAL_TTL_SECONDS = 4 * 7 * 24 * 3600
"""Four weeks: as long as the large services keep a message."""
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")
_ADDRESS = re.compile(r"https?://[^\s]+\Z", re.IGNORECASE)
_BADGE_LIMIT = 2**64

WebPushBuild = Callable[
    [str, str, "str | None", Mapping[str, object]], dict[str, object]
]
"""From title, body, the address to open and the site's own keys to a payload."""


@dataclass(frozen=True, slots=True)
class WebPushAction:
    """A button of a notification.

    Attributes:
        action: Its name, for the service worker.
        title: What it says.
        navigate: The address it opens.
        icon: The address of its icon.
    """

    action: str
    title: str
    navigate: str
    icon: str | None = None

    def __post_init__(self) -> None:
        """Refuse what browsers refuse."""
        check_texts("webpush.actions", {"action": self.action, "title": self.title})
        check_address("webpush.actions.navigate", self.navigate)
        check_address("webpush.actions.icon", self.icon)


@dataclass(frozen=True, slots=True)
class WebPushOptions:
    """Members of a Web Push payload besides title and body; None leaves one out.

    Attributes:
        navigate: The address that opens; needed unless the call gives one.
        lang: The language of the words, BCP 47.
        dir: The direction of the words.
        tag: Replaces a notification with the same tag.
        image: The address of a picture.
        icon: The address of an icon.
        badge: The address of a small icon in one colour.
        vibrate: Milliseconds of vibrating and pausing in turn.
        timestamp: The time it is about, in milliseconds since 1970.
        renotify: Tell people again where it replaces another; needs a tag.
        silent: Without sound and vibration.
        require_interaction: Keep it until people act.
        actions: Its buttons.
        app_badge: The number on the app's icon; 0 removes it.
        mutable: Let a service worker change it.
    """

    navigate: str | None = None
    lang: str | None = None
    dir: Direction | None = None
    tag: str | None = None
    image: str | None = None
    icon: str | None = None
    badge: str | None = None
    vibrate: tuple[int, ...] = ()
    timestamp: int | None = None
    renotify: bool | None = None
    silent: bool | None = None
    require_interaction: bool | None = None
    actions: tuple[WebPushAction, ...] = ()
    app_badge: int | None = None
    mutable: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what browsers refuse (WHATWG Notifications, create a notification)."""
        check_texts("webpush", {"lang": self.lang, "tag": self.tag})
        check_choice("webpush.dir", self.dir, get_args(Direction))
        for name in ("navigate", "image", "icon", "badge"):
            check_address(f"webpush.{name}", getattr(self, name))
        for name in ("renotify", "silent", "require_interaction", "mutable"):
            flag = getattr(self, name)
            is_flag = flag is None or isinstance(flag, bool)
            check_option(f"webpush.{name}", flag, is_ok=is_flag, must="True or False")
        if self.renotify and not self.tag:
            raise ValueError("webpush.renotify needs a tag; give webpush.tag too")
        if self.silent and self.vibrate:
            raise ValueError("webpush.vibrate contradicts webpush.silent; drop one")
        is_pattern = isinstance(self.vibrate, tuple | list) and all(
            map(_is_count, self.vibrate)
        )
        must = "a list of milliseconds"
        check_option("webpush.vibrate", self.vibrate, is_ok=is_pattern, must=must)
        for name in ("timestamp", "app_badge"):
            number = getattr(self, name)
            is_number = number is None or (_is_count(number) and number < _BADGE_LIMIT)
            must = "a whole number from 0"
            check_option(f"webpush.{name}", number, is_ok=is_number, must=must)


@dataclass(frozen=True, slots=True)
class WebPushHeaders:
    """The headers of a Web Push request besides its authorisation.

    Attributes:
        ttl: Seconds that the service keeps it; RFC 8030 asks for it always.
        urgency: How much of its battery a device should spend on it.
        topic: Replaces a waiting message with the same one; 1 to 32 characters of
            `A-Z a-z 0-9 - _`.
    """

    ttl: int = USUAL_TTL_SECONDS
    urgency: Urgency | None = None
    topic: str | None = None

    def __post_init__(self) -> None:
        """Refuse what RFC 8030 refuses."""
        is_time = _is_count(self.ttl) and self.ttl <= MAX_TTL_SECONDS
        must = "whole seconds, from 0 to 2147483647"
        check_option("webpush.ttl", self.ttl, is_ok=is_time, must=must)
        check_choice("webpush.urgency", self.urgency, get_args(Urgency))
        topic = self.topic
        is_topic = topic is None or (
            isinstance(topic, str) and _TOPIC.match(topic) is not None
        )
        must = "1 to 32 of the characters A-Z a-z 0-9 - _"
        check_option("webpush.topic", topic, is_ok=is_topic, must=must)


def web_push_builder(options: WebPushOptions | None = None) -> WebPushBuild:
    """A function that builds payloads, what is the same in all of them bound once.

    Args:
        options: Further members.
    """
    options = options or WebPushOptions()
    fixed = notification_keys(options)
    outside = present(app_badge=options.app_badge, mutable=options.mutable)

    def build(
        title: str, body: str, navigate: str | None, data: Mapping[str, object]
    ) -> dict[str, object]:
        check_text("title", title)
        check_text("body", body)
        address = navigate or options.navigate
        if not title or address is None:
            what = "an address to open" if title else "a title"
            raise ValueError(f"a Web Push payload lacks {what}; browsers need one")
        notification: dict[str, object] = {"title": title, "body": body}
        notification["navigate"] = address
        notification |= deepcopy(fixed)
        if data:
            notification["data"] = dict(data)
        return {"web_push": WEB_PUSH, "notification": notification, **outside}

    return build


def web_push_payload(
    title: str,
    body: str,
    options: WebPushOptions | None = None,
    *,
    navigate: str | None = None,
    data: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The declarative payload of a Web Push, before it is encrypted.

    Args:
        title: The title; browsers need one.
        body: The text.
        options: Further members.
        navigate: The address that opens; without it, the options' own.
        data: The site's own keys, for a service worker; values of JSON types.

    Raises:
        ValueError: There is no title or no address, the address is none of the web, or
            a text holds a lone surrogate.
    """
    check_address("navigate", navigate)
    check_data(data)
    return web_push_builder(options)(title, body, navigate, data or {})


def web_push_headers(headers: WebPushHeaders | None = None) -> dict[str, str]:
    """The headers `TTL`, `Urgency` and `Topic` of a Web Push request.

    Args:
        headers: What they say; without it, four weeks to live.
    """
    headers = headers or WebPushHeaders()
    values = present(TTL=headers.ttl, Urgency=headers.urgency, Topic=headers.topic)
    return {name: str(value) for name, value in values.items()}


def web_push_body_bytes(
    payload: Mapping[str, object], serializer: Serializer = "compact"
) -> int:
    """The octets of the encrypted body that carries `payload`: 103 more than its JSON.

    Services must take 4096, so a payload may have 3993.

    Args:
        payload: Values of JSON types.
        serializer: As for `payload_bytes`.

    Raises:
        ValueError: As `payload_bytes`.
        TypeError: As `payload_bytes`.
    """
    return payload_bytes(payload, serializer) + WEB_PUSH_OVERHEAD


def notification_keys(options: WebPushOptions) -> dict[str, object]:
    """The members of `notification` besides title, body, address and data."""
    actions = [
        present(
            action=item.action,
            title=item.title,
            navigate=item.navigate,
            icon=item.icon,
        )
        for item in options.actions
    ]
    names = ("lang", "dir", "tag", "image", "icon", "badge")
    return present(
        **{name: getattr(options, name) for name in names},
        vibrate=list(options.vibrate) or None,
        timestamp=options.timestamp,
        renotify=options.renotify,
        silent=options.silent,
        requireInteraction=options.require_interaction,
        actions=actions or None,
    )


def check_address(place: str, value: object) -> None:
    """Pass if an option is None or an address of the web.

    Raises:
        ValueError: It is another.
    """
    if value is None:
        return
    check_text(place, value)
    is_address = isinstance(value, str) and _ADDRESS.match(value) is not None
    check_option(place, value, is_ok=is_address, must="an address: https://…")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
