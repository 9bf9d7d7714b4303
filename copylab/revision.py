"""Another revision of a workspace, as git has it."""

from __future__ import annotations

import io
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from copylab.config import CONFIG_NAME
from copylab.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = (CONFIG_NAME, "templates", "experiments")
"""What of a workspace is read."""


@contextmanager
def checked_out(root: Path, revision: str) -> Iterator[Path]:
    """A folder with the workspace's files as they were at a revision.

    It is gone when the block ends; the working tree is left alone.

    Args:
        root: The workspace's folder, in a git repository.
        revision: A branch, a tag or a commit.

    Raises:
        UnreadableError: There is no git or no repository, it has no such revision, or
            there was no workspace then.
    """
    commit = find_commit(root, revision)
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    listed = _git(root, "ls-tree", "--name-only", "-z", commit, *_PARTS).decode()
    found = [name for name in listed.split("\0") if name]
    if CONFIG_NAME not in found:
        message = f"there was no workspace at {revision}"
        raise UnreadableError(message, file=str(root), help="name a later revision")
    data = _git(root, "archive", "--format=tar", commit, "--", *found)
    with TemporaryDirectory(prefix="copylab-") as folder:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(folder, filter="data")
        inner = Path(folder) / prefix
        # From a folder of a repository, git archive names files below that folder.
        yield inner if (inner / CONFIG_NAME).exists() else Path(folder)


def changed_files(root: Path, revision: str) -> tuple[str, ...]:
    """The workspace's files that differ from a revision, from its root.

    New files that git does not know yet are among them; so are deleted ones.

    Raises:
        UnreadableError: As `checked_out`.
    """
    commit = find_commit(root, revision)
    changed = _git(root, "diff", "--name-only", "--relative", "-z", commit, "--", ".")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    names = (changed + new).decode("utf-8", "surrogateescape").split("\0")
    return tuple(sorted({name for name in names if name}))


def find_commit(root: Path, revision: str) -> str:
    """The commit of a revision.

    Raises:
        UnreadableError: As `checked_out`.
    """
    inside = _run(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        message = "is not in a git repository"
        cure = "a change is seen against a revision of one"
        raise UnreadableError(message, file=str(root), help=cure)
    found = _run(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options",
        f"{revision}^{{commit}}",
    )  # fmt: skip
    if found.returncode:
        message = f"git knows no revision '{revision}'"
        cure = "name a branch, a tag or a commit; in CI, fetch the history first"
        raise UnreadableError(message, file=str(root), help=cure)
    return found.stdout.decode().strip()


def _git(root: Path, *arguments: str) -> bytes:
    done = _run(root, *arguments)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UnreadableError(f"git {arguments[0]} failed: {said}", file=str(root))
    return done.stdout


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - fixed verbs; a revision follows --end-of-options
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the user's git
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise UnreadableError(
            "git is not installed", help="install it: the history is read with it"
        ) from None
