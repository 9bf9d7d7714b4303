"""Where an analysis comes from: what was tested, on which files, by which version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.errors import UnreadableError
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that was read.

    Attributes:
        name: Its path from the workspace's root where it lies there, with ``/``.
        size_bytes: Its length.
        sha256: The hash of its bytes, 64 hexadecimal digits.
    """

    name: str
    size_bytes: int
    sha256: str

    def to_dict(self) -> dict[str, str | int]:
        """The file as ``file``, ``size_bytes`` and ``sha256``."""
        return {
            "file": self.name,
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an analysis comes from; with it somebody else can make it again.

    Attributes:
        at: The time of the analysis: later rows are not read; None reads all.
        message: The message whose wordings are compared; empty for a table.
        channels: The channels they were sent in.
        audience: Who was written to: the audience's name or condition, or empty.
        unit: What was randomised.
        epoch: The epoch that is read, None without one.
        started: When it started.
        copies: The content hash of the words of each arm.
        exposures: The files of exposures.
        outcomes: The files of outcomes.
        tables: The files of a table of any other kind.
        version: The version of copylab.
    """

    at: datetime | None = None
    message: str = ""
    channels: tuple[str, ...] = ()
    audience: str = ""
    unit: str = ""
    epoch: int | None = None
    started: datetime | None = None
    copies: Mapping[str, str] = field(default_factory=dict)
    exposures: tuple[DataFile, ...] = ()
    outcomes: tuple[DataFile, ...] = ()
    tables: tuple[DataFile, ...] = ()
    version: str = __version__

    def to_dict(self) -> dict[str, object]:
        """All attributes; times by ISO 8601, the version as ``copylab``."""
        return {
            "at": _iso(self.at),
            "message": self.message or None,
            "channels": list(self.channels),
            "audience": self.audience or None,
            "unit": self.unit or None,
            "epoch": self.epoch,
            "started": _iso(self.started),
            "copies": dict(self.copies),
            "exposures": [file.to_dict() for file in self.exposures],
            "outcomes": [file.to_dict() for file in self.outcomes],
            "tables": [file.to_dict() for file in self.tables],
            "copylab": self.version,
        }


def cite_file(path: str | Path, root: Path | None = None) -> DataFile:
    """A file with its length and its hash.

    Args:
        path: The file.
        root: The workspace's root, from which its path is told. A path outside says
            where somebody's machine keeps it; its name is enough.

    Raises:
        UnreadableError: It cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        reason = error.strerror or "the system refused"
        raise UnreadableError(f"cannot be read: {reason}", file=str(path)) from None
    full = Path(path).resolve()
    inside = root is not None and full.is_relative_to(root.resolve())
    if root is None or not inside:
        return DataFile(full.name, size, digest)
    return DataFile(full.relative_to(root.resolve()).as_posix(), size, digest)


def cite_files(place: str) -> tuple[DataFile, ...]:
    """The file at a place; nothing where the place is none of the file system's.

    Args:
        place: Where a table is: a file, or a table of a database.

    Raises:
        UnreadableError: The file cannot be read.
    """
    return (cite_file(place),) if Path(place).is_file() else ()


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
