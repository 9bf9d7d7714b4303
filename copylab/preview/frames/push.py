"""A push as phones show it: on the lock screen and opened, and the size of what is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.channels.push_plan import USUAL_PLAN, PushPlan
from copylab.channels.screens import (
    ELLIPSIS,
    clipped_characters,
    shown_on_screens,
)
from copylab.preview.frames.pieces import Mark, Piece, cut_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.channels.composed import Push
    from copylab.message.model import Message

PLATFORMS = ("ios", "android")
OPEN = "open"
"""The place where one reads the whole push: it is pressed, or pulled down."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A field in a place that may not show all of it.

    Attributes:
        pieces: What is seen, without the ellipsis.
        is_cut: Whether an ellipsis stands behind it.
        hidden: What is not seen.
        lines: The lines that the place has for it.
    """

    pieces: tuple[Piece, ...]
    is_cut: bool
    hidden: str
    lines: int


@dataclass(frozen=True, slots=True)
class PushPlace:
    """A push in one place of one platform.

    Attributes:
        platform: ``ios`` or ``android``.
        name: ``banner``, ``lock_screen``, ``notification_centre``, or ``open``.
        title: The title there.
        body: The text there.
    """

    platform: str
    name: str
    title: Cut
    body: Cut

    @property
    def is_cut(self) -> bool:
        """Whether anything is not seen."""
        return self.title.is_cut or self.body.is_cut


@dataclass(frozen=True, slots=True)
class PushPhone:
    """A phone of one platform.

    Attributes:
        platform: ``ios`` or ``android``.
        lock_screen: The push on the lock screen.
        opened: The push when somebody opens it there.
        others: Its other places.
    """

    platform: str
    lock_screen: PushPlace
    opened: PushPlace
    others: tuple[PushPlace, ...]


@dataclass(frozen=True, slots=True)
class PushService:
    """What is sent to one push service.

    Attributes:
        name: ``apns``, ``fcm`` or another.
        size_bytes: The payload, as the service counts it.
        max_bytes: What the service takes; None where it names no limit.
    """

    name: str
    size_bytes: int
    max_bytes: int | None


@dataclass(frozen=True, slots=True)
class PushFrame:
    """A push in phones.

    Attributes:
        title: The title.
        body: The text.
        phones: One for each platform.
        services: The payloads.
        locale: The locale of the words.
        sender: The name of the app.
        clock: The time that the phones show.
        kind: ``push``.
    """

    title: str
    body: str
    phones: tuple[PushPhone, ...]
    services: tuple[PushService, ...]
    locale: str = ""
    sender: str = ""
    clock: str = ""
    kind: str = "push"


def push_frame(
    message: Message,
    locale: str,
    sent: Push,
    *,
    title_marks: Sequence[Mark] = (),
    body_marks: Sequence[Mark] = (),
    clock: str = "",
) -> PushFrame:
    """A push as each platform shows it.

    Args:
        message: The message.
        locale: The locale of its words.
        sent: The push.
        title_marks: What is to be marked in the title.
        body_marks: What is to be marked in the text.
        clock: The time that the phones show.
    """
    phones = tuple(
        _phone(platform, sent, title_marks, body_marks) for platform in PLATFORMS
    )
    return PushFrame(
        sent.title,
        sent.body,
        phones,
        tuple(_services(message, locale, sent)),
        locale,
        message.brand.at(locale).get("name", ""),
        clock,
    )


def _phone(
    platform: str, sent: Push, title_marks: Sequence[Mark], body_marks: Sequence[Mark]
) -> PushPhone:
    places = {}
    for shown in shown_on_screens(sent.title, sent.body, platforms=(platform,)):
        surface = shown.surface
        title = _cut(sent.title, shown.title, surface.title_lines, title_marks)
        body = _cut(sent.body, shown.body, surface.body_lines, body_marks)
        places[surface.name] = PushPlace(platform, surface.name, title, body)
    lock_screen = places.pop("lock_screen")
    opened = _opened(
        platform, sent, places.pop("expanded", None), title_marks, body_marks
    )
    return PushPhone(platform, lock_screen, opened, tuple(places.values()))


def _opened(
    platform: str,
    sent: Push,
    expanded: PushPlace | None,
    title_marks: Sequence[Mark],
    body_marks: Sequence[Mark],
) -> PushPlace:
    """The push as somebody reads it who opens it: all of it, where nothing else is known."""
    if expanded is not None:
        return PushPlace(platform, OPEN, expanded.title, expanded.body)
    most = len(sent.body) if platform == "ios" else clipped_characters()
    title = _cut(sent.title, sent.title, 0, title_marks)
    shown = sent.body if len(sent.body) <= most else sent.body[:most] + ELLIPSIS
    return PushPlace(platform, OPEN, title, _cut(sent.body, shown, 0, body_marks))


def _cut(text: str, shown: str, lines: int, marks: Sequence[Mark]) -> Cut:
    """A field as ``cut_to_columns`` has cut it."""
    is_cut = shown != text
    kept = len(shown) - len(ELLIPSIS) if is_cut else len(text)
    return Cut(cut_pieces(text, marks, end=kept), is_cut, text[kept:].strip(), lines)


def _services(message: Message, locale: str, sent: Push) -> Iterator[PushService]:
    plan = PushPlan(message.push, locale) if message.push.is_set else USUAL_PLAN
    for name, payload in sent.payload.items():
        most = plan.profile(name).max_payload_bytes
        yield PushService(name, plan.size(name, payload), most)
