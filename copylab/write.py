"""Writing files: whole or not at all, and never over somebody's change."""

from __future__ import annotations

import difflib
import os
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.errors import CopylabError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_NEW_FILE_MODE = 0o666


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file with its bytes before and after.

    Attributes:
        path: Where it lies.
        name: Its path from the workspace's root, with ``/``.
        before: What it holds now; None where it is new.
        after: What it will hold.
    """

    path: Path
    name: str
    before: bytes | None
    after: bytes

    def diff(self) -> str:
        """The change as a unified diff with one line of context."""
        old = [] if self.before is None else _lines(self.before)
        start = "/dev/null" if self.before is None else f"a/{self.name}"
        lines = difflib.unified_diff(
            old, _lines(self.after), start, f"b/{self.name}", n=1, lineterm=""
        )
        return "\n".join(lines)


def _lines(data: bytes) -> list[str]:
    # Only LF ends a line here: a patch has to hold the CR and the mark that a file has.
    lines = data.decode("utf-8", "replace").split("\n")
    return lines if lines[-1] else lines[:-1]


def write_atomically(path: Path, data: bytes) -> None:
    """Put the bytes in the place of a file, or leave it as it was.

    Raises:
        UnreadableError: It cannot be written.
    """
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Put all files in their places; all are on the disk before the first is moved.

    Folders that are missing are made. A link is followed, and a file keeps its mode.

    Raises:
        UnreadableError: One cannot be written; until then nothing was changed.
    """
    prepared: list[tuple[Path, Path]] = []
    try:
        for path, data in files.items():
            with _explained(path):
                target = path.resolve()
                target.parent.mkdir(parents=True, exist_ok=True)
                prepared.append((_prepare(target, data), target))
        for beside, target in prepared:
            with _explained(target):
                os.replace(beside, target)  # noqa: PTH105 - the call with the promise
        for folder in {target.parent for _, target in prepared}:
            _sync_folder(folder)
    finally:
        for beside, _ in prepared:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def replace_quietly(path: Path, data: bytes) -> bool:
    """Put bytes in the place of a file that can be made again; whether that went well.

    It is whole or not there, but may be lost when the power is. No link is followed.
    """
    beside = None
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(beside).chmod(_new_mode())
        os.replace(beside, path)  # noqa: PTH105 - as below
    except OSError:
        if beside is not None:
            with suppress(OSError):
                Path(beside).unlink(missing_ok=True)
        return False
    return True


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turns what the system says about a file into an error for its user."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or "the system refused"
        raise UnreadableError(f"cannot be written: {reason}", file=str(path)) from None


def _prepare(target: Path, data: bytes) -> Path:
    """A file beside the target with the bytes, on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_mode(target))
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _mode(target: Path) -> int:
    """The mode of the file that is replaced, or of a new one."""
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        return _new_mode()


def _new_mode() -> int:
    """The mode that the system gives a new file."""
    mask = os.umask(0)
    os.umask(mask)
    return _NEW_FILE_MODE & ~mask


def _sync_folder(folder: Path) -> None:
    """Put the new names on the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def changed_meanwhile(name: str) -> CopylabError:
    """The error of a file that is not what it was when the change was worked out.

    Args:
        name: The file as messages name it.
    """
    return CopylabError(
        "was changed by somebody else in the meantime",
        file=name,
        help="look at the change, and run the command again",
    )


def apply_changes(changes: Sequence[FileChange]) -> None:
    """Make all changes, if no file was touched since they were worked out.

    Raises:
        CopylabError: A file is not what it was.
        UnreadableError: One cannot be written; then nothing was changed.
    """
    with _alone({change.path.resolve().parent for change in changes}):
        for change in changes:
            if _present(change.path) != change.before:
                raise changed_meanwhile(change.name)
        write_all({change.path: change.after for change in changes})


@contextmanager
def _alone(folders: Collection[Path]) -> Iterator[None]:
    """Nobody else of us looks at files of these folders to change them, where locks work."""
    with ExitStack() as held:
        for folder in sorted(folders):
            with suppress(ImportError, OSError):
                import fcntl  # noqa: PLC0415 - not everywhere

                handle = os.open(folder, os.O_RDONLY)
                held.callback(os.close, handle)  # which lets go of the lock
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _present(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or "the system refused"
        raise UnreadableError(f"cannot be read: {reason}", file=str(path)) from None
