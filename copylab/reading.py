"""Reading: the files of a workspace, where they lie and what is wrong with each."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.document import decode_source, read_source
from copylab.errors import UnreadableError
from copylab.snapshot import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from copylab.findings import Finding
    from copylab.snapshot import Snapshot
    from copylab.source import SourceFile

MESSAGE_NAME = "message.yaml"
NOT_COPY = "README.md"
_BELOW = tuple(f"{name}/" for name in FOLDERS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a workspace is to be read.

    Attributes:
        messages: Ids of messages; None is all.
        shared: Whether layouts that nothing uses, experiments and personas are read.
        channels: The channels whose words are lowered; None is all. The files of the
            others are read, too.
    """

    messages: frozenset[str] | None = None
    shared: bool = True
    channels: frozenset[str] | None = None

    def has(self, channel: str) -> bool:
        """Whether the words of a channel are lowered."""
        return self.channels is None or channel in self.channels


@dataclass(slots=True)
class Reading:
    """Files being read: what was found, and what is wrong.

    Attributes:
        root: The folder of the workspace.
        snapshot: The files as they were read already; None reads them one by one.
        findings: What is wrong with the files.
        sources: The files that are texts.
    """

    root: Path
    snapshot: Snapshot | None = None
    findings: list[Finding] = field(default_factory=list)
    sources: dict[str, SourceFile] = field(default_factory=dict)

    def source(self, name: str) -> SourceFile | None:
        """The text of a file; None where it is none, which is a finding.

        Raises:
            UnreadableError: It leaves the workspace, or cannot be read at all.
        """
        given = None if self.snapshot is None else self.snapshot.files.get(name)
        if given is not None:
            source, findings = decode_source(given, name)
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
        if self.snapshot is not None and name.startswith(_BELOW):
            is_there = name in self.snapshot.files or name in self.snapshot.folders
        else:
            is_there = (self.root / name).exists()
        return self.source(name) if is_there else None

    def exists(self, folder: str) -> bool:
        """Whether a folder is there.

        Raises:
            UnreadableError: It is a file.
        """
        if self.snapshot is not None:
            return folder in self.snapshot.folders
        path = self.root / folder
        if path.exists() and not path.is_dir():
            raise UnreadableError(
                "is a file where a folder should be",
                file=folder,
                help="rename the file; copylab looks for a folder of this name",
            )
        return path.is_dir()

    def names(self, folder: str) -> list[str]:
        """The names of all that is in a folder, sorted."""
        if self.snapshot is not None:
            inner, files = self.snapshot.folders[folder]
            return sorted((*inner, *files))
        return sorted(path.name for path in (self.root / folder).iterdir())

    def take(self) -> tuple[Finding, ...]:
        """The findings so far; the next ones start anew."""
        taken = tuple(self.findings)
        self.findings.clear()
        return taken

    def walk(self, folder: str) -> Iterator[tuple[str, list[str]]]:
        """The folders below one and their files, in a fixed order."""
        inner, files = self._list(folder)
        yield folder, files_of(inner, files)
        for name in sorted(name for name in inner if name[0] not in "._"):
            if (
                self.snapshot is not None
                or not (self.root / folder / name).is_symlink()
            ):
                yield from self.walk(f"{folder}/{name}")

    def visit(self, folders: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """The same for some folders, without those below them."""
        for folder in folders:
            yield folder, files_of(*self._list(folder))

    def _list(self, folder: str) -> tuple[Sequence[str], Sequence[str]]:
        """The names of the folders and of the files in a folder; none without it."""
        if self.snapshot is not None:
            return self.snapshot.folders.get(folder, ((), ()))
        return next(os.walk(self.root / folder), ("", [], []))[1:]


def files_of(folders: Sequence[str], files: Sequence[str]) -> list[str]:
    """The names in a folder that are read as files, sorted.

    A folder that is named like a file is read as one, so that it is told.
    """
    odd = [n for n in folders if n.endswith((".md", ".yaml")) and n[0] not in "._"]
    return sorted([*files, *odd])


def copies_of(files: list[str]) -> list[str]:
    """The files among some that hold copy."""
    return [name for name in files if name.endswith(".md") and name != NOT_COPY]
