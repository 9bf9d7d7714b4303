"""A push brings a picture that iOS will not show.

What: A key such as `image` or `attachment-url` under `push: {data: …}` where APNs delivers, or
`apns_image` under `push: {fcm: …}`, without `mutable_content: true`.

Why: A service extension fetches the picture, and iOS starts it only for a push that says so.

Bad:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  services: [apns]
  data: {image: "https://static.example.com/a.png"}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  fcm: {channel_id: news, apns_image: "https://static.example.com/a.png"}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Good:
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  services: [apns]
  data: {image: "https://static.example.com/a.png"}
  apns: {mutable_content: true}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```
```message.yaml
purpose: marketing
live: plain
locales: [en-US]
push:
  services: [fcm]
  fcm: {channel_id: news, image: "https://static.example.com/a.png"}
=== push.en-US.md
## title
Your details are saved
## body
Nothing to fill in twice.
```

Source: Apple, Modifying content in newly delivered notifications; Firebase, Send an image in the
notification payload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase
    from copylab.push_settings import PushSettings

_PICTURES = frozenset(
    (
        *("image", "image_url", "picture", "picture_url", "attachment"),
        *("attachment_url", "media", "media_url", "gif", "gif_url"),
    )
)


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each picture that nothing fetches."""
    push = case.message.push
    if "push" not in case.message.channels or not push.is_set:
        return
    fcm = push.options.get("fcm", {})
    on_ios = fcm.get("apns")
    through_fcm = isinstance(on_ios, dict) and on_ios.get("mutable_content")
    if "apns" in push.used_services and not _is_mutable(push):
        for key in push.data:
            if key.lower().replace("-", "_") in _PICTURES:
                text = f"'{key}' brings a picture, and no extension is started for it"
                cure = "add push: {apns: {mutable_content: true}}"
                yield RULE.finding(text, push.place(f"data.{key}"), help=cure)
    if "fcm" in push.used_services and "apns_image" in fcm and not through_fcm:
        text = "apns_image brings a picture, and no extension is started for it"
        cure = "add push: {fcm: {apns: {mutable_content: true}}}"
        yield RULE.finding(text, push.place("fcm.apns_image"), help=cure)


def _is_mutable(push: PushSettings) -> bool:
    return bool(push.options.get("apns", {}).get("mutable_content"))


RULE = Rule(
    "rich-without-mutable",
    "PSH013",
    "error",
    "message",
    check,
    channels=("push",),
    module=__name__,
)
