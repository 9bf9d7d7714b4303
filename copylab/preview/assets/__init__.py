"""The style sheets and scripts that pages load, as they are: nothing builds them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = {".css": "text/css", ".js": "text/javascript"}
"""What a file is, by its ending."""


@cache
def read_assets() -> Mapping[str, bytes]:
    """The content of each file, by its name."""
    return {
        item.name: item.read_bytes()
        for item in sorted(files(__name__).iterdir(), key=lambda item: item.name)
        if item.name.endswith(tuple(KINDS))
    }
