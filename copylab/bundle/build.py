"""Building a bundle: the parts of a workspace as data."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from copylab.bundle.archive import write_archive
from copylab.bundle.plain import to_plain
from copylab.catalog import TEMPLATES, Catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.bundle.plain import Plain

SHARED, INDEX = "shared", "index"
"""What is outside of messages; and which messages, words and files there are."""

APART = frozenset(("root", "messages", "templates", "sources"))
"""What of a catalog is not in the shared part: it is made when it is used."""


def pack(catalog: Catalog) -> bytes:
    """The bytes of a bundle that holds a workspace; always the same for the same one.

    Where the workspace lay is not in them, nor is the time.

    Args:
        catalog: A workspace without errors.

    Raises:
        ValueError: The workspace has errors.
    """
    if catalog.errors():
        raise ValueError("the workspace has errors, and nobody could send from it")
    names = [item.name for item in fields(Catalog) if item.name not in APART]
    parts: dict[str, object] = {
        INDEX: _index(catalog),
        SHARED: {
            name: to_plain(getattr(catalog, name), catalog.sources) for name in names
        },
    }
    return write_archive(parts | _folders(catalog))


def folder_part(folder: str) -> str:
    """The name of the part with what lies in a folder."""
    return f"folder/{folder}"


def message_folder(message: str) -> str:
    """The folder of a message."""
    return f"{TEMPLATES}/{message}"


def _index(catalog: Catalog) -> Mapping[str, object]:
    return {
        "messages": list(catalog.messages),
        "copies": [[*key, catalog.copy_hashes[key]] for key in catalog.templates],
        "sources": list(catalog.sources),
    }


def _folders(catalog: Catalog) -> dict[str, object]:
    """By part, the files of each folder, and the message that lies there."""
    parts: dict[str, dict[str, Plain | dict[str, str]]] = {}
    for name, source in catalog.sources.items():
        part = parts.setdefault(folder_part(name.rpartition("/")[0]), {"files": {}})
        files = part["files"]
        assert isinstance(files, dict)
        files[name] = source.text
    for identifier, message in catalog.messages.items():
        plain = to_plain(message, catalog.sources)
        parts[folder_part(message_folder(identifier))]["message"] = plain
    return dict(parts)
