"""APNs: the payload of a notification and the headers of the request that carries it.

Apple, Generating a remote notification (payload keys); Sending notification requests to
APNs (headers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, get_args

from copylab.channels.push_json import (
    check_arguments,
    check_choice,
    check_data,
    check_option,
    check_text,
    check_texts,
    present,
)

InterruptionLevel = Literal["passive", "active", "time-sensitive", "critical"]
ApnsPushType = Literal[
    "alert", "background", "location", "voip", "complication", "fileprovider", "mdm",
    "liveactivity", "pushtotalk",
]  # fmt: skip
MAX_COLLAPSE_ID_BYTES = 64
APNS_PRIORITIES = (10, 5, 1)
_SOUND_KEYS = frozenset(("critical", "name", "volume"))
_MAX_EPOCH = 2**53

ApnsBuild = Callable[[str, str, Mapping[str, object]], dict[str, object]]
"""From title, body and the app's own keys to a payload."""


@dataclass(frozen=True, slots=True)
class ApnsOptions:
    """Keys of an APNs payload besides title and body; None leaves a key out.

    Attributes:
        subtitle: The line between title and body.
        title_loc_key: The key of the title in the app's own strings.
        title_loc_args: What its placeholders are filled with.
        subtitle_loc_key: The key of the subtitle.
        subtitle_loc_args: What its placeholders are filled with.
        loc_key: The key of the body.
        loc_args: What its placeholders are filled with.
        launch_image: The launch image shown when the app opens.
        badge: The number on the app's icon; 0 removes it.
        sound: The name of a sound file or `default`; or a mapping of `critical` (1),
            `name` and `volume` (0 to 1), which needs an entitlement.
        thread_id: Groups notifications on the screen.
        category: The category whose actions are offered.
        target_content_id: The window to bring forward.
        interruption_level: How far it may interrupt; `critical` needs an entitlement.
        relevance_score: 0 to 1, sorts a summary.
        content_available: Wake the app in the background.
        mutable_content: Let a service extension change it, as attachments need.
    """

    subtitle: str | None = None
    title_loc_key: str | None = None
    title_loc_args: tuple[str, ...] = ()
    subtitle_loc_key: str | None = None
    subtitle_loc_args: tuple[str, ...] = ()
    loc_key: str | None = None
    loc_args: tuple[str, ...] = ()
    launch_image: str | None = None
    badge: int | None = None
    sound: str | Mapping[str, object] | None = None
    thread_id: str | None = None
    category: str | None = None
    target_content_id: str | None = None
    interruption_level: InterruptionLevel | None = None
    relevance_score: float | None = None
    content_available: bool = False
    mutable_content: bool = False

    def __post_init__(self) -> None:
        """Refuse what APNs refuses."""
        names = (*_ALERT_TEXTS, "thread_id", "category", "target_content_id")
        check_texts("apns", {name: getattr(self, name) for name in names})
        for prefix in ("title_", "subtitle_", ""):
            key = getattr(self, f"{prefix}loc_key")
            values = getattr(self, f"{prefix}loc_args")
            check_arguments(f"apns.{prefix}loc_args", key, values)
        is_count = _is_integer(self.badge) and 0 <= (self.badge or 0) < _MAX_EPOCH
        is_badge = self.badge is None or is_count
        must = "a whole number from 0; 0 removes it"
        check_option("apns.badge", self.badge, is_ok=is_badge, must=must)
        _check_sound(self.sound)
        score = self.relevance_score
        is_score = score is None or (_is_number(score) and 0 <= score <= 1)
        must = "from 0 to 1"
        check_option("apns.relevance_score", score, is_ok=is_score, must=must)
        level = self.interruption_level
        check_choice("apns.interruption_level", level, get_args(InterruptionLevel))
        for name in ("content_available", "mutable_content"):
            flag = getattr(self, name)
            is_flag = isinstance(flag, bool)
            check_option(f"apns.{name}", flag, is_ok=is_flag, must="True or False")


