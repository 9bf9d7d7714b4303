"""Writing: three tables beside each other, complete or not there at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING

from copylab.compose.batch import table_columns
from copylab.compose.parquet_join import join_parquet
from copylab.compose.work_folder import sync_folder
from copylab.compose.writers import WRITERS, header_of
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.compose.batch import Part
    from copylab.compose.columns import Column
    from copylab.compose.part_files import PartDone

_LAST_IS_MESSAGES: tuple[Part, ...] = ("rejects", "exposures", "messages")


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


def publish(
    parts: Sequence[PartDone], paths: Mapping[Part, Path], messages: tuple[Column, ...]
) -> None:
    """Join finished parts to the files of an output, complete or not there at all.

    They are written beside their names and renamed at the end. Where the file of the
    messages is there, the two others are of the same run: it is taken away first and
    comes last.

    Args:
        parts: The parts in their order, one or more.
        paths: The files, as ``check_output`` gives them.
        messages: The columns of the messages.

    Raises:
        OSError: One cannot be written; what was there before is still there.
    """
    beside: dict[Part, Path] = {}
    try:
        for part, path in paths.items():
            with _open_beside(path) as file:
                beside[part] = Path(file.name)
                files = [done.files[part] for done in parts]
                suffix = path.suffix.lower()
                if suffix == ".parquet":
                    join_parquet(files, file)
                else:
                    file.write(header_of(suffix, table_columns(messages)[part]))
                    _copy_all(files, file)
                file.flush()
                os.fsync(file.fileno())
        paths["messages"].unlink(missing_ok=True)
        for part in _LAST_IS_MESSAGES:
            beside[part].replace(paths[part])
    finally:
        for path in beside.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)
    sync_folder(paths["messages"].parent)


def _copy_all(files: Sequence[Path], out: IO[bytes]) -> None:
    for path in files:
        with path.open("rb") as file:
            shutil.copyfileobj(file, out)


def _open_beside(path: Path) -> IO[bytes]:
    """A new file in the same folder, hidden, whose name says what it will be."""
    for number in count():
        name = f".{path.name}.{os.getpid()}.{number}.part"
        with suppress(FileExistsError):
            return path.with_name(name).open("xb")
    raise AssertionError
