"""One file that holds a whole workspace, for services that send.

``pack`` makes the bytes of it, ``open_bundle`` reads them: no YAML is read, and what a
message needs is made at its first use. Nothing in such a file is ever run: it holds
texts, numbers and the names of a closed list of classes. A pickle would run whatever
its writer put into it.

Names are fetched when they are first used: asking whether a file is a bundle is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.bundle.build import pack
    from copylab.bundle.magic import is_bundle
    from copylab.bundle.read import Bundle, open_bundle

_HOMES = {
    "Bundle": "read",
    "is_bundle": "magic",
    "open_bundle": "read",
    "pack": "build",
}

__all__ = ["Bundle", "is_bundle", "open_bundle", "pack"]


def __getattr__(name: str) -> object:
    """A public name, fetched from its home.

    Raises:
        AttributeError: There is no such name.
    """
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'copylab.bundle' has no attribute {name!r}")
    value: object = getattr(import_module(f"copylab.bundle.{home}"), name)
    globals()[name] = value
    return value
