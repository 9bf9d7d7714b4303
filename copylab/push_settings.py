"""How pushes leave: services, serializer, deep link, and the keys of each service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.document import Section
from copylab.findings import report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.document import Node
    from copylab.source import Span

    Options = Mapping[str, object]
    Places = dict[str, Span]

VENDORS = ("harmony", "honor", "huawei", "meizu", "oppo", "vivo", "xiaomi")
SERVICES = ("apns", "fcm", "webpush", *VENDORS)
USUAL_SERVICES = ("apns", "fcm")
SERIALIZERS = ("compact", "spaced", "ascii")
LIMITS = (
    "max_title", "max_body", "error_payload_bytes", "warning_payload_bytes",
    "max_daily_marketing", "max_daily_marketing_news",
)  # fmt: skip
USUAL_LINK_KEY = "link"
MAX_COLLAPSE_ID_BYTES = 64
_MOST = 2**53
"""The largest whole number that every reader of JSON keeps (RFC 8259, section 6)."""

_APNS = {
    **dict.fromkeys(
        (
            "subtitle", "title_loc_key", "subtitle_loc_key", "loc_key", "launch_image",
            "thread_id", "category", "target_content_id", "interruption_level",
            "push_type", "topic",
        ),
        "text",
    ),
    **dict.fromkeys(("title_loc_args", "subtitle_loc_args", "loc_args"), "texts"),
    **dict.fromkeys(("badge", "priority", "expiration", "ttl"), "integer"),
    **dict.fromkeys(("content_available", "mutable_content"), "flag"),
    "relevance_score": "number",
    "sound": "sound",
    "collapse_id": "collapse_id",
}  # fmt: skip
_WEBPUSH = {
    **dict.fromkeys(
        (
            "navigate", "lang", "dir", "tag", "image", "icon", "badge", "urgency",
            "topic",
        ),
        "text",
    ),
    **dict.fromkeys(("renotify", "silent", "require_interaction", "mutable"), "flag"),
    **dict.fromkeys(("ttl", "timestamp", "app_badge"), "integer"),
    "vibrate": "integers",
    "actions": "actions",
}  # fmt: skip
_FCM = {
    **dict.fromkeys(
        (
            "image", "channel_id", "tag", "collapse_key", "priority", "ttl",
            "notification_priority", "visibility", "title_loc_key", "body_loc_key",
            "android_image", "apns_image", "webpush_link",
        ),
        "text",
    ),
    **dict.fromkeys(("title_loc_args", "body_loc_args"), "texts"),
    "apns": "apns",
    "webpush": "webpush",
}  # fmt: skip
_VENDOR = dict.fromkeys(
    ("channel_id", "category", "importance", "classification"), "text"
)
KEYS: Mapping[str, Mapping[str, str]] = {
    "apns": _APNS,
    "fcm": _FCM,
    "webpush": _WEBPUSH,
    **dict.fromkeys(VENDORS, _VENDOR),
}
"""By service, its keys and what each of them holds."""


@dataclass(frozen=True, slots=True)
class PushSettings:
    """How pushes leave.

    Attributes:
        services: The services that deliver; empty where none are named.
        serializer: How the sender writes JSON, or an empty text.
        link: The variable that holds the deep link, or an empty text.
        link_key: The key under which apps find the link, or an empty text.
        data: The app's own keys and what they say.
        options: By service, its keys as written.
        strings: Texts in the app's own bundle, by their keys.
        limits: By service, the limits that stand in place of the dated ones.
        places: Where each key stands, such as `apns.badge` or `data.campaign`.
    """

    services: tuple[str, ...] = ()
    serializer: str = ""
    link: str = ""
    link_key: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Options] = field(default_factory=dict)
    strings: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        """Whether anything is written."""
        return bool(self.places)

    @property
    def used_services(self) -> tuple[str, ...]:
        """The services that deliver: those named, or the usual ones and those set up."""
        if self.services:
            return self.services
        set_up = tuple(name for name in SERVICES[2:] if name in self.options)
        return (*USUAL_SERVICES, *set_up)

    def printed(self) -> str:
        """What of the settings stands in every payload, as a text; empty for nothing."""
        parts = (self.link, self.link_key, self.data, self.options)
        if not any(parts):
            return ""
        data = sorted(self.data.items())
        options = [
            (name, sorted((key, repr(value)) for key, value in keys.items()))
            for name, keys in sorted(self.options.items())
        ]
        return repr((self.link, self.link_key, data, options))

    def over(self, other: PushSettings) -> PushSettings:
        """These settings laid over others, key by key."""
        return PushSettings(
            services=self.services or other.services,
            serializer=self.serializer or other.serializer,
            link=self.link or other.link,
            link_key=self.link_key or other.link_key,
            data={**other.data, **self.data},
            options=_lay_over(self.options, other.options),
            strings={**other.strings, **self.strings},
            limits={
                name: {**other.limits.get(name, {}), **self.limits.get(name, {})}
                for name in {**other.limits, **self.limits}
            },
            places={**other.places, **self.places},
        )

    def place(self, path: str) -> Span | None:
        """Where a key stands, or the nearest key around it; None where none does."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path) or self.places.get("push")


