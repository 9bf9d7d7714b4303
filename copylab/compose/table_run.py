"""The run of a table: what was finished before, what is left, and the files at its end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.compose.batch import Tally
from copylab.compose.content_hash import content_hash
from copylab.compose.output import publish
from copylab.compose.part_files import Job
from copylab.compose.pool import compose_parts
from copylab.compose.record import USUAL_UNIT
from copylab.compose.slices import cut_slices, slice_reader
from copylab.compose.summary import TableSummary, sold_messages
from copylab.compose.work_folder import WorkFolder
from copylab.errors import DataError
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime
    from pathlib import Path

    from copylab.compose.batch import Part
    from copylab.compose.one import Composer
    from copylab.compose.repeats import Repeats
    from copylab.compose.rows import UserTable
    from copylab.compose.slices import Slice

    Progress = Callable[[int, int | None], None]
    """Told after each batch: the rows so far, and all of them where that is known."""

_SHOWN_REPEATS = 5


@dataclass(frozen=True, slots=True)
class TableRun:
    """A table that is composed, and how.

    Attributes:
        composer: The message and channel, prepared.
        at: The time of the send.
        locale: The locale to write in; None takes each user's.
        send_id: The key of the send.
        table: The users.
        paths: Where the messages, the exposures and the rejects go.
        part_rows: How many users a part has.
        allow_duplicates: Whether a user who stands there twice gets two messages.
        needed: The columns that composing reads.
        progress: Told after each part.
    """

    composer: Composer
    at: datetime
    locale: str | None
    send_id: str
    table: UserTable
    paths: dict[Part, Path]
    part_rows: int
    allow_duplicates: bool
    needed: Collection[str]
    progress: Progress

    @property
    def suffix(self) -> str:
        """The ending of the files."""
        return self.paths["messages"].suffix.lower()

    def identity(self) -> dict[str, object]:
        """What a run that was killed must share with the one that goes on with it."""
        composer = self.composer
        return {
            "users": _digest(self.table.path),
            "content": content_hash(composer),
            "message": composer.message.id,
            "channel": composer.channel,
            "locale": self.locale,
            "arms": composer.listed,
            "at": self.at.isoformat(),
            "send_id": self.send_id,
            "duplicates": self.allow_duplicates,
            "part_rows": self.part_rows,
            "suffix": self.suffix,
            "version": __version__,
        }

    def compose(self, workers: int, *, restart: bool) -> TableSummary:
        """Compose what is not finished, and join all to the files.

        Raises:
            DataError: There are no users, or they changed on the way.
            OSError: A file cannot be written.
        """
        table, tally = self.table, Tally()
        messages = self.paths["messages"]
        before = _stamp(table.path)
        with WorkFolder(
            messages, self.identity(), self.suffix, restart=restart
        ) as work:
            resumed = _resume(work, tally, table, self.progress)
            repeats = self._repeats(work.path)
            tasks = _tasks(table, self.part_rows, work, repeats)
            for part in compose_parts(self._job(work.path), tasks, workers):
                tally.add(work.finish(part).tally)
                self.progress(tally.rows, table.rows)
            if not tally.rows:
                raise DataError("holds no users", file=str(table.path))
            if _stamp(table.path) != before:
                raise DataError(
                    "was changed while it was read",
                    file=str(table.path),
                    help="compose again when nobody writes to it",
                )
            publish(work.finished, self.paths, self.composer.columns)
            work.remove()
        return self._summary(tally, resumed, repeats)

    def _job(self, folder: Path) -> Job:
        reader = slice_reader(self.table, self.needed)
        return Job(
            self.composer,
            reader,
            self.at,
            self.locale,
            self.send_id,
            self.suffix,
            folder,
        )

    def _repeats(self, folder: Path) -> Repeats:
        key = None if self.allow_duplicates else user_key(self.composer, self.table)
        return _find_repeats(self.table, key, self.part_rows, folder)

    def _summary(self, tally: Tally, resumed: int, repeats: Repeats) -> TableSummary:
        message = self.composer.message
        return TableSummary(
            message=message.id,
            channel=self.composer.channel,
            send_id=self.send_id,
            tally=tally,
            files=self.paths,
            sold=sold_messages(message, tally),
            resumed_rows=resumed,
            repeated_rows=tuple(repeats.rows[:_SHOWN_REPEATS].tolist()),
        )


def user_key(composer: Composer, table: UserTable) -> str | None:
    """The column that tells users apart: theirs, or the unit of the experiment."""
    prepared = composer.experiment
    keys = [USUAL_UNIT] if prepared is None else [USUAL_UNIT, prepared.experiment.unit]
    known = table.columns
    return next((key for key in keys if known is None or key in known), None)


def _stamp(path: Path) -> tuple[int, int]:
    """What of a file changes when somebody writes to it."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror or error}", file=str(path)
        ) from None


def _resume(
    work: WorkFolder, tally: Tally, table: UserTable, progress: Progress
) -> int:
    """Count what was finished before; how many rows that is."""
    for part in work.finished:
        tally.add(part.tally)
    if tally.rows:
        progress(tally.rows, table.rows)
    return tally.rows


def _find_repeats(
    table: UserTable, key: str | None, rows: int, folder: Path
) -> Repeats:
    from copylab.compose.repeats import NO_REPEATS, find_repeats  # noqa: PLC0415 - numpy is heavy

    if key is None:
        return NO_REPEATS
    reader = slice_reader(table, {key})
    alone = None if "." in key else {key}  # a dot would name a field of a struct

    def names() -> Iterator[tuple[int, list[str | None]]]:
        for piece in cut_slices(table, rows, columns=alone):
            row = piece.start.row
            for batch in reader.batches(piece, rows):
                found = batch.cells(key).rows()
                yield row, [v if v is None or type(v) is str else str(v) for v in found]
                row += batch.size

    return find_repeats(names(), folder)


def _tasks(
    table: UserTable, rows: int, work: WorkFolder, repeats: Repeats
) -> Iterator[tuple[Slice, dict[int, int]]]:
    """What is left to compose."""
    start = work.finished[-1].end if work.finished else None
    for piece in cut_slices(table, rows, start):
        yield piece, repeats.between(piece.start.row, piece.end.row)
