"""Proof sheets: one a message, to be read, printed and signed, and the list of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from copylab.preview.choice_words import choice_words
from copylab.preview.page import Page
from copylab.preview.paths import message_path, proof_path
from copylab.preview.proving.sheet import prove_message
from copylab.preview.proving.value_words import bounds_words, missing_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copylab.lint.report import Proof
    from copylab.preview.page import View
    from copylab.preview.proving.sheet import Sheet
    from copylab.preview.shown import Shown

_GROUP = 4


@dataclass(frozen=True, slots=True)
class Listed:
    """A message in the list of proof sheets.

    Attributes:
        id: Its id.
        path: Its proof sheet.
        purpose: What it is for.
        texts: How many texts it has.
        branches: How many branches of them were walked.
        errors: How many errors were found.
        warnings: How many warnings.
        unread: How many texts could not be read.
        sampled: How many texts have more branches than are walked.
    """

    id: str
    path: str
    purpose: str
    texts: int
    branches: int
    errors: int
    warnings: int
    unread: int
    sampled: int


def proof_page(shown: Shown, view: View, message_id: str) -> Page:
    """The proof sheet of a message.

    Args:
        shown: The state of the workspace.
        view: Who looks.
        message_id: A message of the workspace.

    Raises:
        KeyError: There is no such message.
    """
    title = view.say("proof.title_of", message=message_id)
    if not shown.is_checked:
        # What is not known yet must not read as if nothing had been found.
        waiting = {"message": message_id}
        return Page(
            view.path, title, "proof_wait.html", waiting, ("proof.css",), ("proof.js",)
        )
    sheet = prove_message(shown, message_id)
    foot = view.say("proof.foot", message=message_id, print=sheet.prints.short)
    content: dict[str, object] = {
        "sheet": sheet,
        "place": shown.root.resolve().name,
        "made_at": f"{shown.at:%Y-%m-%d %H:%M} UTC",
        "day": shown.at.date(),
        "message_path": message_path(message_id),
        "choice": partial(choice_words, view),
        "places": partial(places_words, view, places_of(sheet)),
        "bounds": partial(bounds_words, view),
        "missing": partial(missing_words, view),
        "foot": css_string(foot),
        "grouped": grouped,
    }
    return Page(
        path=view.path,
        title=title,
        template="proof.html",
        content=content,
        styles=("proof.css",),
        scripts=("proof.js",),
    )


def proof_list_page(shown: Shown, view: View) -> Page:
    """The list of proof sheets, messages with errors first.

    Args:
        shown: The state of the workspace.
        view: Who looks.
    """
    proofs: dict[str, list[Proof]] = {}
    for proof in shown.report.proofs:
        proofs.setdefault(proof.message, []).append(proof)
    listed = [_listed(shown, name, proofs.get(name, [])) for name in _messages(shown)]
    listed.sort(key=lambda item: (-item.unread, -item.errors, -item.warnings, item.id))
    return Page(
        path=view.path,
        title=view.say("proof.list_title"),
        template="proof_list.html",
        content={"listed": tuple(listed)},
        styles=("proof.css",),
    )


def _messages(shown: Shown) -> Iterable[str]:
    return sorted(shown.workspace.messages)


def _listed(shown: Shown, name: str, proofs: list[Proof]) -> Listed:
    message = shown.workspace.messages[name]
    severities = [finding.severity for finding in shown.findings_of(name)]
    texts = sum(len(copy.variants) for copy in message.copies.values())
    return Listed(
        id=name,
        path=proof_path(name),
        purpose=message.purpose,
        texts=texts,
        branches=sum(proof.branches for proof in proofs),
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        unread=texts - len(proofs),
        sampled=sum(not proof.exhaustive for proof in proofs),
    )


def places_of(sheet: Sheet) -> tuple[str, ...]:
    """The channels and locales of the texts of a sheet that could be read."""
    found = (f"{text.channel}.{text.locale}" for text in sheet.texts if text.is_read)
    return tuple(dict.fromkeys(found))


def places_words(view: View, known: Sequence[str], places: Sequence[str]) -> str:
    """Channels and locales in short: ``all texts``, ``zh-CN``, ``SMS``, ``SMS zh-CN``.

    Args:
        view: Who looks.
        known: All there are.
        places: Those that are meant.
    """
    if set(places) == set(known) and len(known) > 1:
        return view.say("proof.places_all")
    locales = dict.fromkeys(place.partition(".")[2] for place in places)
    if set(places) == {place for place in known if place.partition(".")[2] in locales}:
        return ", ".join(locales)
    parts = []
    for channel in dict.fromkeys(place.partition(".")[0] for place in places):
        own = [place for place in places if place.startswith(f"{channel}.")]
        every = [place for place in known if place.startswith(f"{channel}.")]
        name = view.say(f"branches.channel_{channel}")
        if set(own) == set(every):
            parts.append(name)
        else:
            parts.append(" ".join([name, *(place.partition(".")[2] for place in own)]))
    return view.say("proof.and").join(parts)


def css_string(text: str) -> str:
    """A text as a string of a style sheet: every sign in it is escaped.

    What is not a letter or a digit of ASCII is written by its code point (CSS Syntax
    Level 3, section 4.3.7), so that no text ends the string or the style sheet.
    """
    plain = (
        char if char.isascii() and char.isalnum() else f"\\{ord(char):x} "
        for char in text
    )
    return "".join(plain)


def grouped(text: str) -> str:
    """A hash in groups of four, which people can compare."""
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