def _lay_over(
    mine: Mapping[str, Options], others: Mapping[str, Options]
) -> dict[str, Options]:
    merged: dict[str, Options] = {}
    for name in {**others, **mine}:
        keys: dict[str, object] = dict(others.get(name, {}))
        for key, value in mine.get(name, {}).items():
            before = keys.get(key)
            is_inner = KEYS[name].get(key) in {"apns", "webpush"}
            if is_inner and isinstance(value, dict) and isinstance(before, dict):
                keys[key] = {**before, **value}
            else:
                keys[key] = value
        merged[name] = keys
    return merged


def read_push(section: Section) -> PushSettings:
    """The `push` settings of a workspace or a message.

    Args:
        section: The mapping that may hold the key `push`.
    """
    part = section.take_section("push")
    if part is None:
        return PushSettings()
    places: Places = {"push": section.span("push")}
    for key in ("services", "serializer", "link", "link_key"):
        if key in part:
            places[key] = part.span(key)
    settings = PushSettings(
        services=_read_services(part),
        serializer=part.take_choice("serializer", SERIALIZERS) or "",
        link=part.take_text("link") or "",
        link_key=part.take_text("link_key") or "",
        data=_read_data(part, places),
        options=_read_services_keys(part, places),
        strings=_read_strings(part, places),
        limits=_read_limits(part, places),
        places=places,
    )
    part.finish()
    return settings


def _read_services(part: Section) -> tuple[str, ...]:
    found = []
    for node in part.take_list("services") or ():
        if node.text not in SERVICES:
            message = f"'{node.text or node.kind}' is not a push service"
            part.wrong(node, message, f"write some of: {', '.join(SERVICES)}")
        else:
            found.append(node.text)
    return tuple(dict.fromkeys(found))


def _read_data(part: Section, places: Places) -> dict[str, str]:
    inner = part.take_section("data")
    data: dict[str, str] = {}
    for entry in inner.entries() if inner is not None else ():
        places[f"data.{entry.key}"] = entry.node.span
        value = entry.node.value
        if isinstance(value, str):
            data[entry.key] = value
            continue
        message = f"'{entry.key}' is {entry.node.kind}, and data holds texts only"
        cure = (
            f'put it in quotes: {entry.key}: "{entry.node.text}"'
            if entry.node.text
            else "write a text; FCM carries nothing else"
        )
        part.findings.append(
            report("data-not-string", message, entry.node.span, help=cure)
        )
    return data


def _read_strings(part: Section, places: Places) -> dict[str, str]:
    inner = part.take_section("strings")
    strings: dict[str, str] = {}
    for entry in inner.entries() if inner is not None else ():
        assert inner is not None
        places[f"strings.{entry.key}"] = entry.node.span
        text = inner.take_text(entry.key)
        if text is not None:
            strings[entry.key] = text
    return strings


def _read_limits(part: Section, places: Places) -> dict[str, dict[str, int]]:
    by_service = part.take_section("limits")
    limits: dict[str, dict[str, int]] = {}
    for name in SERVICES if by_service is not None else ():
        assert by_service is not None
        inner = by_service.take_section(name)
        if inner is None:
            continue
        numbers = {key: inner.take_integer(key, at_least=1) for key in LIMITS}
        limits[name] = {key: n for key, n in numbers.items() if n is not None}
        places |= {f"limits.{name}.{key}": inner.span(key) for key in limits[name]}
        inner.finish()
    if by_service is not None:
        by_service.finish()
    return limits


