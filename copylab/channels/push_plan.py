"""Plans: from the settings of a push to its payloads and headers, service by service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from copylab.channels.push_apns import (
    ApnsHeaders,
    ApnsOptions,
    apns_builder,
    apns_headers,
)
from copylab.channels.push_fcm import FcmOptions, fcm_builder, fcm_bytes, is_reserved
from copylab.channels.push_json import Serializer, payload_bytes
from copylab.channels.push_profile import (
    PushProfile,
    load_push_profile,
    override_limits,
)
from copylab.channels.push_vendor import VendorOptions, vendor_builder
from copylab.channels.push_web import (
    WebPushAction,
    WebPushHeaders,
    WebPushOptions,
    web_push_builder,
    web_push_headers,
)
from copylab.locales import text_direction
from copylab.push_settings import USUAL_LINK_KEY, PushSettings

Made = TypeVar("Made")
Options = Mapping[str, object]
Build = Callable[[str, str, "str | None"], dict[str, object]]
"""From title, body and the deep link to a payload."""

_APNS_HEADERS = ("push_type", "priority", "expiration", "topic", "collapse_id")
_WEB_HEADERS = ("ttl", "urgency", "topic")


class PushOptionError(ValueError):
    """An option of the settings that its service refuses.

    Attributes:
        path: The key, such as `fcm.apns.badge`.
    """

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class PushPlan:
    """How the pushes of a message are built in one locale.

    Attributes:
        settings: The settings, the message's laid over the workspace's.
        locale: The locale of the words.
    """

    settings: PushSettings
    locale: str = ""

    @property
    def services(self) -> tuple[str, ...]:
        """The services that get a payload."""
        return self.settings.used_services

    @property
    def serializer(self) -> Serializer:
        """How the sender writes JSON."""
        chosen: Any = self.settings.serializer or "compact"
        return chosen  # type: ignore[no-any-return]  # reading the settings checked it

    @property
    def needs_title(self) -> bool:
        """Whether a service refuses a push without a title."""
        return "webpush" in self.services

    @cached_property
    def builders(self) -> dict[str, Build]:
        """By service, the function that builds its payload.

        Raises:
            PushOptionError: A service refuses an option.
        """
        return {name: self._builder(name) for name in self.services}

    def payloads(
        self, title: str, body: str, link: str | None = None
    ) -> dict[str, dict[str, object]]:
        """The payloads by service.

        Args:
            title: The title.
            body: The text.
            link: The deep link, where the settings name one.

        Raises:
            PushOptionError: A service refuses an option.
            ValueError: Web Push is without a title or an address.
        """
        return {name: build(title, body, link) for name, build in self.builders.items()}

    def headers(self, sent_s: int | None = None) -> dict[str, dict[str, str]]:
        """The headers of the requests by service; empty where no push is set up.

        Args:
            sent_s: When it is sent, in seconds since 1970; without it, an APNs `ttl`
                becomes no `apns-expiration`.

        Raises:
            PushOptionError: A service refuses an option.
        """
        found = {name: dict(headers) for name, headers in self._headers.items()}
        ttl = self.settings.options.get("apns", {}).get("ttl")
        if "apns" in found and isinstance(ttl, int) and sent_s is not None:
            found["apns"]["apns-expiration"] = str(sent_s + ttl)
        return found

    @cached_property
    def _headers(self) -> dict[str, dict[str, str]]:
        found = {}
        options = self.settings.options
        if self.settings.is_set and "apns" in self.services:
            keys = options.get("apns", {})
            found["apns"] = apns_headers(_apns_headers(keys, "apns"))
        if self.settings.is_set and "webpush" in self.services:
            keys = options.get("webpush", {})
            found["webpush"] = web_push_headers(_web_headers(keys, "webpush"))
        return found

    def size(self, service: str, payload: Mapping[str, object]) -> int:
        """The octets of a payload as its service counts them: FCM has its own way."""
        if service == "fcm":
            return fcm_bytes(payload)
        return payload_bytes(payload, self.serializer)

    def profile(self, service: str) -> PushProfile:
        """The limits of a service, the workspace's own in place of the dated ones."""
        limits = self.settings.limits.get(service, {})
        return override_limits(load_push_profile(service), limits)

    def _builder(self, service: str) -> Build:
        keys = self.settings.options.get(service, {})
        data = dict(self.settings.data)
        key = self.settings.link_key or USUAL_LINK_KEY
        self._check_data(service, key)
        if service == "webpush":
            web = web_push_builder(_web_options(keys, "webpush", self.locale))
            return lambda title, body, link: web(title, body, link, data)
        build: Callable[[str, str, Mapping[str, Any]], dict[str, object]]
        if service == "apns":
            build = apns_builder(_apns_options(keys, "apns"))
        elif service == "fcm":
            build = fcm_builder(_fcm_options(keys))
        else:
            build = vendor_builder(_made(VendorOptions, "vendor", service, keys))
        return lambda title, body, link: build(
            title, body, data if link is None else {**data, key: link}
        )

    def _check_data(self, service: str, link_key: str) -> None:
        """Pass if no key of the app's own is one of the service's."""
        own = [(f"data.{key}", key) for key in self.settings.data]
        if self.settings.link:
            if service != "webpush" and link_key in self.settings.data:
                message = f"data has the key '{link_key}', where the link goes"
                raise PushOptionError(
                    f"{message}; rename one of them", f"data.{link_key}"
                )
            own.append(("link_key", link_key))
        for path, key in own:
            is_taken = (service == "apns" and key == "aps") or (
                service == "fcm" and is_reserved(key)
            )
            if is_taken:
                message = f"the key '{key}' belongs to {service.upper()}; rename it"
                raise PushOptionError(message, path)


