"""Fixes: files with what findings propose, and nothing else, changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.findings import Edit, Finding

_MARK = "\ufeff"
_TAG = re.compile(r"\{[{%#]|[}%#]\}|-[%#}]")
_LINE_SIGNS = frozenset("#\\")
"""What gives a line a meaning where it stands first."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file after fixing.

    Attributes:
        data: What it will hold.
        fixes: How many findings were mended.
        left: How many were left, since their edits overlap others: fix again.
    """

    data: bytes
    fixes: int
    left: int


def files_to_fix(
    findings: Iterable[Finding], *, unsafe: bool = False
) -> dict[str, list[Finding]]:
    """The findings that can be mended, by file.

    A fix that changes several files is left to a person.

    Args:
        findings: What was found.
        unsafe: Whether fixes count after which a person has to look.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None or not (fix.is_safe or unsafe):
            continue
        files = {edit.span.file for edit in fix.edits}
        if len(files) == 1:
            by_file.setdefault(files.pop(), []).append(finding)
    return by_file


def apply_fixes(data: bytes, findings: Iterable[Finding]) -> Fixed:
    """A file's content with the fixes of findings about it.

    Line ends, a byte order mark and everything between the edits stay as they are.

    Args:
        data: What the file holds, UTF-8.
        findings: Findings whose fixes are about this file.
    """
    text = data.decode()
    lines = _line_starts(text)
    taken: list[tuple[int, int, str]] = []
    done = left = 0
    for finding in findings:
        assert finding.fix is not None
        edits = [_place(edit, lines) for edit in finding.fix.edits]
        new = [edit for edit in edits if edit not in taken]
        if any(_makes_syntax(text, *edit) for edit in new):
            continue
        if any(_overlap(edit, other) for edit in new for other in taken):
            left += 1
            continue
        taken += new
        done += 1
    for start, end, replacement in sorted(taken, reverse=True):
        text = text[:start] + replacement + text[end:]
    return Fixed(text.encode(), done, left)


def _line_starts(text: str) -> list[int]:
    """Where each line starts, as readers of the file count them."""
    starts = [len(_MARK) if text.startswith(_MARK) else 0]
    for index, character in enumerate(text):
        if character == "\n" or (
            character == "\r" and text[index + 1 : index + 2] != "\n"
        ):
            starts.append(index + 1)
    return starts


def _place(edit: Edit, lines: list[int]) -> tuple[int, int, str]:
    """The offsets of an edit, and its text."""
    span = edit.span
    start = lines[span.line - 1] + span.column - 1
    return start, lines[span.end_line - 1] + span.end_column - 1, edit.text


def _makes_syntax(text: str, start: int, end: int, replacement: str) -> bool:
    """Whether an edit would join what stands around it to a tag or a heading.

    What was copy would become a command of the template, a comment or a variant's name.
    """
    around = text[start - 1 : start] + replacement + text[end : end + 1]
    if _TAG.search(around):
        return True
    line = text[text.rfind("\n", 0, start) + 1 : start].lstrip(" \t" + _MARK)
    rest = (replacement + text[end : end + 1])[:1]
    was_start = end > 0 and text[end - 1] == "\n"
    return not line and rest in _LINE_SIGNS and not was_start


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two edits touch the same characters, or the same place."""
    if one[0] == other[0]:
        return True
    return one[0] < other[1] and other[0] < one[1]
