"""Writing: three tables beside each other, complete or not there at all."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from copylab.compose.batch import table_columns
from copylab.compose.writers import WRITERS, TableWriter, header_of
from copylab.errors import DataError

if TYPE_CHECKING:
    from types import TracebackType

    from copylab.compose.batch import ComposedBatch, Part
    from copylab.compose.columns import Column


def output_paths(output: Path | str) -> dict[Part, Path]:
    """The files of an output: its own name, ``STEM.exposures`` and ``STEM.rejects``.

    Raises:
        DataError: Its ending is not known.
    """
    path = Path(output)
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        known = ", ".join(WRITERS)
        raise DataError(
            "has an ending that is not known",
            file=str(output),
            help=f"the ending says how it is written: {known}",
        )
    return {
        "messages": path,
        "exposures": path.with_name(f"{path.stem}.exposures{path.suffix}"),
        "rejects": path.with_name(f"{path.stem}.rejects{path.suffix}"),
    }


def check_output(users: Path, output: Path | str) -> dict[Part, Path]:
    """The files of an output that can be written without harm.

    Raises:
        DataError: Its folder is not there, a file would replace the users, or a name
            is that of a folder.
    """
    paths = output_paths(output)
    folder = paths["messages"].parent
    if not folder.is_dir():
        reason = "is not a folder" if folder.exists() else "is not there"
        raise DataError(
            f"the folder of the output {reason}",
            file=str(folder),
            help="make it, or name another one",
        )
    for part, path in paths.items():
        if path.is_dir():
            raise DataError(
                f"is a folder where the {part} would be written",
                file=str(path),
                help="name another --output",
            )
        if path.exists() and path.samefile(users):
            raise DataError(
                f"holds the users; the {part} would replace them",
                file=str(path),
                help="name another --output",
            )
    return paths


class OutputFiles:
    """The files of one run, written beside their names and renamed at its end.

    A context manager. At a failure nothing stays. Where the file of the messages is
    there, the two others are of the same run: it is taken away first and comes last.

    Args:
        paths: The files, as ``check_output`` gives them.
        messages: The columns of the messages.
    """

    def __init__(self, paths: dict[Part, Path], messages: tuple[Column, ...]) -> None:
        self.paths = paths
        self._columns = table_columns(messages)
        self._beside: dict[Part, Path] = {}
        self._files: dict[Part, IO[bytes]] = {}
        self._writers: dict[Part, TableWriter] = {}

    def __enter__(self) -> Self:
        """Open the files beside their names."""
        try:
            for part, path in self.paths.items():
                file = _open_beside(path)
                self._files[part], self._beside[part] = file, Path(file.name)
                suffix = path.suffix.lower()
                file.write(header_of(suffix, self._columns[part]))
                self._writers[part] = WRITERS[suffix](file, self._columns[part])
        except BaseException:
            self._discard()
            raise
        return self

    def write(self, batch: ComposedBatch) -> None:
        """Write what became of a batch of users."""
        for part, writer in self._writers.items():
            writer.write(batch.coded[part])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the files their names, or take them away after a failure."""
        if kind is not None:
            self._discard()
            return
        try:
            for part, writer in self._writers.items():
                writer.close()
                self._files[part].flush()
                os.fsync(self._files[part].fileno())
                self._files[part].close()
            self._publish()
        except BaseException:
            self._discard()
            raise

    def _publish(self) -> None:
        self.paths["messages"].unlink(missing_ok=True)
        for part in ("rejects", "exposures", "messages"):
            self._beside[part].replace(self.paths[part])

    def _discard(self) -> None:
        """Take away what was written; another failure must not hide the first."""
        for part, path in self._beside.items():
            writer = self._writers.get(part)
            with suppress(Exception):
                if writer is not None:
                    writer.close()
            with suppress(Exception):
                self._files[part].close()
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _open_beside(path: Path) -> IO[bytes]:
    """A new file in the same folder, hidden, whose name says what it will be."""
    for number in count():
        name = f".{path.name}.{os.getpid()}.{number}.part"
        with suppress(FileExistsError):
            return path.with_name(name).open("xb")
    raise AssertionError
