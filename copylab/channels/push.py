"""Push: payloads for APNs and FCM, their exact size, and what screens and vendors show.

Sizes are those of the JSON that is sent. Senders serialise differently, and the one
that escapes every non-ASCII character doubles a Chinese payload: choose by the sender.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, get_args

from copylab.channels.push_profile import (
    PushProfile,
    load_push_profile,
    push_profile_names,
)
from copylab.channels.width import display_width

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "SERIALIZERS",
    "ApnsOptions",
    "FcmOptions",
    "PushProfile",
    "Serializer",
    "apns_payload",
    "display_width",
    "fcm_payload",
    "json_char_bytes",
    "load_push_profile",
    "payload_bytes",
    "push_profile_names",
]

Serializer = Literal["compact", "spaced", "ascii"]
SERIALIZERS: tuple[Serializer, ...] = get_args(Serializer)
InterruptionLevel = Literal["passive", "active", "time-sensitive", "critical"]
FcmPriority = Literal["normal", "high"]


@dataclass(frozen=True, slots=True)
class ApnsOptions:
    """Keys of an APNs payload besides title and body; None leaves a key out.

    Attributes:
        subtitle: The line between title and body.
        badge: The number on the app's icon; 0 removes it.
        sound: The name of a sound file, or `default`.
        thread_id: Groups notifications on the screen.
        category: The category whose actions are offered.
        target_content_id: The window to bring forward.
        interruption_level: How far it may interrupt; `critical` needs an entitlement.
        relevance_score: 0 to 1, sorts a summary.
        content_available: Wake the app in the background.
        mutable_content: Let a service extension change it, as attachments need.
    """

    subtitle: str | None = None
    badge: int | None = None
    sound: str | None = None
    thread_id: str | None = None
    category: str | None = None
    target_content_id: str | None = None
    interruption_level: InterruptionLevel | None = None
    relevance_score: float | None = None
    content_available: bool = False
    mutable_content: bool = False

    def __post_init__(self) -> None:
        """Refuse what APNs refuses."""
        score = self.relevance_score
        if score is not None and not 0 <= score <= 1:
            raise ValueError(f"relevance_score == {score}, must be from 0 to 1")
        levels = get_args(InterruptionLevel)
        if self.interruption_level not in {None, *levels}:
            raise ValueError(
                f"interruption_level == {self.interruption_level!r}, "
                f"must be one of {', '.join(levels)}"
            )


@dataclass(frozen=True, slots=True)
class FcmOptions:
    """Keys of an FCM v1 message besides title and body; None leaves a key out.

    Attributes:
        image: The address of an image, of 1 MB at most.
        channel_id: The Android channel; needed since Android 8.
        tag: Replaces a notification with the same tag.
        collapse_key: Replaces a message that is still waiting.
        priority: Android's delivery priority.
        ttl: How long it may wait, such as `3600s`.
        notification_priority: Such as `PRIORITY_DEFAULT`.
        visibility: What a locked screen shows, such as `PRIVATE`.
    """

    image: str | None = None
    channel_id: str | None = None
    tag: str | None = None
    collapse_key: str | None = None
    priority: FcmPriority | None = None
    ttl: str | None = None
    notification_priority: str | None = None
    visibility: str | None = None


def apns_payload(
    title: str,
    body: str,
    options: ApnsOptions | None = None,
    *,
    data: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The JSON body of a request to APNs.

    Args:
        title: The title; an empty one leaves the key out.
        body: The text.
        options: Further keys of `aps`.
        data: The app's own keys beside `aps`; values of JSON types.

    Raises:
        ValueError: `data` has a key `aps`.
    """
    if data is not None and "aps" in data:
        raise ValueError("data has the key 'aps', which belongs to APNs")
    options = options or ApnsOptions()
    alert = _present(title=title or None, subtitle=options.subtitle, body=body)
    aps: dict[str, object] = {"alert": alert}
    for field in fields(options):
        value = getattr(options, field.name)
        if field.name == "subtitle" or value is None or value is False:
            continue
        # APNs wants the number 1 for its two flags.
        aps[field.name.replace("_", "-")] = 1 if value is True else value
    return {"aps": aps, **(data or {})}


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
        options: Further keys of the notification and of Android.
        data: The app's own keys; FCM takes strings only.

    Raises:
        TypeError: A key or value of `data` is not a string.
    """
    for key, value in (data or {}).items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise TypeError(f"data[{key!r}] == {value!r}, must be a string for FCM")
    options = options or FcmOptions()
    on_android = _present(
        channel_id=options.channel_id,
        tag=options.tag,
        notification_priority=options.notification_priority,
        visibility=options.visibility,
    )
    android = _present(
        collapse_key=options.collapse_key,
        priority=options.priority,
        ttl=options.ttl,
        notification=on_android or None,
    )
    return _present(
        notification=_present(title=title or None, body=body, image=options.image),
        android=android or None,
        data=dict(data) if data else None,
    )


def payload_bytes(
    payload: Mapping[str, object], serializer: Serializer = "compact"
) -> int:
    """The size of `payload` as JSON, in octets.

    Args:
        payload: Values of JSON types.
        serializer: How the sender writes JSON. `compact`: UTF-8 without spaces (Node,
            httpx, apns2). `spaced`: UTF-8 with spaces after commas and colons
            (aioapns). `ascii`: the defaults of Python's `json.dumps`, spaced and every
            other character escaped (requests, firebase-admin).

    Raises:
        ValueError: The serializer is unknown, a number is not finite, or a text holds
            a lone surrogate, which UTF-8 cannot carry.
        TypeError: A value has no JSON form.
    """
    if serializer == "compact":
        text = json.dumps(
            payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
    elif serializer == "spaced":
        text = json.dumps(payload, ensure_ascii=False, allow_nan=False)
    elif serializer == "ascii":
        text = json.dumps(payload, allow_nan=False)
    else:
        known = ", ".join(SERIALIZERS)
        raise ValueError(f"serializer == {serializer!r}, must be one of {known}")
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise ValueError(
            f"payload holds a lone surrogate (U+{code:04X}), which UTF-8 cannot carry"
        ) from None


def json_char_bytes(char: str, serializer: Serializer = "compact") -> int:
    """The octets one character adds to a JSON string: 1 to 12.

    Args:
        char: One code point, no surrogate.
        serializer: As for `payload_bytes`.

    Raises:
        ValueError: As `payload_bytes`.
    """
    quotes_and_braces = payload_bytes({"": ""}, serializer)
    return payload_bytes({"": char}, serializer) - quotes_and_braces


def _present(**entries: object) -> dict[str, object]:
    """The entries whose value is not None."""
    return {key: value for key, value in entries.items() if value is not None}
