"""Where pages lie, and the relative way from one to another.

All addresses are relative, so that the same page opens from a server, from a folder
on a disk and from below any path of a site.
"""

from __future__ import annotations

from posixpath import relpath
from urllib.parse import quote

OVERVIEW = "index.html"
EXPERIMENTS = "experiments.html"
LEARN = "learn.html"
PROOF = "proof.html"
ASSETS = "assets"


def message_path(message_id: str) -> str:
    """The page of a message."""
    return f"messages/{message_id}.html"


def proof_path(message_id: str) -> str:
    """The proof sheet of a message."""
    return f"proof/{message_id}.html"


def experiment_path(name: str) -> str:
    """The page of an experiment."""
    return f"experiments/{name}.html"


def link(here: str, there: str) -> str:
    """The address of a page as another writes it.

    Args:
        here: The page with the link, from the root of the site.
        there: The other page, from the root of the site; it may end in a fragment.
    """
    path, hash_sign, fragment = there.partition("#")
    folder = here.rpartition("/")[0] or "."
    return quote(relpath(path, folder)) + hash_sign + quote(fragment)
