"""Characters of a short message that GSM-7 lacks, each told by one rule alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from copylab.channels.gsm import find_foreign, is_gsm
from copylab.channels.route import LINK
from copylab.channels.sms import culprits
from copylab.lint.characters import (
    CONTROLS,
    INVISIBLE,
    PICTOGRAPH,
    SPACES,
    in_gsm_or_question,
    looks_mixed,
)
from copylab.lint.sent import worst_on
from copylab.template.shape import Lit

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.channels.route import Route
    from copylab.channels.sms import Culprit
    from copylab.lint.case import Field, Words
    from copylab.lint.field import Written
    from copylab.source import Span
    from copylab.template.paths import Path

Kind = Literal["letter", "sign", "smart", "decomposed", "look-alike", "emoji"]

_ELSEWHERE = INVISIBLE | SPACES | CONTROLS
"""Characters that have a rule of their own."""
_SMART = frozenset("‘’‚‛“”„‟′″«»‹›‐‑‒–—―−…•·‣`´")
# U+2126 OHM, U+212A KELVIN, U+212B ANGSTROM, U+037E Greek question mark: NFC replaces them.
_SINGLETONS = frozenset("\u2126\u212a\u212b\u037e")
_WIDE_LETTER = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_MATHEMATICAL = re.compile("[\U0001d400-\U0001d7ff]")


class Foreign(NamedTuple):
    """A character that GSM-7 lacks.

    Attributes:
        kind: A ``letter`` of the language, a ``smart`` sign of typography, a letter
            that is ``decomposed``, a ``look-alike``, an ``emoji`` or another ``sign``.
        culprit: The character.
        written: The words it stands in.
        span: Its place in the file.
    """

    kind: Kind
    culprit: Culprit
    written: Written
    span: Span


def foreign_characters(words: Words) -> list[Foreign]:
    """The characters of the words that GSM-7 lacks, each place once.

    Empty where no route uses GSM-7, where all is in it, and where most letters are
    outside of it: nothing is won by replacing one. Those that have a rule of their own
    in any text, such as invisible ones, are left out.
    """
    item = words.fields["body"]
    if words.gsm_route is None or not item.literals or is_gsm(item.literals):
        return []
    found = item.kept.get("foreign")
    if found is None:
        found = item.kept["foreign"] = _find(item)
    return list(found)


def _find(item: Field) -> list[Foreign]:
    if is_foreign_script(item.literals):
        return []
    places: dict[Span, Foreign] = {}
    for written in item.written:
        text = written.skeleton.text
        for culprit in _culprits(text):
            span = written.skeleton.span(culprit.index, culprit.index + 1)
            if span not in places:
                kind = _kind(culprit, text)
                places[span] = Foreign(kind, culprit, written, span)
    return list(places.values())


def is_foreign_script(text: str) -> bool:
    """Whether most letters are outside of GSM-7, those of links left out.

    Letters made to look like Latin are not.
    """
    text = LINK.sub("", text)
    foreign = sum(
        match.group().isalpha() and not _is_look_alike(match.group())
        for match in find_foreign(text)
    )
    return foreign * 2 > sum(map(str.isalpha, text))


def _culprits(text: str) -> list[Culprit]:
    sendable = "".join(" " if c in CONTROLS or c == "\ufffc" else c for c in text)
    return [
        culprit
        for culprit in culprits(sendable)
        if culprit.char not in _ELSEWHERE and not looks_mixed(text, culprit.index)
    ]


def _kind(culprit: Culprit, text: str) -> Kind:
    char = culprit.char
    if char in _SINGLETONS or _composes(text, culprit.index):
        return "decomposed"
    if _is_look_alike(char):
        return "look-alike"
    if char in _SMART:
        return "smart"
    if PICTOGRAPH.match(char) and char >= "\u2190":
        return "emoji"
    if culprit.substitute is None and unicodedata.category(char)[0] in "LM":
        return "letter"
    return "sign"


def _is_look_alike(char: str) -> bool:
    return bool(_MATHEMATICAL.match(char) or _WIDE_LETTER.match(char))


def _composes(text: str, index: int) -> bool:
    """Whether a mark and the letter before it are one character in NFC."""
    if not index or not unicodedata.combining(text[index]):
        return False
    return len(unicodedata.normalize("NFC", text[index - 1 : index + 1])) == 1


def describe(culprit: Culprit) -> str:
    """``'’' (U+2019 RIGHT SINGLE QUOTATION MARK)``."""
    return f"'{culprit.char}' (U+{culprit.code_point:04X} {culprit.name})"


def parts_with_and_without(
    words: Words, written: Written, better: Callable[[str], str]
) -> tuple[int, int]:
    """The parts at worst on a way of some words, and with these words made better.

    Args:
        words: The variant.
        written: Words of its body.
        better: From a leaf's words to better ones.

    Returns:
        Both numbers; equal ones where there are too many ways to walk.
    """
    route, item = words.gsm_route, words.fields["body"]
    if not written.paths or route is None:
        return 1, 1
    path = written.paths[0]
    now, then = (_parts(item, way, route) for way in (path, rewritten(path, better)))
    return now, then


def rewritten(path: Path, better: Callable[[str], str]) -> Path:
    """The way with the words of each leaf made better."""
    leaves = tuple(
        replace(leaf, text=better(leaf.text)) if isinstance(leaf, Lit) else leaf
        for leaf in path.leaves
    )
    return replace(path, leaves=leaves)


def _parts(item: Field, path: Path, route: Route) -> int:
    sent = worst_on(path, item.template.scope, route)
    return 0 if sent is None else sent.parts


def in_gsm7(text: str) -> str:
    """The text with every character replaced that GSM-7 lacks, as well as it can be."""
    if not text or is_gsm(text):
        return text
    pieces, at = [], 0
    for culprit in culprits("".join(" " if c in CONTROLS else c for c in text)):
        substitute = "?" if culprit.substitute is None else culprit.substitute
        pieces += [text[at : max(culprit.start, at)], substitute]
        at = culprit.index + 1
    return in_gsm_or_question("".join([*pieces, text[at:]]))
