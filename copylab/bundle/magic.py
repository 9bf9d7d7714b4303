"""How a bundle begins: enough to tell it from other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"copylab bundle "


def is_bundle(path: Path) -> bool:
    """Whether a file says that it is a bundle; False where there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