@dataclass(frozen=True, slots=True)
class ApnsHeaders:
    """The headers of a request to APNs besides the token; None leaves one out.

    Attributes:
        push_type: What the payload is; `alert` for what people see.
        priority: 10 at once, 5 as the battery allows, 1 without waking the device.
        expiration: Until when APNs tries again, in seconds since 1970; 0 tries once.
        topic: The app's bundle id.
        collapse_id: Notifications with the same one replace each other; 64 octets.
    """

    push_type: ApnsPushType = "alert"
    priority: int | None = None
    expiration: int | None = None
    topic: str | None = None
    collapse_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse what APNs refuses."""
        check_choice("apns.push_type", self.push_type, get_args(ApnsPushType))
        priority = self.priority
        is_known = priority is None or (
            _is_integer(priority) and priority in APNS_PRIORITIES
        )
        check_option("apns.priority", priority, is_ok=is_known, must="10, 5 or 1")
        if self.push_type == "background" and priority == APNS_PRIORITIES[0]:
            message = "apns.priority == 10, must be 5 for the push type background"
            raise ValueError(f"{message}, which APNs does not send at once")
        until = self.expiration
        is_time = until is None or (_is_integer(until) and 0 <= until < _MAX_EPOCH)
        must = "seconds since 1970, or 0 to try once"
        check_option("apns.expiration", until, is_ok=is_time, must=must)
        check_texts("apns", {"topic": self.topic, "collapse_id": self.collapse_id})
        _check_header("apns.topic", self.topic or "")
        _check_header("apns.collapse_id", self.collapse_id or "")
        size = len((self.collapse_id or "").encode())
        if size > MAX_COLLAPSE_ID_BYTES:
            message = f"apns.collapse_id has {size} bytes, APNs takes 64"
            raise ValueError(f"{message}; cut {size - MAX_COLLAPSE_ID_BYTES} of them")


_ALERT_TEXTS = (
    "subtitle", "title_loc_key", "subtitle_loc_key", "loc_key", "launch_image",
)  # fmt: skip
_APS_TEXTS = (
    "badge", "sound", "thread_id", "category", "target_content_id",
    "interruption_level", "relevance_score",
)  # fmt: skip


def apns_builder(options: ApnsOptions | None = None) -> ApnsBuild:
    """A function that builds payloads, what is the same in all of them bound once.

    Args:
        options: Further keys of `aps`.
    """
    options = options or ApnsOptions()
    fixed_alert = alert_keys(options)
    fixed = aps_keys(options)

    def build(title: str, body: str, data: Mapping[str, object]) -> dict[str, object]:
        check_text("title", title)
        check_text("body", body)
        alert: dict[str, object] = {"title": title} if title else {}
        alert["body"] = body
        if fixed_alert:
            alert |= deepcopy(fixed_alert)
        aps: dict[str, object] = {"alert": alert}
        if fixed:
            aps |= deepcopy(fixed)
        return {"aps": aps, **data}

    return build


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
        ValueError: `data` has a key `aps`, or a text holds a lone surrogate.
    """
    if data is not None and "aps" in data:
        raise ValueError("data has the key 'aps', which belongs to APNs; rename it")
    check_data(data)
    return apns_builder(options)(title, body, data or {})


def apns_headers(headers: ApnsHeaders | None = None) -> dict[str, str]:
    """The headers of a request to APNs, by name, as texts.

    Args:
        headers: What they say; without it, the type `alert` alone.
    """
    headers = headers or ApnsHeaders()
    values = present(
        push_type=headers.push_type,
        priority=headers.priority,
        expiration=headers.expiration,
        topic=headers.topic,
        collapse_id=headers.collapse_id,
    )
    return {f"apns-{_dashed(name)}": str(value) for name, value in values.items()}


def alert_keys(options: ApnsOptions) -> dict[str, object]:
    """The keys of `aps.alert` besides title and body."""
    keys = {_dashed(name): getattr(options, name) for name in _ALERT_TEXTS}
    for prefix in ("title_", "subtitle_", ""):
        values = getattr(options, f"{prefix}loc_args")
        keys[_dashed(f"{prefix}loc_args")] = list(values) or None
    return present(**keys)


def aps_keys(options: ApnsOptions) -> dict[str, object]:
    """The keys of `aps` besides the alert; its two flags are the number 1."""
    keys = {_dashed(name): getattr(options, name) for name in _APS_TEXTS}
    if isinstance(options.sound, Mapping):
        keys["sound"] = {
            key: int(value) if isinstance(value, bool) else value
            for key, value in options.sound.items()
        }
    keys["content-available"] = 1 if options.content_available else None
    keys["mutable-content"] = 1 if options.mutable_content else None
    return present(**keys)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _check_sound(sound: object) -> None:
    if not isinstance(sound, Mapping):
        check_texts("apns", {"sound": sound})
        return
    unknown = sorted(map(str, set(sound) - _SOUND_KEYS))
    if unknown or "name" not in sound:
        what = f"the key {unknown[0]!r}" if unknown else "no 'name'"
        raise ValueError(f"apns.sound has {what}; it takes critical, name and volume")
    check_texts("apns.sound", {"name": sound["name"]})
    critical, volume = sound.get("critical", 0), sound.get("volume", 1)
    is_flag = isinstance(critical, int) and critical in {0, 1}
    check_option("apns.sound.critical", critical, is_ok=is_flag, must="0 or 1")
    is_volume = _is_number(volume) and 0 <= volume <= 1
    check_option("apns.sound.volume", volume, is_ok=is_volume, must="from 0 to 1")


def _check_header(place: str, value: str) -> None:
    """Pass if a header can carry a value: no control, no line break."""
    if not value.isprintable():
        raise ValueError(f"{place} == {value!r}, must be printable; no line breaks")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
