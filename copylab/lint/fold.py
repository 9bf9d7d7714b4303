"""Folding: the text as a reader sees it, every character at its own place.

Wide forms, circled letters and other compatibility forms are read as what they look
like (Unicode NFKC), one character for one, so that a place in the folded text is a
place in the text.
"""

from __future__ import annotations

import unicodedata


class _Folds(dict[int, str]):
    """The fold of each character, worked out when it is first asked for."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        self[code] = found = folded if len(folded) == 1 else character
        return found


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The text with compatibility forms as plain characters; its length is the same."""
    return text if text.isascii() else text.translate(_FOLDS)
