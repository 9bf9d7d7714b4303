"""Problems: what a page says where something cannot be shown, with place and cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.errors import WorkspaceError
from copylab.findings import Finding

if TYPE_CHECKING:
    from copylab.errors import CopylabError


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong.

    Attributes:
        text: One sentence.
        place: The file, with the line where it is known; empty where there is none.
        cure: What to do about it, or empty.
    """

    text: str
    place: str = ""
    cure: str = ""


def problems_of(error: CopylabError | Finding) -> tuple[Problem, ...]:
    """What an error says, in so many problems as it carries findings.

    Args:
        error: An error for people, or a finding.
    """
    inner = error.findings if isinstance(error, WorkspaceError) else ()
    findings = [item for item in inner if isinstance(item, Finding)]
    if findings:
        return tuple(map(_problem, findings))
    return (_problem(error),)


def _problem(said: CopylabError | Finding) -> Problem:
    place = said.file or ""
    if place and said.line is not None:
        place = f"{place}:{said.line}"
    return Problem(said.message, place, said.help or "")