USUAL_PLAN = PushPlan(PushSettings())
"""The plan of pushes that nobody has set up."""


def check_plan(settings: PushSettings) -> None:
    """Pass if every option is one that its service takes, of all services set up.

    Args:
        settings: The settings.

    Raises:
        PushOptionError: One is not.
    """
    services = tuple(dict.fromkeys((*settings.used_services, *settings.options)))
    plan = PushPlan(replace(settings, services=services))
    assert plan.builders
    plan.headers()


def _made(kind: Callable[..., Made], base: str, path: str, keys: Options) -> Made:
    """The options of a service; what it refuses is told with the whole path."""
    try:
        return kind(**keys)
    except ValueError as error:
        text = str(error)
        if not text.startswith(f"{base}."):
            raise PushOptionError(text, path) from None
        text = path + text.removeprefix(base)
        raise PushOptionError(text, _first_key(text)) from None


def _first_key(text: str) -> str:
    """The path at the start of a message, without the index of a list."""
    return text.split(maxsplit=1)[0].partition("[")[0]


def _only(keys: Options, names: tuple[str, ...]) -> dict[str, object]:
    return {name: keys[name] for name in names if name in keys}


def _apns_options(keys: Options, path: str) -> ApnsOptions:
    names = tuple(ApnsOptions.__dataclass_fields__)
    return _made(ApnsOptions, "apns", path, _only(keys, names))


def _apns_headers(keys: Options, path: str) -> ApnsHeaders:
    return _made(ApnsHeaders, "apns", path, _only(keys, _APNS_HEADERS))


def _web_options(keys: Options, path: str, locale: str = "") -> WebPushOptions:
    names = tuple(WebPushOptions.__dataclass_fields__)
    given = _only(keys, names)
    actions: Any = given.get("actions", ())
    made = [_made(WebPushAction, "webpush.actions", path, item) for item in actions]
    if made:
        given["actions"] = tuple(made)
    if locale:
        given.setdefault("lang", locale)
        if text_direction(locale) == "rtl":
            given.setdefault("dir", "rtl")
    return _made(WebPushOptions, "webpush", path, given)


def _web_headers(keys: Options, path: str) -> WebPushHeaders:
    return _made(WebPushHeaders, "webpush", path, _only(keys, _WEB_HEADERS))


def _fcm_options(keys: Options) -> FcmOptions:
    given = dict(keys)
    on_ios: Any = given.pop("apns", None)
    on_web: Any = given.pop("webpush", None)
    if on_ios:
        given["apns"] = _apns_options(on_ios, "fcm.apns")
        if any(name in on_ios for name in _APNS_HEADERS):
            given["apns_headers"] = _apns_headers(on_ios, "fcm.apns")
    if on_web:
        given["webpush"] = _web_options(on_web, "fcm.webpush")
        if any(name in on_web for name in _WEB_HEADERS):
            given["webpush_headers"] = _web_headers(on_web, "fcm.webpush")
    return _made(FcmOptions, "fcm", "fcm", given)
