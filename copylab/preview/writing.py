"""Writing the site: beside the old one, which it then replaces in one step."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.errors import CopylabError

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = ".copylab-site"
"""A file that says that everything in its folder was written here."""
_KEPT = (".git", "CNAME", ".nojekyll")
"""What a published folder may hold besides, and keeps."""


def replace_site(folder: Path, files: Iterable[tuple[str, bytes]], root: Path) -> int:
    """How many files were written; the folder holds these and no others.

    Args:
        folder: Where the site goes; new, empty, or a site written before.
        files: The path of each file from there, and its content.
        root: The workspace, no part of which may be the target.

    Raises:
        CopylabError: The folder holds something else, or cannot be written.
    """
    _check(folder, root)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{folder.name}-", dir=folder.parent
        ) as name:
            fresh = Path(name) / "site"
            count = _write(fresh, files)
            _swap(folder, fresh, Path(name) / "old")
    except OSError as error:
        raise CopylabError(
            f"cannot be written: {error.strerror or error}",
            file=str(folder),
            help="name another folder: --output FOLDER",
        ) from error
    return count


def _check(folder: Path, root: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CopylabError("is a file", file=str(folder), help="name a folder")
    resolved, home = folder.resolve(), root.resolve()
    parts = [home / name for name in ("templates", "experiments")]
    if home.is_relative_to(resolved) or any(resolved.is_relative_to(p) for p in parts):
        raise CopylabError(
            "is a part of the workspace",
            file=str(folder),
            help="write the site somewhere else, such as site",
        )
    if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise CopylabError(
            "holds files that are no site of ours",
            file=str(folder),
            help="name a new folder, or empty this one",
        )


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    count = 0
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count += 1
    (folder / MARK).write_bytes(b"")
    return count


def _swap(folder: Path, fresh: Path, old: Path) -> None:
    if folder.exists():
        for name in _KEPT:
            if (folder / name).exists():
                shutil.move(folder / name, fresh / name)
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
