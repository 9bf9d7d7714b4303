"""LIKE patterns as regular expressions that take linear time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def compile_pattern(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """The function that matches a whole text against a LIKE pattern.

    ``%`` stands for any text and ``_`` for any one character; case counts. The first
    place where a stretch between two ``%`` fits is as good as any later one, so each
    is an atomic group and nothing is tried twice.
    """
    first, *rest = [_stretch(part) for part in pattern.split("%")]
    if not rest:
        return re.compile(first, re.DOTALL).fullmatch
    *middle, last = rest
    groups = "".join(f"(?>.*?{part})" for part in middle if part)
    tail = f".*(?<={last})" if last else ".*"
    least = len(pattern) - pattern.rindex("%") - 1
    ahead = f"(?=.{{{least}}})" if least else ""
    return re.compile(f"{first}{groups}{ahead}{tail}", re.DOTALL).fullmatch


def _stretch(part: str) -> str:
    """A part without ``%``, as a regular expression of fixed width."""
    return "".join("." if char == "_" else re.escape(char) for char in part)
