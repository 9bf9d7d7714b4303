"""Writing new files: all or none, and never over one that is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from copylab.errors import CopylabError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_new_files(root: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder.

    Raises:
        CopylabError: One of them is there already; then none is written.
        UnreadableError: The folder cannot be written to.
    """
    taken = [path for path in files if (root / path).exists()]
    if taken:
        message = f"{', '.join(taken)} already there; nothing was written"
        raise CopylabError(message, help="choose another name or folder")
    try:
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.part")
            beside.write_text(text, encoding="utf-8", newline="\n")
            os.replace(beside, target)  # noqa: PTH105 - Path.replace does not say what it is: atomic
    except OSError as error:
        reason = error.strerror or "cannot be written"
        raise UnreadableError(reason, file=str(error.filename or root)) from None
