"""A push names no channel or class where its service wants one.

What: FCM, where it is named under `push: {services: …}` or set up under `push: {fcm: …}`, without
`channel_id`; Xiaomi without `channel_id`. For marketing through Huawei, Honor, vivo or HarmonyOS
a warning without the key that classes it, and an error where it says another class.

Why: Android shows a push in its own channel, so that people can mute marketing alone; without
one it lands in a default channel or nowhere. Xiaomi refuses it, the others class it themselves,
and marketing sent as service is an offence under their rules.

Bad:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  services: [apns, fcm]
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
push:
  services: [xiaomi]
=== push.zh-CN.md
## title
资料已保存
## body
无需再填。
```
```message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
push:
  services: [huawei]
=== push.zh-CN.md
## title
资料已保存
## body
无需再填。
```

```message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
push:
  services: [huawei]
  huawei: {category: ACCOUNT}
=== push.zh-CN.md
## title
资料已保存
## body
无需再填。
```

Good:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  services: [apns, fcm]
  fcm: {channel_id: news}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
push:
  services: [xiaomi, huawei]
  xiaomi: {channel_id: "1021"}
  huawei: {category: MARKETING}
=== push.zh-CN.md
## title
资料已保存
## body
无需再填。
```
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  services: [apns]
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: Android 8, notification channels; Xiaomi Push, mandatory since 2024-11; Huawei Push Kit,
message classification; channels/profiles/push/*.yaml with dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.push_profile import load_push_profile, vendor_names
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase
    from copylab.push_settings import PushSettings
    from copylab.source import Span


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each service that lacks its channel or class."""
    message = case.message
    push = message.push
    if "push" not in message.channels or not push.is_set:
        return
    named = "fcm" in push.services or "fcm" in push.options
    if named and "fcm" in push.used_services and not _given(push, "fcm", "channel_id"):
        text = "FCM gets no channel_id, which Android wants since version 8"
        cure = "name the app's channel: push: {fcm: {channel_id: …}}"
        yield RULE.finding(text, _place(push, "fcm"), help=cure)
    for name in vendor_names():
        profile = load_push_profile(name)
        if name not in push.used_services or profile.class_key is None:
            continue
        key, marketing = profile.class_key, profile.marketing_class
        is_asked = message.purpose == "marketing" and marketing is not None
        cure = f'write push: {{{name}: {{{key}: "{marketing}"}}}}'
        if _given(push, name, key):
            written = str(push.options[name][key])
            if is_asked and written.lower() != str(marketing).lower():
                text = (
                    f"{name} is told '{written}', which is not its class for marketing"
                )
                place = push.place(f"{name}.{key}") or _place(push, name)
                yield RULE.finding(text, place, help=cure)
        elif profile.class_required:
            text = f"{name} refuses a push without {key}"
            cure = f"write the one applied for: push: {{{name}: {{{key}: …}}}}"
            yield RULE.finding(text, _place(push, name), help=cure)
        elif is_asked:
            text = f"{name} is not told that this is marketing"
            place = _place(push, name)
            yield RULE.finding(text, place, help=cure, severity="warning")


def _given(push: PushSettings, service: str, key: str) -> bool:
    return key in push.options.get(service, {})


def _place(push: PushSettings, service: str) -> Span | None:
    return push.place(service if service in push.places else "services")


RULE = Rule(
    "channel-missing",
    "PSH011",
    "error",
    "message",
    check,
    channels=("push",),
    module=__name__,
)
