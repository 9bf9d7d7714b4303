"""Every branch of a message: the section of its page, and the worst case of each text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from copylab.preview.branching import find_branches
from copylab.preview.choice_words import choice_words
from copylab.preview.comparing import compare_with
from copylab.preview.worst import find_worst

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.catalog import Catalog
    from copylab.preview.branching import TextBranches
    from copylab.preview.comparing import Compared
    from copylab.preview.page import View
    from copylab.preview.shown import Shown
    from copylab.preview.worst import Worst

STYLES = ("branches.css",)
"""The style sheets that the section needs."""


@dataclass(frozen=True, slots=True)
class TextCard:
    """One text with its branches.

    Attributes:
        anchor: Where it is on the page: ``branches.sms.zh-CN.plain``.
        variant: The variant.
        is_live: Whether everybody outside of an experiment gets it.
        text: Its branches.
        worst: The longest that it can be made; None where it cannot be rendered.
    """

    anchor: str
    variant: str
    is_live: bool
    text: TextBranches
    worst: Worst | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts of one channel and locale.

    Attributes:
        anchor: Where it is on the page: ``branches.sms.zh-CN``.
        channel: The channel.
        locale: The locale.
        cards: Its texts, one a variant.
    """

    anchor: str
    channel: str
    locale: str
    cards: tuple[TextCard, ...]

    @property
    def branches(self) -> int:
        """How many branches are known."""
        return sum(card.text.branches for card in self.cards)


@dataclass(frozen=True, slots=True)
class BranchesSection:
    """Every branch of a message.

    Attributes:
        message: The message's id.
        shelves: Its texts by channel and locale.
        compared: What changed since a revision; None where it is compared with none.
        is_past: Whether this is the last state that could be read, not the present one.
        choice: A choice in the reader's language, of its name and value.
    """

    message: str
    shelves: tuple[Shelf, ...]
    compared: Compared | None
    is_past: bool
    choice: Callable[[str, str], str]

    @property
    def texts(self) -> int:
        """How many texts there are."""
        return sum(len(shelf.cards) for shelf in self.shelves)

    @property
    def branches(self) -> int:
        """How many branches are known of all texts."""
        return sum(shelf.branches for shelf in self.shelves)

    @property
    def sampled(self) -> int:
        """How many texts have more branches than are walked."""
        return sum(
            bool(card.text.fields) and not card.text.is_walked
            for shelf in self.shelves
            for card in shelf.cards
        )

    @property
    def unread(self) -> int:
        """How many texts could not be read."""
        return sum(
            not card.text.fields for shelf in self.shelves for card in shelf.cards
        )


def branches_section(shown: Shown, view: View, message_id: str) -> BranchesSection:
    """Every branch of a message; of one that is broken now, those it last had.

    Args:
        shown: The state of the workspace.
        view: Who looks.
        message_id: A message of the workspace, or of the state in which it last was.

    Raises:
        KeyError: There is no such message.
    """
    catalog = shown.last_good.get(message_id, shown.workspace)
    message = catalog.messages[message_id]
    texts = find_branches(catalog, message_id, shown.report.findings)
    shelves = []
    for (channel, locale), group in groupby(texts, lambda text: text.key[1:3]):
        anchor = f"branches.{channel}.{locale}"
        cards = (_card(catalog, text, message.live, anchor) for text in group)
        shelves.append(Shelf(anchor, channel, locale, tuple(cards)))
    compared = None
    if shown.base is not None:
        compared = compare_with(shown.base, catalog, message_id, shown.base_name)
    is_past = message_id in shown.last_good
    return BranchesSection(
        message_id, tuple(shelves), compared, is_past, partial(choice_words, view)
    )


def _card(catalog: Catalog, text: TextBranches, live: str, anchor: str) -> TextCard:
    variant = text.key[3]
    worst = find_worst(catalog, text.key)
    return TextCard(f"{anchor}.{variant}", variant, variant == live, text, worst)
