"""The pages of the documentation, and the fenced examples in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("docs/rules/", "docs/reference/")
"""Pages that are made from the code: tests of their own hold them to it."""

_OPENING = re.compile(r"^(`{3,})(\w*)(?: title=\"([^\"]+)\")?$")
_PATH = re.compile(r"^# ([\w.*/-]+\.ya?ml)\b")


@dataclass(frozen=True, slots=True)
class Fence:
    """An example.

    Attributes:
        page: The page, from the root of the repository.
        line: The line of its first fence, from 1.
        language: The word behind the fence; empty if there is none.
        title: The file that the example is, whole; empty if it is none.
        text: What stands in it.
    """

    page: str
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        """Its place."""
        return f"{self.page}:{self.line}"

    @property
    def path(self) -> str:
        """The file it is, or in its first line says that it is a part of."""
        found = _PATH.match(self.text)
        return self.title or (found[1] if found else "")


def written_pages() -> list[str]:
    """The pages that people write, in the order of their names."""
    found = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
    names = [path.relative_to(ROOT).as_posix() for path in found]
    return [name for name in names if not name.startswith(GENERATED)]


def read_page(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def read_fences(page: str) -> list[Fence]:
    """The examples of a page in their order.

    Raises:
        ValueError: A fence has words behind it that mean nothing, or no end.
    """
    found = []
    fence, language, title, start = "", "", "", 0
    body: list[str] = []
    for number, line in enumerate(read_page(page).splitlines(), start=1):
        if fence and line == fence:
            text = "".join(f"{item}\n" for item in body)
            found.append(Fence(page, start, language, title, text))
            fence = ""
        elif fence:
            body.append(line)
        elif line.lstrip().startswith("```"):
            opened = _OPENING.match(line)
            if opened is None:
                raise ValueError(
                    f"{page}:{number}: a fence must be ```word at the margin"
                )
            fence, language, title = opened[1], opened[2], opened[3] or ""
            start, body = number, []
    if fence:
        raise ValueError(f"{page}:{start}: this fence has no end")
    return found
