"""A message beside a revision: what changed of it, with the differences marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.lint.changes import Kind, compare_message
from copylab.lint.readability import is_readable
from copylab.preview.as_read import as_read
from copylab.preview.differences import Piece, fold, mark
from copylab.preview.usual_values import usual_values

if TYPE_CHECKING:
    from copylab.catalog import Catalog, Key
    from copylab.channels.sms import SmsLength
    from copylab.lint.changes import BranchChange, Change
    from copylab.message.model import Message

_MOST_SHOWN = 20
"""Pairs of texts that are shown of a variant."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A branch before and after, for the same values.

    Attributes:
        field: The field.
        choices: The values, in words.
        before: The text before, without what is new; empty where there was none.
        after: The text after, without what is gone; empty where there is none.
    """

    field: str
    choices: tuple[tuple[str, str], ...]
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that differs.

    Attributes:
        key: Message, channel, locale and variant.
        kind: ``added``, ``removed`` or ``changed``; ``unread`` where it cannot be read
            now or could not be then, so that nothing can be compared.
        pairs: What differs, at most as many as are shown.
        left_out: How many more branches differ.
        parts: The most parts of a short message before and after; None where that is
            no question.
        is_whole: Whether every branch was compared.
    """

    key: Key
    kind: Kind | Literal["unread"]
    pairs: tuple[Pair, ...]
    left_out: int
    parts: tuple[int | None, int | None] | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A message beside a revision.

    Attributes:
        name: What the revision was called.
        is_new: Whether there was no such message.
        settings: What differs of the message itself: its name, and before and after.
        texts: The texts that differ.
    """

    name: str
    is_new: bool
    settings: tuple[tuple[str, str, str], ...]
    texts: tuple[TextChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether people receive what they received."""
        return not (self.is_new or self.settings or self.texts)


def compare_with(
    before: Catalog, after: Catalog, message_id: str, name: str
) -> Compared:
    """A message beside what it was.

    Args:
        before: The workspace at the revision.
        after: The workspace now.
        message_id: A message of the workspace now.
        name: What the revision was called.
    """
    old = before.messages.get(message_id)
    settings = () if old is None else _settings(old, after.messages[message_id])
    changes = compare_message(before, after, message_id, usual_values)
    texts = (
        _text(change)
        if all(_is_readable(catalog, change.key) for catalog in (before, after))
        else TextChange(change.key, "unread", (), 0, None, is_whole=True)
        for change in changes
    )
    return Compared(name, old is None, settings, tuple(texts))


def _is_readable(catalog: Catalog, key: Key) -> bool:
    """Whether a text could be read, or is not there."""
    return key not in catalog.templates or is_readable(catalog, key)


def _settings(old: Message, new: Message) -> tuple[tuple[str, str, str], ...]:
    """What decides who gets which text, before and after, where that differs."""
    pairs = (
        ("live", old.live, new.live),
        ("purpose", old.purpose, new.purpose),
        ("markets", _markets(old), _markets(new)),
    )
    return tuple((key, was, now) for key, was, now in pairs if was != now)


def _markets(message: Message) -> str:
    """The markets of a message in the order they are named."""
    locales = {locale for _, locale in message.copies}
    found = (code for tag in sorted(locales) for code in message.markets.at(tag))
    return ", ".join(dict.fromkeys(found))


def _text(change: Change) -> TextChange:
    parts = None
    if change.before is not None or change.after is not None:
        parts = (_parts(change.before), _parts(change.after))
    return TextChange(
        change.key,
        change.kind,
        tuple(_pair(change.key[1], one) for one in change.branches[:_MOST_SHOWN]),
        max(len(change.branches) - _MOST_SHOWN, 0),
        parts,
        change.is_whole,
    )


def _parts(length: SmsLength | None) -> int | None:
    return None if length is None else length.segments_max


def _pair(channel: str, change: BranchChange) -> Pair:
    before = as_read(channel, change.field, change.before or "")
    after = as_read(channel, change.field, change.after or "")
    pieces = mark(before, after)
    return Pair(
        change.field,
        change.choices,
        fold(tuple(piece for piece in pieces if piece.kind != "added")),
        fold(tuple(piece for piece in pieces if piece.kind != "removed")),
    )
