"""The folder of work: parts of an output that are finished, for when a run is killed.

It stands beside the output. A part is finished when its mark is there: the mark comes
last, when the files it speaks of are on the disk. One run at a time works in a folder.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from copylab.compose.part_files import PartDone
from copylab.compose.slices import Position
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import IO

    from copylab.compose.batch import Part

_MANIFEST = "run.json"
_LOCK = "lock"
_SHOWN = {
    "users": "the users",
    "content": "the words, their variables or the experiment",
    "message": "the message",
    "channel": "--channel",
    "locale": "--locale",
    "arms": "--arms",
    "at": "--at",
    "send_id": "--send-id",
    "duplicates": "--allow-duplicates",
    "part_rows": "the rows of a part",
    "suffix": "the ending of the output",
    "version": "the version of copylab",
}


def work_path(output: Path) -> Path:
    """Where the finished parts of an output are kept until all are there."""
    return output.with_name(f"{output.name}.parts")


def kept_run(output: Path) -> dict[str, Any] | None:
    """What the unfinished run of an output was started with; None where there is none."""
    try:
        found = json.loads((work_path(output) / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


class WorkFolder:
    """The folder of work of one run; a context manager that holds it for that run.

    Args:
        output: The file of the messages.
        run: What decides about every byte of the output, by name, as JSON holds it.
        suffix: The ending of the files.
        restart: Whether to begin anew, whatever is there.
    """

    def __init__(
        self, output: Path, run: Mapping[str, object], suffix: str, *, restart: bool
    ) -> None:
        self.path = work_path(output)
        self.run = dict(run)
        self.suffix = suffix
        self.restart = restart
        self.finished: list[PartDone] = []
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Hold the folder; its finished parts are read, or it is made.

        Raises:
            DataError: Another run holds it, or another run's parts are in it.
            OSError: It cannot be made.
        """
        self.path.mkdir(exist_ok=True)
        self._lock = _hold(self.path)
        try:
            self._open()
        except BaseException as error:
            if not self.finished and not isinstance(error, DataError):
                with suppress(OSError):
                    self.remove()
            self._release()
            raise
        return self

    def _open(self) -> None:
        manifest = self.path / _MANIFEST
        if manifest.exists() and not self.restart:
            self._check(manifest)
            self.finished = self._read_marks()
        else:
            # Without its manifest a folder holds nothing that can be gone on with.
            manifest.unlink(missing_ok=True)
        kept = {path.name for part in self.finished for path in part.files.values()}
        kept |= {_mark(part.start) for part in self.finished} | {_LOCK, _MANIFEST}
        for path in self.path.iterdir():
            if path.name not in kept:
                path.unlink()
        if not manifest.exists():
            self._write(_MANIFEST, self.run)

    def _check(self, manifest: Path) -> None:
        """Pass if the parts are of such a run."""
        try:
            before = json.loads(manifest.read_text("utf-8"))
        except ValueError:
            before = {}
        other = [key for key in self.run if before.get(key) != self.run[key]]
        if other:
            named = ", ".join(_SHOWN.get(key, key) for key in other)
            raise DataError(
                f"holds parts of another run, which was not finished: {named} differ",
                file=str(self.path),
                help="run that command again to finish it, or add --restart to begin anew",
            )

    def _read_marks(self) -> list[PartDone]:
        """The finished parts, from the first row on without a gap."""
        marks = {}
        for path in self.path.glob("*.json"):
            if path.name != _MANIFEST:
                found = json.loads(path.read_text("utf-8"))
                marks[found["start"][0]] = found
        parts: list[PartDone] = []
        row = 0
        while row in marks:
            found = marks[row]
            start = Position(*found["start"])
            parts.append(PartDone.from_dict(found, self._files(start)))
            row = parts[-1].end.row
        return parts

    def _files(self, start: Position) -> dict[Part, Path]:
        names: tuple[Part, ...] = ("messages", "exposures", "rejects")
        return {p: self.path / f"{start.row:012d}.{p}{self.suffix}" for p in names}

    def finish(self, part: PartDone) -> PartDone:
        """The part under its final names: from now on no kill can undo it.

        Raises:
            OSError: It cannot be written.
        """
        files = self._files(part.start)
        for name, path in part.files.items():
            path.replace(files[name])
        self._write(_mark(part.start), part.to_dict())
        done = PartDone(part.start, part.end, files, part.tally)
        self.finished.append(done)
        return done

    def _write(self, name: str, content: Mapping[str, object]) -> None:
        """A small file, on the disk before it has its name."""
        beside = self.path / f".{name}"
        with beside.open("wb") as file:
            file.write(json.dumps(content).encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path / name)
        sync_folder(self.path)

    def remove(self) -> None:
        """Take the folder away; without its manifest nobody goes on with it."""
        (self.path / _MANIFEST).unlink(missing_ok=True)
        sync_folder(self.path)
        shutil.rmtree(self.path, ignore_errors=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the folder; where no part is finished it is taken away."""
        # A signal may come between a mark and its note in `finished`.
        is_kept = any(path.name != _MANIFEST for path in self.path.glob("*.json"))
        if kind is not None and (not is_kept or isinstance(error, DataError)):
            with suppress(OSError):
                self.remove()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()


def _mark(start: Position) -> str:
    return f"{start.row:012d}.json"


def _hold(folder: Path) -> IO[bytes]:
    """The lock of a folder; the system lets go of it when the process ends."""
    file = (folder / _LOCK).open("ab")
    try:
        import fcntl  # noqa: PLC0415 - not everywhere
    except ImportError:
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise DataError(
            "another run is writing there",
            file=str(folder),
            help="wait until it has ended, or name another --output",
        ) from None
    return file


def sync_folder(folder: Path) -> None:
    """Put the new names on the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