def _read_services_keys(part: Section, places: Places) -> dict[str, Options]:
    options: dict[str, Options] = {}
    for name in SERVICES:
        inner = part.take_section(name)
        if inner is not None:
            places[name] = part.span(name)
            options[name] = _read_keys(inner, KEYS[name], name, places)
    return options


def _read_keys(
    inner: Section, keys: Mapping[str, str], path: str, places: Places
) -> dict[str, object]:
    """The keys of a service that are written and are what they should be."""
    found: dict[str, object] = {}
    for key, kind in keys.items():
        node = inner.take(key)
        if node is None:
            continue
        places[f"{path}.{key}"] = node.span
        if kind in KEYS:
            below = Section(node, inner.findings, f"{path}.{key}")
            value: object = _read_keys(below, KEYS[kind], f"{path}.{key}", places)
        else:
            value = _READERS[kind](inner, key, node)
        if value is not None:
            found[key] = value
    inner.finish()
    return found


def _read_text(inner: Section, key: str, node: Node) -> str | None:
    text = inner.take_text(key)
    if text == "":
        inner.wrong(node, f"{key} is empty", "write a text, or take the line out")
        return None
    return text


def _read_texts(inner: Section, key: str, _node: Node) -> tuple[str, ...] | None:
    return inner.take_texts(key)


def _read_integer(inner: Section, key: str, _node: Node) -> int | None:
    return inner.take_integer(key, at_least=0, at_most=_MOST)


def _read_integers(inner: Section, key: str, _node: Node) -> tuple[int, ...] | None:
    numbers = []
    for node in inner.take_list(key) or ():
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            inner.wrong(node, f"{key} must list whole numbers, not {node.kind}")
        else:
            numbers.append(node.value)
    return tuple(numbers) or None


def _read_flag(inner: Section, key: str, node: Node) -> bool | None:
    flag = inner.take_boolean(key)
    return flag if isinstance(node.value, bool) else None


def _read_number(inner: Section, key: str, node: Node) -> float | None:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        inner.wrong(node, f"{key} must be a number, not {node.kind}", "write 0.5")
        return None
    return node.value


def _read_sound(inner: Section, key: str, node: Node) -> object:
    if not isinstance(node.value, dict):
        return _read_text(inner, key, node)
    sound = Section(node, inner.findings, key)
    parts: dict[str, object] = {}
    if sound.take("critical") is not None:
        parts["critical"] = int(sound.take_boolean("critical"))
    name = sound.take_text("name", required=True)
    loud = sound.take("volume")
    volume = None if loud is None else _read_number(sound, "volume", loud)
    sound.finish()
    if name is None:
        return None
    return parts | {"name": name} | ({} if volume is None else {"volume": volume})


def _read_collapse_id(inner: Section, key: str, node: Node) -> str | None:
    text = _read_text(inner, key, node)
    size = len((text or "").encode())
    if size <= MAX_COLLAPSE_ID_BYTES:
        return text
    message = f"collapse_id has {size} bytes, APNs takes {MAX_COLLAPSE_ID_BYTES}"
    cure = f"cut {size - MAX_COLLAPSE_ID_BYTES} bytes; a Han character is three"
    inner.findings.append(report("collapse-id-bytes", message, node.span, help=cure))
    return None


def _read_actions(
    inner: Section, key: str, _node: Node
) -> tuple[dict[str, str], ...] | None:
    actions = []
    for node in inner.take_list(key) or ():
        part = Section(node, inner.findings, "an action")
        words = {
            name: part.take_text(name, required=name != "icon")
            for name in ("action", "title", "navigate", "icon")
        }
        part.finish()
        given = {name: text for name, text in words.items() if text is not None}
        if {"action", "title", "navigate"} <= given.keys():
            actions.append(given)
    return tuple(actions) or None


_READERS: dict[str, Callable[[Section, str, Node], object]] = {
    "text": _read_text,
    "texts": _read_texts,
    "integer": _read_integer,
    "integers": _read_integers,
    "flag": _read_flag,
    "number": _read_number,
    "sound": _read_sound,
    "collapse_id": _read_collapse_id,
    "actions": _read_actions,
}
