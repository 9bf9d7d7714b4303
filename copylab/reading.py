"""Reading: the files of a workspace, where they lie and what is wrong with each."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.document import decode_source, read_source
from copylab.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.findings import Finding
    from copylab.source import SourceFile

MESSAGE_NAME = "message.yaml"
NOT_COPY = "README.md"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a workspace is to be read.

    Attributes:
        messages: Ids of messages; None is all.
        shared: Whether layouts that nothing uses, experiments and personas are read.
    """

    messages: frozenset[str] | None = None
    shared: bool = True


@dataclass(slots=True)
class Reading:
    """Files being read: what was found, and what is wrong.

    Attributes:
        root: The folder of the workspace.
        given: Bytes of files that were read already, by path from the root.
        findings: What is wrong with the files.
        sources: The files that are texts.
    """

    root: Path
    given: Mapping[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    sources: dict[str, SourceFile] = field(default_factory=dict)

    def source(self, name: str) -> SourceFile | None:
        """The text of a file; None where it is none, which is a finding.

        Raises:
            UnreadableError: It leaves the workspace, or cannot be read at all.
        """
        data = self.given.get(name)
        if data is not None:
            source, findings = decode_source(data, name)
        else:
            if not (self.root / name).resolve().is_relative_to(self.root.resolve()):
                raise UnreadableError(
                    "is a link that leaves the workspace",
                    file=name,
                    help="put the file itself into the workspace",
                )
            source, findings = read_source(self.root / name, name)
        self.findings.extend(findings)
        if source is not None:
            self.sources[name] = source
        return source

    def optional(self, name: str) -> SourceFile | None:
        """The text of a file that need not be there."""
        return self.source(name) if (self.root / name).exists() else None

    def exists(self, folder: str) -> bool:
        """Whether a folder is there.

        Raises:
            UnreadableError: It is a file.
        """
        path = self.root / folder
        if path.exists() and not path.is_dir():
            raise UnreadableError(
                "is a file where a folder should be",
                file=folder,
                help="rename the file; copylab looks for a folder of this name",
            )
        return path.is_dir()

    def take(self) -> tuple[Finding, ...]:
        """The findings so far; the next ones start anew."""
        taken = tuple(self.findings)
        self.findings.clear()
        return taken

    def walk(self, folder: str) -> Iterator[tuple[str, list[str]]]:
        """The folders below one and their files, in a fixed order."""
        for parent, folders, files in os.walk(self.root / folder):
            folders[:] = sorted(name for name in folders if name[0] not in "._")
            relative = Path(parent).relative_to(self.root).as_posix()
            yield relative, files_of(folders, files)

    def visit(self, folders: list[str]) -> Iterator[tuple[str, list[str]]]:
        """The same for some folders, without those below them."""
        for folder in folders:
            _, inner, files = next(os.walk(self.root / folder), ("", [], []))
            yield folder, files_of(inner, files)


def files_of(folders: list[str], files: list[str]) -> list[str]:
    """The names in a folder that are read as files, sorted.

    A folder that is named like a file is read as one, so that it is told.
    """
    odd = [n for n in folders if n.endswith((".md", ".yaml")) and n[0] not in "._"]
    return sorted([*files, *odd])


def copies_of(files: list[str]) -> list[str]:
    """The files among some that hold copy."""
    return [name for name in files if name.endswith(".md") and name != NOT_COPY]
