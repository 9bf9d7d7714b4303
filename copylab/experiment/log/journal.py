"""Journals: files of rows that belong to one living log.

A journal is locked (``flock``) from its birth by whoever writes it. The system lets go
of the lock when the process ends, however it ends, so a journal that can be locked is
one whose writer is gone: numbers of processes, which come round again, decide nothing.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from io import FileIO
from itertools import count
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LogFormat = Literal["parquet", "jsonl"]

SUFFIX = ".journal"
"""What the name of a journal ends with; before it stands the finished file's ending."""

_MODE = 0o666  # less what the system masks, as for any new file


class Journal:
    """A journal that this log has locked.

    Attributes:
        path: Where it lies.
        rows: How many rows this log has written to it.
        size_bytes: How many bytes those have.
        is_spoilt: Whether something stands behind those that could not be taken away;
            then nothing more may be written to it.
    """

    __slots__ = ("_file", "is_spoilt", "path", "rows", "size_bytes")

    def __init__(self, path: Path, file: FileIO) -> None:
        self.path = path
        self._file = file
        self.rows = 0
        self.size_bytes = 0
        self.is_spoilt = False

    def write(self, data: bytes, rows: int) -> None:
        """Hand whole lines to the system, all of them or none.

        They are written if ``size_bytes`` says so, whatever is raised.

        Raises:
            OSError: They cannot be written; the journal is as it was.
        """
        before = self.size_bytes
        try:
            done = self._file.write(data)
            while done < len(data):
                done += self._file.write(memoryview(data)[done:])
            self.rows += rows
            self.size_bytes = before + len(data)  # last: from here on they are written
        except BaseException:  # a signal may come at any time, and a disk be full
            if self.size_bytes == before:
                self._cut_back()
            raise

    def _cut_back(self) -> None:
        """Take away what was written in part."""
        try:
            os.ftruncate(self._file.fileno(), self.size_bytes)
        except OSError:
            self.is_spoilt = True

    def sync(self) -> None:
        """Have all that was written on the disk."""
        os.fsync(self._file.fileno())

    def read(self) -> bytes:
        """Everything in it, also when somebody took away its name."""
        handle = self._file.fileno()
        size = os.fstat(handle).st_size
        found: list[bytes] = []
        start = 0
        while start < size and (piece := os.pread(handle, size - start, start)):
            found.append(piece)
            start += len(piece)
        return b"".join(found)

    def close(self) -> None:
        """Let go of it; in a forked child this leaves the parent's lock alone."""
        with suppress(OSError):
            self._file.close()


def create_journal(folder: Path, stem: str, form: LogFormat) -> Journal:
    """A new journal that nobody else has.

    The number of the process is part of the name so that processes rarely ask for the
    same one; that the file is new is what makes it ours. A number that a finished file
    has is not taken again: with the same rows the two would be one file.

    Raises:
        OSError: None can be made.
    """
    for number in count():
        name = f"{stem}-{os.getpid()}-{number}"
        if next(folder.glob(f"{name}-*"), None) is not None:
            continue
        path = folder / f"{name}.{form}{SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        try:
            handle = os.open(path, flags, _MODE)
        except FileExistsError:
            continue
        file = FileIO(handle, "ab")
        if _lock(path, file):
            return Journal(path, file)
        # Somebody who looks for journals of the dead was quicker, and takes it away.
        file.close()
    raise AssertionError


def adopt_journal(path: Path) -> Journal | None:
    """The journal of a process that is gone, now locked; None where it lives.

    Raises:
        OSError: It cannot be opened for writing.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    file = FileIO(handle, "ab")
    try:
        if _lock(path, file):
            return Journal(path, file)
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def is_live(path: Path) -> bool:
    """Whether somebody holds the lock of a journal, without taking it.

    Raises:
        OSError: It cannot be opened.
    """
    with path.open("rb") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _lock(path: Path, file: FileIO) -> bool:
    """Whether the file is locked now, and still the one of that name."""
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(file.fileno()))


def journal_paths(folder: Path) -> Iterator[Path]:
    """The journals in a folder, in the order of their names."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if path.name.removesuffix(SUFFIX).endswith((".parquet", ".jsonl")):
            yield path


def journal_form(path: Path) -> LogFormat:
    """The format that a journal is finished in."""
    return "jsonl" if path.name.endswith(f".jsonl{SUFFIX}") else "parquet"
