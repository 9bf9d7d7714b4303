"""Patterns with wide signs, which meet the narrow signs that they are folded to as well."""

from __future__ import annotations

import re
from functools import cache

from copylab.lint.fold import fold

_PART = re.compile(r"\\(?P<escaped>.)|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
"""An escaped character, a set of characters, or a character."""


@cache
def widened(pattern: str) -> str:
    """A pattern whose wide signs, as ，, stand for themselves and for narrow ones, as ``,``.

    Texts are folded before they are searched, so that a wide sign is in none of them.
    """
    if pattern.isascii():
        return pattern
    return _PART.sub(lambda match: _widened(match[0], match["escaped"]), pattern)


def _widened(part: str, escaped: str | None) -> str:
    char = escaped or part
    if len(char) == 1:
        narrow = fold(char)
        return part if narrow == char else f"[{char}{re.escape(narrow)}]"
    wide = (c for c in dict.fromkeys(part) if fold(c) != c and f"{c}-" not in part)
    narrow = "".join(re.escape(fold(c)) for c in wide if fold(c) not in part[1:-1])
    return f"{part[:-1]}{narrow}]" if narrow else part
