"""Parts: what became of one slice of users, as three files in a folder of work."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from copylab.compose.batch import Part, Tally, compose_users, table_columns
from copylab.compose.slices import Position
from copylab.compose.writers import WRITERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import IO

    from copylab.compose.one import Composer
    from copylab.compose.slices import Slice, SliceReader

BATCH_ROWS = {"sms": 32_768, "push": 32_768, "email": 1024}
"""How many users are composed at a time, by channel; an e-mail is large."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker has to know to compose slices of a table.

    Attributes:
        composer: The message and channel, prepared.
        reader: How the slices are read.
        at: The time of the send.
        locale: The locale to write in; None takes each user's.
        send_id: The key of the send.
        suffix: The ending of the files.
        folder: Where the parts are written.
    """

    composer: Composer
    reader: SliceReader
    at: datetime
    locale: str | None
    send_id: str
    suffix: str
    folder: Path


@dataclass(frozen=True, slots=True)
class PartDone:
    """The files of one slice, on the disk under names for the time being.

    Attributes:
        start: Where its users start in their table.
        end: Where they end.
        files: By table, the file.
        tally: What became of the users.
    """

    start: Position
    end: Position
    files: Mapping[Part, Path]
    tally: Tally = field(default_factory=Tally)

    def to_dict(self) -> dict[str, Any]:
        """Where it stands and what it counts, as JSON holds it."""
        return {
            "start": list(self.start),
            "end": list(self.end),
            "tally": self.tally.to_dict(),
        }

    @classmethod
    def from_dict(
        cls, found: Mapping[str, Any], files: Mapping[Part, Path]
    ) -> PartDone:
        """What ``to_dict`` wrote, with the files."""
        start, end = Position(*found["start"]), Position(*found["end"])
        return cls(start, end, files, Tally.from_dict(found["tally"]))


def compose_part(job: Job, piece: Slice, repeated: Mapping[int, int]) -> PartDone:
    """What becomes of a slice, written to files that nobody knows of yet.

    Args:
        job: What is composed.
        piece: The users.
        repeated: By position in the table, users who stand further up in it, and where.

    Raises:
        DataError: A line of the users cannot be read, nor what stands behind it.
        OSError: A file cannot be written; none stays.
    """
    tables = table_columns(job.composer.columns)
    stem = f".{piece.start.row:012d}.{os.getpid()}"
    paths = {part: job.folder / f"{stem}.{part}{job.suffix}" for part in tables}
    files: dict[Part, IO[bytes]] = {}
    try:
        for part, path in paths.items():
            files[part] = path.open("wb")
        writers = {
            part: WRITERS[job.suffix](file, tables[part])
            for part, file in files.items()
        }
        tally = Tally()
        row = piece.start.row
        size = BATCH_ROWS[job.composer.channel]
        for batch in job.reader.batches(piece, size):
            done = compose_users(
                job.composer, batch, row, at=job.at, locale=job.locale,
                send_id=job.send_id, repeated=repeated,
            )  # fmt: skip
            row += batch.size
            tally.add(done.tally)
            for part, writer in writers.items():
                writer.write(done.coded[part])
        for part, writer in writers.items():
            writer.close()
            files[part].flush()
            os.fsync(files[part].fileno())
    except BaseException:
        _discard(files, paths)
        raise
    for file in files.values():
        file.close()
    return PartDone(piece.start, piece.end, paths, tally)


def _discard(files: Mapping[Part, IO[bytes]], paths: Mapping[Part, Path]) -> None:
    """Take away what was written; another failure must not hide the first."""
    for file in files.values():
        with suppress(Exception):
            file.close()
    for path in paths.values():
        with suppress(OSError):
            path.unlink(missing_ok=True)
