"""What a message is: its variables, its words, and where they stand."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.config import ByLocale, Markets
from copylab.locales import locale_parents
from copylab.push_settings import PushSettings
from copylab.sms_settings import SmsSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from copylab.source import SourceFile, Span

FIELDS: dict[str, tuple[str, ...]] = {
    "sms": ("body",),
    "push": ("title", "body"),
    "email": ("subject", "preheader", "body"),
}
"""The fields of each channel, in the order they are written."""

OPTIONAL_FIELDS = frozenset((("email", "preheader"),))

VARIABLE_TYPES = (
    "text",
    "person_name",
    "int",
    "decimal",
    "percent",
    "money",
    "date",
    "datetime",
    "url",
    "enum",
    "bool",
    "list",
)
NUMBER_TYPES = frozenset(("int", "decimal", "percent", "money"))
TEXT_TYPES = frozenset(("text", "person_name"))


@dataclass(frozen=True, slots=True)
class Missing:
    """What happens when a value is missing.

    Attributes:
        action: ``use`` a replacement, ``skip`` the send, or ``error``.
        value: The replacement for every locale, as plain data.
        locales: Replacements of single locales.
    """

    action: str = "error"
    value: object = None
    locales: Mapping[str, object] = field(default_factory=dict)

    def at(self, locale: str) -> tuple[str, object]:
        """The action and, for ``use``, the replacement for a locale."""
        if self.action != "use":
            return self.action, None
        for tag in locale_parents(locale):
            if tag in self.locales:
                return "use", self.locales[tag]
        if self.locales and self.value is None:
            return "error", None
        return "use", self.value


@dataclass(frozen=True, slots=True)
class Variable:
    """A typed, bounded input.

    Attributes:
        name: How copy calls it.
        type: One of ``VARIABLE_TYPES``.
        source: The key of the user that holds it.
        max_length: Code points of a text; of a url, the whole address as sent.
        charset: The characters a text may hold.
        multiline: Whether a text may hold line breaks.
        links: Whether a text may hold what readers turn into a link.
        low: The smallest number, date or time.
        high: The largest number, date or time.
        decimals: Digits after the point that a number may have.
        currency: ISO 4217, of money.
        values: The words of an enum.
        base: The start of a url that the user cannot change.
        max_items: The most items of a list.
        items: The fields of a list's items.
        missing: What happens when the value is missing.
        span: Where the declaration stands.
        has_bounds: False where a bound that the type needs is not declared.
    """

    name: str
    type: str
    source: str
    span: Span
    max_length: int | None = None
    charset: str = "any"
    multiline: bool = False
    links: bool = False
    low: Decimal | datetime | None = None
    high: Decimal | datetime | None = None
    decimals: int = 0
    currency: str = ""
    values: tuple[str, ...] = ()
    base: str = ""
    max_items: int | None = None
    items: Mapping[str, Variable] = field(default_factory=dict)
    missing: Missing = field(default_factory=Missing)
    has_bounds: bool = True


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of one field: template text that knows its place in the file.

    Attributes:
        source: The file.
        text: The template, ends stripped, escapes of structure removed.
        anchors: Pairs of an offset in ``text`` and the offset in the file it has.
    """

    source: SourceFile
    text: str
    anchors: tuple[tuple[int, int], ...]

    def offset(self, index: int) -> int:
        """The offset in the file of ``text[index]``."""
        at = bisect_right(self.anchors, index, key=lambda anchor: anchor[0]) - 1
        start, place = self.anchors[max(at, 0)]
        return place + index - start

    def span(self, start: int, end: int) -> Span:
        """The span in the file of ``text[start:end]``."""
        last = self.offset(end - 1) + 1 if end > start else self.offset(start)
        return self.source.span(self.offset(start), last)

    def whole(self) -> Span:
        """The span of the whole text."""
        return self.span(0, len(self.text))


@dataclass(frozen=True, slots=True)
class Copy:
    """The words of one channel and locale.

    Attributes:
        channel: ``sms``, ``push`` or ``email``.
        locale: The locale of the file.
        source: The file.
        variants: By variant and field, the words.
        headings: By variant, where its heading stands.
    """

    channel: str
    locale: str
    source: SourceFile
    variants: Mapping[str, Mapping[str, Passage]]
    headings: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class Step:
    """Advice for the sender: when to send which channel.

    Attributes:
        after: Time since the first step, as written (``4h``, ``3d``).
        channel: The channel to send.
        window: Local times between which to send, ``HH:MM-HH:MM``, or empty.
        unless: The event that makes the step unnecessary, or empty.
        span: Where the step stands.
    """

    after: str
    channel: str
    window: str
    unless: str
    span: Span


@dataclass(frozen=True, slots=True)
class Message:
    """One purpose, its variants and its words.

    Attributes:
        id: The folder path below ``templates/``.
        purpose: ``marketing``, ``transactional`` or ``otp``.
        markets: Where it goes.
        live: The variant everybody outside an experiment gets.
        variants: By name, the tags that describe the wording.
        variables: By name, the declared inputs.
        sequence: Advice for the sender.
        locales: The locales this message is narrowed to; empty for all declared.
        brand: The workspace's brand with the message's overrides.
        industry: The industry, by locale.
        sending: Metadata that rules ask for.
        email: Email settings.
        sms: How its short messages leave.
        push: How its pushes leave.
        copies: By channel and locale, the words.
        file: The path of ``message.yaml``.
        places: Spans of keys of ``message.yaml``, by dotted path.
    """

    id: str
    purpose: str
    live: str
    variants: Mapping[str, Mapping[str, str]]
    variables: Mapping[str, Variable]
    file: str
    markets: Markets = field(default_factory=Markets)
    sequence: tuple[Step, ...] = ()
    locales: tuple[str, ...] = ()
    brand: ByLocale = field(default_factory=ByLocale)
    industry: ByLocale = field(default_factory=ByLocale)
    sending: Mapping[str, object] = field(default_factory=dict)
    email: Mapping[str, str] = field(default_factory=dict)
    sms: SmsSettings = field(default_factory=SmsSettings)
    push: PushSettings = field(default_factory=PushSettings)
    copies: Mapping[tuple[str, str], Copy] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that have words, in the order of ``FIELDS``."""
        written = {channel for channel, _ in self.copies}
        return tuple(channel for channel in FIELDS if channel in written)

    def find_copy(self, channel: str, locale: str) -> Copy | None:
        """The words for a locale or the nearest of its parents."""
        for tag in locale_parents(locale):
            copy = self.copies.get((channel, tag))
            if copy is not None:
                return copy
        return None

    def industry_at(self, locale: str) -> str:
        """The industry for a locale, or an empty string."""
        return self.industry.at(locale).get("industry", "")
