"""Source files: their text, and the line and column of every offset."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE_BYTES = 2_000_000
"""The largest source file that is read; copy is prose, not data."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file, lines and columns counted from 1.

    Attributes:
        file: The path from the workspace's root, with ``/``.
        line: The line of the first character.
        column: The column of the first character, in code points.
        end_line: The line after the last character stands on.
        end_column: The column after the last character.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file as it is read: line ends are LF, a byte order mark is gone.

    Attributes:
        name: The path from the workspace's root, with ``/``.
        text: The text.
    """

    name: str
    text: str
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make line ends LF, and note where each line starts."""
        if "\r" in self.text:
            text = self.text.replace("\r\n", "\n").replace("\r", "\n")
            object.__setattr__(self, "text", text)
        starts = [0]
        find, at = self.text.find, -1
        while (at := find("\n", at + 1)) >= 0:
            starts.append(at + 1)
        object.__setattr__(self, "_starts", starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of the character at ``offset``, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``."""
        return Span(self.name, *self.position(start), *self.position(end))

    def line(self, number: int) -> str:
        """The text of a line, without its end; empty for a line that is not there."""
        if not 0 < number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]

    def between(self, span: Span) -> str:
        """The text of a span of this file."""
        start = self._starts[span.line - 1] + span.column - 1
        return self.text[start : self._starts[span.end_line - 1] + span.end_column - 1]

    def whole(self) -> Span:
        """The span of the first line: the place of a finding about the file."""
        return Span(self.name, 1, 1, 1, len(self.line(1)) + 1)


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file.

    Args:
        path: Where it lies.
        name: How it is called in messages.

    Raises:
        UnreadableError: It is not there, is a directory, or may not be read.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise UnreadableError(
                "is no ordinary file", file=name, help="put an ordinary file there"
            )
        return path.read_bytes()
    except IsADirectoryError:
        raise UnreadableError(
            "is a directory where a file should be",
            file=name,
            help="rename the directory, or put the file in its place",
        ) from None
    except FileNotFoundError:
        raise UnreadableError(
            "is not there", file=name, help="mind the spelling of the path"
        ) from None
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise UnreadableError(f"cannot be read: {reason}", file=name) from None
