"""Pushes of phone makers: one plain form for all, which the sender maps to each API.

The makers of China and the aggregators in front of them name the same things in their
own ways (title, content, description, body). What copylab gives is the words, the class
the maker asks for, and the app's own keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from copylab.channels.push_json import check_data, check_text, check_texts, present

VendorBuild = Callable[[str, str, Mapping[str, object]], dict[str, object]]
"""From title, body and the app's own keys to the plain form."""


@dataclass(frozen=True, slots=True)
class VendorOptions:
    """How a maker classes a push; None leaves a key out.

    Attributes:
        channel_id: The channel or class id, which Xiaomi asks for.
        category: The class by name, such as Huawei's `MARKETING`.
        importance: Honor's class: `LOW` for marketing, `NORMAL` for service.
        classification: vivo's class: `0` for operations, `1` for system messages.
    """

    channel_id: str | None = None
    category: str | None = None
    importance: str | None = None
    classification: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no text."""
        names = ("channel_id", "category", "importance", "classification")
        check_texts("vendor", {name: getattr(self, name) for name in names})


def vendor_builder(options: VendorOptions | None = None) -> VendorBuild:
    """A function that builds plain forms, what is the same in all of them bound once.

    Args:
        options: The class of the push.
    """
    options = options or VendorOptions()
    fixed = present(
        channel_id=options.channel_id,
        category=options.category,
        importance=options.importance,
        classification=options.classification,
    )

    def build(title: str, body: str, data: Mapping[str, object]) -> dict[str, object]:
        check_text("title", title)
        check_text("body", body)
        payload: dict[str, object] = {"title": title, "body": body, **fixed}
        if data:
            payload["data"] = dict(data)
        return payload

    return build


def vendor_payload(
    title: str,
    body: str,
    options: VendorOptions | None = None,
    *,
    data: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """A push of a phone maker, as one plain mapping.

    Args:
        title: The title.
        body: The text.
        options: The class of the push.
        data: The app's own keys; values of JSON types.

    Raises:
        ValueError: A text holds a lone surrogate.
    """
    check_data(data)
    return vendor_builder(options)(title, body, data or {})
