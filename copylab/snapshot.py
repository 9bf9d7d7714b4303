"""Snapshots: all files of a workspace at one moment, read once.

What is made of a snapshot is made of these bytes alone, whatever happens to the files
meanwhile: an answer that is kept under their hash is the answer to them.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from copylab.source import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDERS = ("templates", "experiments")
"""The folders that a workspace is made of, besides the files at its root."""
FILES = ("copylab.yaml", "copylab-baseline.json")
_MAX_DEPTH = 64
_DIGEST_BYTES = 16
_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a workspace.

    Attributes:
        files: The bytes of each by its path from the root, with ``/``.
        digests: The hash of each, 16 bytes.
        folders: By path, the names of the folders and of the files in each.
    """

    files: Mapping[str, bytes]
    digests: Mapping[str, bytes]
    folders: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


class _OddError(Exception):
    """There is something that is no ordinary file or folder."""


def take_snapshot(root: Path) -> Snapshot | None:
    """The files below a workspace's root; None where anything about them is odd.

    Links, devices, files too large to be copy and files that cannot be read are odd:
    whoever reads them in earnest says what is wrong with them.
    """
    files: dict[str, bytes] = {}
    folders: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    try:
        for name in FILES:
            if os.path.lexists(root / name):
                files[name] = _read(f"{root}/{name}")
        for name in FOLDERS:
            if (root / name).is_symlink():
                return None
            if os.path.lexists(root / name):
                _walk(f"{root}/{name}", name, files, folders, _MAX_DEPTH)
    except (OSError, _OddError):
        return None
    return Snapshot(
        files, {name: digest(data) for name, data in files.items()}, folders
    )


def hash_folder(root: str, endings: tuple[str, ...], without: tuple[str, ...]) -> str:
    """The hash of the files below a folder, their names and what they hold.

    Args:
        root: The folder.
        endings: The endings of the files that count.
        without: Names of folders directly below that do not count.

    Raises:
        OSError: It cannot be read.
    """
    parts = bytearray()
    folders = [root]
    while folders:
        with os.scandir(folders.pop()) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if entry.is_dir():
                if entry.name != "__pycache__" and entry.name not in without:
                    folders.append(entry.path)
            elif entry.name.endswith(endings):
                parts += os.fsencode(entry.path) + digest(_read(entry.path))
    return digest(bytes(parts)).hex()


def digest(data: bytes) -> bytes:
    """The hash of some bytes."""
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


def _walk(
    path: str,
    name: str,
    files: dict[str, bytes],
    folders: dict[str, tuple[tuple[str, ...], tuple[str, ...]]],
    depth: int,
) -> None:
    if not depth:
        raise _OddError
    inner, names = [], []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_symlink():
                raise _OddError
            if entry.is_dir(follow_symlinks=False):
                inner.append(entry.name)
            else:
                names.append(entry.name)
    folders[name] = tuple(sorted(inner)), tuple(sorted(names))
    for each in names:
        files[f"{name}/{each}"] = _read(f"{path}/{each}")
    for each in inner:
        if each[0] != ".":
            _walk(f"{path}/{each}", f"{name}/{each}", files, folders, depth - 1)


def _read(path: str) -> bytes:
    handle = os.open(path, _OPEN | getattr(os, "O_NOFOLLOW", 0))
    try:
        # Nothing is read of what is no file: a pipe would wait for somebody to write.
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _OddError
        data = os.read(handle, MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES or os.read(handle, 1):
            raise _OddError
        return data
    finally:
        os.close(handle)
