"""Kinds of text: those whose length as a short message their size alone decides.

Of texts of plain characters that are all in GSM-7's basic table, or of which one is
sure to be outside of GSM-7, two of as many characters have the same length on a route.
Who has many texts measures one for each size, and looks at stretches that repeat
themselves once: the kind of a text follows from the kinds of its stretches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels import gsm
from copylab.channels.sms import is_plain_bmp

if TYPE_CHECKING:
    from copylab.channels.route import Route

NOT_BASIC, NOT_PLAIN, FOREIGN = 1, 2, 4
"""Bits of a kind: the text holds a character outside of GSM-7's basic table, one that
takes two units or may join another, or one outside of GSM-7."""
_BY_SIZE = frozenset((0, NOT_BASIC | FOREIGN))
_ENCODINGS = frozenset(("auto", "GSM-7", "UCS-2"))


def kind_of(text: str) -> int:
    """The kind of a stretch of text; the kind of several is the ``|`` of theirs."""
    if not text or gsm.is_basic(text):
        return 0
    kind = NOT_BASIC
    if not is_plain_bmp(text):
        kind |= NOT_PLAIN
    if not gsm.is_gsm(text):
        kind |= FOREIGN
    return kind


def is_by_size(kind: int, frames: frozenset[int]) -> bool:
    """Whether texts of a kind that have as many characters have the same length.

    Args:
        kind: The kind of a text.
        frames: The kinds of what is added to it, as ``frame_kinds`` gives them.
    """
    return all(kind | frame in _BY_SIZE for frame in frames)


def frame_kinds(routes: tuple[Route, ...]) -> frozenset[int] | None:
    """The kinds of what routes add to a text; None where a size never decides.

    Args:
        routes: The routes that the text is measured on, one or more.
    """
    kinds = set()
    for route in routes:
        profile = route.profile
        if profile.link_characters is not None or profile.encoding not in _ENCODINGS:
            return None
        kinds.add(kind_of(route.signature) | kind_of(route.suffix))
    return frozenset(kinds)
