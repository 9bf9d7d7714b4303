"""Reading a bundle: a catalog whose messages are made at their first use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from copylab.bundle.archive import broken, read_archive
from copylab.bundle.build import INDEX, SHARED
from copylab.bundle.mappings import Messages, Sources, Templates
from copylab.bundle.plain import PlainError, from_plain
from copylab.catalog import Catalog

if TYPE_CHECKING:
    from copylab.bundle.archive import Archive


class Bundle(NamedTuple):
    """A workspace in one file.

    Attributes:
        catalog: What it holds, equal to what it was built from. Its root is the path
            of the bundle, its content hashes are those of the build.
        hash: The hash that stands for all of it.
        version: The version of copylab that built it.
    """

    catalog: Catalog
    hash: str
    version: str


def open_bundle(path: Path | str) -> Bundle:
    """The workspace in a bundle.

    Args:
        path: A file that ``copylab build`` has written.

    Raises:
        UnreadableError: It cannot be read, is no whole bundle, or was built by a
            copylab whose bundles are others.
    """
    archive = read_archive(Path(path))
    try:
        catalog = _catalog(archive, Path(path))
    except (PlainError, LookupError, TypeError, ValueError) as error:
        raise broken(archive.name, str(error)) from None
    return Bundle(catalog, archive.hash, archive.version)


def _catalog(archive: Archive, path: Path) -> Catalog:
    index = archive.part(INDEX)
    sources = Sources(archive, index["sources"])
    shared = {
        name: from_plain(plain, sources) for name, plain in archive.part(SHARED).items()
    }
    messages = Messages(archive, sources, index["messages"])
    hashes = {tuple(copy[:-1]): copy[-1] for copy in index["copies"]}
    templates = Templates(messages, shared["config"], shared["partials"], tuple(hashes))
    catalog = Catalog(
        root=path, messages=messages, templates=templates, sources=sources, **shared
    )
    catalog.__dict__["copy_hashes"] = hashes
    return catalog
