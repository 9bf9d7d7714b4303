"""Why Twilio's calculator may lay out a text otherwise, each reason as a predicate.

It keeps user-perceived characters whole, as the larger count of copylab does, but cuts
them by Unicode 10. A disagreement is explained when its own answer cannot be sent, or
when every place where its characters end otherwise has one of the causes below.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UCS2_PART = 67
_is_skin_tone = regex.compile(r"[\U0001F3FB-\U0001F3FF]").fullmatch
_is_joined_picture = regex.compile(r"\u200D\p{Extended_Pictographic}").fullmatch
_is_consonant = regex.compile(r"\p{InCB=Consonant}").fullmatch


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text where a character ends for one side only.

    Attributes:
        before: The text up to the place.
        after: The text from the place on.
        cuts: Whether the peer cuts here; else copylab does.
        changed: The characters that Unicode 10 joins to a letter and Unicode 18 does
            not, or the other way round, as the peer itself shows.
    """

    before: str
    after: str
    cuts: bool
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason to disagree.

    Attributes:
        name: What the page calls it.
        why: A sentence for the page.
        example: How many times 中, the characters, and how many times 中 again, that
            the two count differently.
        holds: Whether it is the reason at a place; None where the whole answer is it.
    """

    name: str
    why: str
    example: tuple[int, str, int]
    holds: Callable[[Place], bool] | None

    @property
    def text(self) -> str:
        lead, middle, tail = self.example
        return "中" * lead + middle + "中" * tail

    @property
    def shown(self) -> str:
        """The example in words, for a table."""
        return ", ".join(
            f"{_times(len(list(run)))}{char if char == '中' else f'U+{ord(char):04X}'}"
            for char, run in groupby(self.text)
        )


def _times(count: int) -> str:
    return f"{count} × " if count > 1 else ""


CAUSES = (
    Cause(
        "overfull part",
        "A character of several code points comes near the 67 units of a part or above:"
        " the calculator answers with a part of more than 67 units or an empty one.",
        (0, "e" + "\u0301" * 139, 0),
        None,
    ),
    Cause(
        "skin tone",
        "Since Unicode 11 a skin tone belongs to whatever stands before it; the"
        " calculator knows the pictographs of Unicode 10.",
        (64, "🫱🏽", 64),
        lambda place: place.cuts and bool(_is_skin_tone(place.after[0])),
    ),
    Cause(
        "joined pictographs",
        "Since Unicode 11 a joiner joins any two pictographs and nothing else; the"
        " calculator knows some on the right and asks for none on the left.",
        (64, "🐻\u200d❄", 64),
        lambda place: bool(_is_joined_picture(place.before[-1] + place.after[0])),
    ),
    Cause(
        "conjunct",
        "Since Unicode 15.1 consonants joined by a linker are one character, in more"
        " scripts since 17, and after any linker since 18.",
        (65, "क्ष", 65),
        lambda place: (
            place.cuts
            and bool(_is_consonant(place.after[0]))
            and _ends_in_link(place.before)
        ),
    ),
    Cause(
        "newer mark",
        "A mark, letter or sign was added or has changed its kind after Unicode 10.",
        (66, "e\u1ac1", 66),
        lambda place: bool({place.before[-1], place.after[0]} & place.changed),
    ),
    Cause(
        "mark after a flag",
        "The calculator ends the character after the first mark that follows a flag.",
        (62, "🇩🇪\u0301\u0302", 62),
        lambda place: place.cuts and _ends_in_marked_flag(place.before),
    ),
)


def _ends_in_link(text: str) -> bool:
    """Whether a linker, with marks after it or none, ends `text`."""
    return bool(regex.search(r"\p{InCB=Linker}\p{InCB=Extend}*\Z", text[-400:]))


def _ends_in_marked_flag(text: str) -> bool:
    """Whether a flag with marks ends `text`."""
    marks = r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]+"
    return bool(regex.search(rf"\p{{RI}}{{2}}{marks}\Z", text[-400:]))


def is_overfull(parts: Sequence[int]) -> bool:
    """Whether one of several parts, given by their UTF-16 units, cannot be sent."""
    return len(parts) > 1 and not all(0 < units <= UCS2_PART for units in parts)


def places_of(
    text: str, theirs: Sequence[str], ours: Sequence[str], changed: frozenset[str]
) -> list[Place]:
    """The places where characters end for one side only, in order."""
    their_ends = set(accumulate(map(len, theirs)))
    our_ends = set(accumulate(map(len, ours)))
    return [
        Place(text[:end], text[end:], end in their_ends, changed)
        for end in sorted(their_ends ^ our_ends)
    ]


def explain(place: Place) -> list[str]:
    """The names of the causes that hold at a place; none where it is unexplained."""
    return [cause.name for cause in CAUSES if cause.holds and cause.holds(place)]
