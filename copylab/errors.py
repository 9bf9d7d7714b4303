"""The errors copylab raises, all below one class.

Bad copy gives findings, never exceptions. What is raised:

    CopylabError                a file, an input or a state that stops the work
    ├── UnreadableError         a path that cannot be read or is not what it should be
    ├── WorkspaceError          a workspace that cannot be loaded; carries its findings
    ├── RenderError             values that cannot be rendered; carries the problems
    ├── DataError               a table, a column or a count that cannot be used
    └── DecisionError           a promotion or a start that its rules refuse

A call that is wrong in itself raises ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class CopylabError(Exception):
    """What went wrong, where, and what to do about it.

    Attributes:
        message: One sentence that says what is wrong.
        file: The path of the file concerned, or None.
        line: The line in that file, counted from 1, or None.
        column: The column in that line, counted from 1, or None.
        help: What to do about it, or an empty string.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        help: str = "",  # noqa: A002 - the word users read
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.help = help

    def __str__(self) -> str:
        """The place, the message and the cure, one line each at most."""
        place = ":".join(
            str(part) for part in (self.file, self.line, self.column) if part
        )
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}\n  help: {self.help}" if self.help else text


class UnreadableError(CopylabError):
    """A path that cannot be read, or is a directory where a file should be."""


class WorkspaceError(CopylabError):
    """A workspace that cannot be loaded.

    Attributes:
        findings: Every finding that prevents loading, not only the first.
    """

    def __init__(
        self, message: str, findings: Sequence[object] = (), **place: object
    ) -> None:
        super().__init__(message, **place)  # type: ignore[arg-type]
        self.findings = tuple(findings)

    def __str__(self) -> str:
        """The message, then every finding on a line of its own."""
        lines = [super().__str__(), *(f"  {finding}" for finding in self.findings)]
        return "\n".join(lines)


class RenderError(CopylabError):
    """Values that cannot be rendered.

    Attributes:
        problems: One sentence for each variable that is missing or out of bounds.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """The message, then every problem on a line of its own."""
        return "\n".join([self.message, *(f"  {problem}" for problem in self.problems)])


class DataError(CopylabError):
    """A table, a column or a count that cannot be used as it is."""


class DecisionError(CopylabError):
    """A promotion or a start that its rules refuse."""
