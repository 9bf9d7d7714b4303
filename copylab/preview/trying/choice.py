"""The reader's choice: what the address says of the place, the persona and the values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.preview.trying.raw import read_raw, show_raw
from copylab.preview.trying.users import TYPICAL, Place, user_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from copylab.catalog import Catalog
    from copylab.message.model import Message
    from copylab.preview.trying.controls import Control
    from copylab.preview.trying.users import User

_VALUE, _MISSING, _OWN = "v.", "missing.", "try."
_OFF = frozenset(("", "0", "false"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader tries.

    Attributes:
        place: The channel and the locale.
        persona: Whose values stand where none were set.
        typed: By variable or attribute, the value that was set, as it was typed.
        missing: The variables and attributes that were switched off.
    """

    place: Place
    persona: str = TYPICAL
    typed: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


def read_choice(
    query: Mapping[str, str],
    catalog: Catalog,
    message: Message,
    controls: Sequence[Control],
) -> Choice:
    """The choice in an address; what it does not say is as usual.

    A value may be set under the name of a variable or the key of the user that it is
    read from. What the address says of unknown names is left alone.

    Args:
        query: The address, as ``channel``, ``locale``, ``persona``, ``v.<variable>``
            and ``missing.<variable>``; ``try.persona`` and the like go before
            ``persona``, which the page around it uses, too.
        catalog: The workspace's content.
        message: The message.
        controls: What can be set.
    """
    typed: dict[str, str] = {}
    missing = set()
    for control in controls:
        for name in (control.name, control.source):
            if query.get(_MISSING + name, "") not in _OFF:
                missing.add(control.name)
            text = query.get(_VALUE + name)
            if text is not None:
                typed.setdefault(control.name, text)
    return Choice(
        _read_place(query, catalog, message),
        _ask(query, "persona") or TYPICAL,
        typed,
        frozenset(missing),
    )


def _ask(query: Mapping[str, str], name: str) -> str:
    """What the address says of something for trying, else for the whole page."""
    return query.get(_OWN + name) or query.get(name, "")


def _read_place(query: Mapping[str, str], catalog: Catalog, message: Message) -> Place:
    """The place that an address names; of what it does not name, the usual one."""
    channel = _ask(query, "channel")
    if channel not in message.channels:
        channel = message.channels[0]
    locales = [tag for name, tag in message.copies if name == channel]
    usual = catalog.config.locales.default
    locale = _ask(query, "locale")
    if locale not in locales:
        locale = usual if usual in locales else locales[0]
    return Place(channel, locale)


def make_user(
    catalog: Catalog,
    message: Message,
    choice: Choice,
    controls: Sequence[Control],
    at: datetime,
) -> User:
    """The user that a choice describes: a persona with the reader's own values.

    Args:
        catalog: The workspace's content.
        message: The message.
        choice: What the reader chose.
        controls: What can be set.
        at: The moment of the look.
    """
    user = user_of(catalog, message, choice.place, choice.persona, at, controls)
    for control in controls:
        if control.name in choice.missing:
            user.pop(control.source, None)
        elif control.name in choice.typed:
            user[control.source] = read_raw(control, choice.typed[control.name])
    return user


def shown_values(
    given: Mapping[str, object], choice: Choice, controls: Sequence[Control]
) -> dict[str, tuple[str, bool]]:
    """By control, the value as its field shows it, and whether it is switched off.

    Args:
        given: The user with nothing switched off: a field keeps what it had.
        choice: What the reader chose.
        controls: What can be set.
    """
    shown = {}
    for control in controls:
        text = show_raw(given.get(control.source))
        is_missing = text is None or control.name in choice.missing
        shown[control.name] = "" if text is None else text, is_missing
    return shown
